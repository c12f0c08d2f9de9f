//! A job's clocks: the rules of [`schema::clock`] with what the record does not hold, as rows for boards and as they stand now.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::jobs::{self, By};
use crate::domain::records::{Clocked, Practised, Stored, clocked};
use crate::domain::{escalations, outlets};
use crate::domain::{form::Form, records, templates};
use chrono_tz::Tz;
use schema::clock::{
    Clock, ClockKind, ClockRule, ClockState, Event, Facts, WARRANTY, WorkCalendar, clocks, shipped_rules,
};
use schema::edit::Edit;
use schema::id::{CustomerId, EntryId, JobId, OutletId};
use schema::job::{CreateBreach, JobClock, JobState, RunningClock, clock_word};
use schema::page::rows;
use schema::people::PersonName;
use schema::problem::{Kind, Problem};
use schema::record::{Breach, JobRecord};
use schema::rows::customers::CustomerRow;
use schema::rows::escalations::EscalationRow;
use schema::rows::jobs::{JobClockRow, JobRow};
use schema::rows::price_requests::PriceRequestRow;
use schema::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The rules as they come; an outlet may run them otherwise ([`Practice`]).
pub fn shipped() -> Result<&'static [ClockRule], Problem> {
    static RULES: OnceLock<Vec<ClockRule>> = OnceLock::new();
    if let Some(rules) = RULES.get() {
        return Ok(rules);
    }
    let shipped = shipped_rules().map_err(Problem::internal)?;
    Ok(RULES.get_or_init(|| shipped))
}

/// The outlet's time zone: the customer's midnight.
pub fn zone(conn: &mut Conn, outlet: OutletId) -> Result<Tz, Problem> {
    let zone = db::outlets::find_outlet(conn, outlet)?.and_then(|row| row.time_zone.parse().ok());
    Ok(zone.unwrap_or(Tz::Asia__Shanghai))
}

/// What happened outside the records of some jobs: calls that reached the customer, prices asked for and given.
struct Around {
    reached: Vec<(JobId, Timestamp)>,
    price_requests: Vec<PriceRequestRow>,
    customers: Vec<CustomerRow>,
}

