//! Rows of the log and of what phones hear of it.

use crate::binary::{Actor, Hash, PublicKey, Signature};
use crate::edit::Edit;
use crate::gate::Violation;
use crate::id::{DeviceId, JobId, OutletId, PersonId, PushId, QuarantineId, RequestId};
use crate::inbox::Outcome;
use crate::tables::{actors, changes, feed, grants, push_jobs, pushes, quarantine, quarantine_decisions, records};
use crate::time::Timestamp;
use crate::wire::{GoneReason, RefusalCode};
use crate::word::words;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = records, treat_none_as_default_value = false)]
pub struct RecordRow {
    pub job_id: JobId,
    pub outlet_id: OutletId,
    pub length: i64,
    /// Sorted, 32 bytes each.
    pub heads: Vec<u8>,
    pub snapshot: Vec<u8>,
    pub snapshot_length: i64,
}

/// Where a record's log ends: its row without the snapshot, which is long and seldom needed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = records)]
pub struct RecordEnd {
    pub job_id: JobId,
    pub outlet_id: OutletId,
    pub length: i64,
    /// Sorted, 32 bytes each.
    pub heads: Vec<u8>,
    pub snapshot_length: i64,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = changes, treat_none_as_default_value = false)]
pub struct ChangeRow {
    pub job_id: JobId,
    pub pos: i64,
    pub hash: Hash,
    pub actor: Actor,
    pub seq: i64,
    pub bytes: Vec<u8>,
    pub person_id: Option<PersonId>,
    pub device_id: Option<DeviceId>,
    pub push_id: Option<PushId>,
    pub received_at: Timestamp,
    /// JSON of the phone's clocks when it wrote this; none for what the server wrote.
    pub clock: Option<String>,
    /// The best estimate, where it is another time than the change claims.
    pub retimed_at: Option<Timestamp>,
    pub error_us: Option<i64>,
    /// Words split by spaces.
    pub time_flags: Option<String>,
}

/// A change whose time is known better than it claims, or is doubtful.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = changes)]
pub struct RetimedRow {
    pub job_id: JobId,
    pub hash: Hash,
    pub clock: Option<String>,
    pub retimed_at: Option<Timestamp>,
    pub time_flags: Option<String>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = pushes, treat_none_as_default_value = false)]
pub struct PushRow {
    pub id: PushId,
    pub device_id: DeviceId,
    pub request_id: RequestId,
    pub received_at: Timestamp,
    pub phone_at: Timestamp,
    pub since_contact_us: Option<i64>,
    pub leaves: Vec<u8>,
    pub device_signature: Signature,
    pub receipt_signature: Signature,
    pub receipt_key: PublicKey,
}

/// What one push brought of one job, in the log or in quarantine. An evidence bundle shows the leaf made again from it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = push_jobs, treat_none_as_default_value = false)]
pub struct PushJobRow {
    pub job_id: JobId,
    pub push_id: PushId,
    /// 32 bytes each, in the order of the request.
    pub pushed: Vec<u8>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = actors, treat_none_as_default_value = false)]
pub struct ActorRow {
    pub job_id: JobId,
    pub actor: Actor,
    pub device_id: DeviceId,
    pub leased_at: Timestamp,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = grants, treat_none_as_default_value = false)]
pub struct GrantRow {
    pub person_id: PersonId,
    pub job_id: JobId,
    pub granted_at: Timestamp,
}

words! {
    FeedKind {
        /// New in the log: from `pos_from` up to, without, `pos_to`.
        Change = "change",
        /// The job came into this person's hands.
        Grant = "grant",
        /// The job left this person's hands.
        Revoke = "revoke",
        /// `device_id` must take the server's copy and write under a new actor.
        Reset = "reset",
        /// Something of this person's that was not taken over in this job was adopted or rejected.
        Decided = "decided",
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = feed, treat_none_as_default_value = false)]
pub struct FeedRow {
    pub person_id: PersonId,
    pub seq: i64,
    pub kind: FeedKind,
    pub job_id: JobId,
    pub pos_from: i64,
    pub pos_to: i64,
    pub reason: Option<GoneReason>,
    pub device_id: Option<DeviceId>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = quarantine, treat_none_as_default_value = false)]
pub struct QuarantineRow {
    pub id: QuarantineId,
    pub job_id: JobId,
    pub outlet_id: Option<OutletId>,
    pub person_id: PersonId,
    pub device_id: DeviceId,
    pub actor: Actor,
    pub first_hash: Hash,
    pub code: RefusalCode,
    /// JSON of [`QuarantineContent`].
    pub content: String,
    pub detail: String,
    pub bytes: Vec<u8>,
    pub bytes_total: i64,
    pub salvaged_hash: Option<Hash>,
    pub received_at: Timestamp,
    /// JSON of what the phone's clocks said of each change.
    pub clocks: Option<String>,
    pub handed_in_by: Option<PersonId>,
    pub decided_at: Option<Timestamp>,
}

/// What was decided about one item of an entry.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = quarantine_decisions, treat_none_as_default_value = false)]
pub struct QuarantineDecisionRow {
    pub quarantine_id: QuarantineId,
    pub change_hash: Hash,
    /// As in `marks/repair`; empty for what can't be read.
    pub place: String,
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub decided_by: PersonId,
    pub decided_at: Timestamp,
}

/// What could be read of refused changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuarantineContent {
    /// Values that were to stand where they may not.
    pub denied: Vec<DeniedValue>,
    /// What else the author wrote: saved already where `salvaged_hash` is set, else waiting for a decision.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub saved: Vec<Edit>,
    /// Gates that were closed.
    pub violations: Vec<Violation>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeniedValue {
    /// As in `["consents", "…"]`.
    pub path: Vec<String>,
    pub value: serde_json::Value,
    pub why: String,
}
