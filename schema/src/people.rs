//! Roles of `domain.md §1` and what each may do. One person has one role; a stand-in acts under their own name.

use crate::id::PersonId;
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// What a person does in the company.
    Role {
        /// 系统管理员: people, outlets, devices, price lists; not part of the trade's flow.
        Administrator = "administrator",
        /// 客服 / 信息员
        DeskAgent = "desk_agent",
        /// 调度 / 派工
        Dispatcher = "dispatcher",
        /// 服务工程师 / 维修人员
        Technician = "technician",
        /// 客服主管
        DeskSupervisor = "desk_supervisor",
        /// 组长
        TeamLead = "team_lead",
        /// 工程部主管
        EngineeringSupervisor = "engineering_supervisor",
        /// 技术科
        TechnicalSection = "technical_section",
        /// 售后经理
        ServiceManager = "service_manager",
        /// 项目经理
        ProjectManager = "project_manager",
        /// 总经理
        GeneralManager = "general_manager",
        /// 网点信息员
        OutletClerk = "outlet_clerk",
        /// 中心信息员
        CentreClerk = "centre_clerk",
        /// 质检员
        QualityInspector = "quality_inspector",
    }
}

words! {
    /// A thing that a role may do. One table ([`Role::may`]) says who; handlers name the permission that they need.
    Permission {
        ManagePeople = "manage_people",
        ManagePriceList = "manage_price_list",
        /// Publish a version of a checklist, for all outlets.
        PublishTemplates = "publish_templates",
        /// See every outlet, not only one's own.
        SeeAllOutlets = "see_all_outlets",
        ReadJobs = "read_jobs",
        ReadCustomers = "read_customers",
        /// Enter and correct customers.
        KeepCustomers = "keep_customers",
        /// See a customer's phone number in full; each look is logged.
        SeePhones = "see_phones",
        TakeReport = "take_report",
        Dispatch = "dispatch",
        /// Correct the report, write into the steps' notes, note something internally.
        AmendJobs = "amend_jobs",
        /// Close, prove, solve by phone: the desk reconciles each day's jobs.
        CloseJobs = "close_jobs",
        /// Quote and charge from the office.
        QuoteJobs = "quote_jobs",
        TakePayment = "take_payment",
        PriceOffList = "price_off_list",
        /// Answer what the desk passes upward.
        AnswerQuestions = "answer_questions",
        /// Record a consent that a customer gave on the phone.
        RecordConsent = "record_consent",
        /// A reduction or waiver (the centre's decision).
        Waive = "waive",
        FollowUp = "follow_up",
        /// Carry a phone with jobs on it.
        CarryPhone = "carry_phone",
        InviteCustomer = "invite_customer",
        ReadQuarantine = "read_quarantine",
        /// Export a job's evidence.
        ExportEvidence = "export_evidence",
        /// Say why a clock was breached, and whose fault it was.
        JudgeBreach = "judge_breach",
        /// Take over what a clock has escalated; and so be told of it.
        TakeEscalations = "take_escalations",
        /// Say which of two signatures, consents or charges counts.
        RuleMatters = "rule_matters",
        /// See another person's phones, and revoke a lost one.
        RevokeDevice = "revoke_device",
    }
}

