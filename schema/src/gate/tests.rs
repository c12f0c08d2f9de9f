use super::*;
use crate::binary::Hash;
use crate::example::{at, consent, finished, id, person, quote, reported, sign_off, template};
use crate::record::{
    Charge, Consent, Correction, How, Mark, MarkKind, Quote, QuoteLine, Rating, ReportField, SignOff, SignOffKind,
    Strokes, Waiver, Warranty, WarrantyKind,
};

fn tick(step: &str, kind: MarkKind) -> Edit {
    let mark = Mark { kind, by: person(1), at: at(200), reason: None, place: None };
    Edit::Mark { step: step.to_owned(), mark }
}

fn rules(record: &JobRecord, edit: &Edit) -> Vec<Rule> {
    check_shown(record, &template(), edit).into_iter().map(|violation| violation.rule).collect()
}

/// [`check`] of a signature under the sheet that this record gives; of anything else, as it is.
fn check_shown(record: &JobRecord, template: &Template, edit: &Edit) -> Vec<Violation> {
    match edit.clone() {
        Edit::SignOff { id, sign_off } => {
            let sheet_hash = crate::sheet::sheet(record, template).hash();
            check(record, template, &Edit::SignOff { id, sign_off: SignOff { sheet_hash, ..sign_off } })
        }
        edit => check(record, template, &edit),
    }
}

fn signs(sign_off: SignOff) -> Edit {
    Edit::SignOff { id: id(9), sign_off }
}

fn signed() -> Edit {
    signs(sign_off(SignOffKind::Signed, 120))
}

fn consents(consent: Consent) -> Edit {
    Edit::Consent { id: id(9), consent }
}

#[test]
fn nobody_signs_for_another_sheet_than_the_record_gives() {
    assert_eq!(rules(&finished(), &signed()), []);
    let template = template();
    let shown = crate::sheet::sheet(&finished(), &template).hash();
    let changed = finished().with_quote(2, 99_000, 118).with_consent(2, 119);
    let sign_off = SignOff { sheet_hash: shown, ..sign_off(SignOffKind::Signed, 120) };
    let rules: Vec<Rule> = check(&changed, &template, &signs(sign_off)).into_iter().map(|broken| broken.rule).collect();
    assert!(rules.contains(&Rule::SheetChanged), "{rules:?}");
}

#[test]
fn a_note_may_stand_for_the_visit_as_a_whole_and_a_tick_may_not() {
    let note = |step: &str| Edit::Note { step: step.to_owned(), text: "钥匙在门卫".to_owned() };
    assert_eq!(rules(&reported(), &note(crate::template::WHOLE_VISIT)), []);
    assert_eq!(rules(&reported(), &note("unheard_of")), [Rule::StepUnknown]);
    assert_eq!(rules(&reported(), &tick(crate::template::WHOLE_VISIT, MarkKind::Done)), [Rule::StepUnknown]);
}

#[test]
fn no_repair_is_ticked_before_the_customer_accepted_the_quote_in_force() {
    let repair = tick("repair", MarkKind::Done);
    let quoted = reported().with_quote(1, 8_000, 10);
    assert_eq!(rules(&reported(), &repair), [Rule::Consent]);
    assert_eq!(rules(&quoted, &repair), [Rule::Consent]);
    let accepted = quoted.with_consent(1, 20);
    assert_eq!(rules(&accepted, &repair), []);
    let new_fault = accepted.with_quote(2, 12_000, 30);
    assert_eq!(rules(&new_fault, &repair), [Rule::Consent], "a new fault was quoted: consent again");
    assert_eq!(rules(&new_fault.with_consent(2, 40), &repair), []);
}

#[test]
fn work_under_warranty_costs_nothing_and_still_needs_consent() {
    let mut record = reported().with_quote(1, 0, 10);
    record.quotes.get_mut(&id(1)).unwrap().warranty.kind = WarrantyKind::Product;
    assert_eq!(rules(&record, &tick("repair", MarkKind::Done)), [Rule::Consent]);
    assert_eq!(rules(&record.with_consent(1, 20), &tick("repair", MarkKind::Done)), []);
}

