//! Lists of jobs, one job, and its history.

use crate::app::App;
use crate::conflicts;
use crate::failure::{Failure, field_name, gone};
use crate::money::{milli_text, quote_text};
use crate::names::{hold_name, value_name};
use crate::sheet::short;
use crate::steps::mark_sign;
use crate::take_back::taken;
use crate::texts::Text;
use schema::gate::evidence_missing;
use schema::place::step_name;
use schema::record::{JobRecord, ReportField, SignOffKind};
use schema::status::status;
use schema::template::{StepTemplate, WHOLE_VISIT};
use std::fmt::Write as _;
use sync::replica::{Held, Wholeness};

pub fn list(app: &App, all: bool) -> String {
    let mut rows: Vec<(&Held, JobRecord)> = Vec::new();
    for held in app.replica().jobs().filter(|held| all || held.gone.is_none() || held.unsent() > 0) {
        if let Ok(record) = held.record.read() {
            rows.push((held, record));
        }
    }
    rows.sort_by_key(|(_, record)| {
        let window = record.assignment().and_then(|assignment| assignment.window);
        (window.is_none(), window.map(|window| window.from), record.meta.number.clone())
    });
    let mut text: String = rows.iter().map(|(held, record)| row(app, held, record)).collect();
    if rows.is_empty() {
        text = app.line(Text::NoJobs, &[]);
    }
    if app.replica().is_loading() {
        text += &app.line(Text::Loading, &[]);
    }
    text
}

fn row(app: &App, held: &Held, record: &JobRecord) -> String {
    let mut words = vec![record.meta.number.clone(), status(record).name(app.language).to_owned()];
    words.extend(record.assignment().and_then(|a| a.window).map(|window| {
        let until = window.to.to_utc().with_timezone(&app.zone).format("%H:%M").to_string();
        format!("{}–{until}", app.time(window.from))
    }));
    let fields = [ReportField::Name, ReportField::Address, ReportField::Fault];
    words.extend(fields.iter().filter_map(|field| record.known(*field)).map(str::to_owned));
    words.extend(held.gone.map(|reason| format!("[{}]", gone(app.language, reason))));
    if held.unsent() > 0 {
        words.push(format!("[{}]", app.say(Text::MarkUnsent, &[&held.unsent().to_string()])));
    }
    if held.gone.is_none() && app.replica().wholeness(held) == Wholeness::Incomplete {
        words.push(format!("[{}]", app.say(Text::MarkIncomplete, &[])));
    }
    if !held.record.conflicts().is_empty() {
        words.push(format!("[{}]", app.say(Text::MarkConflict, &[])));
    }
    words.join("  ") + "\n"
}

pub fn show(app: &App, job: &str, step: Option<&str>) -> Result<String, Failure> {
    let (id, record) = app.job(job)?;
    if let Some(step) = step {
        return Ok(play_book(app, &app.step(&record, step)?));
    }
    let held = app.replica().held(id)?;
    let mut text = row(app, held, &record);
    text += &report(app, &record);
    text += &taken(app, &record);
    text += &checklist(app, &record);
    text += &work(app, &record);
    text += &signatures(app, &record);
    text += &conflicts::open(app, held, &record);
    text += &conflicts::matters(app, held, &record);
    Ok(text)
}

fn report(app: &App, record: &JobRecord) -> String {
    let mut text = String::new();
    for field in ReportField::ALL {
        let Some(value) = record.known(*field) else { continue };
        let reported = record.report.get(*field).filter(|reported| *reported != value);
        let said = |value| value_name(app.language, *field, value);
        let was = reported.map_or_else(String::new, |was| app.say(Text::CorrectedFrom, &[said(was)]));
        let _ = writeln!(text, "  {}: {}{was}", field_name(app.language, *field), said(value));
    }
    if let Some(assignment) = record.assignment() {
        let _ = writeln!(text, "  {}: {}", app.say(Text::Technician, &[]), assignment.technician_name);
        if let Some(window) = assignment.window {
            let (from, to) = (app.time(window.from), app.time(window.to));
            let _ = writeln!(text, "  {}: {from} – {to}", app.say(Text::Window, &[]));
        }
    }
    for (id, hold) in record.open_holds() {
        let _ =
            writeln!(text, "{} {id} {} {}", app.say(Text::Holds, &[]), hold_name(app.language, hold.kind), hold.reason);
    }
    text
}

fn noted(app: &App, step: &str, note: &str) -> String {
    format!("   {}: {note}\n", step_name(step, None).get(app.language))
}

fn checklist(app: &App, record: &JobRecord) -> String {
    let mut text = app.line(Text::Steps, &[]);
    let Ok(template) = app.template(record) else {
        // What is noted here is shown by the ids of its steps.
        text += &app.line(Text::TemplateMissing, &[]);
        text.extend(record.notes.iter().map(|(step, note)| noted(app, step, note)));
        return text;
    };
    text.extend(record.notes.get(WHOLE_VISIT).map(|note| noted(app, WHOLE_VISIT, note)));
    for (place, step) in template.steps.iter().enumerate() {
        let mark = record.mark(&step.id);
        let sign = mark.map_or("○", |mark| mark_sign(mark.kind));
        let when = mark.map_or_else(String::new, |mark| app.time(mark.at));
        let _ = writeln!(text, " {sign} {:>2} {} ({}) {when}", place + 1, step.name.get(app.language), step.id);
        step_details(app, record, step, &mut text);
    }
    text
}

