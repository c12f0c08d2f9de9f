//! A verdict that is changed: what followed from the earlier one is taken back, and the job's notes say what it was, who changed it and why.

use super::job_of;
use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::reports::{Desk, course};
use crate::domain::{outlets, records};
use schema::edit::Edit;
use schema::id::{JobId, NoteId};
use schema::problem::{Kind, Problem};
use schema::record::{Decision, DecisionKind};
use schema::report::{DecideRepeat, RepeatVerdict, ReportState};
use schema::rows::job_notes::JobNoteRow;
use schema::rows::reports::ReportRow;
use schema::status::Status;

/// Puts the earlier verdict on record, and the report back to the job that was opened for it.
pub(super) fn take_back(
    conn: &mut Conn,
    desk: Desk<'_>,
    row: &mut ReportRow,
    input: &DecideRepeat,
) -> Result<(), Problem> {
    let mut form = Form::default();
    let reason = form.note("/reason", input.reason.as_deref().unwrap_or_default());
    form.finish()?;
    let own = db::jobs::find_job_of_report(conn, row.id)?;
    if let Some(own) = own
        && records::load(conn, own)?.view()?.rework_of().is_some()
    {
        let zh = "本单已登记为返修，判定不能更改；费用由主管与客户商定";
        let en = "Its job is on record as rework, so the verdict stands; what it costs is for the supervisor to settle";
        return Err(Problem::because(Kind::Conflict, zh, en));
    }
    note(conn, desk, row, (input, &reason))?;
    if let Some(own) = own.filter(|own| row.job_id != Some(*own)) {
        row.job_id = Some(own);
    } else if own.is_none() {
        row.job_id = None;
    }
    Ok(())
}

/// It is a fault of its own after all: its job goes on, or is opened.
pub(super) fn part(conn: &mut Conn, desk: Desk<'_>, row: &mut ReportRow, input: &DecideRepeat) -> Result<(), Problem> {
    let Some(own) = job_of(conn, row)? else {
        let outlet = outlets::load(conn, row.outlet_id)?;
        return course::open(conn, desk, &outlet, row, (None, None));
    };
    if own.status == Status::Cancelled {
        let (by, at) = (desk.caller.person, desk.now);
        let decision = Decision { kind: DecisionKind::Reopened, by, at, reason: input.reason.clone() };
        records::write(conn, desk.office(), own.id, &[Edit::Decide { id: desk.entry_id(), decision }])?;
        (row.state, row.closed_at) = (ReportState::Job, None);
    }
    Ok(())
}

/// On the job that the report belongs to so far, where whoever has it in hand looks.
fn note(
    conn: &mut Conn,
    desk: Desk<'_>,
    row: &ReportRow,
    (input, reason): (&DecideRepeat, &str),
) -> Result<(), Problem> {
    let (Some(job), Some((of, verdict))) = (row.job_id, row.repeat_of.zip(row.repeat_verdict)) else { return Ok(()) };
    let said = |conn: &mut Conn, of, verdict| -> Result<String, Problem> {
        let number = db::reports::find_report(conn, of)?.map(|first| first.number).unwrap_or_default();
        Ok(match verdict {
            RepeatVerdict::Same => format!("与 {number} 同一故障"),
            RepeatVerdict::New => format!("与 {number} 无关的新故障"),
        })
    };
    let decided_by = match row.repeat_decided_by {
        Some(person) => db::people::find_person(conn, person)?.map(|person| person.name).unwrap_or_default(),
        None => String::new(),
    };
    let (was, is) = (said(conn, of, verdict)?, said(conn, input.of, input.verdict)?);
    let text = format!("{} 的判定更改：原为“{was}”（{decided_by}），改为“{is}”。原因：{reason}", row.number);
    insert(conn, desk, job, text)
}

fn insert(conn: &mut Conn, desk: Desk<'_>, job_id: JobId, text: String) -> Result<(), Problem> {
    let note = JobNoteRow {
        id: NoteId::new(desk.now, desk.draw.owner),
        job_id,
        text,
        written_by: desk.caller.person,
        written_at: desk.now,
        corrects: None,
    };
    Ok(db::job_notes::insert_job_note(conn, &note)?)
}
