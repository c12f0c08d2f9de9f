//! A job as the office sees it: its line on lists and boards, and everything about it on one page.

use crate::binary::Hash;
use crate::body::data;
use crate::call::FollowUp;
use crate::clock::{Clock, ClockState};
use crate::delay::DelayWord;
use crate::evidence::TimeFlag;
use crate::id::{CustomerId, DeviceId, EntryId, JobId, LinkId, NoteId, OutletId, PersonId, ReportId};
use crate::money::Currency;
use crate::people::{Bilingual, PersonName};
use crate::record::{Conflict, JobRecord, ReportField, SignOffKind, Urgency};
use crate::sheet::{Change, Sheet};
use crate::status::Status;
use crate::time::{Timestamp, Window};
use crate::travel::Point;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

data! {
    /// One line of a list: what follows from the record.
    pub struct Job {
        pub id: JobId,
        pub number: String,
        pub outlet: OutletId,
        pub report: ReportId,
        pub customer: Option<CustomerId>,
        pub rework_of: Option<JobId>,
        pub status: Status,
        pub urgency: Option<Urgency>,
        pub skill: Option<String>,
        pub name: Option<String>,
        /// Masked: the whole number stands with the customer, where each look is logged.
        pub phone: Option<String>,
        pub address: Option<String>,
        pub fault: Option<String>,
        pub product: Option<String>,
        pub technician: Option<PersonName>,
        pub window: Option<Window>,
        /// Where the customer is; none where that is not known.
        pub point: Option<Point>,
        /// The technician will be late.
        pub delay: Option<JobDelay>,
        /// Places where two values stand beside each other.
        pub conflicts: i64,
        pub currency: Currency,
        pub total_minor: Option<i64>,
        pub due_minor: Option<i64>,
        pub paid_minor: i64,
        pub signed_at: Option<Timestamp>,
        /// More than one: signed twice without knowing of each other, or again after a change.
        pub sign_offs: i64,
        pub alarms: i64,
        /// Signatures, consents or amounts that two people entered without knowing of each other, and prices that were accepted and nobody
        /// gave: the supervisor says what counts.
        pub matters: i64,
        /// Changes whose times are contradicted.
        pub time_flags: i64,
        pub reported_at: Timestamp,
        /// When the next clock that runs is due.
        pub next_due_at: Option<Timestamp>,
        pub is_overdue: bool,
        pub closed_at: Option<Timestamp>,
    }

    /// A delay that stands, and what is known of the customer about it.
    #[derive(Copy)]
    pub struct JobDelay {
        pub arrives_at: Timestamp,
        /// When it was said.
        pub at: Timestamp,
        pub word: DelayWord,
    }

    /// `GET /v1/jobs/{id}`.
    pub struct JobDetail {
        pub job: Job,
        /// The record, with phone numbers masked.
        pub record: JobRecord,
        /// To be sent back with an edit, so that it meets the state that was seen.
        pub heads: Vec<Hash>,
        pub conflicts: Vec<Conflict>,
        pub clocks: Vec<JobClock>,
        /// Changes whose claimed times are contradicted; the clocks go by the estimates.
        pub doubtful_times: Vec<DoubtfulTime>,
        /// The earlier repair that failed, where this is rework.
        pub rework: Option<ReworkFacts>,
        pub follow_ups: Vec<FollowUp>,
        /// The customer does not want to be called back.
        #[serde(default)]
        pub refuses_calls: bool,
        pub sign_offs: Vec<SignOffFacts>,
        /// What must be known before the job can be dispatched, and is not.
        pub missing: Vec<ReportField>,
        /// Whose hands wrote. Two technicians here: the job moved while one was at work.
        pub writers: Vec<Writer>,
        /// Internal; no phone carries them.
        pub notes: Vec<JobNote>,
        /// Everybody whom the record names.
        pub people: Vec<PersonName>,
    }

    /// A change that can't have been made when it claims.
    pub struct DoubtfulTime {
        pub change: Hash,
        pub person: Option<PersonId>,
        pub device: Option<DeviceId>,
        pub claimed_at: Timestamp,
        /// The best estimate, and how far it may be off.
        pub written_at: Timestamp,
        pub error_us: i64,
        pub flags: Vec<TimeFlag>,
    }

    /// What decides who bears the cost of rework.
    pub struct ReworkFacts {
        pub of: JobId,
        pub number: String,
        /// Who repaired it the first time.
        pub technician: Option<PersonName>,
        /// The earlier fault, as it was known then, and what was found to be its cause.
        pub fault: Option<String>,
        pub cause: Option<String>,
        /// When the warranty on the earlier repair began and ends; none where that repair was never completed.
        pub warranted_from: Option<Timestamp>,
        pub warranted_until: Option<Timestamp>,
        /// Whether this job was reported within that warranty.
        pub is_warranted: bool,
    }

    /// A clock as it stands now.
    pub struct JobClock {
        #[serde(flatten)]
        pub clock: Clock,
        pub name: Bilingual,
        pub state: ClockState,
        /// Why it was missed, as was found out; the entries of the record.
        pub causes: Vec<EntryId>,
        /// How far the moments that started and stopped it may be off, where a phone told them.
        pub started_error_us: Option<i64>,
        pub stopped_error_us: Option<i64>,
        /// Those errors are large enough that it may be the other way round: kept and not missed, or missed and not kept.
        pub in_doubt: bool,
    }

    /// A clock that runs now, for boards: one line of `GET /v1/clocks`.
    pub struct RunningClock {
        pub job: JobId,
        pub number: String,
        pub status: Status,
        pub technician: Option<PersonName>,
        pub rule: String,
        pub run: i64,
        pub name: Bilingual,
        pub state: ClockState,
        pub warn_at: Timestamp,
        pub due_at: Timestamp,
        /// Made once the time has passed, as a call that must not come too early.
        pub not_before: bool,
        pub started_at: Timestamp,
        /// How far the moment that started it may be off, where a phone told it; and so its due time.
        pub started_error_us: Option<i64>,
        /// By so much that it may be missed already, or not yet.
        pub in_doubt: bool,
    }

    /// What is known about how a signature came to be.
    pub struct SignOffFacts {
        pub id: EntryId,
        pub kind: SignOffKind,
        pub name: String,
        /// As the device that took it claims.
        pub at: Timestamp,
        pub by: Option<PersonName>,
        /// The customer's own link.
        pub link: Option<LinkId>,
        /// The phone it was made on; none where the server wrote it.
        pub device: Option<DeviceId>,
        pub received_at: Option<Timestamp>,
        /// Sign-offs that whoever made this one could not know of: made offline, on another phone.
        pub unaware_of: Vec<EntryId>,
        /// Nothing of the sheet was changed since.
        pub covers_now: bool,
        /// The sheet, made again from what it covers, is the one that was signed.
        pub is_intact: bool,
    }

    pub struct Writer {
        pub person: PersonName,
        pub changes: i64,
        pub devices: Vec<DeviceId>,
        pub last_received_at: Timestamp,
        /// Whether the job is in this person's hands.
        pub has_job: bool,
    }

    pub struct JobNote {
        pub id: NoteId,
        pub text: String,
        pub by: PersonName,
        pub at: Timestamp,
        /// The note that this one stands in the place of.
        #[serde(default)]
        pub corrects: Option<NoteId>,
    }

    /// `GET /v1/jobs/{id}/sheet`.
    pub struct JobSheet {
        pub sheet: Sheet,
        pub sheet_hash: Hash,
        /// The heads it was made at.
        pub heads: Vec<Hash>,
        /// The signature whose sheet this is; none for the sheet as it stands now.
        pub as_signed: Option<SignOffFacts>,
        /// What of the sheet was changed after that signature.
        pub changed_after: Vec<Change>,
    }

    /// What stands after a command.
    pub struct JobState {
        pub job: Job,
        pub heads: Vec<Hash>,
    }
}