#[test]
fn a_consent_to_another_total_or_to_other_lines_opens_nothing() {
    let mut record = reported().with_quote(1, 8_000, 10);
    let good = consent(&record, 1, 20);
    assert_eq!(rules(&record, &consents(good.clone())), []);
    let dearer = Consent { total_minor: 9_000, ..good.clone() };
    assert_eq!(rules(&record, &consents(dearer.clone())), [Rule::QuoteChanged]);
    assert_eq!(rules(&record, &consents(Consent { quote_hash: Hash::ZERO, ..good.clone() })), [Rule::QuoteChanged]);
    assert_eq!(rules(&record, &consents(Consent { quote: id(7), ..good.clone() })), [Rule::QuoteUnknown]);
    assert_eq!(rules(&record, &consents(Consent { name: " ".to_owned(), ..good.clone() })), [Rule::NameMissing]);
    assert_eq!(rules(&record, &consents(Consent { strokes: None, ..good.clone() })), [Rule::SignatureMissing]);
    let by_phone = Consent { strokes: None, how: How::DeskCall, ..good.clone() };
    assert_eq!(rules(&record, &consents(by_phone)), [], "a call to the desk has no strokes");
    assert_eq!(rules(&record, &consents(Consent { how: How::Link, ..good })), [Rule::SignatureMissing]);
    record.consents.insert(id(1), dearer);
    assert_eq!(rules(&record, &tick("repair", MarkKind::Done)), [Rule::Consent]);
}

#[test]
fn a_quote_that_does_not_add_up_is_refused() {
    let offer = |quote| Edit::Quote { id: id(9), quote };
    let good = quote(8_000, 10);
    assert_eq!(rules(&reported(), &offer(good.clone())), []);
    let mut wrong = good.clone();
    wrong.total_minor = 7_999;
    assert_eq!(rules(&reported(), &offer(wrong)), [Rule::QuoteArithmetic]);
    let mut wrong = good.clone();
    wrong.lines.get_mut("01").unwrap().quantity_milli = 2_000;
    assert_eq!(rules(&reported(), &offer(wrong)), [Rule::QuoteArithmetic]);
    let mut empty = good.clone();
    empty.lines.clear();
    empty.total_minor = 0;
    assert_eq!(rules(&reported(), &offer(empty)), [Rule::QuoteArithmetic]);
    let mut foreign = good.clone();
    foreign.currency = "USD".to_owned().try_into().unwrap();
    assert_eq!(rules(&reported(), &offer(foreign)), [Rule::Currency]);
    let mut long = good;
    let line = QuoteLine { unit_minor: 0, amount_minor: 0, ..long.lines["01"].clone() };
    long.lines.extend((1..=100).map(|number| (format!("x{number}"), line.clone())));
    assert_eq!(rules(&reported(), &offer(long)), [Rule::QuoteArithmetic]);
}

#[test]
fn rework_of_our_own_making_is_never_charged_and_its_cause_is_recorded() {
    let mut rework = quote(8_000, 10);
    rework.warranty = Warranty { kind: WarrantyKind::Rework, reason: None, decided_by: None };
    let edit = |quote| Edit::Quote { id: id(9), quote };
    assert_eq!(rules(&reported(), &edit(rework.clone())), [Rule::QuoteArithmetic, Rule::ReasonMissing]);
    rework.lines.get_mut("01").unwrap().amount_minor = 0;
    rework.total_minor = 0;
    rework.warranty.reason = Some("上次更换的阀芯未拧紧".to_owned());
    assert_eq!(rules(&reported(), &edit(rework.clone())), []);
    for kind in [WarrantyKind::Product, WarrantyKind::Repair] {
        let warranty = |reason: &str| Warranty { kind, reason: Some(reason.to_owned()), decided_by: None };
        let quote = |reason| Quote { warranty: warranty(reason), ..rework.clone() };
        assert_eq!(rules(&reported(), &edit(quote(" "))), [Rule::ReasonMissing], "the phone asks what the office asks");
        assert_eq!(rules(&reported(), &edit(quote("购机三个月"))), []);
        // Such offers lie in records of before it was asked; the customer may pick from them all the same.
        let mut old = reported();
        old.quotes.insert(id(1), quote(""));
        assert_eq!(rules(&old, &edit(Quote { of: Some(id(1)), ..quote("") })), []);
    }
}

#[test]
fn a_correction_or_a_count_that_its_field_can_not_hold_is_told_before_the_tap_and_when_a_phone_sends_it() {
    let correct = |field, value: &str| {
        let correction = Correction { field, value: value.to_owned(), by: person(1), at: at(9) };
        Edit::Correct { id: id(9), correction }
    };
    for (field, value) in
        [(ReportField::Phone, "没有电话"), (ReportField::PurchasedOn, "昨天"), (ReportField::Urgency, "随便")]
    {
        assert_eq!(rules(&reported(), &correct(field, value)), [Rule::ValueUnfit], "{value}");
    }
    assert_eq!(rules(&reported(), &correct(ReportField::Phone, "13812345678")), []);
    let counted = |name: &str, value: &str| Edit::Reading {
        id: id(9),
        reading: crate::example::reading("lay_out", name, value, 9),
    };
    assert_eq!(rules(&reported(), &counted("tools_out", "一十二")), [Rule::ValueUnfit]);
    assert_eq!(rules(&reported(), &counted("tools_out", "12")), []);
    assert_eq!(rules(&reported(), &counted("noise", "有一点")), [], "nobody asked for it");
    let mut sent = reported();
    let Edit::Correct { id, correction } = correct(ReportField::Urgency, "随便") else { panic!() };
    sent.corrections.insert(id, correction);
    let told: Vec<Rule> = violations(&reported(), &sent, &template()).into_iter().map(|broken| broken.rule).collect();
    assert_eq!(told, [Rule::ValueUnfit]);
}

