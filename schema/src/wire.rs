//! Bodies of a sync. CBOR on the wire (`application/cbor`), JSON for people and tests; the same types.
//!
//! One round trip: the phone sends what it wrote and where it stood, the server answers with what it holds of it and with what is
//! new. Repeating a request is harmless: a change is known by (job, hash).
//!
//! Changes may travel packed (`sync::slim`), towards whoever said before that it unpacks them: the phone in each request, the server in
//! each answer. Who says nothing is an older one, and is sent them as they are.

use crate::binary::{Actor, Bytes, Hash, PublicKey, Signature};
use crate::body::data;
use crate::conflict::ChangeHand;
use crate::id::{DeviceId, JobId, PushId, QuarantineId, RequestId};
use crate::inbox::Outcome;
use crate::time::Timestamp;
use crate::word::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub const PROTOCOL_VERSION: u32 = 1;
pub const CBOR: &str = "application/cbor";
/// 53 bits: JavaScript rounds whole numbers above.
pub const EPOCH_MAX: i64 = (1 << 53) - 1;

data! {
    /// A place in one person's feed. A new epoch begins when the server is restored from a backup.
    #[derive(Copy, Eq, Default)]
    pub struct Cursor {
        /// Random, at most [`EPOCH_MAX`]; 0 before the first sync.
        pub epoch: i64,
        pub seq: i64,
    }

    /// The phone's two clocks: what it shows, and how long it has run since its last contact with the server.
    #[derive(Copy, Eq)]
    pub struct PhoneClock {
        pub at: Timestamp,
        /// Microseconds on the monotonic clock since the answer to the last sync; none where the phone restarted since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub since_contact_us: Option<i64>,
    }

    /// `POST /v1/sync`.
    pub struct SyncRequest {
        pub protocol: u32,
        pub id: RequestId,
        pub cursor: Cursor,
        /// XOR over the jobs held of [`job_digest`]; finds drift, proves nothing.
        pub digest: Hash,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub push: Vec<JobPush>,
        /// Ed25519 by the device's key over [`push_message`]; none where nothing is pushed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub signature: Option<Signature>,
        /// Bytes of changes and snapshots that the phone wants at most in this answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub budget_bytes: Option<u32>,
        pub clock: PhoneClock,
        /// What [`JobPush::clocks`] counts from.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub contacts: Vec<ContactClock>,
        /// Heads of every job held: sent when the server asked for a resync.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub heads: Option<Vec<JobHeads>>,
        /// The newest version of packed changes that the phone unpacks; 0: none.
        #[serde(default, skip_serializing_if = "is_zero")]
        pub slim: u32,
    }

    /// Changes of one job, in the order in which they were made.
    pub struct JobPush {
        pub job: JobId,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub changes: Vec<Bytes>,
        /// Packed changes, instead of `changes` or after them; only to a server that said [`SyncResponse::slim`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub slim: Option<Bytes>,
        /// What the phone's clocks said of each, in their order; empty where it does not know.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub clocks: Vec<ChangeStamp>,
    }

    /// A word from the server that ties a phone's clocks to ours. There are few of them, and many changes after each.
    #[derive(Copy, Eq)]
    pub struct ContactClock {
        pub server_at: Timestamp,
        /// What the phone's wall clock showed when it heard it.
        pub phone_at: Timestamp,
        /// Microseconds from asking to hearing, on the monotonic clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub round_trip_us: Option<i64>,
        /// Microseconds from hearing to this request; none where the phone restarted in between.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until_sent_us: Option<i64>,
    }

    /// What the monotonic clock says of one change. Short names: there are hundreds of these.
    #[derive(Copy, Eq, Default)]
    pub struct ChangeStamp {
        /// The last contact before it, counted from 1 in [`SyncRequest::contacts`]; 0 where there was none.
        #[serde(rename = "c", default)]
        pub contact: u32,
        /// Milliseconds since then; none where the phone restarted in between.
        #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
        pub since_ms: Option<i64>,
        /// Milliseconds until this request, where that does not follow from the contact.
        #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
        pub until_ms: Option<i64>,
    }

    pub struct JobHeads {
        pub job: JobId,
        pub heads: Vec<Hash>,
    }

    /// The answer to a sync.
    pub struct SyncResponse {
        pub cursor: Cursor,
        /// There is more than fitted: sync again at once.
        pub more: bool,
        pub server_time: Timestamp,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub acks: Vec<Ack>,
        /// What the server signs for: none where nothing was pushed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub receipt: Option<Receipt>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub refused: Vec<Refused>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub jobs: Vec<JobUpdate>,
        /// The phone's epoch or digest does not fit: send [`SyncRequest::heads`].
        #[serde(default)]
        pub resync: bool,
        /// SHA-256 of photos that the record names and the server lacks.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub photos_owed: Vec<Hash>,
        /// What was decided about changes that were refused, this phone's or another's of this person.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub decided: Vec<Decided>,
        /// Who wrote the values that stand beside each other in jobs told of here.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub hands: Vec<ChangeHand>,
        /// Newest version by kind of reference data (`price_list`; for `template`, the moment of the last publication in microseconds), and as
        /// `shipped` what the checklists of the product hold.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub reference: BTreeMap<String, i64>,
        /// The newest version of packed changes that the server unpacks; told to phones that know of such.
        #[serde(default, skip_serializing_if = "is_zero")]
        pub slim: u32,
        /// This phone was revoked: it is told nothing more, and what it sends is kept for dispatch to decide about.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub revoked: bool,
    }

    /// Everything of this actor up to and including `seq` is durable on the server.
    #[derive(Copy, Eq)]
    pub struct Ack {
        pub job: JobId,
        pub actor: Actor,
        pub seq: u64,
    }

    /// The server's word that it holds a push: its signature over [`receipt_message`].
    #[derive(Copy, Eq)]
    pub struct Receipt {
        pub push: PushId,
        pub received_at: Timestamp,
        pub signature: Signature,
        pub key: PublicKey,
    }

    /// Changes of one job that the server did not take as they were. Nothing of it is lost: the bytes lie in quarantine.
    pub struct Refused {
        pub job: JobId,
        pub actor: Actor,
        /// The first refused change; it and what follows of this actor went to quarantine.
        pub change: Hash,
        pub code: RefusalCode,
        /// Places that this person may not write, as in `["marks", "repair"]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub paths: Vec<Vec<String>>,
        pub quarantine: QuarantineId,
        /// The change in which the server saved the rest, by its own hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub salvaged_as: Option<Hash>,
        /// What to tell the technician: (zh, en).
        pub zh: String,
        pub en: String,
    }

    /// What became of an entry of the inbox, as far as it is decided.
    pub struct Decided {
        pub quarantine: QuarantineId,
        pub job: JobId,
        /// As people say it; none where the server knows no such job.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub number: Option<String>,
        /// The first refused change, as in [`Refused::change`].
        pub change: Hash,
        pub parts: Vec<DecidedPart>,
    }

    pub struct DecidedPart {
        pub outcome: Outcome,
        /// Each as in `marks/repair`.
        pub places: Vec<String>,
        /// The name of who decided.
        pub by: String,
        pub at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
    }

    /// What is new in one job.
    pub struct JobUpdate {
        pub job: JobId,
        /// A field of its own, not flattened: serde's buffer for flattening forgets that CBOR carries bytes.
        pub news: News,
    }
}

