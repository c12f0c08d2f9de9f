//! Work that waits to be done in the background.

use crate::id::BackgroundJobId;
use crate::tables::background_jobs;
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = background_jobs, treat_none_as_default_value = false)]
pub struct BackgroundJobRow {
    pub id: BackgroundJobId,
    pub kind: String,
    /// JSON, as its kind has it.
    pub payload: String,
    pub enqueued_at: Timestamp,
    /// Nobody takes it before. While somebody works on it: when it is taken from them.
    pub run_at: Timestamp,
    /// How often somebody began. Who ends a try names it, so that one who comes too late ends nothing.
    pub attempts: i32,
    pub last_error: Option<String>,
    /// It has failed too often: kept to be looked at, and not tried again.
    pub parked_at: Option<Timestamp>,
}
