//! Reports: what customers tell us, whatever the channel (domain.md §2). A repair leads to a job; everything else is answered, or
//! gets a promise.

use crate::id::{CustomerId, JobId, OutletId, PersonId, ReportId};
use crate::people::{Bilingual, PersonName};
use crate::record::{Area, Report, ReportField, Urgency};
use crate::time::Timestamp;
use crate::word::words;
use serde::{Deserialize, Deserializer, Serialize};

words! {
    /// What kind of request it is.
    ReportClass {
        /// 医疗急救
        Medical = "A",
        /// 报修
        Repair = "B",
        /// 投诉
        Complaint = "C",
        /// 咨询
        Question = "D",
        /// 治安、中毒、交通事故
        Security = "E",
        /// 水灾、火灾
        FloodFire = "F",
        /// 一般求助
        Help = "G",
        /// 建议
        Suggestion = "suggestion",
        /// 表扬
        Praise = "praise",
    }
}

impl ReportClass {
    /// In an emergency missing data never blocks.
    pub fn is_emergency(self) -> bool {
        matches!(self, Self::Medical | Self::Security | Self::FloodFire)
    }
}

words! { Channel { Phone = "phone", Visit = "visit", Letter = "letter", Web = "web", Api = "api" } }

words! {
    /// How the call went.
    CallOutcome {
        /// 已受理
        Handled = "handled",
        /// 无声
        Silent = "silent",
        /// 听不清
        Inaudible = "inaudible",
        /// 错号
        WrongNumber = "wrong_number",
        /// 骚扰
        Nuisance = "nuisance",
        /// 三次警告后结束
        EndedAfterWarnings = "ended_after_warnings",
        /// 掉线: called back, so it stays open.
        Dropped = "dropped",
    }
}

impl CallOutcome {
    /// Whether somebody waits for something of ours.
    pub fn has_matter(self) -> bool {
        matches!(self, Self::Handled | Self::Dropped)
    }
}

words! {
    /// What became of it.
    ReportState {
        Open = "open",
        /// It has a job; the job says how it goes.
        Job = "job",
        Answered = "answered",
        SolvedRemotely = "solved_remotely",
        /// The call brought nothing to do.
        Void = "void",
    }
}

words! {
    /// The agent's word on a report that looks like an earlier one.
    RepeatVerdict { Same = "same", New = "new" }
}

/// `POST /v1/reports`. May be saved incomplete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateReport {
    pub class: ReportClass,
    pub channel: Channel,
    /// `handled` where nothing is said.
    #[serde(default)]
    pub outcome: Option<CallOutcome>,
    /// The outlet that it is for; the taker's own where nothing is said. Another needs a role that sees them all.
    #[serde(default)]
    pub outlet: Option<OutletId>,
    /// Name, phone and address are taken from there where the report has none.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub address: Option<String>,
    /// As the customer tells it.
    #[serde(default)]
    pub fault: Option<String>,
    /// One of [`crate::fault::FAULT_CLASSES`]: gives urgency and skill where nothing else is said.
    #[serde(default)]
    pub fault_class: Option<String>,
    #[serde(default)]
    pub product: Option<String>,
    #[serde(default)]
    pub model: Option<String>,
    #[serde(default)]
    pub serial: Option<String>,
    /// ISO date.
    #[serde(default)]
    pub purchased_on: Option<String>,
    /// When the customer would like us to come, in their words.
    #[serde(default)]
    pub wanted: Option<String>,
    #[serde(default)]
    pub urgency: Option<Urgency>,
    #[serde(default)]
    pub skill: Option<String>,
    #[serde(default)]
    pub area: Option<Area>,
    /// Whom a praise or a complaint is about.
    #[serde(default)]
    pub about: Option<PersonId>,
    /// The agent repeated it back to the caller.
    #[serde(default)]
    pub repeated_back: bool,
    /// What was answered at once: closes a report that needs no job.
    #[serde(default)]
    pub answer: Option<String>,
    /// Whether a job is opened; where nothing is said, for a repair (B).
    #[serde(default)]
    pub open_job: Option<bool>,
    /// The checklist of its job, by id as in `home_repair`, in the newest version; that of a home repair where nothing is said.
    #[serde(default)]
    pub template: Option<String>,
    /// The verdict on an earlier report that the agent knows already.
    #[serde(default)]
    pub repeat: Option<DecideRepeat>,
}

/// `POST /v1/reports/{id}/repeat`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideRepeat {
    /// The earlier report.
    pub of: ReportId,
    pub verdict: RepeatVerdict,
    /// Why an earlier verdict is changed, which stays on record with it.
    #[serde(default)]
    pub reason: Option<String>,
}