/// `POST /v1/jobs/{id}/notes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateJobNote {
    pub text: String,
    /// The note that this one stands in the place of; the earlier one is kept.
    #[serde(default)]
    pub corrects: Option<NoteId>,
}

/// `PATCH /v1/jobs/{id}/report`: fields that are named are set; null or a blank clears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AmendReport {
    pub fields: BTreeMap<ReportField, Option<String>>,
    /// The heads of the record as it was read: where others wrote since, both values stay and are shown.
    #[serde(default)]
    pub base_heads: Option<Vec<Hash>>,
}

/// `PUT /v1/jobs/{id}/steps/{step}/note`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AmendNote {
    pub text: String,
    #[serde(default)]
    pub base_heads: Option<Vec<Hash>>,
}

/// `POST /v1/jobs/{id}/breaches`: why a clock was missed. The breach itself follows from the record and can't be edited away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateBreach {
    /// The rule's id.
    pub clock: String,
    /// Which of its runs; the first where none is named.
    #[serde(default)]
    pub run: u32,
    pub cause: String,
    /// Whose fault; none where it was nobody's of ours.
    #[serde(default)]
    pub whose: Option<PersonId>,
}

/// How a run of a clock is named in a [`crate::record::Breach`].
pub fn clock_word(rule: &str, run: u32) -> String {
    if run == 0 { rule.to_owned() } else { format!("{rule}/{run}") }
}
