//! Calls that are due, and calls that were made.

use crate::call::FollowUpState;
use crate::followup::CallReason;
use crate::id::{CallId, FollowUpId, JobId, OutletId, PersonId};
use crate::tables::{calls, follow_ups};
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = follow_ups, treat_none_as_default_value = false)]
pub struct FollowUpRow {
    pub id: FollowUpId,
    pub outlet_id: OutletId,
    pub job_id: JobId,
    pub reason: CallReason,
    pub not_before: Timestamp,
    pub due_at: Timestamp,
    pub rank: i64,
    pub state: FollowUpState,
    pub closed_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = calls, treat_none_as_default_value = false)]
pub struct CallRow {
    pub id: CallId,
    pub follow_up_id: FollowUpId,
    pub made_by: PersonId,
    pub made_at: Timestamp,
    pub reached: bool,
    pub satisfied: Option<bool>,
    pub remarks: Option<String>,
}