/// `PATCH /v1/reports/{id}`: what is named is changed, `null` clears it, the rest stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PatchReport {
    pub class: Option<ReportClass>,
    pub customer: Option<CustomerId>,
    pub repeated_back: Option<bool>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub name: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub phone: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub address: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub fault: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub fault_class: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub product: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub model: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub serial: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub purchased_on: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Option<Urgency>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub skill: Option<Option<String>>,
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub area: Option<Option<Area>>,
}

/// Tells `null` from "not named".
fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// `POST /v1/reports/{id}/answer` and `/solve-remotely`: what was said or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerReport {
    pub text: String,
}

/// `POST /v1/reports/{id}/owner`: a named person takes it over, and keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOverReport {
    pub person: PersonId,
}

/// A report as the reader may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerReport {
    pub id: ReportId,
    /// As in `BX-20260302-0007`.
    pub number: String,
    pub outlet: OutletId,
    pub class: ReportClass,
    pub channel: Channel,
    pub state: ReportState,
    pub outcome: CallOutcome,
    pub customer: Option<CustomerId>,
    pub job: Option<JobId>,
    pub told: Report,
    /// The number's middle is hidden in lists, and where the reader has no need of it.
    pub phone_is_masked: bool,
    pub fault_class: Option<String>,
    pub about: Option<PersonId>,
    /// What must be filled in before the job can be dispatched.
    pub missing: Vec<ReportField>,
    pub is_dispatchable: bool,
    /// "Not dispatchable: phone missing", where it is so.
    pub notice: Option<Bilingual>,
    pub repeated_back: bool,
    pub taken_by: PersonName,
    /// Whoever was asked first keeps it until another named person has taken it over.
    pub owner: PersonName,
    pub taken_at: Timestamp,
    pub answer: Option<String>,
    pub closed_at: Option<Timestamp>,
    pub repeat: Option<Repeat>,
    /// How many later reports were found to be the same fault: each counts against this one. 0 in lists.
    pub repeated: i64,
    /// Earlier reports that this one may repeat; only until the agent has decided, and not in lists.
    pub repeats: Vec<Suspect>,
    /// Everybody who had it in hand, oldest first; not in lists.
    pub owners: Vec<Owner>,
}

/// What the agent decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Repeat {
    pub of: ReportId,
    pub verdict: RepeatVerdict,
    pub decided_by: PersonId,
}

/// An earlier report by the same customer on the same product or fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suspect {
    pub report: ReportId,
    pub number: String,
    pub job: Option<JobId>,
    pub state: ReportState,
    pub fault: Option<String>,
    pub fault_class: Option<String>,
    pub product: Option<String>,
    pub taken_at: Timestamp,
    /// When it, or its job, was closed; none while it is open.
    pub closed_at: Option<Timestamp>,
    /// What the two have in common.
    pub same: Vec<Likeness>,
}

words! {
    /// What two reports have in common.
    Likeness {
        Customer = "customer", Phone = "phone", Address = "address", Product = "product", FaultClass = "fault_class",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Owner {
    pub person: PersonName,
    pub since: Timestamp,
    pub handed_by: PersonId,
}

/// The sentence that says what is missing; none where nothing is.
pub fn not_dispatchable(missing: &[ReportField]) -> Option<Bilingual> {
    if missing.is_empty() {
        return None;
    }
    let zh: Vec<&str> = missing.iter().map(|field| label(*field).0).collect();
    let en: Vec<&str> = missing.iter().map(|field| label(*field).1).collect();
    Some(Bilingual {
        zh: format!("不能派工：缺少{}", zh.join("、")),
        en: format!("not dispatchable: {} missing", en.join(", ")),
    })
}

fn label(field: ReportField) -> (&'static str, &'static str) {
    match field {
        ReportField::Name => ("姓名", "name"),
        ReportField::Phone => ("电话", "phone"),
        ReportField::Address => ("地址", "address"),
        ReportField::Fault => ("故障现象", "fault"),
        ReportField::Product => ("产品", "product"),
        ReportField::Model => ("型号", "model"),
        ReportField::Serial => ("机号", "serial number"),
        ReportField::PurchasedOn => ("购买日期", "purchase date"),
        ReportField::Wanted => ("希望上门时间", "wanted time"),
        ReportField::Urgency => ("紧急程度", "urgency"),
        ReportField::Skill => ("所需技能", "skill"),
        ReportField::Area => ("部位", "area"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_in_both_languages() {
        let notice = not_dispatchable(&[ReportField::Phone, ReportField::Address]).unwrap();
        assert_eq!(notice.zh, "不能派工：缺少电话、地址");
        assert_eq!(notice.en, "not dispatchable: phone, address missing");
        assert_eq!(not_dispatchable(&[]), None);
    }

    #[test]
    fn null_clears_a_field_and_silence_leaves_it() {
        let patch: PatchReport = serde_json::from_str(r#"{"phone": null, "name": "王芳"}"#).unwrap();
        assert_eq!((patch.phone, patch.name, patch.address), (Some(None), Some(Some("王芳".to_owned())), None));
    }
}
