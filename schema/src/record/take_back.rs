//! What leaves the customer's home to be repaired elsewhere (拉修), and how it comes back.

use crate::binary::Hash;
use crate::body::data;
use crate::id::{EntryId, PersonId};
use crate::people::Language;
use crate::record::{BackupCopy, Strokes};
use crate::time::Timestamp;
use crate::word::words;

data! {
    /// The receipt (拉修凭证) that the customer signs before anything is taken ([`crate::take_back`]). Who does not sign keeps it.
    pub struct TakeBack {
        pub product: String,
        #[serde(default)]
        pub model: Option<String>,
        #[serde(default)]
        pub serial: Option<String>,
        #[serde(default)]
        pub accessories: Option<String>,
        /// As both saw it.
        pub condition: String,
        /// Of a computer, and of whatever else holds data.
        #[serde(default)]
        pub computer: Option<TakenComputer>,
        #[serde(default)]
        pub loaner: Option<Loaner>,
        /// ISO dates, by the customer's calendar.
        pub taken_on: String,
        pub return_on: String,
        /// What the customer read, whole, in their language.
        pub text: String,
        /// SHA-256 of the text.
        pub text_hash: Hash,
        pub language: Language,
        /// Who signed, as they gave their name.
        pub name: String,
        #[serde(default)]
        pub strokes: Option<Strokes>,
        pub by: PersonId,
        pub at: Timestamp,
    }

    pub struct TakenComputer {
        /// What is in it, so that nobody can say afterwards that something was changed.
        pub configuration: String,
        pub copy: BackupCopy,
        pub erasure: Erasure,
    }

    /// What the customer uses meanwhile (周转机).
    pub struct Loaner {
        pub name: String,
        #[serde(default)]
        pub serial: Option<String>,
    }

    /// What was taken is back with the customer, or the loaner with us (交还).
    pub struct HandBack {
        /// The receipt that it ends, or a part of it.
        pub receipt: EntryId,
        pub kind: HandBackKind,
        /// Of what was handed over.
        pub condition: String,
        /// What was shown, as on the receipt.
        pub text: String,
        pub text_hash: Hash,
        pub language: Language,
        /// The customer, or who stood in for them.
        pub name: String,
        #[serde(default)]
        pub strokes: Option<Strokes>,
        /// Why there is no signature.
        #[serde(default)]
        pub reason: Option<String>,
        pub by: PersonId,
        pub at: Timestamp,
    }
}

words! {
    /// Whether the data may be erased where the repair needs it.
    Erasure { Allowed = "allowed", Forbidden = "forbidden" }
}

words! {
    HandBackKind {
        /// The customer has their product again.
        Product = "product",
        /// So they have, and we the loaner.
        Both = "both",
        /// The loaner alone came back, before the product or after it.
        Loaner = "loaner",
    }
}
