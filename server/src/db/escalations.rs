//! Clocks that somebody has to hear of, and who took them over.

use crate::db::kept::{load_kept, padded};
use crate::db::order::{falling, rising};
use crate::db::{Conn, Result};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use schema::clock::{EscalateFrom, EscalationState};
use schema::escalation::asked;
use schema::id::{EscalationId, JobId, OutletId, PersonId};
use schema::people::{Permission, Role};
use schema::rows::escalations::{EscalationRow, EscalationTakerRow};
use schema::tables::{escalation_takers, escalations, jobs, people};
use schema::time::Timestamp;

/// Jobs whose clocks have to be looked at by now, the longest due first.
pub fn list_due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<JobId>> {
    Ok(jobs::table
        .filter(jobs::escalates_at.is_not_null().and(jobs::escalates_at.le(now)))
        .order((jobs::escalates_at, jobs::id))
        .limit(limit)
        .select(jobs::id)
        .load(conn)?)
}

/// Of these jobs, in the order in which they were raised.
pub fn list_of_jobs(conn: &mut Conn, ids: &[JobId]) -> Result<Vec<EscalationRow>> {
    Ok(load_kept!(
        conn,
        escalations::table
            .filter(escalations::job_id.eq_any(padded(ids)))
            .order(escalations::id)
            .select(EscalationRow::as_select())
    ))
}

pub fn find_escalation(conn: &mut Conn, id: EscalationId) -> Result<Option<EscalationRow>> {
    Ok(escalations::table.find(id).select(EscalationRow::as_select()).first(conn).optional()?)
}

/// Whose they are: in this person's hands; or in nobody's, or those of somebody who has left, and asked of this role.
#[derive(Debug, Clone, Copy)]
pub struct Whose {
    pub person: PersonId,
    pub role: Role,
}

impl Whose {
    /// What is meant for each role, and who is asked of it before this one.
    fn asked_before(self) -> impl Iterator<Item = (Role, Vec<Role>)> {
        let others = Role::ALL.iter().copied().filter(move |to| *to != self.role);
        others.map(move |to| (to, asked(to).take_while(|role| *role != self.role).collect()))
    }
}

/// What narrows a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct EscalationFilter {
    pub outlet: Option<OutletId>,
    pub job: Option<JobId>,
    pub is_open: Option<bool>,
    pub whose: Option<Whose>,
    /// Only those of limits that were missed.
    pub missed: bool,
}

macro_rules! filtered {
    ($query:expr, $filter:expr) => {{
        let (mut query, filter) = ($query, $filter);
        if let Some(outlet) = filter.outlet {
            query = query.filter(escalations::outlet_id.eq(outlet));
        }
        if let Some(job) = filter.job {
            query = query.filter(escalations::job_id.eq(job));
        }
        match filter.is_open {
            Some(true) => query = query.filter(escalations::state.eq(EscalationState::Open)),
            Some(false) => query = query.filter(escalations::state.ne(EscalationState::Open)),
            None => {}
        }
        if let Some(whose) = filter.whose {
            let mine = || escalations::holder_id.eq(whose.person).assume_not_null();
            let holder = people::table.filter(people::id.nullable().eq(escalations::holder_id));
            let is_gone = exists(holder.filter(people::disabled_at.is_not_null()));
            query = query.filter(mine().or(escalations::holder_id.is_null()).or(is_gone));
            // Who is there is looked up as it is now: people come and go, and what was raised stays.
            for (to, before) in whose.asked_before() {
                let sees = people::outlet_id.eq(escalations::outlet_id).or(people::role.eq_any(everywhere()));
                let there = people::table.filter(people::disabled_at.is_null().and(people::role.eq_any(before)));
                query = query.filter(mine().or(escalations::to_role.ne(to)).or(not(exists(there.filter(sees)))));
            }
        }
        if filter.missed {
            query = query.filter(escalations::counted_from.eq(EscalateFrom::Due));
        }
        query
    }};
}

/// Roles that see the jobs of all outlets.
fn everywhere() -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| role.may(Permission::SeeAllOutlets)).collect()
}

/// A page that begins after this row: of those that are open the first due first, of those that have ended the last first, of all the newest first.
pub fn list_escalations(
    conn: &mut Conn,
    filter: EscalationFilter,
    after: Option<&EscalationRow>,
    limit: i64,
) -> Result<Vec<EscalationRow>> {
    let query = filtered!(escalations::table.into_boxed(), filter);
    let mut query = query.limit(limit).select(EscalationRow::as_select());
    Ok(match filter.is_open {
        Some(true) => {
            let after = after.map(|row| (row.due_at, row.id));
            rising!(query, (escalations::due_at, escalations::id), after).load(conn)?
        }
        Some(false) => {
            // What is open would come before all that has ended.
            let after = after.and_then(|row| row.ended_at.zip(Some(row.id)));
            let ended_at = escalations::ended_at.assume_not_null();
            falling!(query.filter(escalations::ended_at.is_not_null()), (ended_at, escalations::id), after)
                .load(conn)?
        }
        None => {
            if let Some(after) = after {
                query = query.filter(escalations::id.lt(after.id));
            }
            query.order(escalations::id.desc()).load(conn)?
        }
    })
}

pub fn count_escalations(conn: &mut Conn, filter: EscalationFilter) -> Result<i64> {
    Ok(filtered!(escalations::table.count().into_boxed(), filter).get_result(conn)?)
}

pub fn insert_escalation(conn: &mut Conn, row: &EscalationRow) -> Result<()> {
    diesel::insert_into(escalations::table).values(row).execute(conn)?;
    Ok(())
}

/// How it stands to its clock.
pub fn update_standing(conn: &mut Conn, row: &EscalationRow) -> Result<()> {
    diesel::update(escalations::table.find(row.id))
        .set((
            escalations::state.eq(row.state),
            escalations::reached_at.eq(row.reached_at),
            escalations::due_at.eq(row.due_at),
            escalations::stopped_at.eq(row.stopped_at),
            escalations::ended_at.eq(row.ended_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Puts it into a person's hands, if it is open and in those in which it was seen. The row stays locked until the commit.
pub fn update_holder(conn: &mut Conn, id: EscalationId, (from, to): (Option<PersonId>, PersonId)) -> Result<bool> {
    let open = escalations::table.find(id).filter(escalations::state.eq(EscalationState::Open));
    let set = escalations::holder_id.eq(Some(to));
    let moved = match from {
        Some(from) => diesel::update(open.filter(escalations::holder_id.eq(from))).set(set).execute(conn)?,
        None => diesel::update(open.filter(escalations::holder_id.is_null())).set(set).execute(conn)?,
    };
    Ok(moved == 1)
}

/// Of these, one after the other.
pub fn list_takers(conn: &mut Conn, ids: &[EscalationId]) -> Result<Vec<EscalationTakerRow>> {
    Ok(escalation_takers::table
        .filter(escalation_takers::escalation_id.eq_any(ids))
        .order((escalation_takers::escalation_id, escalation_takers::turn))
        .select(EscalationTakerRow::as_select())
        .load(conn)?)
}

pub fn insert_taker(conn: &mut Conn, row: &EscalationTakerRow) -> Result<()> {
    diesel::insert_into(escalation_takers::table).values(row).execute(conn)?;
    Ok(())
}
