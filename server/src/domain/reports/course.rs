//! What becomes of a report: a job, an answer, a remedy by phone, another owner.

use super::told::Told;
use super::{Desk, load_to_act, repeats, show};
use crate::db::{self, Conn};
use crate::domain::decisions;
use crate::domain::form::Form;
use crate::domain::promises;
use crate::domain::templates::{self, Checklist};
use crate::domain::{day, outlets};
use crate::domain::{records, sites};
use schema::edit::Edit;
use schema::id::{JobId, ReportId};
use schema::limits::CODE_CHARS_MAX;
use schema::outlet::Outlet;
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::record::{Decision, DecisionKind, Meta, Urgency};
use schema::report::{AnswerReport, CustomerReport, DecideRepeat, HandOverReport, RepeatVerdict, ReportState};
use schema::rows::reports::ReportRow;

/// The checklist of a repair at the customer's.
const TEMPLATE: &str = "home_repair";

/// How a report goes on when it has been taken.
#[derive(Clone, Copy)]
pub(super) struct Course<'a> {
    pub opens_job: bool,
    pub repeat: Option<&'a DecideRepeat>,
    /// The checklist that was chosen for the job.
    pub template: Option<&'a str>,
}

/// Joins the report to an earlier one's job, opens a job of its own, or closes it as answered.
pub(super) fn follow(
    conn: &mut Conn,
    desk: Desk<'_>,
    outlet: &Outlet,
    row: &mut ReportRow,
    course: Course<'_>,
) -> Result<(), Problem> {
    let mut rework_of = None;
    if let Some(repeat) = course.repeat {
        let earlier = repeats::earlier(conn, row, ("/repeat/of", repeat.of))?;
        repeats::mark(row, desk.caller.person, repeat);
        if repeat.verdict == RepeatVerdict::Same {
            match repeats::job_of(conn, &earlier)? {
                Some(job) if job.closed_at.is_none() => repeats::adopt(row, &earlier, job.id),
                Some(job) => rework_of = Some(job.id),
                None => {}
            }
        }
    }
    if row.job_id.is_none() && course.opens_job {
        open(conn, desk, outlet, row, (course.template, rework_of))?;
    }
    if row.state == ReportState::Open && row.answer.is_some() {
        (row.state, row.closed_at) = (ReportState::Answered, Some(desk.now));
    }
    db::reports::update_report(conn, row)?;
    Ok(())
}

/// Opens the record of the report's job.
pub(super) fn open(
    conn: &mut Conn,
    desk: Desk<'_>,
    outlet: &Outlet,
    row: &mut ReportRow,
    (asked, rework_of): (Option<&str>, Option<JobId>),
) -> Result<(), Problem> {
    let template = newest(conn, asked)?;
    let customer = row.customer_id.map(|id| db::customers::find_customer(conn, id)).transpose()?.flatten();
    let meta = Meta {
        job: desk.job_id(),
        number: day::next_number(conn, outlet, "WX", desk.now)?,
        outlet: row.outlet_id,
        report: row.id,
        customer: row.customer_id,
        customer_class: customer.as_ref().map(|customer| customer.class),
        template: template.id.clone(),
        template_version: template.version,
        currency: outlet.settings.currency,
        reported_at: row.taken_at,
        opened_by: desk.caller.person,
        rework_of,
    };
    let job = meta.job;
    // A question that turned into a job is a repair from here on, whatever its class.
    let mut told = Told::from_row(row);
    told.report.urgency.get_or_insert(Urgency::General);
    told.write_to(row);
    let site = customer.and_then(|customer| sites::of_report(&customer, &told.report, desk.now));
    records::open(conn, desk.office(), meta, told.report, site)?;
    (row.job_id, row.state, row.closed_at) = (Some(job), ReportState::Job, None);
    Ok(())
}

/// The checklist that a job of this kind begins with now.
fn newest(conn: &mut Conn, asked: Option<&str>) -> Result<Checklist, Problem> {
    let found = templates::newest(conn, asked.unwrap_or(TEMPLATE))?;
    found.ok_or_else(|| match asked {
        Some(asked) => {
            let shown: String = asked.chars().filter(|c| !c.is_control()).take(CODE_CHARS_MAX).collect();
            let mut form = Form::default();
            form.wrong("/template", format!("没有流程“{shown}”"), format!("there is no checklist \"{shown}\""));
            form.finish().err().unwrap_or_else(|| Problem::new(Kind::InvalidField))
        }
        None => Problem::internal("the template of a home repair is not there"),
    })
}