fn step_details(app: &App, record: &JobRecord, step: &StepTemplate, text: &mut String) {
    let mut detail = |label: &str, value: &str| {
        let _ = writeln!(text, "      {label}: {value}");
    };
    if let Some(reason) = record.mark(&step.id).and_then(|mark| mark.reason.as_deref()) {
        detail(&app.say(Text::Reason, &[]), reason);
    }
    if let Some(note) = record.notes.get(&step.id) {
        detail(&app.say(Text::Note, &[]), note);
    }
    for reading in record.readings.values().filter(|reading| reading.step == step.id) {
        let asked = step.evidence.iter().find(|evidence| evidence.name == reading.name);
        let label = asked.map_or(reading.name.as_str(), |evidence| evidence.label.get(app.language));
        detail(label, format!("{} {}", reading.value, reading.unit).trim_end());
    }
    for play in record.plays.values().filter(|play| play.step == step.id) {
        let known = step.plays.iter().find(|known| known.id == play.play);
        detail("!", known.map_or(play.play.as_str(), |known| known.happens.get(app.language)));
    }
    let photos = record.photos.values().filter(|photo| photo.step == step.id).count();
    if photos > 0 {
        let _ = writeln!(text, "      {}", app.say(Text::Photos, &[&photos.to_string()]));
    }
    let missing = evidence_missing(record, step);
    let labels: Vec<&str> = missing.iter().map(|evidence| evidence.label.get(app.language)).collect();
    if record.mark(&step.id).is_some() && !labels.is_empty() {
        let _ = writeln!(text, "      {}", app.say(Text::Missing, &[&labels.join(" ")]));
    }
}

/// A step's task, phrases and what can happen.
fn play_book(app: &App, step: &StepTemplate) -> String {
    let language = app.language;
    let mut text = format!("{} ({})\n", step.name.get(language), step.id);
    let mut line = |label: Text, value: &str| {
        let _ = writeln!(text, "  {}: {value}", app.say(label, &[]));
    };
    line(Text::Task, step.task.get(language));
    if let Some(rule) = &step.rule {
        line(Text::Rule, rule.get(language));
    }
    for phrase in &step.phrases {
        line(Text::Say, phrase.say.get(language));
        if let Some(avoid) = &phrase.avoid {
            line(Text::Avoid, avoid.get(language));
        }
    }
    if !step.plays.is_empty() {
        text += &app.line(Text::PlaysTitle, &[]);
    }
    for play in &step.plays {
        let (happens, action) = (play.happens.get(language), play.action.get(language));
        let _ = writeln!(text, "  {} {happens}\n    → {action}", play.id);
    }
    text
}

fn work(app: &App, record: &JobRecord) -> String {
    let mut text = String::new();
    let found = [(Text::Cause, &record.diagnosis.cause), (Text::Measures, &record.diagnosis.measures)];
    for (label, value) in found.into_iter().filter_map(|(label, value)| Some((label, value.as_deref()?))) {
        let _ = writeln!(text, "{}: {value}", app.say(label, &[]));
    }
    if !record.parts.is_empty() {
        text += &app.line(Text::Parts, &[]);
    }
    for (id, part) in record.fitted_parts() {
        let _ = writeln!(text, "  {id} {} {} ×{}", part.code, part.name, milli_text(part.quantity_milli));
    }
    if !record.quotes.is_empty() {
        text += &app.line(Text::Quotes, &[]);
    }
    let accepted = record.accepted_quote().map(|(id, _)| id);
    for (id, quote) in &record.quotes {
        text += &quote_text(app, id, quote);
        if accepted == Some(id) {
            let _ = writeln!(text, "    {}", app.say(Text::InForce, &[]));
        }
    }
    text
}

fn signatures(app: &App, record: &JobRecord) -> String {
    let mut text = String::new();
    if !record.sign_offs.is_empty() {
        text += &app.line(Text::SignOffs, &[]);
    }
    for sign_off in record.sign_offs.values() {
        let at = app.time(sign_off.at);
        let line = match sign_off.kind {
            SignOffKind::Signed => app.say(Text::Signed, &[&sign_off.name, &at]),
            SignOffKind::Declined => {
                app.say(Text::Declined, &[&sign_off.name, sign_off.reason.as_deref().unwrap_or_default(), &at])
            }
        };
        let _ = writeln!(text, "  {line} {}", short(sign_off.sheet_hash));
    }
    text
}

/// One a line, whole: to be compared with the server's, or another phone's.
pub fn heads(app: &App, job: &str) -> Result<String, Failure> {
    let (id, _) = app.job(job)?;
    Ok(app.replica().held(id)?.record.heads().iter().map(|head| format!("{head}\n")).collect())
}

/// Every change: when, by whom, what stood there before and after.
pub fn history(app: &App, job: &str) -> Result<String, Failure> {
    let (id, _) = app.job(job)?;
    let held = app.replica().held(id)?;
    let mut text = String::new();
    for entry in held.record.history() {
        let who = if held.is_own(entry.actor) { Text::Mine } else { Text::Others };
        let _ = writeln!(text, "{}  {}  {}", app.time(entry.at), app.say(who, &[]), short(entry.hash));
        for touch in entry.touched {
            let show = |value: Option<serde_json::Value>| {
                value.map_or_else(|| app.say(Text::Unplaced, &[]), |v| v.to_string())
            };
            let _ = writeln!(text, "  {}: {} → {}", touch.path.join("/"), show(touch.before), show(touch.after));
        }
    }
    Ok(text)
}
