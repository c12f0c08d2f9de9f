//! Clocks that somebody has to hear of. What is to be done about each level follows from the clock and from what was raised so far
//! ([`plan`]); so a job says when its clocks have to be looked at next ([`next`]), a look does what is due by then ([`look`]), and one
//! that comes twice does nothing. An escalation ends by itself and is never deleted: where the facts that stop its clock come late, it says how
//! it was. Who is asked is no part of the plan but of each look at the list: what is meant for a role that nobody has is asked of the next, and
//! comes back to the first as soon as somebody has it.

use crate::auth::Caller;
use crate::db::escalations::{EscalationFilter, Whose};
use crate::db::{self, Conn, DbError};
use crate::domain::form::Form;
use crate::domain::outlets::{self, Practice};
use crate::domain::records::{self, Clocked, clocked};
use crate::domain::{clocks, jobs};
use crate::feed::{self, Notice};
use schema::clock::{Clock, ClockKind, ClockRule, EscalationLevel, EscalationState, Reach};
use schema::escalation::{Escalation, TakeEscalation, Taker, asked};
use schema::id::{EscalationId, JobId, OutletId, PersonId};
use schema::page::{Page, rows};
use schema::people::{Permission, PersonName, Role};
use schema::problem::{Kind, Problem};
use schema::rows::escalations::{EscalationRow, EscalationTakerRow};
use schema::rows::jobs::JobRow;
use schema::time::Timestamp;
use schema::waiting::Waits;
use std::collections::{BTreeMap, BTreeSet};

/// Before all times: at once.
const AT_ONCE: Timestamp = Timestamp::from_micros(0);

/// What is to be done about one level of one run of a clock.
enum Deed<'a> {
    /// Somebody has to hear of it, once this moment has come.
    Raise { clock: &'a Clock, level: (i64, EscalationLevel), round: i64, at: Timestamp },
    /// It was raised, and its moment has moved since.
    Follow { row: &'a EscalationRow, clock: &'a Clock, at: Timestamp },
    /// It ends, or ended otherwise than was known.
    End { row: &'a EscalationRow, state: EscalationState, clock: Option<&'a Clock> },
}

impl Deed<'_> {
    const fn from(&self) -> Timestamp {
        match self {
            Self::Raise { at, .. } => *at,
            Self::Follow { .. } | Self::End { .. } => AT_ONCE,
        }
    }
}

/// Everything that there is to do about a job's clocks, now or later, as they are known now.
fn plan<'a>(rules: &'a [ClockRule], runs: &'a [Clock], raised: &'a [EscalationRow]) -> Vec<Deed<'a>> {
    let mut deeds = Vec::new();
    let mut known = BTreeSet::new();
    for clock in runs.iter().filter(|clock| clock.kind != ClockKind::Term) {
        let rule = rules.iter().find(|rule| rule.id == clock.rule);
        let levels = rule.into_iter().flat_map(|rule| (1_i64..).zip(rule.escalations.iter().copied()));
        for level in levels {
            let key = (clock.rule.as_str(), i64::from(clock.run), level.0);
            known.insert(key);
            let latest = raised.iter().filter(|row| key_of(row) == key).max_by_key(|row| row.round);
            deeds.extend(deed(clock, level, latest));
        }
    }
    let is_gone = |row: &&EscalationRow| row.state == EscalationState::Open && !known.contains(&key_of(row));
    let gone = raised.iter().filter(is_gone);
    deeds.extend(gone.map(|row| Deed::End { row, state: EscalationState::Gone, clock: None }));
    deeds
}

fn key_of(row: &EscalationRow) -> (&str, i64, i64) {
    (row.rule.as_str(), row.run, row.level)
}

