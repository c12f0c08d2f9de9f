//! Cases that the pages' rules are held to (`server/web/src/core`): jobs told edit by edit, with what the rules of `schema` say to each,
//! and a table of figures. Made from fixed seeds, so that the files change only where a rule does; `tests/it/vectors.rs` compares them
//! with those that are committed, and `npm test` runs them against TypeScript.
//!
//! Honest visits alone would prove little: most edits are some way off what they ought to be, and they are laid into the record even so, as
//! another phone's might have been.

mod corners;
mod dice;
mod figures;
mod money;
mod office;
mod taken;
mod visit;
mod ways;
mod workshop;

use corners::Corner;
use dice::Dice;
pub use figures::figures;
use schema::binary::Hash;
use schema::delay::standing;
use schema::edit::Edit;
use schema::gate::{Violation, check};
use schema::people::Language;
use schema::record::{JobRecord, MatterKind};
use schema::sheet::{Sheet, changed_after, sheet};
use schema::status::status;
use schema::template::{Template, find_shipped};
use schema::{example, place};
use serde_json::{Value, json};
use sync::record::lay;
use visit::Visit;
pub use ways::ways;
use workshop::{workshop, workshop_json};

/// Jobs told from beginning to end, and jobs in which anything may happen.
const WALKS: u64 = 9;
const MUDDLES: u64 = 32;
const MUDDLE_EDITS: usize = 24;

/// Jobs as chance has them. What a rule says stands once, and is named by its number; so do the words for a place.
pub fn visits() -> String {
    let mut told = Told::default();
    let workshop = workshop();
    let templates = [find_shipped("home_repair", 1), find_shipped("short_visit", 1), Some(&workshop)];
    let templates: Vec<&Template> = templates.into_iter().flatten().collect();
    let jobs = (0..WALKS + MUDDLES).zip(templates.iter().cycle());
    let jobs: Vec<String> = jobs.map(|(seed, template)| told.chance(seed, template)).collect();
    told.file(json!({}), &jobs)
}

/// Jobs that chance seldom comes to, in the same form; each begins as one of two, but for what it has otherwise.
pub fn corners() -> String {
    let mut told = Told::default();
    let template = find_shipped("home_repair", 1).unwrap();
    let job = |(begun, edits): Corner| {
        let (base, record) = differing(&begun);
        let edits = edits.into_iter().map(|edit| (edit, false)).collect();
        told.job(json!({ "base": base, "record": record }), &begun, template, edits)
    };
    let jobs: Vec<String> = corners::corners().into_iter().map(job).collect();
    told.file(json!({ "reported": example::reported(), "finished": example::finished() }), &jobs)
}

#[derive(Default)]
struct Told {
    violations: Vec<Value>,
    places: Vec<Value>,
}

impl Told {
    /// A job as chance has it.
    fn chance(&mut self, seed: u64, template: &Template) -> String {
        let mut visit = Visit::new(Dice(seed), template);
        let begun = visit.record.clone();
        let walk = if seed < WALKS { visit.walk() } else { Vec::new() };
        let mut edits: Vec<(Edit, bool)> = walk.into_iter().map(|edit| (edit, true)).collect();
        edits.iter().for_each(|(edit, _)| lay(&mut visit.record, edit.clone()));
        for place in 0..if seed < WALKS { MUDDLE_EDITS / 4 } else { MUDDLE_EDITS } {
            let is_probe = place % 4 == 3;
            let edit = if is_probe { visit.probe() } else { visit.anything() };
            let laid = visit.dice.one_in(if is_probe { 3 } else { 1 });
            if laid {
                lay(&mut visit.record, edit.clone());
            }
            edits.push((edit, laid));
        }
        let head = json!({ "record": { "meta": begun.meta, "report": begun.report } });
        self.job(head, &begun, template, edits)
    }

    /// A job as it begins, and what is written to it: laid into it or only tried.
    fn job(&mut self, head: Value, begun: &JobRecord, template: &Template, edits: Vec<(Edit, bool)>) -> String {
        let mut record = begun.clone();
        let shown = sheet(&record, template);
        let rows: Vec<String> =
            edits.into_iter().map(|(edit, laid)| self.row(&mut record, template, edit, laid)).collect();
        let end = if rows.len() > 9 { end(&shown, &sheet(&record, template)) } else { Value::Null };
        let Value::Object(mut job) = head else { return String::new() };
        job.extend([("template".to_owned(), json!([template.id, template.version])), ("end".to_owned(), end)]);
        let job = spare(Value::Object(job)).to_string();
        format!("{},\"edits\":[\n{}\n]}}", job.strip_suffix('}').unwrap(), rows.join(",\n"))
    }

    /// An edit, what the gate says to it, what its place is called, and what follows from the record that it is laid into, or that stays as it
    /// was.
    fn row(&mut self, record: &mut JobRecord, template: &Template, edit: Edit, laid: bool) -> String {
        let broken: Vec<usize> =
            check(record, template, &edit).into_iter().map(|violation| self.violation(violation)).collect();
        let written = serde_json::to_value(&edit).unwrap();
        let place = said(&written, template).map(|said| number(&mut self.places, said));
        if laid {
            lay(record, edit);
        }
        let row = json!({ "edit": written, "broken": some(broken), "place": place, "laid": laid, "after": after(record, template) });
        spare(row).to_string()
    }

