//! What the office decided about work that had not been taken over from a phone: who wrote it, and who adopted or rejected it.

use crate::binary::Hash;
use crate::body::data;
use crate::id::{DeviceId, PersonId, QuarantineId};
use crate::inbox::Outcome;
use crate::time::Timestamp;

data! {
    /// One refused change. What is adopted of it stands in the same change of the record as this.
    pub struct Adoption {
        pub outcome: Outcome,
        /// The entry of the inbox.
        pub quarantine: QuarantineId,
        /// The change that the phone had sent.
        pub change: Hash,
        /// Where it wrote, each as in `marks/repair`.
        pub places: Vec<String>,
        pub writer: PersonId,
        pub writer_name: String,
        pub device: DeviceId,
        /// When it was written, as the phone claims.
        pub claimed_at: Timestamp,
        /// When it was written as far as the evidence tells, and how far that may be off ([`crate::evidence`]). What a revoked phone
        /// claims is no evidence.
        pub written_at: Timestamp,
        pub error_us: i64,
        pub received_at: Timestamp,
        #[serde(default)]
        pub reason: Option<String>,
        pub by: PersonId,
        pub by_name: String,
        pub at: Timestamp,
    }
}
