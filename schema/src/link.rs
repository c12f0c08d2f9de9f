//! The customer's link: no login, but what its scope allows, until it expires or is revoked.

use crate::binary::Hash;
use crate::body::{bodies, data};
use crate::id::{EntryId, LinkId};
use crate::people::{Language, PersonName};
use crate::public::PublicJob;
use crate::record::{BackupCopy, Rating, Strokes};
use crate::time::Timestamp;
use crate::word::words;

words! {
    LinkScope {
        View = "view",
        /// Accept or refuse a quote.
        Accept = "accept",
        /// Sign for the work, or decline to.
        Sign = "sign",
        Rate = "rate",
    }
}

words! {
    /// What was done by a link.
    LinkAct {
        View = "view", Accept = "accept", Refuse = "refuse", Sign = "sign", Decline = "decline", Rate = "rate",
        Revoke = "revoke",
        /// Reported within the warranty that it is broken again.
        Again = "again",
        /// Answered a delay: agreed to the new time, or asked for somebody else.
        Reply = "reply",
        /// Signed that data may be lost, before work that can destroy it.
        Backup = "backup",
    }
}

bodies! {
    /// `POST /v1/jobs/{id}/links`.
    pub struct CreateLink {
        /// Viewing is always part of it.
        pub scope: Vec<LinkScope>,
        /// None: through the job and the warranty on its repair.
        #[serde(default)]
        pub expires_in_days: Option<i64>,
    }

    /// `POST /v1/public/{token}/accept`.
    pub struct AcceptQuote {
        pub quote: EntryId,
        /// Hash and total of the quote as it was shown.
        pub quote_hash: Hash,
        pub total_minor: i64,
        pub name: String,
        #[serde(default)]
        pub strokes: Option<Strokes>,
        /// The alternatives that were shown beside it, and not chosen. Where they are others by now, nobody has chosen among them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub beside: Option<Vec<EntryId>>,
    }

    /// `POST /v1/public/{token}/backup`: data may be lost, and the customer wants the work done.
    pub struct SignBackup {
        pub quote: EntryId,
        /// Of the quote as it was shown: the words are made from it.
        pub quote_hash: Hash,
        pub copy: BackupCopy,
        /// In which the words were shown.
        pub language: Language,
        pub name: String,
        /// None where the customer only typed their name.
        #[serde(default)]
        pub strokes: Option<Strokes>,
    }

    /// `POST /v1/public/{token}/sign`.
    pub struct SignSheet {
        pub name: String,
        /// None where the customer only typed their name.
        #[serde(default)]
        pub strokes: Option<Strokes>,
        #[serde(default)]
        pub rating: Option<Rating>,
        #[serde(default)]
        pub remarks: Option<String>,
        /// The heads and the hash of the sheet as it was shown.
        pub covers: Vec<Hash>,
        pub sheet_hash: Hash,
    }

    /// `POST /v1/public/{token}/decline`: does not accept a quote, or does not sign for the work.
    pub struct DeclineBecause {
        pub reason: String,
        /// The quote that is not accepted; none for the work itself.
        #[serde(default)]
        pub quote: Option<EntryId>,
        /// Alternatives to it that are not accepted either.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub beside: Vec<EntryId>,
        #[serde(default)]
        pub name: Option<String>,
    }

    /// `POST /v1/public/{token}/rate`.
    pub struct RateJob {
        /// Out of five; at least one of the two.
        #[serde(default)]
        pub quality: Option<i64>,
        #[serde(default)]
        pub attitude: Option<i64>,
        #[serde(default)]
        pub remarks: Option<String>,
    }
}

bodies! {
    /// `POST /v1/public/{token}/reply`: what the customer says to a delay.
    pub struct ReplyToDelay {
        /// As it was shown.
        pub delay: EntryId,
        /// The new time suits; else somebody else is to come.
        pub agrees: bool,
        #[serde(default)]
        pub note: Option<String>,
    }
}

bodies! {
    /// `POST /v1/public/{token}/seen`: this delay stood before the customer's eyes.
    pub struct SeeDelay {
        /// As it was shown.
        pub delay: EntryId,
    }
}

bodies! {
    /// `POST /v1/public/{token}/again`: it is broken again (又坏了).
    pub struct ReportAgain {
        pub fault: String,
    }
}

data! {
    pub struct Link {
        pub id: LinkId,
        pub scope: Vec<LinkScope>,
        pub created_by: PersonName,
        pub created_at: Timestamp,
        /// None while it goes with a job that is under way.
        pub expires_at: Option<Timestamp>,
        pub revoked_at: Option<Timestamp>,
        pub is_valid: bool,
        /// The latest first.
        pub opens: Vec<LinkOpen>,
    }

    /// Evidence of who did what where.
    pub struct LinkOpen {
        pub at: Timestamp,
        pub address: String,
        pub browser: String,
        pub act: LinkAct,
    }

    pub struct CreatedLink {
        pub link: Link,
        /// Shown this once.
        pub url: String,
    }

    /// `GET /v1/public/{token}`.
    pub struct PublicView {
        pub job: PublicJob,
        pub scope: Vec<LinkScope>,
        /// None while the job is under way; afterwards the link holds at least until the warranty ends.
        pub expires_at: Option<Timestamp>,
        pub warranty: PublicWarranty,
    }

    /// The warranty on our repair.
    pub struct PublicWarranty {
        /// None until the work is completed.
        pub until: Option<Timestamp>,
        /// That it is broken again can be reported by the link.
        pub may_report: bool,
        /// When it was.
        pub reported_at: Option<Timestamp>,
    }
}
