//! Earlier visits to the customer of a job: what the technician who goes there today should know of them, and no more than that. Neither
//! phone numbers nor money, remarks or the office's notes stand in it.

use crate::body::data;
use crate::id::JobId;
use crate::status::Status;
use crate::time::Timestamp;

data! {
    /// Earlier visits to the customer of a job in the caller's hands, the last one first.
    pub struct EarlierVisits {
        pub job: JobId,
        pub visits: Vec<EarlierVisit>,
    }

    pub struct EarlierVisit {
        pub number: String,
        pub status: Status,
        pub reported_at: Timestamp,
        /// When the customer signed, or the job ended without that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub ended_at: Option<Timestamp>,
        /// The name of the technician who had it last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub technician: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub product: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub model: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub serial: Option<String>,
        /// It was about the product of today's job: of that serial number or, where one of them has none, of that model.
        pub is_same_product: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub fault: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub cause: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub measures: Option<String>,
        pub parts: Vec<EarlierPart>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub warranted_until: Option<Timestamp>,
    }

    /// A part that was fitted and stayed.
    pub struct EarlierPart {
        pub code: String,
        pub name: String,
        pub quantity_milli: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub serial: Option<String>,
    }
}
