//! What the work costs: offers, what the customer accepted or refused of them, what was taken off, what is due and what was paid.

use super::{How, Strokes};
use crate::binary::Hash;
use crate::body::data;
use crate::id::{EntryId, LinkId, PersonId, PriceRequestId};
use crate::money::Currency;
use crate::time::Timestamp;
use crate::word::words;
use std::collections::BTreeMap;

data! {
    pub struct Quote {
        /// By line number: `"01"`, `"02"`.
        pub lines: BTreeMap<String, QuoteLine>,
        pub total_minor: i64,
        pub currency: Currency,
        /// Version of the price list that it was made from.
        pub price_list: i64,
        pub warranty: Warranty,
        /// Names this offer where several stand beside each other ("repair", "replace").
        #[serde(default)]
        pub option: Option<String>,
        /// The offer that this one was picked from: the customer was shown all of that, and wants these of its lines.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub of: Option<EntryId>,
        pub by: PersonId,
        pub at: Timestamp,
    }

    pub struct QuoteLine {
        /// Item of the price list; none where the supervisor priced it ([`QuoteLine::request`]).
        #[serde(default)]
        pub code: Option<String>,
        #[serde(default)]
        pub request: Option<PriceRequestId>,
        pub name: String,
        pub unit: String,
        pub kind: ItemKind,
        pub quantity_milli: i64,
        pub unit_minor: i64,
        /// What the line costs the customer; less than unit × quantity under warranty only, or as set-up that is free.
        pub amount_minor: i64,
        /// What the work can destroy. Left out where it can't, so that quotes of before keep their hash; so is the next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub risk: Option<Risk>,
        /// Where the line is set-up of software: why it is free or charged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub setup: Option<SetUp>,
    }

    /// What set-up of software costs hangs on how long ago the product was installed ([`crate::setup`]).
    #[derive(Eq)]
    pub struct SetUp {
        pub term: SetUpTerm,
        /// As in `2026-03-02`; none where nobody knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub installed_on: Option<String>,
        /// The first day on which it is charged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub charged_from: Option<String>,
    }

    /// Why the customer pays less than the list.
    pub struct Warranty {
        pub kind: WarrantyKind,
        #[serde(default)]
        pub reason: Option<String>,
        /// Who decided it.
        #[serde(default)]
        pub decided_by: Option<PersonId>,
    }

    /// An offer is taken back before the customer accepted it: by who made it, or by the office. It stays on record as withdrawn.
    pub struct Withdrawal {
        pub quote: EntryId,
        pub reason: String,
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// The customer accepts a quote, for exactly its lines and total.
    pub struct Consent {
        pub quote: EntryId,
        /// Hash of the quote as it was shown ([`crate::price::quote_hash`]).
        pub quote_hash: Hash,
        pub total_minor: i64,
        pub currency: Currency,
        pub how: How,
        /// Who consented, as they gave their name.
        pub name: String,
        #[serde(default)]
        pub strokes: Option<Strokes>,
        /// The staff member present or on the phone; none on the customer's own link.
        #[serde(default)]
        pub by: Option<PersonId>,
        #[serde(default)]
        pub link: Option<LinkId>,
        /// Every offer that stood before the customer when they chose this one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub shown: Vec<EntryId>,
        pub at: Timestamp,
    }

    /// The customer does not accept a quote. Nothing is repaired; the technician and the desk hear of it.
    pub struct Refusal {
        pub quote: EntryId,
        pub reason: String,
        pub link: LinkId,
        pub at: Timestamp,
    }

    /// The centre takes something off the bill.
    pub struct Waiver {
        pub quote: EntryId,
        pub minor: i64,
        pub reason: String,
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// The amount due, filled in as agreed and confirmed by the customer.
    pub struct Charge {
        pub quote: EntryId,
        pub due_minor: i64,
        pub currency: Currency,
        pub by: PersonId,
        pub at: Timestamp,
    }

    pub struct Payment {
        pub minor: i64,
        pub currency: Currency,
        pub method: String,
        /// Number of the receipt or invoice given.
        #[serde(default)]
        pub receipt: Option<String>,
        pub by: PersonId,
        pub at: Timestamp,
    }
}

words! { ItemKind { Labour = "labour", Part = "part", Fee = "fee" } }

words! {
    /// What work can destroy, which the customer signs for before it begins ([`crate::backup`]).
    Risk { Data = "data" }
}

words! {
    SetUpTerm {
        Free = "free", Charged = "charged",
        /// Nobody knows when the product was installed: charged.
        Unknown = "unknown",
    }
}

words! {
    WarrantyKind {
        None = "none",
        /// The product's own warranty: purchase date and terms decide.
        Product = "product",
        /// The warranty on our earlier repair.
        Repair = "repair",
        /// Caused by the quality of our own repair: never charged.
        Rework = "rework",
    }
}
