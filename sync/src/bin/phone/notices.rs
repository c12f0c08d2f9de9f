//! What the server did not take over, in plain words: which entries, why, and what the office decided about them since.

use crate::app::App;
use crate::failure::Failure;
use crate::texts::Text;
use schema::inbox::Outcome;
use schema::people::Language;
use schema::place;
use schema::template::Template;
use schema::wire::{Decided, DecidedPart};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use sync::replica::{Decision, Notice};
use sync::store::Entry;
use sync::store::entry::LostWrite;

pub fn notices(app: &mut App, read: bool) -> Result<String, Failure> {
    let notices = app.replica().notices().to_vec();
    let told: BTreeSet<_> = notices.iter().map(|notice| notice.refused.quarantine).collect();
    let decisions: Vec<Decision> = app.replica().decisions().cloned().collect();
    let alone: Vec<&Decision> =
        decisions.iter().filter(|decision| !told.contains(&decision.decided.quarantine)).collect();
    if notices.is_empty() && alone.is_empty() {
        return Ok(app.line(Text::NoNotices, &[]));
    }
    let mut text: String = notices.iter().map(|notice| told_of(app, notice)).collect();
    for decision in alone {
        let job = decision.decided.number.clone().unwrap_or_else(|| decision.decided.job.to_string());
        let seen = if decision.read { app.say(Text::Read, &[]) } else { String::new() };
        let _ = writeln!(text, "{job}  {}  {}{seen}", app.time(decision.at), app.say(Text::RefusedEarlier, &[]));
        text += &since(app, &decision.decided, None);
    }
    if read {
        let mut unread: BTreeSet<_> = notices.iter().filter(|n| !n.read).map(|n| n.refused.change).collect();
        unread.extend(decisions.iter().filter(|decision| !decision.read).map(|decision| decision.decided.change));
        for change in unread {
            app.remember(Entry::NoticeRead { change })?;
        }
    }
    Ok(text)
}

fn told_of(app: &App, notice: &Notice) -> String {
    let refused = &notice.refused;
    let record = app.replica().record(refused.job).ok();
    let template = record.as_ref().and_then(|record| app.replica().template_of(record));
    let decision = app.replica().decision_about(notice);
    let number = record.as_ref().map(|record| record.meta.number.clone());
    let number = number.or_else(|| decision.and_then(|decision| decision.decided.number.clone()));
    let job = number.unwrap_or_else(|| refused.job.to_string());
    let why = if app.language == Language::Chinese { &refused.zh } else { &refused.en };
    let is_read = notice.read && decision.is_none_or(|decision| decision.read);
    let seen = if is_read { app.say(Text::Read, &[]) } else { String::new() };
    let count = app.say(Text::RefusedCount, &[&notice.writes.len().max(1).to_string(), why]);
    let mut text = format!("{job}  {}  {count}{seen}\n", app.time(notice.at));
    for LostWrite { path, value } in &notice.writes {
        let value = value.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let (place, words) = (place::name(path, template), place::words(path, value.as_ref()));
        let _ = writeln!(text, "  · {}: {}", place.get(app.language), words.get(app.language));
    }
    match decision {
        Some(decision) => text += &since(app, &decision.decided, template),
        None => {
            let _ = writeln!(text, "  {}", app.say(Text::Undecided, &[]));
        }
    }
    text
}

/// What the office decided, each part with the name of who did.
fn since(app: &App, decided: &Decided, template: Option<&Template>) -> String {
    decided.parts.iter().map(|part| format!("  {}\n", part_words(app, part, template))).collect()
}

fn part_words(app: &App, part: &DecidedPart, template: Option<&Template>) -> String {
    let name = |place: &String| {
        let path: Vec<String> = place.split('/').map(str::to_owned).collect();
        place::name(&path, template).get(app.language).to_owned()
    };
    let places: Vec<String> = part.places.iter().map(name).collect();
    let between = if app.language == Language::Chinese { "、" } else { ", " };
    let (places, at) = (places.join(between), app.time(part.at));
    let reason = part.reason.as_deref().unwrap_or_default();
    match (part.outcome, reason) {
        (Outcome::Adopted, "") => app.say(Text::AdoptedBy, &[&at, &part.by, &places]),
        (Outcome::Adopted, reason) => app.say(Text::AdoptedBecause, &[&at, &part.by, &places, reason]),
        (Outcome::Rejected, reason) => app.say(Text::RejectedBy, &[&at, &part.by, &places, reason]),
    }
}
