//! What a phone remembers, entry by entry. The phone's whole state is what these entries, applied in order, make of nothing
//! ([`crate::replica`]); so an entry once written must stay readable: add variants and optional fields, change none.

use schema::binary::{Actor, Bytes, Hash, PublicKey};
use schema::conflict::ChangeHand;
use schema::id::{DeviceId, JobId, OutletId, PersonId, RequestId, SessionId};
use schema::photo::PhotoRefusal;
use schema::reference::{Reference, SHIPPED};
use schema::setup::SetUpTerms;
use schema::time::Timestamp;
use schema::wire::{Ack, Cursor, Decided, GoneReason, Receipt, Refused};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The phone made its key. Before enrolment, so that a key is never used that could be lost.
    Key(Bytes),
    /// Who carries this phone, and which server it belongs to.
    Identity(Identity),
    /// Tokens of the session; none after it ended. Local work needs none.
    Session(Option<Session>),
    /// From here on, this phone writes this job under this actor.
    Lease {
        job: JobId,
        actor: Actor,
        /// It wrote once, and writes no more.
        #[serde(default)]
        retired: bool,
    },
    Change(ChangeEntry),
    /// The whole record as the server sent it, or as compaction wrote it down.
    Snapshot {
        job: JobId,
        document: Bytes,
        kind: SnapshotKind,
    },
    /// The server holds this actor's changes up to here.
    Acked(Ack),
    /// The server put this actor's changes of these numbers into quarantine; none where it had been said before.
    Refused {
        notice: Refused,
        seqs: Option<(u64, u64)>,
        at: Timestamp,
        /// What those changes had written.
        #[serde(default)]
        writes: Vec<LostWrite>,
    },
    /// The record here holds what the server does not have, and is to be fetched whole.
    Stale {
        job: JobId,
    },
    /// The office decided about something that was not taken over: from this phone, or another of the same person.
    Decided {
        decided: Decided,
        at: Timestamp,
    },
    /// Who wrote values that stand beside each other: the record itself knows actors only.
    Hands(Vec<ChangeHand>),
    /// The technician has read the notice about this change.
    NoticeRead {
        change: Hash,
    },
    Gone {
        job: JobId,
        reason: GoneReason,
    },
    Cursor(Cursor),
    /// Whether heads must be compared at the next sync.
    Resync(bool),
    Contact(Contact),
    /// The newest version of packed changes that the server unpacks, as it last said; 0: none.
    Slim(u32),
    Receipt(ReceiptEntry),
    /// A template or a price list: JSON as the server gave it.
    Reference {
        kind: ReferenceKind,
        version: i64,
        json: String,
    },
    /// What the checklists of the product hold that were fetched last, as the server names it ([`schema::reference::SHIPPED`]).
    Shipped(i64),
    /// Photos that the server lacks, as it last said.
    Owed(Vec<Hash>),
    /// A photo's bytes lie beside the log.
    Photo {
        sha256: Hash,
        bytes: u64,
        job: JobId,
    },
    PhotoSent {
        sha256: Hash,
    },
    /// The server does not take the photo, whoever sends it. Its bytes stay here.
    PhotoRefused {
        sha256: Hash,
        why: PhotoRefusal,
    },
}

impl Entry {
    /// What is kept of an answer of `GET /v1/reference`.
    pub fn of_reference(reference: &Reference) -> serde_json::Result<Vec<Self>> {
        let kind = ReferenceKind::Template;
        let version = reference.versions.get(kind.as_str()).copied().unwrap_or(0);
        let mut entries = Vec::new();
        for template in &reference.templates {
            entries.push(Self::Reference { kind, version, json: serde_json::to_string(template)? });
        }
        entries.extend(reference.versions.get(SHIPPED).copied().map(Self::Shipped));
        if let Some(list) = &reference.price_list {
            let (kind, json) = (ReferenceKind::PriceList, serde_json::to_string(list)?);
            entries.push(Self::Reference { kind, version: list.version, json });
        }
        Ok(entries)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    pub server: String,
    pub device: DeviceId,
    pub person: PersonId,
    pub login: String,
    pub name: String,
    #[serde(default)]
    pub outlet: Option<OutletId>,
    /// How the outlet charges set-up of software, as it last said.
    #[serde(default)]
    pub setup: Option<SetUpTerms>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub access_token: String,
    /// On the phone's own clock; a hint only, the server decides.
    pub expires_at: Timestamp,
    pub refresh_token: String,
}

/// A place that a refused change had written, to be shown to its author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostWrite {
    /// As in `["notes", "diagnose"]`.
    pub path: Vec<String>,
    /// JSON; none where it had emptied the place.
    pub value: Option<String>,
}

/// A change to a record, as Automerge encodes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeEntry {
    pub job: JobId,
    pub bytes: Bytes,
    /// Written here; none for what came from the server.
    #[serde(default)]
    pub own: Option<Own>,
}

/// What a phone knows of a change that it wrote itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    pub actor: Actor,
    pub seq: u64,
    pub hash: Hash,
    /// Calls the centre: sent before everything else.
    #[serde(default)]
    pub urgent: bool,
    /// What the clocks said when it was written.
    #[serde(default)]
    pub clock: Option<WrittenAt>,
}

/// The monotonic clock at the moment of a write, and the last word from the server before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenAt {
    pub uptime_us: i64,
    pub boot: u64,
    pub contact: Option<Contact>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotKind {
    /// What was written here and not yet sent is laid over it.
    Granted,
    /// The same, so far as it fits: the phone's copy is dropped, and the actor used so far writes no more.
    Reset,
    /// Written by compaction: holds all that the phone held.
    Compacted,
}

/// The last word from the server: ties the phone's clocks to the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub server_at: Timestamp,
    pub phone_at: Timestamp,
    /// Microseconds since the phone started, which it started under this name.
    pub uptime_us: i64,
    pub boot: u64,
    /// The server had more than fitted into its answer.
    #[serde(default)]
    pub more: bool,
    /// Microseconds from asking to hearing.
    #[serde(default)]
    pub round_trip_us: Option<i64>,
}

/// As the server names it in [`schema::wire::SyncResponse::reference`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    Template,
    PriceList,
}

impl ReferenceKind {
    pub const ALL: [Self; 2] = [Self::Template, Self::PriceList];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Template => "template",
            Self::PriceList => "price_list",
        }
    }
}

/// The server's word for one push, with what is needed to check it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceiptEntry {
    pub request: RequestId,
    pub leaves: Vec<Hash>,
    pub receipt: Receipt,
    pub device_key: PublicKey,
}
