//! What must come before a tick or a signature: the template says which gates guard which step.

use super::{Broken, Rule, entry, unless};
use crate::field;
use crate::record::{JobRecord, Mark, MarkKind, MatterKind, Reading, SignOff, SignOffKind};
use crate::sheet::signed_sheet;
use crate::template::{Evidence, EvidenceKind, Gate, Stage, StepTemplate, Template};

pub fn mark(record: &JobRecord, template: &Template, step: &str, mark: &Mark) -> Vec<Broken> {
    let Some(found) = template.step(step) else { return entry::step(template, step) };
    let broken = match mark.kind {
        MarkKind::Open => Vec::new(),
        MarkKind::Skipped => entry::reason(mark.reason.as_deref().unwrap_or_default()),
        MarkKind::NotApplicable => unless(found.optional, || {
            let zh = format!("“{}”每次上门都要有，不能选“不适用”；确实没做请选“跳过”并写明原因。", found.name.zh);
            let en = format!("\"{}\" belongs to every visit; skip it with a reason instead.", found.name.en);
            Broken::new(Rule::NotOptional, zh, en)
        }),
        // The gates were judged at the signature, and a declined one needs none.
        MarkKind::Done if found.stage == Some(Stage::SignOff) && !record.current_sign_offs().is_empty() => Vec::new(),
        MarkKind::Done | MarkKind::Failed => gates(record, template, found),
    };
    broken.into_iter().map(|broken| if broken.step.is_none() { broken.at_step(step) } else { broken }).collect()
}

pub fn sign_off(record: &JobRecord, template: &Template, sign_off: &SignOff) -> Vec<Broken> {
    let mut broken = entry::sign_off(sign_off);
    if sign_off.kind == SignOffKind::Signed {
        broken.extend(before_signing(record, template));
    }
    broken.extend(unless(signed_sheet(record, template, sign_off.sheet_hash).is_some(), || {
        let zh = "任务单内容在展示后有变动，请让客户重新查看再签。";
        let en = "The sheet is not the one that was shown; let the customer look again before signing.";
        Broken::new(Rule::SheetChanged, zh, en)
    }));
    broken
}

/// What must be there before anybody can sign, whoever signs and how.
pub fn before_signing(record: &JobRecord, template: &Template) -> Vec<Broken> {
    template.stage_step(Stage::SignOff).map_or_else(Vec::new, |step| gates(record, template, step))
}

fn gates(record: &JobRecord, template: &Template, step: &StepTemplate) -> Vec<Broken> {
    step.gates.iter().flat_map(|gate| gate_holds(record, template, *gate)).collect()
}

fn gate_holds(record: &JobRecord, template: &Template, gate: Gate) -> Vec<Broken> {
    match gate {
        Gate::Consent => unless(record.accepted_quote().is_some(), || {
            let zh = "动手维修前，请先报价并请客户认可；报价有变动须重新认可，保修免费的也要认可。";
            let en = "Quote, and get the customer's consent, before you start the repair; a changed quote needs a new consent, and so does work under warranty.";
            Broken::new(gate, zh, en)
        }),
        Gate::Tested => behind(record, template, Stage::Testing, gate),
        Gate::CleanedUp => behind(record, template, Stage::Cleanup, gate),
        Gate::Evidence => template.steps.iter().flat_map(|step| missing_evidence(record, step)).collect(),
        Gate::ToolsComplete => tools_complete(record, template),
        Gate::ChargeAgreed => charge_agreed(record, template),
        Gate::BackupConsent => unless(backup_agreed(record, template), || {
            let zh = "此项操作可能造成数据丢失，请先让客户签署数据备份确认。";
            let broken = Broken::new(gate, zh, "This work can destroy data; have the backup consent signed first.");
            // Signed where the offer was, in a checklist that does not ask for it by a step of its own.
            match template.step("quote") {
                Some(step) if !asks_by_name(template) => broken.at_step(&step.id),
                _ => broken,
            }
        }),
    }
}

/// The stage's step is done (a failed test counts: it was run), or skipped with a reason. A template without it asks nothing.
fn behind(record: &JobRecord, template: &Template, stage: Stage, gate: Gate) -> Vec<Broken> {
    let Some(step) = template.stage_step(stage) else { return Vec::new() };
    let behind = record.current_mark(&step.id).is_some_and(|mark| match mark.kind {
        MarkKind::Done | MarkKind::Failed => true,
        MarkKind::Skipped => entry::is_filled(mark.reason.as_deref()),
        MarkKind::NotApplicable => step.optional,
        MarkKind::Open => false,
    });
    unless(behind, || {
        let zh = format!("请先完成“{}”再请客户签字；做不了请选“跳过”并写明原因。", step.name.zh);
        let en = format!("Finish \"{}\" before the customer signs, or skip it with a reason.", step.name.en);
        Broken::new(gate, zh, en).at_step(&step.id)
    })
}

