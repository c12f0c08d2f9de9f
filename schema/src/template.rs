//! The checklist as data: stages, steps, evidence, gates, playbooks and phrases, in both languages, with a version. A job keeps
//! the version that it began with; a published version never changes.

mod difference;
mod faults;
mod form;
mod shipped;

use crate::id::PersonId;
use crate::people::Bilingual;
use crate::record::{JobRecord, Play};
use crate::time::Timestamp;
use crate::word::words;
pub use difference::{Difference, StepDifference, difference};
pub use form::read;
use serde::{Deserialize, Serialize};
pub use shipped::{all_shipped, find_shipped, shipped, shipped_digest};

/// Where a note or a photo stands that belongs to no step: what a phone keeps of a visit whose checklist it does not hold yet. No step
/// may be called so.
pub const WHOLE_VISIT: &str = "visit";

/// A kind of visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Template {
    /// As in `home_repair`.
    pub id: String,
    pub version: u32,
    pub name: Bilingual,
    pub steps: Vec<StepTemplate>,
    /// What is taken along (the seven ones and the rest).
    #[serde(default)]
    pub kit: Vec<KitItem>,
    /// How long the repair is warranted, in months from its completion. Here and not in a setting, because the customer signs it.
    #[serde(default = "three_months")]
    pub warranty_months: u32,
}

/// One version of a checklist, without its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateVersion {
    pub id: String,
    pub version: u32,
    pub name: Bilingual,
    pub steps: u32,
    /// The one that jobs begin with now.
    pub is_newest: bool,
    /// Who published it; nobody where it came with the product.
    #[serde(default)]
    pub published_by: Option<PersonId>,
    #[serde(default)]
    pub published_by_name: Option<String>,
    #[serde(default)]
    pub published_at: Option<Timestamp>,
}

/// What a body would be if it were published now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateCheck {
    pub id: String,
    /// The version that the body names.
    pub version: u32,
    /// The version that it must name: one more than the last.
    pub version_due: u32,
    /// Against the newest version; none for an id that is new.
    #[serde(default)]
    pub difference: Option<Difference>,
}

const fn three_months() -> u32 {
    3
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepTemplate {
    /// As in `shoe_covers`; 1 to 40 of `a-z`, `0-9` and `_`.
    pub id: String,
    pub name: Bilingual,
    /// The stage that begins here, where one does.
    #[serde(default)]
    pub stage: Option<Stage>,
    /// What is done and recorded.
    pub task: Bilingual,
    /// What counts as right, in a sentence.
    #[serde(default)]
    pub rule: Option<Bilingual>,
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// Rules of [`crate::gate`] that must hold before this step is marked done.
    #[serde(default)]
    pub gates: Vec<Gate>,
    /// Whether it may be marked "not applicable".
    #[serde(default)]
    pub optional: bool,
    #[serde(default)]
    pub plays: Vec<PlayTemplate>,
    #[serde(default)]
    pub phrases: Vec<Phrase>,
}

words! {
    /// The stages that every job has.
    Stage {
        Appointment = "appointment", Arrival = "arrival", ShoeCovers = "shoe_covers", Testing = "testing",
        Cleanup = "cleanup", SignOff = "sign_off",
    }
}

words! {
    /// Order matters where safety, money or evidence depend on it, and only there.
    Gate {
        /// The customer has accepted a quote, and it is the one in force.
        Consent = "consent",
        /// Testing is done (or failed), or skipped with a reason.
        Tested = "tested",
        /// Cleanup is done, or skipped with a reason.
        CleanedUp = "cleaned_up",
        /// Required evidence is there, or its step says why not.
        Evidence = "evidence",
        /// As many tools counted in as out.
        ToolsComplete = "tools_complete",
        /// The charge equals the accepted quote less what was waived.
        ChargeAgreed = "charge_agreed",
        /// A backup consent is signed where the accepted work can destroy data.
        BackupConsent = "backup_consent",
    }
}

/// Something a step asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    pub kind: EvidenceKind,
    /// The reading's or count's name in the record, as in `insulation_resistance`; for photos what it shows.
    pub name: String,
    pub label: Bilingual,
    #[serde(default)]
    pub unit: Option<String>,
    /// Blocks sign-off while it is missing, unless the step gives a reason.
    #[serde(default)]
    pub required: bool,
}

words! { EvidenceKind { Photo = "photo", Reading = "reading", Count = "count", Signature = "signature" } }

/// A playbook's entry: what can happen, and what to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlayTemplate {
    /// As in `nobody_home`; unique in its step.
    pub id: String,
    pub happens: Bilingual,
    pub action: Bilingual,
    /// What the system does about it.
    #[serde(default)]
    pub effect: Option<PlayEffect>,
}

words! {
    PlayEffect {
        /// The desk is asked to complete or correct data.
        AskDesk = "ask_desk",
        HoldPart = "hold_part", HoldCustomer = "hold_customer", HoldPrice = "hold_price", HoldWorkshop = "hold_workshop",
        HoldAbsent = "hold_absent",
        /// Only use will prove it: as a sealed leak, once it has rained.
        HoldProof = "hold_proof",
        /// Closed without a visit; called in two hours.
        SolveRemotely = "solve_remotely",
        /// Back to dispatch: another technician.
        HandBack = "hand_back",
        /// The desk or a supervisor calls the customer.
        DeskCalls = "desk_calls",
        /// Called back because the fix is not sure, in three hours.
        CallUnsure = "call_unsure",
        /// Called back because the test was not whole, in two hours.
        CallTest = "call_test",
        Alarm = "alarm",
        TechnicalSection = "technical_section",
    }
}

/// Words to use and to avoid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Phrase {
    pub say: Bilingual,
    #[serde(default)]
    pub avoid: Option<Bilingual>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KitItem {
    pub id: String,
    pub name: Bilingual,
    /// One of the seven ones (七个一).
    #[serde(default)]
    pub always: bool,
}

impl Template {
    pub fn step(&self, id: &str) -> Option<&StepTemplate> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// What a playbook's entry brings about; none for an entry that is not this template's.
    pub fn effect(&self, play: &Play) -> Option<PlayEffect> {
        self.step(&play.step)?.plays.iter().find(|known| known.id == play.play)?.effect
    }

    /// What happened in the present round of a job that has this effect.
    pub fn plays_with<'a>(&'a self, record: &'a JobRecord, effect: PlayEffect) -> impl Iterator<Item = &'a Play> {
        record.plays.values().filter(move |play| self.effect(play) == Some(effect) && record.is_current(play.at))
    }

    /// The step at which a stage begins; none where this visit has no such stage.
    pub fn stage_step(&self, stage: Stage) -> Option<&StepTemplate> {
        self.steps.iter().find(|step| step.stage == Some(stage))
    }
}
