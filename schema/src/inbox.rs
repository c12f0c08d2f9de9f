//! The dispatcher's inbox: what phones sent and was not taken over, item by item, beside what stands there now, and what was decided
//! about it. A technician's phone hears of the decision with its next sync ([`crate::wire::Decided`]).

use crate::binary::{Bytes, Hash};
use crate::body::{bodies, data};
use crate::id::{DeviceId, JobId, PersonId};
use crate::people::{Bilingual, PersonName};
use crate::time::Timestamp;
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// What the office decided about something that had not been taken over.
    Outcome { Adopted = "adopted", Rejected = "rejected" }
}

words! {
    /// How something that was not taken over stands today.
    Standing {
        /// Waits for a decision.
        Open = "open",
        /// The same stands in the record already: saved by the server, sent again by the phone, or adopted.
        InRecord = "in_record",
        /// It can't be adopted ([`InboxItem::why`]); to reject it settles it.
        Barred = "barred",
        /// Adopted or rejected.
        Decided = "decided",
    }
}

data! {
    /// One place that a refused change wrote; of several writes of one entry to one place the last.
    pub struct InboxItem {
        /// The change that wrote it; with `path` it names the item.
        pub change: Hash,
        /// As in `["marks", "repair"]`; empty for what can't be read.
        pub path: Vec<String>,
        /// The place in the field's words.
        pub place: Bilingual,
        /// What was to stand there; null for a deletion and for what can't be read.
        pub value: Option<serde_json::Value>,
        /// The same in the field's words.
        pub words: Bilingual,
        /// When it was written, as the phone claims.
        pub claimed_at: Timestamp,
        /// What stands there now.
        pub present: Option<serde_json::Value>,
        pub present_words: Option<Bilingual>,
        pub standing: Standing,
        /// Why it can't be adopted.
        pub why: Option<Bilingual>,
        pub decision: Option<ItemDecision>,
    }

    pub struct ItemDecision {
        pub outcome: Outcome,
        pub by: PersonName,
        pub at: Timestamp,
        pub reason: Option<String>,
    }
}

bodies! {
    /// Names an item of an entry.
    #[derive(Eq, PartialOrd, Ord)]
    pub struct ItemName {
        pub change: Hash,
        pub path: Vec<String>,
    }

    /// `POST /v1/quarantine/{id}/adopt`.
    pub struct AdoptItems {
        /// All that is open, where nothing is named.
        #[serde(default)]
        pub items: Option<Vec<ItemName>>,
        #[serde(default)]
        pub reason: Option<String>,
    }

    /// `POST /v1/quarantine/{id}/reject`.
    pub struct RejectItems {
        /// All that is not decided, where nothing is named.
        #[serde(default)]
        pub items: Option<Vec<ItemName>>,
        /// The technician reads it.
        pub reason: String,
    }
}

/// What a forced log-out writes into the file of unsent work.
pub const UNSENT_FORMAT: &str = "field-service phone: unsent work, 1";

/// Unsent work of a phone in a file: its owner takes it back on a phone, or hands it to the dispatcher.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnsentFile {
    pub format: String,
    pub server: String,
    pub device: DeviceId,
    pub person: PersonId,
    pub login: String,
    pub jobs: Vec<UnsentJob>,
    /// Photos that only this phone has. Not for the inbox, nor for one request: they go by `/v1/uploads`, once what names them is here.
    #[serde(default)]
    pub photos: Vec<UnsentPhoto>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnsentJob {
    pub job: JobId,
    pub number: String,
    pub changes: Vec<Bytes>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnsentPhoto {
    pub job: JobId,
    pub sha256: Hash,
    pub content: Bytes,
}
