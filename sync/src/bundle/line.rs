//! The lines of a bundle. The order of the fields is part of the format: a line is valid only in the form that these types write.
//!
//! Moments that a phone claims are text as the record shows them, for a phone may claim anything; moments of the server are moments.

mod of;

use schema::binary::{Actor, Bytes, Hash, PublicKey, Signature};
use schema::id::{DeviceId, EntryId, JobId, LinkId, PersonId, PushId, QuarantineId, RequestId};
use schema::money::Currency;
use schema::people::{Language, Role};
use schema::published_key::PublishedKey;
use schema::record::{BackupCopy, HandBackKind, How, SignOffKind};
use schema::template::Template;
use schema::time::Timestamp;
use schema::wire::RefusalCode;
use serde::{Deserialize, Serialize};

/// One line. Serialized as `{"line":"push",…}`; in the file all but the last end with a running sum ([`super::Writer`]).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    Bundle(Header),
    Template(TemplateLine),
    Person(PersonLine),
    Device(DeviceLine),
    Lease(LeaseLine),
    Push(Box<PushLine>),
    Change(ChangeLine),
    Consent(ConsentLine),
    Backup(Box<BackupLine>),
    TakeBack(Box<TakeBackLine>),
    HandBack(Box<HandBackLine>),
    SignOff(SignOffLine),
    Link(LinkLine),
    Open(OpenLine),
    Photo(PhotoLine),
    Refused(RefusedLine),
    End(EndLine),
}

