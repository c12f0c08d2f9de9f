//! Where two people wrote at once: all the values, whose they are and when they were written; and the choice between them.

use crate::app::App;
use crate::failure::Failure;
use crate::texts::Text;
use schema::place;
use schema::record::{Conflict, ConflictValue, JobRecord, MatterKind};
use std::fmt::Write as _;
use sync::replica::Held;

/// Every conflict of the job with its values, numbered as `settle` takes them; what was settled; what awaits the supervisor.
pub fn list(app: &App, job: &str) -> Result<String, Failure> {
    let (id, record) = app.job(job)?;
    let held = app.replica().held(id)?;
    let mut text = open(app, held, &record);
    for settlement in held.record.settlements() {
        let (place, words) =
            (name(app, &record, &settlement.path), place::words(&settlement.path, settlement.value.as_ref()));
        let who = who(app, held, settlement.change, settlement.actor);
        let said = app.say(Text::Settled, &[&app.time(settlement.at), &who, words.get(app.language)]);
        let _ = writeln!(text, "{place}: {said}");
        for value in &settlement.values {
            let _ = writeln!(text, "    {}", value_line(app, held, &settlement.path, value));
        }
    }
    text += &matters(app, held, &record);
    Ok(if text.is_empty() { app.line(Text::NoConflicts, &[]) } else { text })
}

/// The conflicts that anybody may settle.
pub fn open(app: &App, held: &Held, record: &JobRecord) -> String {
    let found = held.record.conflicts();
    let mut text = if found.is_empty() { String::new() } else { app.line(Text::Conflicts, &[]) };
    for Conflict { path, values } in found {
        let _ = writeln!(text, "  {} ({})", name(app, record, &path), path.join("/"));
        for (number, value) in values.iter().enumerate() {
            let _ = writeln!(text, "    {}. {}", number + 1, value_line(app, held, &path, value));
        }
    }
    text
}

/// What is never a choice.
pub fn matters(app: &App, held: &Held, record: &JobRecord) -> String {
    let mut text = String::new();
    for matter in held.record.matters(record) {
        let what = match matter.kind {
            MatterKind::Consent => Text::MatterConsent,
            MatterKind::SignOff => Text::MatterSignOff,
            MatterKind::Charge => Text::MatterCharge,
            MatterKind::Withdrawal => Text::MatterWithdrawal,
        };
        text += &app.line(what, &[&matter.entries.len().to_string()]);
    }
    text
}

fn name(app: &App, record: &JobRecord, path: &[String]) -> String {
    place::name(path, app.replica().template_of(record)).get(app.language).to_owned()
}

fn value_line(app: &App, held: &Held, path: &[String], value: &ConflictValue) -> String {
    let words = place::words(path, Some(&value.value));
    let at = app.replica().hand(value.change).map(|hand| hand.at);
    let at = at.or_else(|| held.record.change_info(value.change).map(|info| info.at));
    let at = at.map_or_else(String::new, |at| app.time(at));
    format!("{}  {}  {at}", words.get(app.language), who(app, held, value.change, value.actor))
}

fn who(app: &App, held: &Held, change: schema::binary::Hash, actor: schema::binary::Actor) -> String {
    if held.is_own(actor) {
        return app.say(Text::Mine, &[]);
    }
    let name = app.replica().hand(change).and_then(|hand| hand.name.clone());
    name.unwrap_or_else(|| app.say(Text::Others, &[]))
}

/// Chooses one of the values, by its number in the list.
pub fn settle(app: &mut App, job: &str, place: &str, number: usize) -> Result<String, Failure> {
    let (id, record) = app.job(job)?;
    let held = app.replica().held(id)?;
    let conflict = held.record.conflicts().into_iter().find(|conflict| conflict.path.join("/") == place);
    let conflict = conflict.ok_or_else(|| Failure::said(Text::NoConflictThere, &[place]))?;
    let chosen = number.checked_sub(1).and_then(|number| conflict.values.get(number));
    let chosen = chosen.ok_or_else(|| Failure::said(Text::NoSuchValue, &[&conflict.values.len().to_string()]))?;
    let edit = held.record.settling_edit(&conflict.path, chosen.change);
    let edit = edit.ok_or_else(|| Failure::said(Text::NoConflictThere, &[place]))?;
    let words = place::words(&conflict.path, Some(&chosen.value));
    let what = format!("{} {}: {}", record.meta.number, name(app, &record, &conflict.path), words.get(app.language));
    app.write(id, vec![edit], &what)
}
