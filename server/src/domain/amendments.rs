//! What the office corrects in a record: fields of the report, a step's note, and notes of its own that no phone carries. With the
//! heads that were seen, a correction is written there: what a technician wrote meanwhile stays beside it.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::jobs::{self, By};
use crate::domain::records;
use crate::domain::reports::record;
use crate::feed::{self, Notice};
use schema::binary::Hash;
use schema::edit::Edit;
use schema::field::unfit;
use schema::id::{JobId, NoteId, OutletId};
use schema::job::{AmendNote, AmendReport, CreateJobNote, JobNote, JobState};
use schema::limits::CHANGE_DEPS_MAX;
use schema::people::Bilingual;
use schema::problem::Problem;
use schema::record::ReportField;
use schema::rows::job_notes::JobNoteRow;

/// Sets fields of the report; those that hold the value already are left alone.
pub fn amend_report(conn: &mut Conn, by: &By, job: JobId, input: &AmendReport) -> Result<JobState, Problem> {
    let mut form = Form::default();
    if input.fields.is_empty() {
        form.wrong("/fields", "没有要修改的内容", "there is nothing to change");
    }
    let mut wanted = Vec::new();
    for (field, value) in &input.fields {
        wanted.push((*field, field_value(&mut form, *field, value.as_deref())));
    }
    base_heads(&mut form, input.base_heads.as_deref());
    form.finish()?;
    write(conn, by, job, input.base_heads.as_deref(), |view| {
        let set = |(field, value): &(ReportField, Option<String>)| {
            record::set(view, by.office(), by.random, (*field, value.as_deref()))
        };
        wanted.iter().flat_map(set).collect()
    })
}

fn field_value(form: &mut Form, field: ReportField, value: Option<&str>) -> Option<String> {
    let value = value.map(str::trim).filter(|value| !value.is_empty())?;
    if let Some(Bilingual { zh, en }) = unfit(field, value) {
        form.wrong(&format!("/fields/{field}"), zh, en);
    }
    Some(value.to_owned())
}

/// Writes into a step's note.
pub fn amend_note(conn: &mut Conn, by: &By, job: JobId, step: &str, input: &AmendNote) -> Result<JobState, Problem> {
    let mut form = Form::default();
    let text = form.optional_note("/text", Some(&input.text)).unwrap_or_default();
    base_heads(&mut form, input.base_heads.as_deref());
    form.finish()?;
    write(conn, by, job, input.base_heads.as_deref(), |view| {
        if view.notes.get(step).map_or("", String::as_str) == text {
            return Vec::new();
        }
        vec![Edit::Note { step: step.to_owned(), text }]
    })
}

fn base_heads(form: &mut Form, heads: Option<&[Hash]>) {
    if heads.is_some_and(|heads| heads.is_empty() || heads.len() > CHANGE_DEPS_MAX) {
        form.wrong("/base_heads", "须为读取工单时的版本", "the heads as the job was read with");
    }
}

/// Decides on the state that was seen, and writes there.
fn write(
    conn: &mut Conn,
    by: &By,
    job: JobId,
    base: Option<&[Hash]>,
    decide: impl FnOnce(&schema::record::JobRecord) -> Vec<Edit>,
) -> Result<JobState, Problem> {
    let stored = jobs::load_to_write(conn, &by.caller, job)?;
    jobs::require_open(&stored.view()?)?;
    let seen = match base {
        Some(heads) => stored.record.read_at(heads).map_err(|_| Problem::new(schema::problem::Kind::Stale))?,
        None => stored.view()?,
    };
    let edits = decide(&seen);
    let heads = if edits.is_empty() {
        stored.heads()
    } else {
        records::write_stored(conn, by.office(), stored, base, &edits)?.heads
    };
    jobs::state(conn, job, heads, by.now)
}

/// Notes something for the staff alone; or better, what was noted before, which stays to be read. What was corrected meanwhile is not
/// corrected twice, so that the corrections of a note are a line and no tree.
pub fn add_job_note(conn: &mut Conn, by: &By, job: JobId, input: &CreateJobNote) -> Result<JobNote, Problem> {
    let mut form = Form::default();
    let text = form.note("/text", &input.text);
    form.finish()?;
    let outlet = require_job(conn, &by.caller, job)?;
    if let Some(corrects) = input.corrects {
        let notes = db::job_notes::list_job_notes(conn, job)?;
        if !notes.iter().any(|note| note.id == corrects) {
            return Err(Problem::field("/corrects", "此工单没有这条备注", "this job has no such note"));
        }
        if notes.iter().any(|note| note.corrects == Some(corrects)) {
            let en = "Somebody corrected this note meanwhile; read theirs first";
            return Err(Problem::because(schema::problem::Kind::Conflict, "这条备注刚被别人更正，请先看新的内容", en));
        }
    }
    let row = JobNoteRow {
        id: NoteId::new(by.now, by.random),
        job_id: job,
        text,
        written_by: by.caller.person,
        written_at: by.now,
        corrects: input.corrects,
    };
    db::job_notes::insert_job_note(conn, &row)?;
    feed::post(Notice::Job(outlet, job));
    let by = jobs::name_of(conn, row.written_by)?;
    Ok(JobNote { id: row.id, text: row.text, by, at: row.written_at, corrects: row.corrects })
}

/// The job is there, and the caller may know of it.
fn require_job(conn: &mut Conn, caller: &Caller, job: JobId) -> Result<OutletId, Problem> {
    let row = db::jobs::find_job(conn, job)?;
    let row = row.ok_or_else(|| Problem::new(schema::problem::Kind::NotFound))?;
    caller.require_outlet(row.outlet_id)?;
    Ok(row.outlet_id)
}