fn deed<'a>(clock: &'a Clock, level: (i64, EscalationLevel), latest: Option<&'a EscalationRow>) -> Option<Deed<'a>> {
    use EscalationState::{Kept, Late, Moved, Open};
    let ends = |row, state| Some(Deed::End { row, state, clock: Some(clock) });
    match (clock.reach(&level.1), latest) {
        (Reach::At(at), Some(row)) if row.state == Open => {
            (row.reached_at != at).then_some(Deed::Follow { row, clock, at })
        }
        (Reach::At(at), latest) => {
            let round = latest.map_or(0, |row| row.round.saturating_add(1));
            Some(Deed::Raise { clock, level, round, at })
        }
        (Reach::Paused, Some(row)) if row.state == Open => ends(row, Moved),
        (Reach::Kept, Some(row)) if matches!(row.state, Open | Late) => ends(row, Kept),
        (Reach::Late, Some(row)) if matches!(row.state, Open | Kept) => ends(row, Late),
        _ => None,
    }
}

/// When a job's clocks have to be looked at next.
pub fn next(practice: &Practice, runs: &[Clock], raised: &[EscalationRow]) -> Option<Timestamp> {
    plan(&practice.rules, runs, raised).iter().map(Deed::from).min()
}

/// What a look did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    pub raised: Vec<(i64, Role)>,
    pub ended: Vec<EscalationState>,
}

/// Does what is due about a job's clocks. The job is held until the commit, so that of several servers that look at once each finds what
/// the other has done.
pub fn look(conn: &mut Conn, job: JobId, now: Timestamp, draw: [u8; 10]) -> Result<Looked, Problem> {
    let stored = records::load_to_write(conn, job)?;
    let is_due = |row: &JobRow| row.escalates_at.is_some_and(|at| at <= now);
    if !db::jobs::find_job(conn, job)?.as_ref().is_some_and(is_due) {
        return Ok(Looked::default());
    }
    let Clocked { view, .. } = clocked(conn, &stored)?;
    let practice = outlets::practice(conn, view.meta.outlet, view.meta.reported_at)?;
    let runs = clocks::runs(conn, (&view, &*practice))?;
    let raised = db::escalations::list_of_jobs(conn, &[job])?;
    let mut looked = Looked::default();
    let due = plan(&practice.rules, &runs, &raised).into_iter().filter(|deed| deed.from() <= now);
    for (number, deed) in (0_u8..).zip(due) {
        match deed {
            Deed::Raise { clock, level, round, at } => {
                let of = (EscalationId::new(now, varied(draw, number)), view.meta.outlet, job);
                let row = EscalationRow { round, reached_at: at, raised_at: now, ..reached(of, clock, level, now) };
                db::escalations::insert_escalation(conn, &row)?;
                looked.raised.push((level.0, level.1.to));
            }
            Deed::Follow { row, clock, at } if at <= now => {
                let (reached_at, due_at) = (at, clock.due_at);
                db::escalations::update_standing(conn, &EscalationRow { reached_at, due_at, ..row.clone() })?;
            }
            Deed::Follow { row, clock, .. } => {
                end(conn, row, (EscalationState::Moved, Some(clock)), now)?;
                looked.ended.push(EscalationState::Moved);
            }
            Deed::End { row, state, clock } => {
                end(conn, row, (state, clock), now)?;
                looked.ended.push(state);
            }
        }
    }
    if looked != Looked::default() {
        feed::post(Notice::Job(view.meta.outlet, job));
    }
    records::reproject(conn, &stored)?;
    Ok(looked)
}

/// Several names from one draw, in the order of their numbers.
fn varied(mut draw: [u8; 10], number: u8) -> [u8; 10] {
    let [_, place, ..] = &mut draw;
    *place = number;
    draw
}

/// A level of a clock, as it is raised the first time.
fn reached(
    (id, outlet_id, job_id): (EscalationId, OutletId, JobId),
    clock: &Clock,
    (level, of): (i64, EscalationLevel),
    now: Timestamp,
) -> EscalationRow {
    EscalationRow {
        id,
        outlet_id,
        job_id,
        rule: clock.rule.clone(),
        run: i64::from(clock.run),
        level,
        round: 0,
        to_role: of.to,
        counted_from: of.from,
        reached_at: now,
        due_at: clock.due_at,
        raised_at: now,
        state: EscalationState::Open,
        holder_id: None,
        stopped_at: None,
        ended_at: None,
    }
}