fn is_zero(version: &u32) -> bool {
    *version == 0
}

/// What is new in one job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// Changes to apply to what the phone holds.
    Changes(Vec<Bytes>),
    /// The same, packed: only to a phone that said [`SyncRequest::slim`].
    Slim(Bytes),
    /// The whole record: it came into the phone's hands, or the phone's copy must be replaced.
    Snapshot {
        document: Bytes,
        /// Drop the local copy and write under a new actor from here on.
        reset: bool,
    },
    /// It left the phone's hands.
    Gone(GoneReason),
}

words! {
    GoneReason { Reassigned = "reassigned", Cancelled = "cancelled", Closed = "closed" }
}

words! {
    /// Why changes were not taken as they were.
    RefusalCode {
        /// Not a change as Automerge writes it, or over a limit.
        Malformed = "malformed",
        TooLarge = "too_large",
        /// The actor belongs to another device or job.
        ActorForeign = "actor_foreign",
        /// The same number of the same actor holds something else here.
        ActorForked = "actor_forked",
        /// A change before this one is missing.
        Gap = "gap",
        /// Touches what is not there, or claims to replace what it can't have seen.
        Inconsistent = "inconsistent",
        /// This person may not write there.
        Forbidden = "forbidden",
        /// The author named is not the one who wrote.
        AuthorForged = "author_forged",
        /// A gate was closed: as no repair before consent.
        GateClosed = "gate_closed",
        /// The job is in another technician's hands.
        JobMoved = "job_moved",
        JobClosed = "job_closed",
        DeviceRevoked = "device_revoked",
        JobUnknown = "job_unknown",
        /// Never sent: it came as a file, because the phone can't send it any more.
        HandedIn = "handed_in",
    }
}

impl RefusalCode {
    /// Whether the changes could be read, so that what was permitted in them is saved.
    pub fn is_salvageable(self) -> bool {
        matches!(self, Self::Forbidden | Self::GateClosed | Self::JobMoved | Self::JobClosed)
    }
}

/// One job's share of a digest.
pub fn job_digest(job: JobId, heads: &[Hash]) -> Hash {
    let mut sorted = heads.to_vec();
    sorted.sort_unstable();
    Hash::of_all(std::iter::once(job.as_bytes().as_slice()).chain(sorted.iter().map(Hash::as_slice)))
}

/// One job's leaf of a push: SHA-256 over the job's id and its changes' hashes. An evidence bundle shows the leaves of other
/// jobs in the same push, which say nothing about them.
pub fn push_leaf(job: JobId, changes: &[Hash]) -> Hash {
    Hash::of_all(std::iter::once(job.as_bytes().as_slice()).chain(changes.iter().map(Hash::as_slice)))
}

/// What a device signs: that it, in this request, pushed these leaves, in order.
pub fn push_message(device: DeviceId, request: RequestId, leaves: &[Hash]) -> Vec<u8> {
    let mut message = b"field-service push 1\0".to_vec();
    message.extend_from_slice(device.as_bytes());
    message.extend_from_slice(request.as_bytes());
    leaves.iter().for_each(|leaf| message.extend_from_slice(leaf.as_slice()));
    message
}

/// What the server signs: that it holds, since this moment, all of these leaves.
pub fn receipt_message(push: PushId, received_at: Timestamp, leaves: &[Hash]) -> Vec<u8> {
    let mut message = b"field-service receipt 1\0".to_vec();
    message.extend_from_slice(push.as_bytes());
    message.extend_from_slice(&received_at.micros().to_be_bytes());
    leaves.iter().for_each(|leaf| message.extend_from_slice(leaf.as_slice()));
    message
}
