//! What the customer told us, and what was found to be otherwise.

use crate::body::data;
use crate::id::PersonId;
use crate::time::Timestamp;
use crate::word::words;

data! {
    /// What the customer told us. One field each, so that two people can correct two fields at once.
    #[derive(Default)]
    pub struct Report {
        #[serde(default)]
        pub name: Option<String>,
        #[serde(default)]
        pub phone: Option<String>,
        #[serde(default)]
        pub address: Option<String>,
        #[serde(default)]
        pub fault: Option<String>,
        #[serde(default)]
        pub product: Option<String>,
        #[serde(default)]
        pub model: Option<String>,
        #[serde(default)]
        pub serial: Option<String>,
        /// ISO date.
        #[serde(default)]
        pub purchased_on: Option<String>,
        /// When the customer would like us to come, in their words.
        #[serde(default)]
        pub wanted: Option<String>,
        /// `urgent` or `general` ([`Urgency`]).
        #[serde(default)]
        pub urgency: Option<Urgency>,
        /// Skill that the work needs, as in `boiler`; a technician without it is not offered.
        #[serde(default)]
        pub skill: Option<String>,
        /// `own` or `shared` ([`Area`]).
        #[serde(default)]
        pub area: Option<Area>,
    }

    /// Where the customer's address is on the map. It holds for the address that it was found for, and for no other.
    pub struct Site {
        /// Millionths of a degree, WGS 84.
        pub latitude_e6: i64,
        pub longitude_e6: i64,
        pub address: String,
        pub at: Timestamp,
    }

    pub struct Correction {
        pub field: ReportField,
        pub value: String,
        pub by: PersonId,
        pub at: Timestamp,
    }
}

words! { Urgency { Urgent = "urgent", General = "general" } }

words! {
    /// The customer's own part of the building, or everybody's.
    Area { Own = "own", Shared = "shared" }
}

words! {
    /// A field of [`Report`] that can be corrected.
    ReportField {
        Name = "name", Phone = "phone", Address = "address", Fault = "fault", Product = "product", Model = "model",
        Serial = "serial", PurchasedOn = "purchased_on", Wanted = "wanted", Urgency = "urgency", Skill = "skill", Area = "area",
    }
}
