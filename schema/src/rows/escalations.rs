//! Clocks that somebody has to hear of, and who took them over.

use crate::clock::{EscalateFrom, EscalationState};
use crate::id::{EscalationId, JobId, OutletId, PersonId};
use crate::people::Role;
use crate::tables::{escalation_takers, escalations};
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = escalations, treat_none_as_default_value = false)]
pub struct EscalationRow {
    pub id: EscalationId,
    pub outlet_id: OutletId,
    pub job_id: JobId,
    pub rule: String,
    pub run: i64,
    /// Counts from 1.
    pub level: i64,
    /// How often this level was raised before, as where its clock had more time again.
    pub round: i64,
    pub to_role: Role,
    pub counted_from: EscalateFrom,
    pub reached_at: Timestamp,
    pub due_at: Timestamp,
    pub raised_at: Timestamp,
    pub state: EscalationState,
    /// Who has it in hand; none while nobody has taken it over.
    pub holder_id: Option<PersonId>,
    pub stopped_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = escalation_takers, treat_none_as_default_value = false)]
pub struct EscalationTakerRow {
    pub escalation_id: EscalationId,
    /// Counts up: the last has it in hand.
    pub turn: i64,
    pub person_id: PersonId,
    pub taken_at: Timestamp,
    pub remark: String,
}