/// Opens a job for a report that has none: a question that turns out to need a visit.
pub fn open_job(
    conn: &mut Conn,
    desk: Desk<'_>,
    id: ReportId,
    template: Option<&str>,
) -> Result<CustomerReport, Problem> {
    let mut row = load_to_act(conn, desk.caller, id, Permission::AmendJobs)?;
    if row.job_id.is_some() {
        return Err(Problem::because(Kind::Conflict, "该报修已有工单", "This report has a job already"));
    }
    if row.state == ReportState::Void {
        return Err(Problem::because(Kind::Conflict, "此通话没有事项", "This call brought nothing to do"));
    }
    let outlet = outlets::load(conn, row.outlet_id)?;
    let rework_of = repeats::first_job(conn, &row)?;
    open(conn, desk, &outlet, &mut row, (template, rework_of))?;
    db::reports::update_report(conn, &row)?;
    show(conn, desk.caller, desk.now, &row)
}

/// Closes a report that needed no visit with what the customer was told; a question passed upward is answered to them with it.
pub fn answer(conn: &mut Conn, desk: Desk<'_>, id: ReportId, input: &AnswerReport) -> Result<CustomerReport, Problem> {
    let mut row = load_to_act(conn, desk.caller, id, Permission::AmendJobs)?;
    let text = text(input)?;
    match row.state {
        ReportState::Open => {}
        ReportState::Answered if row.answer.as_deref() == Some(&text) => {
            return show(conn, desk.caller, desk.now, &row);
        }
        ReportState::Job => {
            let zh = "该报修已有工单，请用“电话解决”或由工单完成";
            return Err(Problem::because(Kind::Conflict, zh, "It has a job: solve it remotely, or carry the job out"));
        }
        _ => return Err(Problem::because(Kind::Conflict, "该报修已办结", "This report is closed")),
    }
    (row.state, row.answer, row.closed_at) = (ReportState::Answered, Some(text), Some(desk.now));
    db::reports::update_report(conn, &row)?;
    db::questions::update_told_of(conn, row.id, desk.caller.person, desk.now)?;
    show(conn, desk.caller, desk.now, &row)
}

/// The fault was cured by phone: the job ends without a visit, and the customer is called to see that it holds.
pub fn solve_remotely(
    conn: &mut Conn,
    desk: Desk<'_>,
    id: ReportId,
    input: &AnswerReport,
) -> Result<CustomerReport, Problem> {
    let mut row = load_to_act(conn, desk.caller, id, Permission::CloseJobs)?;
    let text = text(input)?;
    if row.state == ReportState::SolvedRemotely && row.answer.as_deref() == Some(&text) {
        return show(conn, desk.caller, desk.now, &row);
    }
    let Some(job) = row.job_id else {
        return Err(Problem::because(Kind::Conflict, "没有工单，请直接答复", "It has no job: answer it instead"));
    };
    let stored = records::load_to_write(conn, job)?;
    decisions::require_solvable(&stored.view()?)?;
    let decision = Decision {
        kind: DecisionKind::SolvedRemotely,
        by: desk.caller.person,
        at: desk.now,
        reason: Some(text.clone()),
    };
    let office = desk.office();
    let edit = Edit::Decide { id: desk.entry_id(), decision };
    records::write_stored(conn, office, stored, None, &[edit])?;
    (row.state, row.answer, row.closed_at) = (ReportState::SolvedRemotely, Some(text), Some(desk.now));
    db::reports::update_report(conn, &row)?;
    db::questions::update_told_of(conn, row.id, desk.caller.person, desk.now)?;
    show(conn, desk.caller, desk.now, &row)
}

fn text(input: &AnswerReport) -> Result<String, Problem> {
    let mut form = Form::default();
    let text = form.note("/text", &input.text);
    form.finish()?;
    Ok(text)
}

/// Hands a report over to a named person, who keeps it from then on.
pub fn hand_over(
    conn: &mut Conn,
    desk: Desk<'_>,
    id: ReportId,
    input: HandOverReport,
) -> Result<CustomerReport, Problem> {
    let mut row = load_to_act(conn, desk.caller, id, Permission::AmendJobs)?;
    let person = promises::staff(conn, desk.caller, input.person, "/person")?;
    if person.id != row.owner_id {
        row.owner_id = person.id;
        db::reports::insert_owner(conn, &desk.owner_row(row.id, person.id))?;
        db::reports::update_report(conn, &row)?;
    }
    show(conn, desk.caller, desk.now, &row)
}