fn end(
    conn: &mut Conn,
    row: &EscalationRow,
    (state, clock): (EscalationState, Option<&Clock>),
    now: Timestamp,
) -> Result<(), Problem> {
    let due_at = clock.map_or(row.due_at, |clock| clock.due_at);
    let stopped_at = clock.and_then(|clock| clock.stopped_at);
    let ended = EscalationRow { state, due_at, stopped_at, ended_at: Some(now), ..row.clone() };
    Ok(db::escalations::update_standing(conn, &ended)?)
}

/// What a list of escalations is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search {
    pub is_open: Option<bool>,
    /// In the caller's hands, or asked of their role and in nobody's.
    pub mine: bool,
    pub job: Option<JobId>,
    pub after: Option<EscalationId>,
    pub limit: Option<i64>,
}

/// Those of the caller's outlets.
pub fn list(conn: &mut Conn, caller: &Caller, search: Search) -> Result<Page<Escalation>, Problem> {
    let limit = rows(search.limit);
    let after = match search.after {
        Some(id) => Some(load(conn, caller, id)?),
        None => None,
    };
    let filter = EscalationFilter {
        outlet: caller.outlet_filter(),
        job: search.job,
        is_open: search.is_open,
        whose: search.mine.then_some(whose(caller)),
        missed: false,
    };
    let found = db::escalations::list_escalations(conn, filter, after.as_ref(), limit.saturating_add(1))?;
    let Page { items, next } = Page::cut(found, limit, |row| row.id.to_string());
    Ok(Page { items: show(conn, items)?, next })
}

