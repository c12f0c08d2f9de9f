//! Assignments (派工): one technician at a time, decided here. Who had the job before stays on record, and so does what they wrote,
//! also what their phone brings later.

use crate::db::{self, Conn};
use crate::domain::candidates;
use crate::domain::form::Form;
use crate::domain::jobs::{self, By};
use schema::dispatch::AssignJob;
use schema::edit::Edit;
use schema::id::JobId;
use schema::job::JobState;
use schema::problem::{FieldError, Kind, Problem};
use schema::record::{Assignment, JobRecord};
use schema::status::{Status, status};
use schema::time::Window;

/// Puts a job into a technician's hands.
pub fn assign(conn: &mut Conn, by: &By, job: JobId, input: &AssignJob) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |conn, view| {
        require_assignable(conn, view)?;
        let mut form = Form::default();
        let reason = form.optional_note("/reason", input.reason.as_deref());
        if input.window.is_some_and(|window| !is_window(window)) {
            form.wrong(
                "/window",
                "预约时段的结束须晚于开始，且不超过 24 小时",
                "a window ends after it begins, within 24 hours",
            );
        }
        if input.overrides && reason.is_none() {
            form.wrong("/reason", "不按建议派工须写明原因", "say why you override what speaks against it");
        }
        let technicians = candidates::technicians(conn, view.meta.outlet)?;
        let person = technicians.into_iter().find(|person| person.id == input.technician);
        if person.is_none() {
            form.wrong("/technician", "本网点没有这位服务工程师", "there is no such technician at this outlet");
        }
        form.finish()?;
        let Some(person) = person else { return Err(Problem::new(Kind::InvalidField)) };
        let current = view.assignment();
        // The same request again, or another dispatcher's with the same outcome.
        if current.is_some_and(|now| now.technician == person.id && now.window == input.window && reason.is_none()) {
            return Ok(Vec::new());
        }
        require_seen(view, input)?;
        let candidate = candidates::assess(conn, view, std::slice::from_ref(&person), input.window, by.now)?;
        let against: Vec<FieldError> = candidate
            .into_iter()
            .flat_map(|candidate| candidate.reasons)
            .filter(|reason| reason.is_against)
            .map(|reason| FieldError { at: format!("/{}", reason.fact), zh: reason.text.zh, en: reason.text.en })
            .collect();
        if !against.is_empty() && !input.overrides {
            let (zh, en) = (
                "该工程师不合适；确需派工请写明原因并强制派工",
                "Something speaks against it; override it with a reason",
            );
            return Err(Problem { errors: against, ..Problem::because(Kind::Conflict, zh, en) });
        }
        let assignment = Assignment {
            technician: person.id,
            technician_name: person.name,
            window: input.window,
            by: by.caller.person,
            at: by.now,
            reason,
        };
        Ok(vec![Edit::Assign { id: by.entry(), assignment }])
    })
}

fn is_window(window: Window) -> bool {
    let length = window.to.since(window.from);
    0 < length && length <= schema::time::DAY
}

/// Takes the job out of everybody's hands: it goes back to the dispatcher's list.
pub fn unassign(conn: &mut Conn, by: &By, job: JobId, reason: &str) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |conn, view| {
        jobs::require_open(view)?;
        let mut form = Form::default();
        let reason = form.note("/reason", reason);
        form.finish()?;
        let Some(assignment) = view.assignment() else {
            return Err(Problem::because(Kind::Conflict, "本单尚未派工", "Nobody has this job"));
        };
        let text = format!("撤回派工（{}）：{reason}", assignment.technician_name);
        let note = schema::rows::job_notes::JobNoteRow {
            id: schema::id::NoteId::new(by.now, by.random),
            job_id: job,
            text,
            written_by: by.caller.person,
            written_at: by.now,
            corrects: None,
        };
        db::job_notes::insert_job_note(conn, &note)?;
        Ok(vec![Edit::Unassign])
    })
}

/// Incomplete data is the first cause of useless visits; an emergency goes out all the same.
fn require_assignable(conn: &mut Conn, view: &JobRecord) -> Result<(), Problem> {
    jobs::require_open(view)?;
    if status(view) == Status::Signed {
        let (zh, en) = ("客户已验收，请先重新打开工单", "The customer has signed; re-open the job first");
        return Err(Problem::because(Kind::JobClosed, zh, en));
    }
    let missing = view.missing_to_dispatch();
    if missing.is_empty() || is_emergency(conn, view)? {
        return Ok(());
    }
    let field = |field: &schema::record::ReportField| FieldError {
        at: format!("/report/{field}"),
        zh: "缺少此项资料".to_owned(),
        en: "this is missing".to_owned(),
    };
    Err(Problem { errors: missing.iter().map(field).collect(), ..Problem::new(Kind::NotDispatchable) })
}

/// By its class alone: what is urgent is still a repair, to which nobody finds the way without an address.
fn is_emergency(conn: &mut Conn, view: &JobRecord) -> Result<bool, Problem> {
    let report = db::reports::find_report(conn, view.meta.report)?;
    Ok(report.is_some_and(|report| report.class.is_emergency()))
}

/// Two dispatchers at once: the second one looks again.
fn require_seen(view: &JobRecord, input: &AssignJob) -> Result<(), Problem> {
    let current = view.assignment();
    if current.map(|assignment| assignment.technician) == input.instead_of {
        return Ok(());
    }
    Err(match current {
        Some(now) => {
            let name = &now.technician_name;
            let zh = format!("本单现由{name}负责，请重新查看后再派");
            Problem::because(Kind::Stale, zh, format!("{name} has this job now; look again before you assign it"))
        }
        None => {
            Problem::because(Kind::Stale, "本单已被撤回，请重新查看后再派", "Nobody has this job any more; look again")
        }
    })
}
