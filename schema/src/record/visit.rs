//! What is done at the customer's: ticks, photos, readings, what happened, what was fitted.

use crate::body::data;
use crate::id::{EntryId, PersonId};
use crate::time::Timestamp;
use crate::word::words;

data! {
    /// A tick. Put whole; put again to change one's mind (the earlier one stays in the history).
    pub struct Mark {
        pub kind: MarkKind,
        pub by: PersonId,
        pub at: Timestamp,
        /// Needed to skip.
        #[serde(default)]
        pub reason: Option<String>,
        #[serde(default)]
        pub place: Option<Place>,
    }

    /// Where the phone believed it was.
    #[derive(Copy)]
    pub struct Place {
        /// Millionths of a degree, WGS 84.
        pub latitude_e6: i64,
        pub longitude_e6: i64,
        pub accuracy_m: i64,
    }

    pub struct Photo {
        pub step: String,
        pub bytes: i64,
        pub width: i64,
        pub height: i64,
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// A measurement or a count, as the template names it.
    pub struct Reading {
        pub step: String,
        pub name: String,
        /// As read, with a point for decimals: `"0.5"`.
        pub value: String,
        pub unit: String,
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// A playbook's entry chosen: what happened at this step.
    pub struct Play {
        pub step: String,
        pub play: String,
        #[serde(default)]
        pub note: Option<String>,
        pub by: PersonId,
        pub at: Timestamp,
    }

    #[derive(Default)]
    pub struct Diagnosis {
        #[serde(default)]
        pub cause: Option<String>,
        #[serde(default)]
        pub measures: Option<String>,
    }

    pub struct Part {
        pub code: String,
        pub name: String,
        /// Thousandths of the unit.
        pub quantity_milli: i64,
        #[serde(default)]
        pub serial: Option<String>,
        pub old_part: OldPart,
        pub by: PersonId,
        pub at: Timestamp,
        /// Takes back the entry of this id, which was entered in error.
        #[serde(default)]
        pub undoes: Option<EntryId>,
    }

    /// Calls the centre at once. Sent first when there was no network.
    pub struct Alarm {
        pub reason: String,
        #[serde(default)]
        pub place: Option<Place>,
        pub by: PersonId,
        pub at: Timestamp,
    }
}

words! {
    MarkKind {
        Done = "done", Skipped = "skipped", NotApplicable = "not_applicable",
        /// Tested, and it did not hold: back to diagnosis.
        Failed = "failed",
        /// Taken back.
        Open = "open",
    }
}

words! { OldPart { Returned = "returned", LeftWithCustomer = "left_with_customer", None = "none" } }
