//! The job record as plain data: what a reader of the Automerge document sees (`sync::record` reads and writes the document).
//!
//! Maps keyed by id, not lists, so that paths are stable and cheap to authorise; no map within a map but inside an entry, because
//! a map that two people make at once is two maps, of which one is hidden. The server makes them all when it opens the job. What must stay together is one object,
//! written whole ([`Mark`], [`Quote`]): as two keys, two concurrent ticks could merge into one person's time under another's
//! name. Who may write what stands in [`crate::shape`].

use crate::binary::{Actor, Bytes, Hash};
use crate::body::data;
use crate::customer::CustomerClass;
use crate::id::{CustomerId, EntryId, JobId, OutletId, PersonId, ReportId};
use crate::money::Currency;
use crate::time::Timestamp;
use crate::travel::Point;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod adoption;
mod bill;
mod course;
mod intake;
mod ruling;
mod signature;
mod take_back;
mod visit;

pub use adoption::Adoption;
pub use bill::{
    Charge, Consent, ItemKind, Payment, Quote, QuoteLine, Refusal, Risk, SetUp, SetUpTerm, Waiver, Warranty,
    WarrantyKind, Withdrawal,
};
pub use course::{
    Assignment, Breach, Decision, DecisionKind, Delay, Hold, HoldKind, Release, Reply, ReplyKind, Rework,
};
pub use intake::{Area, Correction, Report, ReportField, Site, Urgency};
pub use ruling::{Matter, MatterKind, Ruling};
pub use signature::{BackupConsent, BackupCopy, How, LaterRating, Rating, SignOff, SignOffKind, Strokes};
pub use take_back::{Erasure, HandBack, HandBackKind, Loaner, TakeBack, TakenComputer};
pub use visit::{Alarm, Diagnosis, Mark, MarkKind, OldPart, Part, Photo, Place, Play, Reading};

data! {
    /// A job, whole. `meta` and `report` are there from the first change on.
    pub struct JobRecord {
        pub meta: Meta,
        pub report: Report,
        /// Found only once the job was open to be rework; what was known at its opening stands in `meta`.
        #[serde(default)]
        pub rework: Option<Rework>,
        /// Where the customer is; see [`JobRecord::point`].
        #[serde(default)]
        pub site: Option<Site>,
        /// What the technician found to be otherwise, beside what was reported.
        #[serde(default)]
        pub corrections: BTreeMap<EntryId, Correction>,
        #[serde(default)]
        pub assignments: BTreeMap<EntryId, Assignment>,
        /// The assignment in force; none while nobody has the job.
        #[serde(default)]
        pub assigned: Option<EntryId>,
        /// What the office decided about the job's course.
        #[serde(default)]
        pub decisions: BTreeMap<EntryId, Decision>,
        #[serde(default)]
        pub holds: BTreeMap<EntryId, Hold>,
        /// Ends the hold of the same id.
        #[serde(default)]
        pub releases: BTreeMap<EntryId, Release>,
        /// What the technician said about being late.
        #[serde(default)]
        pub delays: BTreeMap<EntryId, Delay>,
        #[serde(default)]
        pub replies: BTreeMap<EntryId, Reply>,
        /// By the template's step id, as are the notes.
        #[serde(default)]
        pub marks: BTreeMap<String, Mark>,
        #[serde(default)]
        pub notes: BTreeMap<String, String>,
        /// By the photo's SHA-256 in hex.
        #[serde(default)]
        pub photos: BTreeMap<String, Photo>,
        #[serde(default)]
        pub readings: BTreeMap<EntryId, Reading>,
        #[serde(default)]
        pub plays: BTreeMap<EntryId, Play>,
        #[serde(default)]
        pub diagnosis: Diagnosis,
        #[serde(default)]
        pub parts: BTreeMap<EntryId, Part>,
        #[serde(default)]
        pub quotes: BTreeMap<EntryId, Quote>,
        /// Which of the quotes were taken back.
        #[serde(default)]
        pub withdrawals: BTreeMap<EntryId, Withdrawal>,
        #[serde(default)]
        pub consents: BTreeMap<EntryId, Consent>,
        /// Signed before work that can destroy data.
        #[serde(default)]
        pub backup_consents: BTreeMap<EntryId, BackupConsent>,
        /// What was taken away for repair.
        #[serde(default)]
        pub take_backs: BTreeMap<EntryId, TakeBack>,
        /// What came home, the product or the loaner.
        #[serde(default)]
        pub hand_backs: BTreeMap<EntryId, HandBack>,
        #[serde(default)]
        pub waivers: BTreeMap<EntryId, Waiver>,
        #[serde(default)]
        pub charges: BTreeMap<EntryId, Charge>,
        #[serde(default)]
        pub payments: BTreeMap<EntryId, Payment>,
        #[serde(default)]
        pub sign_offs: BTreeMap<EntryId, SignOff>,
        /// Quotes that the customer does not accept, said on their own link.
        #[serde(default)]
        pub refusals: BTreeMap<EntryId, Refusal>,
        /// Given apart from a signature, on the customer's own link.
        #[serde(default)]
        pub ratings: BTreeMap<EntryId, LaterRating>,
        #[serde(default)]
        pub alarms: BTreeMap<EntryId, Alarm>,
        #[serde(default)]
        pub breaches: BTreeMap<EntryId, Breach>,
        /// What became of work that had not been taken over.
        #[serde(default)]
        pub adoptions: BTreeMap<EntryId, Adoption>,
        /// Which of several signatures, consents or charges counts, or whether a consent or a withdrawal does.
        #[serde(default)]
        pub rulings: BTreeMap<EntryId, Ruling>,
    }

    /// What was settled when the job was opened, and never changes.
    pub struct Meta {
        pub job: JobId,
        /// The number that people say on the phone, as in `WX-20261122-0007`.
        pub number: String,
        pub outlet: OutletId,
        pub report: ReportId,
        #[serde(default)]
        pub customer: Option<CustomerId>,
        /// The customer's class as it was then, on which the length of clocks may depend. None in records of before it was kept.
        #[serde(default)]
        pub customer_class: Option<CustomerClass>,
        pub template: String,
        pub template_version: u32,
        pub currency: Currency,
        /// When the report was taken: the repair clocks run from here.
        pub reported_at: Timestamp,
        pub opened_by: PersonId,
        /// The job whose repair failed, where it was known from the first that this is rework (返修); see [`JobRecord::rework_of`].
        #[serde(default)]
        pub rework_of: Option<JobId>,
    }
}

