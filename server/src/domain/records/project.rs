//! Projections: what lists, boards and clocks need of a record, as rows. A function of the record, of what the desk
//! did beside it (calls, answered price requests, price lists) and of how the outlet worked when the job was reported, so that they can be
//! dropped and rebuilt ([`super::rebuild`]) and come out the same.

use crate::db::jobs::NewJobRow;
use crate::db::{self, Conn};
use crate::domain::clocks::{self, Next};
use crate::domain::outlets::{self, Practice};
use crate::domain::quotes::prices::Given;
use crate::domain::records::times::Retimed;
use crate::domain::records::{Stored, load};
use crate::domain::{follow_ups, photos};
use crate::feed::{self, Notice};
use schema::contact::phone_digits;
use schema::delay::standing;
use schema::id::{JobId, PersonId};
use schema::problem::Problem;
use schema::record::{DecisionKind, JobRecord, ReportField, SignOffKind};
use schema::rows::jobs::JobRow;
use schema::status::{Status, status};
use std::borrow::Cow;
use std::collections::BTreeMap;
use sync::record::Record;

/// A record whose rows are to be written.
#[derive(Clone, Copy)]
pub struct Projected<'a> {
    pub record: &'a Record,
    pub view: &'a JobRecord,
    pub conflicts: usize,
    /// What awaits the supervisor because it was made apart ([`Record::matters`]); prices that nobody gave are counted beside it.
    pub matters: usize,
}

impl<'a> Projected<'a> {
    /// `view` is how the record reads.
    pub fn of(record: &'a Record, view: &'a JobRecord) -> Self {
        Self { record, view, conflicts: record.conflicts().len(), matters: record.matters(view).len() }
    }
}

/// A record, and how its outlet worked when it was reported.
pub type Practised<'a> = (&'a JobRecord, &'a Practice);

/// Writes the rows that follow from records, where they changed.
pub fn project(conn: &mut Conn, records: &[Projected<'_>]) -> Result<(), Problem> {
    let jobs: Vec<JobId> = records.iter().map(|record| record.view.meta.job).collect();
    let retimed = Retimed::load(conn, &jobs)?;
    // Clocks and calls go by when things happened; what the phones claim stands in the rows beside it.
    let views: Vec<Cow<'_, JobRecord>> = records.iter().map(|one| retimed.lay(one.record, one.view)).collect();
    let asked: Vec<_> = views.iter().map(|view| (view.meta.outlet, view.meta.reported_at)).collect();
    let practices = outlets::practices(conn, &asked)?;
    let practised: Vec<Practised<'_>> =
        views.iter().map(|view| &**view).zip(practices.iter().map(|practice| &**practice)).collect();
    let due = clocks::project(conn, &practised)?;
    let stand: BTreeMap<JobId, JobRow> =
        db::jobs::list_by_id(conn, &jobs)?.into_iter().map(|row| (row.id, row)).collect();
    let given = Given::load(conn, &records.iter().map(|record| record.view).collect::<Vec<_>>())?;
    let moved = |(record, Next { due_at: next_due_at, escalates_at }): (&Projected<'_>, Next)| {
        let time_flags = i64::try_from(retimed.flagged(record.view.meta.job)).unwrap_or(i64::MAX);
        let row = row(*record);
        let matters = row.matters + i64::from(given.matter(record.view).is_some());
        let row = JobRow { next_due_at, escalates_at, time_flags, matters, ..row };
        let stands = stand.get(&row.id);
        (stands != Some(&row)).then_some(NewJobRow { row, stands })
    };
    let moved: Vec<NewJobRow<'_>> = records.iter().zip(due).filter_map(moved).collect();
    db::jobs::upsert_jobs(conn, &moved)?;
    photos::project(conn, records)?;
    follow_ups::project(conn, &practised)
}

/// The same after something happened that the record does not hold, as a call or an answered price request.
pub fn project_again(conn: &mut Conn, job: JobId) -> Result<(), Problem> {
    let stored = load(conn, job)?;
    feed::post(Notice::Job(stored.end.outlet_id, job));
    reproject(conn, &stored)
}

/// The same where nothing moved that anybody sees.
pub fn reproject(conn: &mut Conn, stored: &Stored) -> Result<(), Problem> {
    project(conn, &[Projected::of(&stored.record, &stored.view()?)])
}

/// Whose phone is to carry the job: the technician in force, until it is over.
pub fn holder(view: &JobRecord) -> Option<PersonId> {
    match status(view) {
        Status::Cancelled | Status::Closed | Status::SolvedRemotely => None,
        _ => view.assignment().map(|assignment| assignment.technician),
    }
}

fn row(Projected { view, conflicts, matters, .. }: Projected<'_>) -> JobRow {
    let assignment = view.assignment();
    let window = assignment.and_then(|assignment| assignment.window);
    let known = |field: ReportField| view.known(field).map(str::to_owned);
    let sign_offs = view.current_sign_offs();
    let signed = sign_offs.iter().filter(|(_, sign_off)| sign_off.kind == SignOffKind::Signed);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let (point, delay) = (view.point(), standing(view));
    let closed = view.last_decision().filter(|decision| decision.kind != DecisionKind::Reopened);
    JobRow {
        id: view.meta.job,
        number: view.meta.number.clone(),
        outlet_id: view.meta.outlet,
        report_id: view.meta.report,
        customer_id: view.meta.customer,
        rework_of: view.rework_of(),
        template: view.meta.template.clone(),
        template_version: i32::try_from(view.meta.template_version).unwrap_or(i32::MAX),
        status: status(view),
        urgency: view.report.urgency,
        skill: known(ReportField::Skill),
        name: known(ReportField::Name),
        phone_digits: phone_digits(view.known(ReportField::Phone).unwrap_or_default()),
        phone: known(ReportField::Phone),
        address: known(ReportField::Address),
        fault: known(ReportField::Fault),
        product: known(ReportField::Product),
        technician_id: assignment.map(|assignment| assignment.technician),
        technician_name: assignment.map(|assignment| assignment.technician_name.clone()),
        window_from: window.map(|window| window.from),
        window_to: window.map(|window| window.to),
        conflicts: count(conflicts),
        currency: view.meta.currency.as_str().to_owned(),
        total_minor: view.accepted_quote().map(|(_, quote)| quote.total_minor),
        due_minor: view.due_minor(),
        paid_minor: view.payments.values().map(|payment| payment.minor).fold(0, i64::saturating_add),
        // Who declined did not sign: lists tell the one from the other by this.
        signed_at: signed.map(|(_, sign_off)| sign_off.at).min(),
        sign_offs: count(sign_offs.len()),
        alarms: count(view.alarms.len()),
        reported_at: view.meta.reported_at,
        next_due_at: None,
        closed_at: closed.map(|decision| decision.at),
        matters: count(matters),
        time_flags: 0,
        latitude_e6: point.map(|point| point.latitude_e6),
        longitude_e6: point.map(|point| point.longitude_e6),
        delay_arrives_at: delay.map(|standing| standing.delay.arrives_at),
        delay_at: delay.map(|standing| standing.delay.at),
        delay_word: delay.map(|standing| standing.word),
        escalates_at: None,
    }
}
