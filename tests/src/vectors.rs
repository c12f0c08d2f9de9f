//! Cases that the pages' rules are held to (`server/web/src/core`): jobs told edit by edit, with what the rules of `schema` say to each,
//! and a table of figures. Made from fixed seeds, so that the files change only where a rule does; `tests/it/vectors.rs` compares them
//! with those that are committed, and `npm test` runs them against TypeScript.
//!
//! Honest visits alone would prove little: most edits are some way off what they ought to be, and they are laid into the record even so, as
//! another phone's might have been.

mod dice;
mod figures;
mod money;
mod office;
mod visit;

use dice::Dice;
pub use figures::figures;
use schema::edit::Edit;
use schema::example;
use schema::gate::{Violation, check};
use schema::record::JobRecord;
use schema::sheet::sheet;
use schema::status::status;
use schema::template::{Template, find_shipped};
use serde_json::{Value, json};
use sync::record::lay;
use visit::Visit;

/// Jobs told from beginning to end, and jobs in which anything may happen.
const WALKS: u64 = 12;
const MUDDLES: u64 = 26;
const MUDDLE_EDITS: usize = 22;

/// The jobs as JSON, an edit a line. What a rule says stands once, and is named by its number.
pub fn visits() -> String {
    let mut told = Told::default();
    let workshop = workshop();
    let templates = [find_shipped("home_repair", 1), find_shipped("short_visit", 1), Some(&workshop)];
    let templates: Vec<&Template> = templates.into_iter().flatten().collect();
    let jobs = (0..WALKS + MUDDLES).zip(templates.iter().cycle());
    let jobs: Vec<String> = jobs.map(|(seed, template)| told.job(seed, template)).collect();
    let violations: Vec<String> = told.violations.iter().map(Value::to_string).collect();
    let (violations, jobs, own) = (violations.join(",\n"), jobs.join(",\n"), workshop_json());
    format!("{{\"templates\":[{own}],\n\"violations\":[\n{violations}\n],\n\"jobs\":[\n{jobs}\n]}}\n")
}

#[derive(Default)]
struct Told {
    violations: Vec<Value>,
}

impl Told {
    fn job(&mut self, seed: u64, template: &Template) -> String {
        let mut visit = Visit::new(Dice(seed), template);
        let meta = json!({ "meta": visit.record.meta, "report": visit.record.report });
        let mut rows = Vec::new();
        let edits = if seed < WALKS { visit.walk() } else { Vec::new() };
        for edit in edits {
            rows.push(self.row(&mut visit, edit, true));
        }
        for _ in 0..if seed < WALKS { MUDDLE_EDITS / 4 } else { MUDDLE_EDITS } {
            let edit = visit.anything();
            let laid = visit.dice.below(4) > 0;
            rows.push(self.row(&mut visit, edit, laid));
        }
        let name = json!([template.id, template.version]);
        format!("{{\"template\":{name},\"record\":{},\"edits\":[\n{}\n]}}", spare(meta), rows.join(",\n"))
    }

    /// An edit, what the gate says to it, and what follows from the record that it is laid into, or that stays as it was.
    fn row(&mut self, visit: &mut Visit<'_>, edit: Edit, laid: bool) -> String {
        let violations: Vec<usize> =
            check(&visit.record, visit.template, &edit).into_iter().map(|violation| self.number(violation)).collect();
        let written = serde_json::to_value(&edit).unwrap();
        if laid {
            lay(&mut visit.record, edit);
        }
        let row = json!({ "edit": written, "broken": some(violations), "laid": laid, "after": after(&visit.record, visit.template) });
        spare(row).to_string()
    }

    fn number(&mut self, violation: Violation) -> usize {
        let Value::Object(mut told) = serde_json::to_value(violation).unwrap() else { return 0 };
        // Where it was to be written, the edit itself says.
        told.remove("path");
        let told = Value::Object(told);
        self.violations.iter().position(|known| *known == told).unwrap_or_else(|| {
            self.violations.push(told);
            self.violations.len() - 1
        })
    }
}

/// What follows from a record: its state, its bill, and the hash of its sheet.
fn after(record: &JobRecord, template: &Template) -> Value {
    json!({
        "status": status(record),
        "missing": some(record.missing_to_dispatch()),
        "holds": some(record.lasting_holds().into_iter().map(|(id, _)| id).collect()),
        "valid": some(record.valid_consents().map(|(id, _)| id).collect()),
        "accepted": record.accepted_quote().map(|(id, _)| id),
        "due": record.due_minor(),
        "rating": record.last_rating(),
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

/// A checklist that asks for what the shipped ones don't: a backup before data is touched, stages that may be passed over, no signature.
fn workshop_json() -> Value {
    let name = |zh: &str, en: &str| json!({ "zh": zh, "en": en });
    let step = |id: &str, (zh, en): (&str, &str), more: Value| {
        let mut step = json!({ "id": id, "name": name(zh, en), "task": name(zh, en) });
        step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        step
    };
    let evidence = |kind: &str, name: &str, required: bool| json!({ "kind": kind, "name": name, "label": { "zh": name, "en": name }, "required": required });
    json!({ "id": "workshop", "version": 1, "name": name("电脑维修", "Computer repair"), "steps": [
        step("accept", ("接机", "Take in"), json!({ "evidence": [evidence("count", "tools_out", false)] })),
        step("backup", ("备份确认", "Backup consent"), json!({ "optional": true, "evidence": [evidence("photo", "backup_consent", false)] })),
        step("diagnose", ("检测", "Diagnose"), json!({ "plays": [{ "id": "disk_dead", "happens": name("硬盘损坏", "Disk is dead"), "action": name("告知客户", "Tell the customer") }] })),
        step("repair", ("重装系统", "Reinstall"), json!({ "gates": ["consent", "backup_consent"] })),
        step("testing", ("试机", "Test"), json!({ "stage": "testing", "optional": true, "evidence": [evidence("photo", "screen", true), evidence("photo", "ports", false), evidence("reading", "function_result", true)] })),
        step("cleanup", ("整理", "Clean up"), json!({ "stage": "cleanup", "optional": true, "evidence": [evidence("count", "tools_in", false)] })),
        step("charges", ("收费", "Charges"), json!({ "optional": true, "gates": ["charge_agreed", "tools_complete"] })),
        step("hand_over", ("交机", "Hand over"), json!({ "gates": ["tested", "cleaned_up", "evidence", "tools_complete", "charge_agreed"] })),
    ] })
}

fn workshop() -> Template {
    serde_json::from_value(workshop_json()).unwrap()
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