impl Role {
    /// As staff call it.
    pub const fn name(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::Administrator => ("系统管理员", "Administrator"),
            Self::DeskAgent => ("客服", "Desk agent"),
            Self::Dispatcher => ("调度", "Dispatcher"),
            Self::Technician => ("服务工程师", "Technician"),
            Self::DeskSupervisor => ("客服主管", "Desk supervisor"),
            Self::TeamLead => ("组长", "Team lead"),
            Self::EngineeringSupervisor => ("工程部主管", "Engineering supervisor"),
            Self::TechnicalSection => ("技术科", "Technical section"),
            Self::ServiceManager => ("售后经理", "Service manager"),
            Self::ProjectManager => ("项目经理", "Project manager"),
            Self::GeneralManager => ("总经理", "General manager"),
            Self::OutletClerk => ("网点信息员", "Outlet clerk"),
            Self::CentreClerk => ("中心信息员", "Centre clerk"),
            Self::QualityInspector => ("质检员", "Quality inspector"),
        };
        match language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    /// Whether a person of this role may do it; within their own outlet, unless the role sees them all.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        use Role as R;
        let office = !matches!(self, R::Technician);
        match permission {
            P::ManagePeople => matches!(self, R::Administrator),
            P::ManagePriceList => matches!(self, R::Administrator | R::EngineeringSupervisor | R::ServiceManager),
            // A checklist holds for every outlet, so who publishes one sees them all; the administrator loads what others wrote.
            P::PublishTemplates => matches!(self, R::Administrator | R::TechnicalSection | R::ServiceManager),
            P::SeeAllOutlets => matches!(
                self,
                R::Administrator
                    | R::GeneralManager
                    | R::ProjectManager
                    | R::ServiceManager
                    | R::CentreClerk
                    | R::TechnicalSection
                    | R::QualityInspector
            ),
            P::ReadJobs | P::ReadCustomers => office,
            P::SeePhones => {
                matches!(self, R::DeskAgent | R::DeskSupervisor | R::Dispatcher | R::ServiceManager)
            }
            // Anyone on the staff takes a report, a technician on site included (domain.md §2).
            P::TakeReport => true,
            P::Dispatch => matches!(self, R::Dispatcher | R::ServiceManager | R::DeskSupervisor),
            P::AmendJobs => {
                matches!(self, R::DeskAgent | R::DeskSupervisor | R::Dispatcher | R::ServiceManager | R::OutletClerk)
            }
            P::CloseJobs | P::KeepCustomers => matches!(
                self,
                R::DeskAgent | R::DeskSupervisor | R::Dispatcher | R::ServiceManager | R::OutletClerk | R::CentreClerk
            ),
            P::QuoteJobs => matches!(
                self,
                R::DeskAgent | R::DeskSupervisor | R::Dispatcher | R::ServiceManager | R::EngineeringSupervisor
            ),
            P::TakePayment => {
                matches!(self, R::DeskAgent | R::DeskSupervisor | R::ServiceManager | R::OutletClerk | R::CentreClerk)
            }
            P::PriceOffList => matches!(self, R::EngineeringSupervisor),
            P::AnswerQuestions => matches!(self, R::DeskSupervisor | R::ServiceManager),
            P::RecordConsent => matches!(self, R::DeskAgent | R::DeskSupervisor | R::Dispatcher),
            P::Waive => matches!(self, R::ServiceManager | R::GeneralManager | R::CentreClerk),
            P::FollowUp => matches!(self, R::DeskAgent | R::DeskSupervisor | R::ServiceManager),
            P::CarryPhone => matches!(self, R::Technician | R::TeamLead),
            P::InviteCustomer => matches!(self, R::DeskAgent | R::DeskSupervisor | R::Dispatcher | R::ServiceManager),
            P::ReadQuarantine => matches!(self, R::Dispatcher | R::DeskSupervisor | R::ServiceManager),
            P::ExportEvidence => {
                matches!(self, R::ServiceManager | R::GeneralManager | R::QualityInspector | R::DeskSupervisor)
            }
            P::RuleMatters => matches!(self, R::DeskSupervisor | R::ServiceManager | R::GeneralManager),
            P::JudgeBreach => matches!(self, R::ServiceManager | R::DeskSupervisor | R::GeneralManager),
            P::TakeEscalations => matches!(
                self,
                R::DeskAgent
                    | R::Dispatcher
                    | R::DeskSupervisor
                    | R::EngineeringSupervisor
                    | R::TechnicalSection
                    | R::ServiceManager
                    | R::ProjectManager
                    | R::GeneralManager
                    | R::OutletClerk
                    | R::CentreClerk
            ),
            // Whoever sends technicians out hears first that a phone is lost.
            P::RevokeDevice => matches!(self, R::Administrator | R::ServiceManager | R::Dispatcher),
        }
    }
}

words! {
    /// The language a person reads.
    #[derive(Default)]
    Language {
        #[default]
        Chinese = "zh-CN",
        English = "en",
    }
}

impl Language {
    /// The first of an `Accept-Language` header that we speak; Chinese where there is none.
    pub fn accept(header: &str) -> Self {
        let wanted = header.split(',').map(|part| part.split(';').next().unwrap_or("").trim().to_ascii_lowercase());
        for tag in wanted {
            if tag.starts_with("zh") {
                return Self::Chinese;
            }
            if tag.starts_with("en") {
                return Self::English;
            }
        }
        Self::Chinese
    }
}

/// A member of the staff, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonName {
    pub id: PersonId,
    pub name: String,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bilingual {
    pub zh: String,
    pub en: String,
}

impl Bilingual {
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}
