//! Where two people wrote without knowing of each other, as the office and the phones see it: what anybody may settle by a choice, how it
//! was settled, and what is a matter for the supervisor.

use crate::binary::Hash;
use crate::body::{bodies, data};
use crate::id::{DeviceId, EntryId, JobId};
use crate::people::{Bilingual, PersonName};
use crate::record::MatterKind;
use crate::time::Timestamp;
use crate::word::words;

words! {
    /// How a line that the customer accepted differs from what was given a price.
    DeviationKind {
        /// The price list that the quote names has no such item.
        NotListed = "not_listed",
        /// No request of this job was answered with a price for it.
        NotPriced = "not_priced",
        Price = "price",
        /// The price fits, but the name, the unit or the kind is another.
        Described = "described",
        /// Set-up of software was charged or free by a day of installation before the day of purchase.
        Installed = "installed",
    }
}

data! {
    /// `GET /v1/jobs/{id}/conflicts`.
    pub struct JobConflicts {
        pub conflicts: Vec<OpenConflict>,
        /// In the order in which they were settled.
        pub settled: Vec<SettledConflict>,
        /// Never a choice: the supervisor says which counts.
        pub matters: Vec<OpenMatter>,
        /// The supervisor's rulings so far, by entry.
        pub rulings: Vec<EntryId>,
        /// To be sent back with a settlement, so that it meets what was seen.
        pub heads: Vec<Hash>,
    }

    /// One place with several values, the one that shows first.
    pub struct OpenConflict {
        /// As in `["notes", "diagnose"]`.
        pub path: Vec<String>,
        /// The place in the field's words.
        pub place: Bilingual,
        pub values: Vec<StandingValue>,
    }

    /// A value that a place could have.
    pub struct StandingValue {
        pub value: serde_json::Value,
        pub words: Bilingual,
        /// The change that wrote it; names it in a settlement.
        pub change: Hash,
        pub hand: Hand,
    }

    /// Who wrote a change.
    pub struct Hand {
        /// None: the customer on their own link.
        pub person: Option<PersonName>,
        /// None where the office wrote.
        pub device: Option<DeviceId>,
        /// As their clock claims.
        pub claimed_at: Timestamp,
        /// The best estimate, and how far it may be off, where it is another time.
        pub written_at: Option<Timestamp>,
        pub error_us: Option<i64>,
        pub received_at: Timestamp,
    }

    pub struct SettledConflict {
        pub path: Vec<String>,
        pub place: Bilingual,
        /// What there was.
        pub values: Vec<StandingValue>,
        /// The change whose value was chosen; none where something else was written.
        pub chosen: Option<Hash>,
        pub words: Bilingual,
        pub change: Hash,
        pub by: Hand,
    }

    /// Signatures, consents or charges that were made without knowing of each other, and contradict each other; or a consent to a quote and its
    /// withdrawal. Or one consent alone, to a price that nobody gave.
    pub struct OpenMatter {
        pub kind: MatterKind,
        pub entries: Vec<MatterEntry>,
        /// What was accepted at another price than was given; then the matter is of one consent, and a ruling on it lets it stand.
        pub deviations: Vec<PriceDeviation>,
    }

    /// A line of an accepted quote that fits neither the price list which the quote names nor an answered price request of the job.
    pub struct PriceDeviation {
        /// The line's number in the quote.
        pub line: String,
        pub kind: DeviationKind,
        /// As it was accepted, in minor units of the job's currency.
        pub unit_minor: i64,
        /// The price that was given; none where there is none.
        pub given_minor: Option<i64>,
        pub words: Bilingual,
    }

    pub struct MatterEntry {
        pub id: EntryId,
        pub words: Bilingual,
        pub value: serde_json::Value,
        pub hand: Hand,
    }

    /// The name behind a value that stands beside another, for a phone that knows actors only.
    pub struct ChangeHand {
        pub job: JobId,
        pub change: Hash,
        /// The staff member's name; none for a customer on their own link.
        pub name: Option<String>,
        pub at: Timestamp,
    }
}

bodies! {
    /// `POST /v1/jobs/{id}/settle`.
    pub struct SettleConflict {
        pub path: Vec<String>,
        /// The change whose value is to stand.
        pub chosen: Hash,
        /// The changes of all the values that were seen.
        pub seen: Vec<Hash>,
    }

    /// `POST /v1/jobs/{id}/rulings`.
    pub struct CreateRuling {
        pub matter: MatterKind,
        pub counts: EntryId,
        /// All that were seen to contradict each other, with the one that counts.
        pub of: Vec<EntryId>,
        pub reason: String,
    }
}