    /// All of it as JSON, an edit a line.
    fn file(&self, bases: Value, jobs: &[String]) -> String {
        let lines = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join(",\n");
        let (templates, bases) = (json!([workshop_json()]), spare(bases));
        let (violations, places, jobs) = (lines(&self.violations), lines(&self.places), jobs.join(",\n"));
        let head = format!("{{\"templates\":{templates},\n\"bases\":{bases},\n\"violations\":[\n{violations}\n]");
        format!("{head},\n\"places\":[\n{places}\n],\n\"jobs\":[\n{jobs}\n]}}\n")
    }

    fn violation(&mut self, violation: Violation) -> usize {
        let Value::Object(mut told) = serde_json::to_value(violation).unwrap() else { return 0 };
        // Where it was to be written, the edit itself says.
        told.remove("path");
        number(&mut self.violations, Value::Object(told))
    }
}

/// The place of what is said among what was said before.
fn number(all: &mut Vec<Value>, said: Value) -> usize {
    all.iter().position(|known| *known == said).unwrap_or_else(|| {
        all.push(said);
        all.len() - 1
    })
}

/// The fields of a record that are not as in the nearer of the two that most begin with.
fn differing(record: &JobRecord) -> (&'static str, Value) {
    let record = serde_json::to_value(record).unwrap();
    let kept = |base: JobRecord| {
        let base = serde_json::to_value(base).unwrap();
        let fields = record.as_object().unwrap().clone().into_iter();
        Value::Object(fields.filter(|(name, value)| base.get(name) != Some(value)).collect())
    };
    let (reported, finished) = (kept(example::reported()), kept(example::finished()));
    if finished.to_string().len() < reported.to_string().len() {
        ("finished", finished)
    } else {
        ("reported", reported)
    }
}

/// What the place is called and what stands there, in words, for edits that somebody has words for.
fn said(edit: &Value, template: &Template) -> Option<Value> {
    let word = edit.get("edit")?.as_str()?;
    let (map, key) = match word {
        "mark" | "note" => (format!("{word}s"), "step"),
        "hold" | "reading" | "play" | "part" | "quote" | "consent" | "charge" | "sign_off" | "alarm" | "delay" => {
            (format!("{word}s"), "id")
        }
        "reply" => ("replies".to_owned(), "id"),
        "withdraw" => ("withdrawals".to_owned(), "id"),
        "backup" => ("backup_consents".to_owned(), "id"),
        "take_back" | "hand_back" => (format!("{word}s"), "id"),
        _ => return None,
    };
    let path = [map, edit.get(key)?.as_str()?.to_owned()];
    let field = match word {
        "note" => "text",
        "withdraw" => "withdrawal",
        _ => word,
    };
    let value = edit.get(field)?;
    let (name, words) = (place::name(&path, Some(template)), place::words(&path, Some(value)));
    Some(json!([name.zh, name.en, words.zh, words.en]))
}

/// The sheet at the end, in words, and how it differs from the one that was shown in the beginning.
fn end(shown: &Sheet, sheet: &Sheet) -> Value {
    let text = sheet.to_text(Language::Chinese, chrono_tz::Asia::Shanghai);
    let english = sheet.to_text(Language::English, chrono_tz::America::New_York);
    let changes: Vec<String> = changed_after(shown, sheet).into_iter().map(|change| change.path).collect();
    json!({ "text": text, "english": Hash::of(english.as_bytes()), "changes": changes })
}

/// What follows from a record: its state, its bill, what contradicts each other in it, and the hash of its sheet.
fn after(record: &JobRecord, template: &Template) -> Value {
    let apart = |kind: MatterKind| {
        let rivals = record.rivals(kind);
        let pairs = rivals.iter().flat_map(|one| rivals.iter().map(move |other| (*one, *other)));
        some(pairs.filter(|(one, other)| one < other && !record.agree(kind, one, other)).collect())
    };
    json!({
        "status": status(record),
        "missing": some(record.missing_to_dispatch()),
        "holds": some(record.lasting_holds().into_iter().map(|(id, _)| id).collect()),
        "valid": some(record.valid_consents().map(|(id, _)| id).collect()),
        "accepted": record.accepted_quote().map(|(id, _)| id),
        "due": record.due_minor(),
        "backup": record.backup_wanted().map(|(id, _)| id),
        "owed": record.receipt_owed().then_some(true),
        "receipts": some(record.open_receipts().into_iter().map(|(id, _)| id).collect()),
        "rating": record.last_rating(),
        "late": standing(record).map(|standing| json!([standing.id, standing.word])),
        "point": record.point(),
        "consents": apart(MatterKind::Consent),
        "sign_offs": apart(MatterKind::SignOff),
        "charges": apart(MatterKind::Charge),
        "withdrawals": apart(MatterKind::Withdrawal),
        "sheet": sheet(record, template).hash(),
    })
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// Without what is null: the same to every rule as what is left out, and the files stay small.
fn spare(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key, spare(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(spare).collect()),
        value => value,
    }
}

/// The job as it begins: sometimes with gaps in what was told.
fn opened(dice: &mut Dice, template: &Template) -> JobRecord {
    let mut record = example::reported();
    record.meta.template.clone_from(&template.id);
    record.meta.template_version = template.version;
    if dice.below(4) == 0 {
        record.report.phone = Some(" \u{3000}".to_owned());
    }
    if dice.below(4) == 0 {
        record.report.skill = Some("plumbing".to_owned());
        record.report.wanted = Some("周末上午，\"最好\"十点\u{85}前\\后\u{2028}".to_owned());
    }
    if dice.below(6) == 0 {
        record.meta.rework_of = Some(schema::id::JobId::new(example::at(-9), [7; 10]));
    }
    record
}
