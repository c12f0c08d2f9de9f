//! What a technician needs to know of a job in their hands and its record can't say: it depends on the outlet's settings, on the clock, or
//! on what the customer told the desk. Phones fetch it beside the sync and keep it.

use crate::body::data;
use crate::id::JobId;
use crate::people::Bilingual;
use crate::time::Timestamp;

data! {
    /// A job in the caller's hands.
    pub struct JobInHand {
        pub job: JobId,
        /// The limits that run, the first due first. One that stands still, or that was kept or missed, is not among them.
        pub limits: Vec<Limit>,
        /// The customer does not want to be called back.
        pub refuses_calls: bool,
    }

    /// A clock that runs, as its technician is told of it.
    pub struct Limit {
        /// As in `urgent_on_site`.
        pub rule: String,
        pub name: Bilingual,
        /// From here on it is about to break.
        pub warn_at: Timestamp,
        pub due_at: Timestamp,
    }
}