impl Around {
    fn load(conn: &mut Conn, jobs: &[Practised<'_>]) -> Result<Self, Problem> {
        // A job keeps the class that the customer had; of older jobs it is not known.
        let classless = jobs.iter().filter(|(view, _)| view.meta.customer_class.is_none());
        let customers: BTreeSet<CustomerId> = classless.filter_map(|(view, _)| view.meta.customer).collect();
        let jobs: Vec<JobId> = jobs.iter().map(|(view, _)| view.meta.job).collect();
        Ok(Self {
            reached: db::follow_ups::list_reached(conn, &jobs)?,
            price_requests: db::price_requests::list_of_jobs(conn, &jobs)?,
            customers: db::customers::list_by_id(conn, &Vec::from_iter(customers))?,
        })
    }

    fn facts(&self, view: &JobRecord, travel_us: i64) -> Facts {
        let job = view.meta.job;
        let requests = || self.price_requests.iter().filter(|request| request.job_id == job);
        let reached = self.reached.iter().filter(|(called, _)| *called == job).map(|(_, at)| *at).collect();
        let asked = requests().map(|request| request.asked_at).collect();
        let priced = requests().filter_map(|request| request.answered_at).collect();
        let feasible = requests().filter(|request| request.feasible == Some(true) && request.price_minor.is_some());
        let feasible = feasible.map(|request| request.id).collect();
        let events = [(Event::CalledBack, reached), (Event::PriceAsked, asked), (Event::Priced, priced)];
        let customer = self.customers.iter().find(|customer| Some(customer.id) == view.meta.customer);
        let customer_class = view.meta.customer_class.or(customer.map(|customer| customer.class));
        let customer_class = customer_class.map(|class| class.as_str().to_owned());
        Facts { events: BTreeMap::from(events), priced: feasible, travel_us, customer_class }
    }

    /// Every run of every clock of a job.
    fn clocks(&self, conn: &mut Conn, (view, practice): Practised<'_>) -> Result<Vec<Clock>, Problem> {
        let (facts, calendar) = (self.facts(view, practice.travel_us), WorkCalendar::plain(practice.zone));
        Ok(clocks(view, &*templates::of_job(conn, view)?, &facts, &practice.rules, &calendar))
    }
}

/// Every run of every clock of a job.
pub fn runs(conn: &mut Conn, job: Practised<'_>) -> Result<Vec<Clock>, Problem> {
    Around::load(conn, &[job])?.clocks(conn, job)
}

/// What a job's clocks wait for.
pub struct Next {
    /// When the next one that runs is due.
    pub due_at: Option<Timestamp>,
    /// When they have to be looked at next, for whoever has to hear of them.
    pub escalates_at: Option<Timestamp>,
}

/// Writes jobs' clocks as rows, where they changed; answers what each waits for.
pub fn project(conn: &mut Conn, jobs: &[Practised<'_>]) -> Result<Vec<Next>, Problem> {
    let around = Around::load(conn, jobs)?;
    let ids: Vec<JobId> = jobs.iter().map(|(view, _)| view.meta.job).collect();
    let mut stand: BTreeMap<JobId, Vec<JobClockRow>> = BTreeMap::new();
    for row in db::jobs::list_clocks(conn, &ids)? {
        stand.entry(row.job_id).or_default().push(row);
    }
    let raised = db::escalations::list_of_jobs(conn, &ids)?;
    let (mut due, mut moved, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for (view, practice) in jobs {
        let runs = around.clocks(conn, (view, practice))?;
        // A term, as the warranty, is no limit that anybody could miss.
        let limits: Vec<&Clock> = runs.iter().filter(|clock| clock.kind != ClockKind::Term).collect();
        let mut rows: Vec<JobClockRow> = limits.iter().map(|clock| row(view.meta.job, clock)).collect();
        rows.sort_by(|a, b| (&a.rule, a.run).cmp(&(&b.rule, b.run)));
        if stand.remove(&view.meta.job).unwrap_or_default() != rows {
            moved.push(view.meta.job);
            new.extend(rows);
        }
        let running = limits.iter().filter(|clock| clock.stopped_at.is_none() && clock.paused_since.is_none());
        let due_at = running.map(|clock| clock.due_at).min();
        let of_job: Vec<EscalationRow> = raised.iter().filter(|row| row.job_id == view.meta.job).cloned().collect();
        due.push(Next { due_at, escalates_at: escalations::next(practice, &runs, &of_job) });
    }
    if !moved.is_empty() {
        db::jobs::replace_clocks(conn, &moved, &new)?;
    }
    Ok(due)
}

fn row(job: JobId, clock: &Clock) -> JobClockRow {
    JobClockRow {
        job_id: job,
        rule: clock.rule.clone(),
        run: i64::from(clock.run),
        started_at: clock.started_at,
        warn_at: clock.warn_at,
        due_at: clock.due_at,
        stopped_at: clock.stopped_at,
        paused_us: clock.paused_us,
        is_paused: clock.paused_since.is_some(),
        not_before: clock.kind == ClockKind::NotBefore,
    }
}

/// The clocks that run in the caller's outlets, the first due first.
pub fn list_running(
    conn: &mut Conn,
    caller: &Caller,
    now: Timestamp,
    due_before: Option<Timestamp>,
    limit: Option<i64>,
) -> Result<Vec<RunningClock>, Problem> {
    let found = db::jobs::list_running_clocks(conn, caller.outlet_filter(), due_before, rows(limit))?;
    let rules = shipped()?;
    let errors = started_errors(conn, &found)?;
    let named = |(clock, job): (JobClockRow, JobRow)| {
        let rule = rules.iter().find(|rule| rule.id == clock.rule)?;
        let started_error_us = errors.get(&(job.id, clock.started_at)).copied();
        let state = match () {
            () if now > clock.due_at => ClockState::Breached,
            () if now >= clock.warn_at => ClockState::Warning,
            () => ClockState::Running,
        };
        let technician = job.technician_id.zip(job.technician_name).map(|(id, name)| PersonName { id, name });
        Some(RunningClock {
            job: job.id,
            number: job.number,
            status: job.status,
            technician,
            rule: clock.rule,
            run: clock.run,
            name: rule.name.clone(),
            state,
            warn_at: clock.warn_at,
            due_at: clock.due_at,
            not_before: clock.not_before,
            started_at: clock.started_at,
            started_error_us,
            in_doubt: started_error_us.is_some_and(|error| now.apart(clock.due_at) <= error),
        })
    };
    Ok(found.into_iter().filter_map(named).collect())
}

/// How far the starts of these clocks may be off, where phones told them. Most clocks start at the desk, and only the other jobs' records
/// are read.
fn started_errors(
    conn: &mut Conn,
    found: &[(JobClockRow, JobRow)],
) -> Result<BTreeMap<(JobId, Timestamp), i64>, Problem> {
    let rules = shipped()?;
    let told = |clock: &JobClockRow| {
        let mut starts = rules.iter().filter(|rule| rule.id == clock.rule);
        starts.any(|rule| rule.from.is_told_by_phones() || rule.off_list_from.is_some())
    };
    // A repair's clock of work off the list starts with the customer's word; all others with the report.
    let told = |clock: &JobClockRow, job: &JobRow| told(clock) && clock.started_at != job.reported_at;
    let jobs: BTreeSet<JobId> = found.iter().filter(|(clock, job)| told(clock, job)).map(|(_, job)| job.id).collect();
    let mut errors = BTreeMap::new();
    for job in jobs {
        let stored = records::load(conn, job)?;
        errors.extend(clocked(conn, &stored)?.errors.into_iter().map(|(at, error)| ((job, at), error)));
    }
    Ok(errors)
}

/// The clocks as they stand, with why they were missed.
pub fn of_job(conn: &mut Conn, stored: &Stored, now: Timestamp) -> Result<Vec<JobClock>, Problem> {
    let Clocked { view, errors } = clocked(conn, stored)?;
    let practice = outlets::practice(conn, view.meta.outlet, view.meta.reported_at)?;
    let known = |clock: Clock| {
        let rule = practice.rules.iter().find(|rule| rule.id == clock.rule)?;
        let word = clock_word(&clock.rule, clock.run);
        let causes = view.breaches.iter().filter(|(_, breach)| breach.clock == word);
        let started_error_us = errors.get(&clock.started_at).copied();
        let stopped_error_us = clock.stopped_at.and_then(|at| errors.get(&at).copied());
        Some(JobClock {
            name: rule.name.clone(),
            state: clock.state(now),
            causes: causes.map(|(id, _)| id.clone()).collect::<Vec<EntryId>>(),
            started_error_us,
            stopped_error_us,
            in_doubt: clock.is_in_doubt(now, started_error_us, stopped_error_us),
            clock,
        })
    };
    Ok(runs(conn, (&view, &*practice))?.into_iter().filter_map(known).collect())
}

/// From when until when the last repair is warranted; none where nothing was completed.
pub fn warranty(conn: &mut Conn, stored: &Stored, now: Timestamp) -> Result<Option<Clock>, Problem> {
    let clocks = of_job(conn, stored, now)?;
    Ok(clocks.into_iter().map(|known| known.clock).rfind(|clock| clock.rule == WARRANTY))
}

/// Until when the last repair is warranted.
pub fn warranty_until(conn: &mut Conn, stored: &Stored, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    Ok(warranty(conn, stored, now)?.map(|clock| clock.due_at))
}

/// Puts on record why a clock was missed, and whose fault it was.
pub fn judge(conn: &mut Conn, by: &By, job: JobId, input: &CreateBreach) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |conn, view| {
        let mut form = Form::default();
        let cause = form.note("/cause", &input.cause);
        let stored = records::load(conn, view.meta.job)?;
        let run = of_job(conn, &stored, by.now)?.into_iter();
        let found = run.into_iter().find(|known| known.clock.rule == input.clock && known.clock.run == input.run);
        if found.is_none() {
            form.wrong("/clock", "本工单没有这个时限", "this job has no such clock");
        }
        if let Some(person) = input.whose {
            let row = db::people::find_person(conn, person)?;
            if row.is_none_or(|row| by.caller.require_outlet(row.outlet_id).is_err()) {
                form.wrong("/whose", "没有这个人", "there is no such person");
            }
        }
        form.finish()?;
        if found.is_none_or(|known| known.state != ClockState::Breached) {
            return Err(Problem::because(Kind::Conflict, "该时限没有超时", "This clock was not missed"));
        }
        let breach = Breach {
            clock: clock_word(&input.clock, input.run),
            cause,
            whose: input.whose,
            by: by.caller.person,
            at: by.now,
        };
        Ok(vec![Edit::Breach { id: by.entry(), breach }])
    })
}