/// One place in the record where two people wrote without knowing of each other. Both values stay; the first is the one that shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conflict {
    /// As in `["notes", "diagnose"]`.
    pub path: Vec<String>,
    pub values: Vec<ConflictValue>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConflictValue {
    pub value: serde_json::Value,
    pub actor: Actor,
    /// The change that wrote it.
    pub change: Hash,
}

/// How a conflict ended: somebody who saw all the values wrote one of them, or something else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settlement {
    pub path: Vec<String>,
    /// What stood beside each other, the one that showed first.
    pub values: Vec<ConflictValue>,
    /// The change whose value was chosen; none where something else was written.
    pub chosen: Option<Hash>,
    /// What stood there then.
    pub value: Option<serde_json::Value>,
    pub actor: Actor,
    /// The change that settled it.
    pub change: Hash,
    /// As the author's device claims.
    pub at: Timestamp,
}

/// A change together with its hash, as the log and the wire carry it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawChange {
    pub hash: Hash,
    pub bytes: Bytes,
}

impl JobRecord {
    /// The job whose repair failed, where this is rework (返修), whenever it was found out.
    pub fn rework_of(&self) -> Option<JobId> {
        self.meta.rework_of.or(self.rework.as_ref().map(|rework| rework.of))
    }

    /// Where the customer is; none where the address is not the one that the place was found for.
    pub fn point(&self) -> Option<Point> {
        let site = self.site.as_ref()?;
        let holds = self.known(ReportField::Address) == Some(site.address.as_str());
        holds.then_some(Point { latitude_e6: site.latitude_e6, longitude_e6: site.longitude_e6 })
    }

    /// The assignment in force.
    pub fn assignment(&self) -> Option<&Assignment> {
        self.assignments.get(self.assigned.as_ref()?)
    }

    /// The step's mark; `Open` counts as none.
    pub fn mark(&self, step: &str) -> Option<&Mark> {
        self.marks.get(step).filter(|mark| mark.kind != MarkKind::Open)
    }

    pub fn is_marked(&self, step: &str, kind: MarkKind) -> bool {
        self.mark(step).is_some_and(|mark| mark.kind == kind)
    }

    /// Holds that nothing has ended, oldest first.
    pub fn open_holds(&self) -> Vec<(&EntryId, &Hold)> {
        let mut open: Vec<_> = self.holds.iter().filter(|(id, _)| !self.releases.contains_key(*id)).collect();
        open.sort_by_key(|(_, hold)| hold.at);
        open
    }

    /// The report with the technician's corrections laid over it, the latest of each field.
    pub fn corrected(&self, field: ReportField) -> Option<&str> {
        self.corrections.values().filter(|c| c.field == field).max_by_key(|c| c.at).map(|c| c.value.as_str())
    }
}