#[test]
fn a_signature_waits_for_testing_and_cleanup_or_for_a_reason_to_skip_them() {
    assert_eq!(rules(&finished(), &signed()), []);
    let untested = finished().with_mark("testing", MarkKind::Open, 106);
    assert_eq!(rules(&untested, &signed()), [Rule::Tested]);
    assert_eq!(rules(&finished().with_mark("cleanup", MarkKind::Open, 111), &signed()), [Rule::CleanedUp]);
    let skipped = finished().with_mark("testing", MarkKind::Skipped, 106);
    assert_eq!(rules(&skipped, &signed()), [Rule::Tested]);
    assert_eq!(rules(&skipped.with_reason("testing", "小区停水"), &signed()), []);
    assert_eq!(rules(&finished().with_mark("testing", MarkKind::Failed, 106), &signed()), []);
}

#[test]
fn declining_to_sign_waits_for_nothing_but_a_reason() {
    let declined = sign_off(SignOffKind::Declined, 20);
    assert_eq!(rules(&reported(), &signs(declined.clone())), []);
    assert_eq!(rules(&reported(), &signs(SignOff { reason: None, ..declined })), [Rule::ReasonMissing]);
    let record = reported().with_sign_off(1, SignOffKind::Declined, 20);
    assert_eq!(rules(&record, &tick("sign_off", MarkKind::Done)), []);
}

#[test]
fn a_signature_has_strokes_says_what_it_covers_and_rates_within_five() {
    let good = sign_off(SignOffKind::Signed, 120);
    let broken = |sign_off| rules(&finished(), &signs(sign_off));
    assert_eq!(broken(SignOff { strokes: None, ..good.clone() }), [Rule::SignatureMissing]);
    assert_eq!(broken(SignOff { strokes: Some(Strokes("x".into())), ..good.clone() }), [Rule::SignatureMissing]);
    assert_eq!(broken(SignOff { covers: Vec::new(), ..good.clone() }), [Rule::CoversNothing]);
    let rating = |quality| Some(Rating { quality: Some(quality), attitude: None });
    assert_eq!(broken(SignOff { rating: rating(6), ..good.clone() }), [Rule::RatingOutOfRange]);
    assert_eq!(broken(SignOff { rating: rating(0), ..good.clone() }), [Rule::RatingOutOfRange]);
    assert_eq!(broken(SignOff { rating: rating(5), ..good }), []);
}

#[test]
fn required_evidence_blocks_the_signature_unless_its_step_says_why_not() {
    let mut record = finished();
    record.readings.remove(&id(2));
    let violations = check_shown(&record, &template(), &signed());
    assert_eq!(violations.len(), 1);
    assert_eq!((violations[0].rule, violations[0].step.as_deref()), (Rule::Evidence, Some("testing")));
    assert_eq!(violations[0].path, ["sign_offs", id(9).as_str()]);
    assert_eq!(rules(&record.with_reason("testing", "仪表损坏"), &signed()), []);
}

#[test]
fn tools_counted_out_are_counted_in() {
    let lost = finished().with_reading(3, "tools_in", "11", 112);
    assert_eq!(rules(&lost, &signed()), [Rule::ToolsComplete]);
    assert_eq!(rules(&finished().with_reading(3, "tools_in", "12.0", 112), &signed()), []);
    assert_eq!(rules(&lost.clone().with_reading(4, "tools_in", "12", 113), &signed()), [], "the last count holds");
    assert_eq!(rules(&lost.with_reason("cleanup", "螺丝刀借给客户"), &signed()), []);
}

