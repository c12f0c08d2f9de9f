//! Promises.

use crate::id::{JobId, OutletId, PersonId, PromiseId, ReportId};
use crate::tables::promises;
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = promises, treat_none_as_default_value = false)]
pub struct PromiseRow {
    pub id: PromiseId,
    pub outlet_id: OutletId,
    pub report_id: Option<ReportId>,
    pub job_id: Option<JobId>,
    pub owner_id: PersonId,
    pub text: String,
    pub due_at: Timestamp,
    pub made_by: PersonId,
    pub made_at: Timestamp,
    pub kept_by: Option<PersonId>,
    pub kept_at: Option<Timestamp>,
}