/// Evidence that the step asks for and does not have, whether required or not: shown to the technician.
pub fn evidence_missing<'a>(record: &JobRecord, step: &'a StepTemplate) -> Vec<&'a Evidence> {
    let photos = record.photos.values().filter(|photo| photo.step == step.id && record.is_current(photo.at)).count();
    // A photo does not say which of the wanted ones it is, so they are counted off in the template's order.
    let mut photos_left = photos;
    let lacks = |evidence: &&Evidence| match evidence.kind {
        EvidenceKind::Photo => match photos_left.checked_sub(1) {
            Some(left) => {
                photos_left = left;
                false
            }
            None => true,
        },
        EvidenceKind::Reading | EvidenceKind::Count => record.current_reading(&evidence.name).is_none(),
        EvidenceKind::Signature => false,
    };
    let (mut required, optional): (Vec<&Evidence>, Vec<&Evidence>) = step.evidence.iter().partition(|e| e.required);
    required.extend(optional);
    required.into_iter().filter(lacks).collect()
}

fn missing_evidence(record: &JobRecord, step: &StepTemplate) -> Vec<Broken> {
    let mark = record.current_mark(&step.id);
    let excused = mark.is_some_and(|mark| {
        entry::is_filled(mark.reason.as_deref()) || (mark.kind == MarkKind::NotApplicable && step.optional)
    });
    if excused {
        return Vec::new();
    }
    let missing = evidence_missing(record, step).into_iter().filter(|evidence| evidence.required);
    let broken = missing.map(|evidence| {
        let (place, label) = (&step.name, &evidence.label);
        let zh = format!("“{}”还缺“{}”：请补上，或在该步骤写明原因。", place.zh, label.zh);
        let en = format!("\"{}\" still lacks \"{}\": add it, or give a reason at that step.", place.en, label.en);
        Broken::new(Gate::Evidence, zh, en).at_step(&step.id)
    });
    broken.collect()
}

/// Names of the two counts of tools; where nothing was counted out, nothing is compared.
pub const TOOLS_OUT: &str = "tools_out";
pub const TOOLS_IN: &str = "tools_in";

fn tools_complete(record: &JobRecord, template: &Template) -> Vec<Broken> {
    let Some(out) = record.current_reading(TOOLS_OUT) else { return Vec::new() };
    let counting = template.steps.iter().find(|step| step.evidence.iter().any(|evidence| evidence.name == TOOLS_IN));
    let excused = counting.and_then(|step| record.current_mark(&step.id)).and_then(|mark| mark.reason.as_deref());
    let back = record.current_reading(TOOLS_IN);
    let complete = back.is_some_and(|back| counted(back) == counted(out));
    unless(complete || entry::is_filled(excused), || {
        let (out, back) = (&out.value, back.map_or("—", |back| &back.value));
        let zh = format!("工具带出{out}件、收回{back}件：请清点找齐，或在清理现场步骤写明原因。");
        let en = format!("{out} tools were counted out and {back} in: find the rest, or give a reason at cleanup.");
        let broken = Broken::new(Gate::ToolsComplete, zh, en);
        if let Some(step) = counting { broken.at_step(&step.id) } else { broken }
    })
}

/// `12` and `12.0` are one count; what is no number, as older phones sent it, is compared as it was written.
fn counted(reading: &Reading) -> Result<i64, &str> {
    field::count(&reading.value).ok_or_else(|| reading.value.trim())
}

/// The last charge equals what is due; where nothing is due, or the charging step was skipped with a reason, none is needed.
/// Charges outlive a re-opening, as the consent does: who comes back to put it right charges nothing anew.
fn charge_agreed(record: &JobRecord, template: &Template) -> Vec<Broken> {
    let overruled = record.overruled(MatterKind::Charge);
    let charges = record.charges.iter().filter(|(id, _)| !overruled.contains(id));
    if let Some((_, charge)) = charges.max_by_key(|(id, charge)| (charge.at, *id)) {
        return entry::agreed(record, &charge.quote, charge.due_minor);
    }
    let charging = template.steps.iter().filter(|step| step.stage != Some(Stage::SignOff));
    let charging = charging.filter(|step| step.gates.contains(&Gate::ChargeAgreed));
    let excused = charging.filter_map(|step| record.current_mark(&step.id)).any(|mark| {
        matches!(mark.kind, MarkKind::Skipped | MarkKind::NotApplicable) && entry::is_filled(mark.reason.as_deref())
    });
    unless(excused || record.due_minor().unwrap_or(0) == 0, || {
        let zh = "请先按客户认可的报价填写收费金额，再请客户签字。";
        let en = "Fill in the charge as the customer accepted it before they sign.";
        Broken::new(Gate::ChargeAgreed, zh, en)
    })
}

/// Where the accepted work can destroy data, the customer's signature alone opens the gate. Where it can't, a checklist asks for nothing, unless
/// by the name of a piece of evidence: as checklists did before offers said what their work can destroy.
fn backup_agreed(record: &JobRecord, template: &Template) -> bool {
    if record.backup_wanted().is_some() {
        return false;
    }
    let is_signed = || record.backup_consents.values().any(|backup| record.is_current(backup.at));
    !asks_by_name(template) || is_signed() || has_named_evidence(record, template)
}

fn asks_by_name(template: &Template) -> bool {
    template.steps.iter().any(is_named)
}

fn is_named(step: &StepTemplate) -> bool {
    step.evidence.iter().any(|evidence| evidence.name == Gate::BackupConsent.as_str())
}

fn has_named_evidence(record: &JobRecord, template: &Template) -> bool {
    let has_photo =
        |step: &StepTemplate| record.photos.values().any(|photo| photo.step == step.id && record.is_current(photo.at));
    record.current_reading(Gate::BackupConsent.as_str()).is_some()
        || template.steps.iter().filter(|step| is_named(step)).any(has_photo)
}
