//! What one admission takes at most. The defaults are `schema::limits`; tests and a cautious operator lower them.

use schema::limits;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one change as sent.
    pub change_bytes_max: usize,
    /// Bytes of one change after inflating.
    pub inflated_bytes_max: usize,
    /// Operations in one change, as its run lengths claim.
    pub ops_max: u64,
    /// How far a change's first operation may lie above the document's last.
    pub op_slack: u64,
    /// Bytes of the saved record, uncompressed.
    pub record_bytes_max: usize,
    /// Changes in one call.
    pub changes_max: usize,
    /// Raw bytes kept of one refused change.
    pub quarantine_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            change_bytes_max: limits::CHANGE_BYTES_MAX,
            inflated_bytes_max: limits::CHANGE_INFLATED_BYTES_MAX,
            ops_max: limits::CHANGE_OPS_MAX,
            op_slack: limits::CHANGE_OP_SLACK,
            record_bytes_max: limits::RECORD_BYTES_MAX,
            changes_max: limits::PUSH_CHANGES_MAX,
            quarantine_bytes_max: limits::QUARANTINE_BYTES_MAX,
        }
    }
}
