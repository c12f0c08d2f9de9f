//! A checklist that asks for what the shipped ones don't: a backup before data is touched, stages that may be passed over, no signature.

use schema::template::Template;
use serde_json::{Value, json};

/// As somebody would write it, leaving out what has a default.
pub fn workshop_json() -> Value {
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
        step("testing", ("试机", "Test"), json!({ "stage": "testing", "optional": true, "evidence": [evidence("photo", "ports", false), evidence("photo", "screen", true), evidence("photo", "plate", true), evidence("reading", "function_result", true)] })),
        step("cleanup", ("整理", "Clean up"), json!({ "stage": "cleanup", "optional": true, "evidence": [evidence("count", "tools_in", false)] })),
        step("charges", ("收费", "Charges"), json!({ "optional": true, "gates": ["charge_agreed", "tools_complete"] })),
        step("hand_over", ("交机", "Hand over"), json!({ "gates": ["tested", "cleaned_up", "evidence", "tools_complete", "charge_agreed"] })),
    ] })
}

pub fn workshop() -> Template {
    serde_json::from_value(workshop_json()).unwrap()
}
