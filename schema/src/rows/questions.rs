//! Questions passed upward.

use crate::id::{OutletId, PersonId, QuestionId, ReportId};
use crate::tables::questions;
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = questions, treat_none_as_default_value = false)]
pub struct QuestionRow {
    pub id: QuestionId,
    pub outlet_id: OutletId,
    pub report_id: ReportId,
    pub text: String,
    pub asked_by: PersonId,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
    pub answer: Option<String>,
    pub answered_by: Option<PersonId>,
    pub answered_at: Option<Timestamp>,
    pub told_by: Option<PersonId>,
    pub told_at: Option<Timestamp>,
}
