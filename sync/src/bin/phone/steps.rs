//! Ticks, notes, what happened, calls for help.

use crate::app::{App, entry_of};
use crate::cli;
use crate::failure::{Failure, field_name};
use crate::names::{hold_name, value_name};
use schema::edit::Edit;
use schema::record::{Alarm, Correction, Hold, HoldKind, Mark, MarkKind, Play, Release, ReportField};

pub fn mark(app: &mut App, args: &cli::Mark, kind: MarkKind) -> Result<String, Failure> {
    let (job, record) = app.job(&args.job)?;
    let step = app.step(&record, &args.step)?;
    let mark = Mark { kind, by: app.me()?, at: app.at(), reason: args.reason.clone(), place: None };
    let what = format!("{} {} {}", record.meta.number, step.name.get(app.language), mark_sign(kind));
    app.write(job, vec![Edit::Mark { step: step.id, mark }], &what)
}

/// As the checklist shows a tick.
pub fn mark_sign(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Done => "✓",
        MarkKind::Skipped => "↷",
        MarkKind::NotApplicable => "—",
        MarkKind::Failed => "✗",
        MarkKind::Open => "○",
    }
}

pub fn note(app: &mut App, job: &str, step: &str, text: String) -> Result<String, Failure> {
    let (job, record) = app.job(job)?;
    let (step, name) = app.note_place(&record, step)?;
    let what = format!("{} {}", record.meta.number, name.get(app.language));
    app.write(job, vec![Edit::Note { step, text }], &what)
}

pub fn play(app: &mut App, args: &cli::Play) -> Result<String, Failure> {
    let (job, record) = app.job(&args.job)?;
    let step = app.step(&record, &args.step)?;
    let known = step.plays.iter().find(|known| known.id == args.play);
    let action = known.map_or_else(String::new, |known| format!("→ {}\n", known.action.get(app.language)));
    let (by, at) = (app.me()?, app.at());
    let play = Play { step: step.id, play: args.play.clone(), note: args.note.clone(), by, at };
    let id = app.draw_entry_id();
    let what = format!("{} {}", record.meta.number, known.map_or(args.play.as_str(), |p| p.happens.get(app.language)));
    Ok(app.write(job, vec![Edit::Play { id, play }], &what)? + &action)
}

pub fn alarm(app: &mut App, job: &str, reason: String) -> Result<String, Failure> {
    let (job, record) = app.job(job)?;
    let what = format!("{} {reason}", record.meta.number);
    let alarm = Alarm { reason, place: None, by: app.me()?, at: app.at() };
    let id = app.draw_entry_id();
    app.write(job, vec![Edit::Alarm { id, alarm }], &what)
}

pub fn correct(app: &mut App, job: &str, field: ReportField, value: String) -> Result<String, Failure> {
    let (job, record) = app.job(job)?;
    let what = format!(
        "{} {} {}",
        record.meta.number,
        field_name(app.language, field),
        value_name(app.language, field, &value)
    );
    let correction = Correction { field, value, by: app.me()?, at: app.at() };
    let id = app.draw_entry_id();
    app.write(job, vec![Edit::Correct { id, correction }], &what)
}

pub fn hold(app: &mut App, job: &str, kind: HoldKind, reason: String) -> Result<String, Failure> {
    let (job, record) = app.job(job)?;
    let what = format!("{} {} {reason}", record.meta.number, hold_name(app.language, kind));
    let hold = Hold { kind, by: app.me()?, at: app.at(), reason, until: None };
    let id = app.draw_entry_id();
    app.write(job, vec![Edit::Hold { id, hold }], &what)
}

pub fn release(app: &mut App, job: &str, hold: &str) -> Result<String, Failure> {
    let (job, record) = app.job(job)?;
    let hold = entry_of(record.holds.iter(), hold)?;
    let release = Release { by: app.me()?, at: app.at() };
    let what = format!("{} {hold}", record.meta.number);
    app.write(job, vec![Edit::Release { hold, release }], &what)
}