macro_rules! lines {
    ($($(#[$doc:meta])* pub struct $name:ident { $($body:tt)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct $name { $($body)* }
    )+};
}

lines! {
    /// The first line.
    pub struct Header {
        /// [`super::FORMAT`]
        pub format: u32,
        pub job: JobId,
        pub number: String,
        pub exported_at: Timestamp,
        /// The keys that the server signs receipts and bundles with, the earlier ones too.
        pub server_keys: Vec<PublishedKey>,
        /// How many changes the log holds.
        pub changes: u64,
        /// Heads of the record after the last of them, sorted.
        pub heads: Vec<Hash>,
    }

    /// The checklist that the job was begun with, whole, so that sheets can be made again.
    pub struct TemplateLine {
        pub template: Template,
    }

    /// Somebody whom the record or a device names.
    pub struct PersonLine {
        pub id: PersonId,
        pub name: String,
        pub staff_number: String,
        pub role: Role,
    }

    /// A phone that pushed changes of this job.
    pub struct DeviceLine {
        pub id: DeviceId,
        pub person: PersonId,
        pub name: String,
        pub key: PublicKey,
        pub enrolled_at: Timestamp,
        pub revoked_at: Option<Timestamp>,
    }

    /// Who alone may write under an actor.
    pub struct LeaseLine {
        pub actor: Actor,
        pub device: DeviceId,
        pub leased_at: Timestamp,
    }

    /// What a device sent at once and signed, and what the server signed for. Leaves of other jobs say nothing about them.
    pub struct PushLine {
        pub id: PushId,
        pub device: DeviceId,
        pub request: RequestId,
        pub received_at: Timestamp,
        /// What the phone's clock showed: a claim.
        pub phone_at: String,
        /// Microseconds since its last contact by the phone's monotonic clock.
        pub since_contact_us: Option<i64>,
        /// Hashes of this job's changes in the push; one of the leaves is made of them.
        pub pushed: Vec<Hash>,
        pub leaves: Vec<Hash>,
        /// By the device, over [`schema::wire::push_message`].
        pub signature: Signature,
        /// By the server, over [`schema::wire::receipt_message`]: it holds all of this, in the log or, refused, beside it.
        pub receipt: Signature,
        pub receipt_key: PublicKey,
    }

    /// A change as the log holds it.
    pub struct ChangeLine {
        /// From 0, without a gap.
        pub pos: u64,
        pub hash: Hash,
        pub actor: Actor,
        pub seq: u64,
        pub received_at: Timestamp,
        pub person: Option<PersonId>,
        /// None where the server wrote it.
        pub device: Option<DeviceId>,
        pub push: Option<PushId>,
        /// The chunk, uncompressed.
        pub bytes: Bytes,
    }

    /// What the record says of a consent, to be read without a tool for it.
    pub struct ConsentLine {
        pub id: EntryId,
        /// The change that wrote it.
        pub change: Hash,
        pub name: String,
        pub how: How,
        pub at: String,
        pub quote: EntryId,
        pub quote_hash: Hash,
        pub total_minor: i64,
        pub currency: Currency,
        pub by: Option<PersonId>,
        pub link: Option<LinkId>,
    }

    /// What the record says of a backup consent, with the words that the customer signed.
    pub struct BackupLine {
        pub id: EntryId,
        pub change: Hash,
        pub name: String,
        pub how: How,
        pub at: String,
        pub quote: EntryId,
        pub copy: BackupCopy,
        pub language: Language,
        pub text: String,
        pub text_hash: Hash,
        pub by: Option<PersonId>,
        pub link: Option<LinkId>,
    }

    /// What the record says of a take-back receipt, with the words that the customer signed.
    pub struct TakeBackLine {
        pub id: EntryId,
        pub change: Hash,
        pub name: String,
        pub at: String,
        /// ISO date.
        pub return_on: String,
        pub language: Language,
        pub text: String,
        pub text_hash: Hash,
        pub by: PersonId,
    }

    /// What the record says of a hand-back: signed, or why not.
    pub struct HandBackLine {
        pub id: EntryId,
        pub change: Hash,
        pub receipt: EntryId,
        pub kind: HandBackKind,
        pub name: String,
        pub is_signed: bool,
        pub reason: Option<String>,
        pub at: String,
        pub language: Language,
        pub text: String,
        pub text_hash: Hash,
        pub by: PersonId,
    }

    /// What the record says of a sign-off.
    pub struct SignOffLine {
        pub id: EntryId,
        pub change: Hash,
        pub kind: SignOffKind,
        pub name: String,
        pub how: How,
        pub at: String,
        pub covers: Vec<Hash>,
        pub sheet_hash: Hash,
        pub by: Option<PersonId>,
        pub link: Option<LinkId>,
    }

    /// A customer's link that somebody consented or signed on.
    pub struct LinkLine {
        pub id: LinkId,
        pub created_by: PersonId,
        pub created_at: Timestamp,
        /// At the earliest: a link that goes with its job holds on through its warranty.
        pub expires_at: Timestamp,
        pub revoked_at: Option<Timestamp>,
    }

    /// One use of such a link.
    pub struct OpenLine {
        pub link: LinkId,
        pub at: Timestamp,
        pub address: String,
        pub browser: String,
        pub act: String,
    }

    /// A photo that the record names; the photo itself is not in the bundle.
    pub struct PhotoLine {
        pub sha256: Hash,
        pub step: String,
        pub bytes: i64,
        pub by: PersonId,
        pub at: String,
    }

    /// What the server did not take into the record.
    pub struct RefusedLine {
        pub id: QuarantineId,
        pub device: DeviceId,
        pub person: PersonId,
        pub actor: Actor,
        pub first_hash: Hash,
        pub code: RefusalCode,
        pub received_at: Timestamp,
        pub bytes_total: i64,
        /// SHA-256 of the bytes that are kept.
        pub sha256: Hash,
        pub salvaged_as: Option<Hash>,
        /// Hashes of the changes that lie in it, in order. Left out by servers of before, and where an entry of theirs was cut.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub held: Vec<Hash>,
    }

    /// The last line.
    pub struct EndLine {
        /// How many lines stand before it.
        pub lines: u64,
        /// SHA-256 of all bytes before this line.
        pub sha256: Hash,
        pub key: PublicKey,
        /// By that key, over [`super::end_message`].
        pub signature: Signature,
    }
}

impl Line {
    /// Lines stand in this order of kinds.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Bundle(_) => 0,
            Self::Template(_) => 1,
            Self::Person(_) => 2,
            Self::Device(_) => 3,
            Self::Lease(_) => 4,
            Self::Push(_) => 5,
            Self::Change(_) => 6,
            Self::Consent(_) => 7,
            Self::Backup(_) => 8,
            Self::TakeBack(_) => 9,
            Self::HandBack(_) => 10,
            Self::SignOff(_) => 11,
            Self::Link(_) => 12,
            Self::Open(_) => 13,
            Self::Photo(_) => 14,
            Self::Refused(_) => 15,
            Self::End(_) => 16,
        }
    }

    /// Reads a line's text; None where there is no such kind of line.
    pub(super) fn parse(kind: &str, text: &[u8]) -> Option<Result<Self, serde_json::Error>> {
        Some(match kind {
            "bundle" => serde_json::from_slice(text).map(Self::Bundle),
            "template" => serde_json::from_slice(text).map(Self::Template),
            "person" => serde_json::from_slice(text).map(Self::Person),
            "device" => serde_json::from_slice(text).map(Self::Device),
            "lease" => serde_json::from_slice(text).map(Self::Lease),
            "push" => serde_json::from_slice(text).map(|line| Self::Push(Box::new(line))),
            "change" => serde_json::from_slice(text).map(Self::Change),
            "consent" => serde_json::from_slice(text).map(Self::Consent),
            "backup" => serde_json::from_slice(text).map(|line| Self::Backup(Box::new(line))),
            "take_back" => serde_json::from_slice(text).map(|line| Self::TakeBack(Box::new(line))),
            "hand_back" => serde_json::from_slice(text).map(|line| Self::HandBack(Box::new(line))),
            "sign_off" => serde_json::from_slice(text).map(Self::SignOff),
            "link" => serde_json::from_slice(text).map(Self::Link),
            "open" => serde_json::from_slice(text).map(Self::Open),
            "photo" => serde_json::from_slice(text).map(Self::Photo),
            "refused" => serde_json::from_slice(text).map(Self::Refused),
            "end" => serde_json::from_slice(text).map(Self::End),
            _ => return None,
        })
    }
}