fn load(conn: &mut Conn, caller: &Caller, id: EscalationId) -> Result<EscalationRow, Problem> {
    let row = db::escalations::find_escalation(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    caller.require_outlet(row.outlet_id)?;
    Ok(row)
}

const fn whose(caller: &Caller) -> Whose {
    Whose { person: caller.person, role: caller.role }
}

/// How many wait for the caller; late are those of limits that were missed.
pub fn count(conn: &mut Conn, caller: &Caller) -> Result<Waits, DbError> {
    let (outlet, whose) = (caller.outlet_filter(), Some(whose(caller)));
    let mine = EscalationFilter { outlet, is_open: Some(true), whose, ..EscalationFilter::default() };
    Ok(Waits {
        count: db::escalations::count_escalations(conn, mine)?,
        late: db::escalations::count_escalations(conn, EscalationFilter { missed: true, ..mine })?,
    })
}

/// Takes one over. Whoever has it in hand keeps it until then; of two who come at once the second hears of the first.
pub fn take(
    conn: &mut Conn,
    caller: &Caller,
    now: Timestamp,
    id: EscalationId,
    input: &TakeEscalation,
) -> Result<Escalation, Problem> {
    let row = load(conn, caller, id)?;
    let mut form = Form::default();
    let remark = form.note("/remark", &input.remark);
    form.finish()?;
    if row.state == EscalationState::Open && row.holder_id == Some(caller.person) {
        return Err(Problem::because(Kind::Conflict, "已由您负责", "You have it in hand already"));
    }
    if !db::escalations::update_holder(conn, id, (input.from, caller.person))? {
        return Err(refused(conn, id)?);
    }
    let turn = db::escalations::list_takers(conn, &[id])?.last().map_or(1, |last| last.turn.saturating_add(1));
    let taker = EscalationTakerRow { escalation_id: id, turn, person_id: caller.person, taken_at: now, remark };
    db::escalations::insert_taker(conn, &taker)?;
    feed::post(Notice::Job(row.outlet_id, row.job_id));
    let row = db::escalations::find_escalation(conn, id)?;
    show(conn, row.into_iter().collect())?.pop().ok_or_else(|| Problem::new(Kind::NotFound))
}

/// Why it could not be taken over.
fn refused(conn: &mut Conn, id: EscalationId) -> Result<Problem, Problem> {
    let row = db::escalations::find_escalation(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    if row.state != EscalationState::Open {
        return Ok(Problem::because(
            Kind::Conflict,
            "该督办已结束，无需接手",
            "It is over: nothing is left to take over",
        ));
    }
    Ok(match row.holder_id {
        Some(holder) => {
            let name = jobs::name_of(conn, holder)?.name;
            let zh = format!("{name}已先接手；如仍要接手，请刷新后再试");
            Problem::because(Kind::Conflict, zh, format!("{name} came first; look again if you still want it"))
        }
        None => Problem::new(Kind::Stale),
    })
}

/// As they are shown, with the jobs, people and clocks that they name.
fn show(conn: &mut Conn, rows: Vec<EscalationRow>) -> Result<Vec<Escalation>, Problem> {
    let ids: Vec<EscalationId> = rows.iter().map(|row| row.id).collect();
    let of: BTreeSet<JobId> = rows.iter().map(|row| row.job_id).collect();
    let found = db::jobs::list_by_id(conn, &Vec::from_iter(of))?;
    let jobs: BTreeMap<JobId, JobRow> = found.into_iter().map(|job| (job.id, job)).collect();
    let taken = db::escalations::list_takers(conn, &ids)?;
    let people: Vec<PersonId> = taken.iter().map(|taker| taker.person_id).collect();
    let names = db::people::list_names(conn, &people)?;
    let mut takers: BTreeMap<EscalationId, Vec<Taker>> = BTreeMap::new();
    for EscalationTakerRow { escalation_id, person_id: id, taken_at: at, remark, .. } in taken {
        let by = PersonName { id, name: names.get(&id).cloned().unwrap_or_default() };
        takers.entry(escalation_id).or_default().push(Taker { by, at, remark });
    }
    let rules = clocks::shipped()?;
    let roles = if rows.iter().any(is_asked) { db::people::list_roles(conn)? } else { Vec::new() };
    let shown = |row: EscalationRow| {
        let job = jobs.get(&row.job_id)?;
        let name = rules.iter().find(|rule| rule.id == row.rule)?.name.clone();
        let technician = job.technician_id.zip(job.technician_name.clone());
        let stands_in = is_asked(&row).then(|| stand_in(&roles, &row)).flatten();
        Some(Escalation {
            id: row.id,
            outlet: row.outlet_id,
            job: row.job_id,
            number: job.number.clone(),
            status: job.status,
            technician: technician.map(|(id, name)| PersonName { id, name }),
            rule: row.rule,
            run: row.run,
            name,
            level: row.level,
            to: row.to_role,
            stands_in,
            from: row.counted_from,
            reached_at: row.reached_at,
            raised_at: row.raised_at,
            due_at: row.due_at,
            state: row.state,
            stopped_at: row.stopped_at,
            ended_at: row.ended_at,
            takers: takers.remove(&row.id).unwrap_or_default(),
        })
    };
    Ok(rows.into_iter().filter_map(shown).collect())
}

/// Whether it waits for anybody of its role.
fn is_asked(row: &EscalationRow) -> bool {
    row.state == EscalationState::Open && row.holder_id.is_none()
}

/// Who is asked in the place of a role that nobody has who sees the job. The list's filter says the same in SQL.
fn stand_in(roles: &[(OutletId, Role)], row: &EscalationRow) -> Option<Role> {
    let sees = |(outlet, role): &(OutletId, Role)| *outlet == row.outlet_id || role.may(Permission::SeeAllOutlets);
    let there: BTreeSet<Role> = roles.iter().filter(|at| sees(at)).map(|(_, role)| *role).collect();
    asked(row.to_role).find(|role| there.contains(role)).filter(|role| *role != row.to_role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_raised_at_once_stands_in_the_order_of_its_levels() {
        for draw in [[0; 10], [255; 10]] {
            let ids: Vec<EscalationId> =
                (0..=u8::MAX).map(|number| EscalationId::new(AT_ONCE, varied(draw, number))).collect();
            assert!(ids.is_sorted_by(|a, b| a < b));
        }
    }
}
