//! Money as the office writes it: quotes, consents given by phone, waivers, charges, payments (`domain.md §4`). The server computes names,
//! prices and sums; a client names items and quantities.

use crate::binary::Hash;
use crate::body::bodies;
use crate::id::{EntryId, PriceRequestId};
use crate::record::{Quote, WarrantyKind};
use serde::{Deserialize, Serialize};

bodies! {
    /// `POST /v1/jobs/{id}/quotes`.
    pub struct CreateQuote {
        pub lines: Vec<CreateQuoteLine>,
        /// Version of the price list; the one in force where none is named.
        #[serde(default)]
        pub price_list: Option<i64>,
        #[serde(default)]
        pub warranty: Option<CreateWarranty>,
        /// Names this offer where several stand beside each other.
        #[serde(default)]
        pub option: Option<String>,
        /// When the product was installed, as in `2026-03-02`: set-up of software is charged by it. The day of purchase where nothing is said.
        #[serde(default)]
        pub installed_on: Option<String>,
    }

    /// `POST /v1/jobs/{id}/quotes/{quote}/withdraw`.
    pub struct WithdrawQuote {
        pub reason: String,
    }

    /// An item of the list by its code, or one that the supervisor priced.
    pub struct CreateQuoteLine {
        #[serde(default)]
        pub code: Option<String>,
        #[serde(default)]
        pub request: Option<PriceRequestId>,
        /// Thousandths of the unit.
        pub quantity_milli: i64,
        /// Under warranty: whether it covers this line, which then costs nothing. It does where nothing is said.
        #[serde(default)]
        pub covered: Option<bool>,
        /// The work can destroy data though neither the list nor who priced it says so.
        #[serde(default)]
        pub destroys_data: bool,
    }

    /// Why the customer pays less than the list; decided by whoever writes the quote.
    pub struct CreateWarranty {
        pub kind: WarrantyKind,
        pub reason: String,
    }

    /// `POST /v1/jobs/{id}/consents`: the customer accepted on the phone to the desk.
    pub struct CreateConsent {
        pub quote: EntryId,
        /// Hash and total of the quote as it was read out.
        pub quote_hash: Hash,
        pub total_minor: i64,
        /// Who consented, as they gave their name.
        pub name: String,
    }

    /// `POST /v1/jobs/{id}/waivers`.
    pub struct CreateWaiver {
        pub quote: EntryId,
        pub minor: i64,
        pub reason: String,
    }

    /// `POST /v1/jobs/{id}/charges`.
    pub struct CreateCharge {
        pub quote: EntryId,
        pub due_minor: i64,
    }

    /// `POST /v1/jobs/{id}/payments`.
    pub struct CreatePayment {
        pub minor: i64,
        /// As in `cash`, `card`, `transfer`.
        pub method: String,
        /// Number of the receipt or invoice given.
        #[serde(default)]
        pub receipt: Option<String>,
    }
}

/// A quote that was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quoted {
    pub id: EntryId,
    pub quote: Quote,
    /// To be sent back with the consent.
    pub quote_hash: Hash,
    pub heads: Vec<Hash>,
}

/// An entry that was written, and how the bill stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Billed {
    pub id: EntryId,
    /// The quote in force.
    pub accepted: Option<EntryId>,
    pub due_minor: Option<i64>,
    pub paid_minor: i64,
    pub heads: Vec<Hash>,
}