#[test]
fn the_charge_equals_the_accepted_quote_less_what_was_waived() {
    let mut record = finished();
    record.charges.clear();
    assert_eq!(rules(&record, &signed()), [Rule::ChargeAgreed]);
    let charge = |due_minor| {
        let charge = Charge { quote: id(1), due_minor, currency: record.meta.currency, by: person(1), at: at(116) };
        Edit::Charge { id: id(9), charge }
    };
    assert_eq!(rules(&record, &charge(8_000)), []);
    assert_eq!(rules(&record, &charge(9_000)), [Rule::ChargeAgreed]);
    let waiver = Waiver { quote: id(1), minor: 3_000, reason: "迟到".to_owned(), by: person(100), at: at(100) };
    let waive = |waiver| Edit::Waive { id: id(9), waiver };
    assert_eq!(rules(&record, &waive(waiver.clone())), []);
    assert_eq!(rules(&record, &waive(Waiver { minor: 8_001, ..waiver.clone() })), [Rule::AmountOutOfRange]);
    let mut waived = record.clone();
    waived.waivers.insert(id(1), waiver);
    assert_eq!(rules(&waived, &charge(8_000)), [Rule::ChargeAgreed]);
    assert_eq!(rules(&waived, &charge(5_000)), []);
    assert_eq!(rules(&reported(), &charge(0)), [Rule::ChargeAgreed]);
}

#[test]
fn a_step_is_known_a_skip_has_a_reason_and_not_applicable_is_for_optional_steps() {
    assert_eq!(rules(&reported(), &tick("dance", MarkKind::Done)), [Rule::StepUnknown]);
    assert_eq!(rules(&reported(), &tick("accept", MarkKind::Skipped)), [Rule::ReasonMissing]);
    assert_eq!(rules(&reported(), &tick("accept", MarkKind::NotApplicable)), [Rule::NotOptional]);
    assert_eq!(rules(&reported(), &tick("repair", MarkKind::NotApplicable)), []);
    assert_eq!(rules(&reported(), &tick("dance", MarkKind::Open)), [Rule::StepUnknown]);
}

#[test]
fn the_other_steps_are_ticked_in_any_order() {
    for step in ["cleanup", "testing", "diagnose", "lay_out", "accept"] {
        assert_eq!(rules(&reported(), &tick(step, MarkKind::Done)), [], "{step}");
    }
}

#[test]
fn after_a_reopening_it_is_tested_and_counted_again_before_the_customer_signs() {
    let record = finished().with_decision(1, crate::record::DecisionKind::Reopened, 150);
    let again = rules(&record, &signed());
    assert_eq!(again, [Rule::Tested, Rule::CleanedUp, Rule::Evidence, Rule::Evidence, Rule::Evidence]);
}

#[test]
fn of_a_change_with_several_edits_only_what_it_broke_itself_is_told() {
    let before = reported().with_quote(1, 8_000, 10);
    let consented = before.clone().with_consent(1, 20).with_mark("repair", MarkKind::Done, 30);
    assert_eq!(violations(&before, &consented, &template()), []);
    let worked_then_found_more = consented.clone().with_quote(2, 9_000, 40);
    assert_eq!(violations(&before.clone().with_consent(1, 20), &worked_then_found_more, &template()), []);
    let jumped = before.clone().with_mark("repair", MarkKind::Done, 30);
    let told = violations(&before, &jumped, &template());
    assert_eq!(told.iter().map(|violation| violation.rule).collect::<Vec<_>>(), [Rule::Consent]);
    assert_eq!(told[0].path, ["marks", "repair"]);
    assert_eq!(violations(&jumped, &jumped.clone().with_mark("accept", MarkKind::Done, 40), &template()), []);
}

#[test]
fn violations_reach_the_user_as_one_problem_with_every_rule_named() {
    assert_eq!(problem(Vec::new()), None);
    let told = problem(check(&reported(), &template(), &tick("repair", MarkKind::Done))).unwrap();
    assert_eq!(told.kind, Kind::GateClosed);
    assert_eq!(told.errors[0].at, "/marks/repair");
    assert!(told.detail.unwrap().0.contains("认可"));
}

#[test]
fn the_shipped_checklists_let_a_visit_end_that_was_done_by_the_book() {
    let home = crate::template::find_shipped("home_repair", 1).unwrap();
    assert_eq!(check_shown(&finished(), home, &signed()), []);
    assert_eq!(check(&reported(), home, &tick("repair", MarkKind::Done))[0].rule, Rule::Consent);
    let short = crate::template::find_shipped("short_visit", 1).unwrap();
    let before_cleanup = finished().with_mark("cleanup", MarkKind::Open, 111);
    assert_eq!(check_shown(&before_cleanup, short, &signed()), [], "there it is accepted before it is cleaned up");
}

#[test]
fn a_playbook_entry_is_one_of_its_step() {
    let home = crate::template::find_shipped("home_repair", 1).unwrap();
    let play = |step: &str, play: &str| {
        let record = reported().with_play(1, step, play, 5);
        check(&reported(), home, &Edit::Play { id: id(1), play: record.plays[&id(1)].clone() })
    };
    assert_eq!(play("knock", "nobody_home"), []);
    assert_eq!(play("accept", "nobody_home")[0].rule, Rule::StepUnknown);
    assert_eq!(play("dance", "nobody_home")[0].rule, Rule::StepUnknown);
}
