//! Well-formed changes that write what this writer may not.

use super::forge::Forged;
use super::*;
use automerge::transaction::Transactable;
use automerge::{ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use schema::money::Currency;
use schema::record::{Consent, Decision, DecisionKind, How};

fn map(record: &Record, name: &str) -> ObjId {
    record.doc().get(ROOT, name).unwrap().unwrap().1
}

fn consent(id: u8, total_minor: i64) -> Edit {
    let consent = Consent {
        quote: entry(7),
        quote_hash: Hash([1; 32]),
        total_minor,
        currency: Currency::CNY,
        how: How::Phone,
        name: "王芳".to_owned(),
        strokes: None,
        by: Some(LI),
        link: None,
        shown: Vec::new(),
        at: at(400),
    };
    Edit::Consent { id: entry(id), consent }
}

#[test]
fn a_phone_may_not_write_what_the_office_writes() {
    let record = assigned();
    let decision = Decision { kind: DecisionKind::Closed, by: LI, at: at(1), reason: None };
    let edits = [
        Edit::SetReport { field: schema::record::ReportField::Name, value: Some("别人".to_owned()) },
        assign(9, LI, "李强"),
        Edit::Unassign,
        Edit::Decide { id: entry(9), decision },
    ];
    for edit in edits {
        let refusal = refused(&record, LI_WRITES, written(&record, LI_PHONE, std::slice::from_ref(&edit)));
        assert_eq!(refusal.code, RefusalCode::Forbidden, "{edit:?}");
        assert!(!refusal.denied.is_empty());
    }
}

#[test]
fn the_maps_of_the_record_stay_as_the_server_made_them() {
    let record = assigned();
    for name in ["notes", "consents", "meta", "report", "diagnosis", "extra", "assigned", "rework"] {
        let replaced = by_hand(&record, LI_PHONE, |t| drop(t.put_object(ROOT, name, ObjType::Map).unwrap()));
        assert_eq!(refused(&record, LI_WRITES, replaced).code, RefusalCode::Forbidden, "{name}");
        let scalar = by_hand(&record, LI_PHONE, |t| t.put(ROOT, name, "x").unwrap());
        assert_eq!(refused(&record, LI_WRITES, scalar).code, RefusalCode::Forbidden, "{name}");
        // What is not there can't be deleted.
        if !["extra", "rework"].contains(&name) {
            let deleted = by_hand(&record, LI_PHONE, |t| t.delete(ROOT, name).unwrap());
            assert_eq!(refused(&record, LI_WRITES, deleted).code, RefusalCode::Forbidden, "{name}");
        }
    }
}

#[test]
fn an_entry_is_neither_changed_nor_deleted_nor_written_over() {
    let mut record = assigned();
    record = try_admit(&record, LI_WRITES, &[written(&record, LI_PHONE, &[consent(6, 30_000)])]).record;
    let before = record.read().unwrap();
    let consents = map(&record, "consents");
    let key = entry(6).to_string();
    let inside = record.doc().get(&consents, key.as_str()).unwrap().unwrap().1;

    let changed = by_hand(&record, LI_PHONE, |t| t.put(&inside, "total_minor", 60_000).unwrap());
    let refusal = refused(&record, LI_WRITES, changed);
    assert_eq!(refusal.code, RefusalCode::Forbidden);
    assert_eq!(refusal.denied[0].path, ["consents", key.as_str(), "total_minor"]);
    assert_eq!(refusal.denied[0].value, 60_000);

    let deleted = by_hand(&record, LI_PHONE, |t| t.delete(&consents, key.as_str()).unwrap());
    assert_eq!(refused(&record, LI_WRITES, deleted).code, RefusalCode::Forbidden);
    let emptied = by_hand(&record, LI_PHONE, |t| t.delete(&inside, "name").unwrap());
    assert_eq!(refused(&record, LI_WRITES, emptied).code, RefusalCode::Forbidden);

    // The same id again: over it, beside it without having seen it, and from before it was there.
    let other = written(&assigned(), ZHAO_PHONE, &[consent(6, 60_000)]);
    let beside = Forged::from(&other).by(LI_PHONE, 2).with(|forged| {
        forged.deps = record.heads();
        forged.start_op = 500;
    });
    for change in [other.clone(), beside.bytes()] {
        let writer = if change == other { Writer { device: ZHAO_DEVICE, ..LI_WRITES } } else { LI_WRITES };
        let refusal = refused(&record, writer, change);
        assert_eq!(
            (refusal.code, refusal.denied[0].path.as_slice()),
            (RefusalCode::Forbidden, &["consents".to_owned(), key.clone()][..])
        );
    }
    assert_eq!(record.read().unwrap(), before);
}

#[test]
fn a_new_entry_can_t_be_filled_by_a_later_change() {
    let record = assigned();
    let holds = map(&record, "holds");
    let half = by_hand(&record, LI_PHONE, |t| drop(t.put_object(&holds, entry(4).as_str(), ObjType::Map).unwrap()));
    let refusal = refused(&record, LI_WRITES, half);
    assert_eq!((refusal.code, refusal.denied[0].path[0].as_str()), (RefusalCode::Forbidden, "holds"));
}

#[test]
fn nobody_writes_in_another_s_name() {
    let record = assigned();
    let refusal = refused(&record, LI_WRITES, written(&record, LI_PHONE, &[done("repair", ZHAO, 5)]));
    assert_eq!(refusal.code, RefusalCode::AuthorForged);
    assert_eq!(refusal.salvage, None);
}

#[test]
fn a_phone_gives_no_consent_for_the_desk_or_the_customer_s_link() {
    let record = assigned();
    for (how, by) in [(How::DeskCall, Some(LI)), (How::Link, Some(LI)), (How::Phone, None)] {
        let Edit::Consent { id, mut consent } = consent(6, 1) else { panic!() };
        (consent.how, consent.by) = (how, by);
        let refusal = refused(&record, LI_WRITES, written(&record, LI_PHONE, &[Edit::Consent { id, consent }]));
        assert_eq!(refusal.code, RefusalCode::Forbidden, "{how:?}");
    }
}

#[test]
fn an_actor_writes_for_one_device_only() {
    let record = assigned();
    let change = written(&record, ZHAO_PHONE, &[note("repair", "x")]);
    assert_eq!(refused(&record, LI_WRITES, change).code, RefusalCode::ActorForeign);
    let as_office = written(&record, office(), &[note("repair", "x")]);
    assert_eq!(refused(&record, LI_WRITES, as_office).code, RefusalCode::ActorForeign);

    let change = written(&record, LI_PHONE, &[note("repair", "x")]);
    let rules = Rules { lease: &|_| Lease::Elsewhere, ..rules() };
    assert_eq!(admit(&record, LI_WRITES, &rules, &[change]).refused[0].code, RefusalCode::ActorForeign);
}

#[test]
fn the_office_s_actor_is_no_phone_s_even_before_the_office_wrote() {
    let record = assigned();
    let next_epoch = crate::record::office_actor(JOB, 2);
    let change = written(&record, next_epoch, &[note("repair", "x")]);
    let rules = Rules { office: next_epoch, ..rules() };
    assert_eq!(admit(&record, LI_WRITES, &rules, &[change]).refused[0].code, RefusalCode::ActorForeign);
}

#[test]
fn a_revoked_device_is_heard_no_more() {
    let record = assigned();
    let change = written(&record, LI_PHONE, &[note("repair", "x")]);
    let refusal = refused(&record, Writer { revoked: true, ..LI_WRITES }, change);
    assert_eq!((refusal.code, refusal.salvage), (RefusalCode::DeviceRevoked, None));
}

#[test]
fn a_number_used_twice_is_a_fork() {
    let mut record = assigned();
    let mut phone = record.clone();
    let first = phone.write(LI_PHONE, at(1), &[note("repair", "一")]).unwrap().bytes;
    let second = phone.write(LI_PHONE, at(2), &[note("repair", "二")]).unwrap().bytes;
    let twin = written(&record, LI_PHONE, &[note("repair", "另一个一")]);
    assert_eq!(refused(&record, LI_WRITES, second.clone()).code, RefusalCode::Gap);
    record = try_admit(&record, LI_WRITES, &[first]).record;
    assert_eq!(refused(&record, LI_WRITES, twin.clone()).code, RefusalCode::ActorForked);
    let both = try_admit(&record, LI_WRITES, &[second, twin]);
    assert_eq!((both.accepted.len(), both.refused[0].code), (1, RefusalCode::ActorForked));
}

#[test]
fn numbers_and_counters_follow_on() {
    let mut record = assigned();
    let first = written(&record, LI_PHONE, &[note("repair", "一")]);
    let forged = Forged::from(&first);
    let cases = [
        (forged.clone().by(LI_PHONE, 2), RefusalCode::Gap),
        (forged.clone().by(LI_PHONE, u64::MAX), RefusalCode::Gap),
        (forged.clone().with(|f| f.start_op = 1), RefusalCode::Inconsistent),
        (forged.clone().with(|f| f.start_op += 200_000), RefusalCode::Inconsistent),
        (forged.clone().with(|f| f.start_op = u64::from(u32::MAX)), RefusalCode::Inconsistent),
        (forged.clone().with(|f| f.start_op = u64::MAX), RefusalCode::Inconsistent),
        (forged.clone().with(|f| f.deps = vec![Hash([7; 32])]), RefusalCode::Gap),
        (forged.clone().with(|f| f.deps = Vec::new()), RefusalCode::Inconsistent),
    ];
    for (number, (forged, code)) in cases.into_iter().enumerate() {
        assert_eq!(refused(&record, LI_WRITES, forged.bytes()).code, code, "case {number}");
    }
    // A second change that does not build on the first of the same actor.
    let old = record.heads();
    record = try_admit(&record, LI_WRITES, &[first]).record;
    let beside = forged.by(LI_PHONE, 2).with(|f| {
        f.deps = old;
        f.start_op += 50;
    });
    assert_eq!(refused(&record, LI_WRITES, beside.bytes()).code, RefusalCode::Inconsistent);
}

#[test]
fn nothing_is_replaced_that_was_not_seen() {
    let mut record = assigned();
    let blind = Forged::from(&written(&record, LI_PHONE, &[note("repair", "二")]));
    record.write(office(), at(1), &[note("repair", "一")]).unwrap();
    let unseen = blind.with(|f| {
        f.deps = record.heads();
        f.start_op += 50;
    });
    assert_eq!(refused(&record, LI_WRITES, unseen.bytes()).code, RefusalCode::Inconsistent);

    let seen = Forged::from(&written(&record, LI_PHONE, &[note("repair", "二")]));
    for shift in [-1i64, 1, 1000] {
        let mut forged = seen.clone();
        let mut reader = bytes::Reader(forged.column(0x73));
        reader.signed().unwrap();
        let counter = reader.signed().unwrap();
        let mut column = Vec::new();
        forge::signed(&mut column, -1);
        forge::signed(&mut column, counter + shift);
        *forged.column(0x73) = column;
        assert_eq!(refused(&record, LI_WRITES, forged.bytes()).code, RefusalCode::Inconsistent, "{shift}");
    }
}

#[test]
fn only_plain_values_stand_in_a_record() {
    let record = assigned();
    let notes = map(&record, "notes");
    let malformed: Vec<(&str, Bytes)> = vec![
        ("text", by_hand(&record, LI_PHONE, |t| drop(t.put_object(&notes, "repair", ObjType::Text).unwrap()))),
        ("counter", by_hand(&record, LI_PHONE, |t| t.put(&notes, "repair", ScalarValue::counter(1)).unwrap())),
        ("float", by_hand(&record, LI_PHONE, |t| t.put(&notes, "repair", 1.5).unwrap())),
        ("boolean", by_hand(&record, LI_PHONE, |t| t.put(&notes, "repair", true).unwrap())),
        ("nothing", by_hand(&record, LI_PHONE, |t| t.put(&notes, "repair", ()).unwrap())),
        ("unsigned", by_hand(&record, LI_PHONE, |t| t.put(&notes, "repair", 1u64).unwrap())),
        ("moment", by_hand(&record, LI_PHONE, |t| t.put(&notes, "repair", ScalarValue::Timestamp(1)).unwrap())),
    ];
    for (kind, change) in malformed {
        assert_eq!(refused(&record, LI_WRITES, change).code, RefusalCode::Malformed, "{kind}");
    }
    let forbidden: Vec<(&str, Bytes)> = vec![
        ("list", by_hand(&record, LI_PHONE, |t| drop(t.put_object(&notes, "repair", ObjType::List).unwrap()))),
        ("map", by_hand(&record, LI_PHONE, |t| drop(t.put_object(&notes, "repair", ObjType::Map).unwrap()))),
        ("number", by_hand(&record, LI_PHONE, |t| t.put(&notes, "repair", 5).unwrap())),
        ("bytes", by_hand(&record, LI_PHONE, |t| t.put(&notes, "repair", vec![1u8]).unwrap())),
        ("key", by_hand(&record, LI_PHONE, |t| t.put(&notes, "Repair!", "x").unwrap())),
        ("empty key", by_hand(&record, LI_PHONE, |t| t.put(&notes, "", "x").unwrap())),
    ];
    for (kind, change) in forbidden {
        assert_eq!(refused(&record, LI_WRITES, change).code, RefusalCode::Forbidden, "{kind}");
    }
    let long = by_hand(&record, LI_PHONE, |t| t.put(&notes, "repair", "长".repeat(4001)).unwrap());
    assert_eq!(refused(&record, LI_WRITES, long).code, RefusalCode::TooLarge);
    let longest = by_hand(&record, LI_PHONE, |t| t.put(&notes, "repair", "长".repeat(4000)).unwrap());
    assert_eq!(try_admit(&record, LI_WRITES, &[longest]).refused, []);
    let key = by_hand(&record, LI_PHONE, |t| t.put(&notes, "k".repeat(65), "x").unwrap());
    assert_eq!(refused(&record, LI_WRITES, key).code, RefusalCode::Inconsistent);
}

#[test]
fn a_word_or_a_field_that_the_schema_does_not_know_is_refused() {
    let record = assigned();
    let marks = map(&record, "marks");
    let person = || ScalarValue::Bytes(LI.as_bytes().to_vec());
    let mark = |fields: Vec<(&'static str, ScalarValue)>| {
        by_hand(&record, LI_PHONE, |t| {
            let mark = t.put_object(&marks, "repair", ObjType::Map).unwrap();
            for (key, value) in fields {
                t.put(&mark, key, value).unwrap();
            }
        })
    };
    let (kind, moment) = (("kind", "done".into()), ("at", ScalarValue::Int(5)));
    let cases = [
        vec![("kind", "mostly".into()), ("by", person()), moment.clone()],
        vec![kind.clone(), ("by", person()), moment.clone(), ("colour", "red".into())],
        vec![kind.clone(), ("by", "李强".into()), moment.clone()],
        vec![kind.clone(), ("by", person())],
        vec![],
    ];
    for (number, fields) in cases.into_iter().enumerate() {
        assert_eq!(refused(&record, LI_WRITES, mark(fields)).code, RefusalCode::Forbidden, "case {number}");
    }
    assert_eq!(try_admit(&record, LI_WRITES, &[mark(vec![kind, ("by", person()), moment])]).refused, []);
}

#[test]
fn a_gate_that_is_closed_refuses_the_change() {
    let record = assigned();
    let template = schema::template::find_shipped("home_repair", 1).unwrap();
    let gates = |before: &JobRecord, after: &JobRecord| schema::gate::violations(before, after, template);
    let rules = Rules { gates: &gates, ..rules() };
    let change = written(&record, LI_PHONE, &[done("repair", LI, 5), note("repair", "先修了")]);
    let admission = admit(&record, LI_WRITES, &rules, &[change]);
    let refusal = &admission.refused[0];
    assert_eq!(refusal.code, RefusalCode::GateClosed);
    assert_eq!(refusal.violations[0].rule, schema::gate::Rule::Consent);
    assert_eq!(refusal.denied[0].path, ["marks", "repair"]);
    assert_eq!(refusal.salvage.as_ref().unwrap().edits, [note("repair", "先修了")]);
    let free = written(&record, LI_PHONE, &[done("accept", LI, 5)]);
    assert_eq!(admit(&record, LI_WRITES, &rules, &[free]).refused, []);
}

#[test]
fn a_gate_judges_whatever_a_phone_sends_alone() {
    use schema::record::{Correction, Reading, ReportField, Withdrawal};
    let mut record = assigned();
    let template = schema::template::find_shipped("home_repair", 1).unwrap();
    let gates = |before: &JobRecord, after: &JobRecord| schema::gate::violations(before, after, template);
    let rules = Rules { gates: &gates, ..rules() };
    let mut quote = schema::record::Quote { by: LI, ..schema::example::quote(8_000, 0) };
    quote.lines.get_mut("01").unwrap().risk = Some(schema::record::Risk::Data);
    let (quote_hash, total_minor) = (schema::price::quote_hash(&quote), quote.total_minor);
    record.write(office(), at(5), &[Edit::Quote { id: entry(7), quote }]).unwrap();
    let Edit::Consent { id, consent } = consent(6, total_minor) else { panic!() };
    let accepted = Consent { quote_hash, how: How::DeskCall, by: Some(DISPATCHER), ..consent };
    record.write(office(), at(6), &[Edit::Consent { id, consent: accepted }]).unwrap();
    let (by, text) = (LI, "昨天".to_owned());
    let backup = schema::record::BackupConsent {
        strokes: None,
        by: Some(LI),
        ..schema::example::backup_consent(&schema::example::reported().with_quote(1, 1, 1), 1, 1)
    };
    let alone = [
        (
            Edit::Correct {
                id: entry(8),
                correction: Correction { field: ReportField::PurchasedOn, value: text, by, at: at(7) },
            },
            "ValueUnfit",
        ),
        (
            Edit::Reading {
                id: entry(8),
                reading: Reading {
                    by,
                    value: "一打".to_owned(),
                    ..schema::example::reading("lay_out", "tools_out", "", 7)
                },
            },
            "ValueUnfit",
        ),
        (
            Edit::Withdraw {
                id: entry(8),
                withdrawal: Withdrawal { quote: entry(7), reason: "报错价".to_owned(), by, at: at(7) },
            },
            "QuoteAccepted",
        ),
        (
            Edit::Backup { id: entry(8), backup: schema::record::BackupConsent { quote: entry(7), ..backup } },
            "QuoteChanged",
        ),
        (done("repair", LI, 8), "BackupConsent"),
    ];
    for (edit, rule) in alone {
        let admission = admit(&record, LI_WRITES, &rules, &[written(&record, LI_PHONE, std::slice::from_ref(&edit))]);
        let refusal = admission.refused.first().unwrap_or_else(|| panic!("{edit:?} is taken"));
        assert_eq!(refusal.code, RefusalCode::GateClosed, "{edit:?}");
        assert_eq!(format!("{:?}", refusal.violations[0].rule), rule, "{edit:?}");
    }
}

#[test]
fn another_s_tick_is_put_again_only_where_it_is_one_of_several_to_choose_from() {
    let mut record = assigned();
    let zhao_writes = Writer { person: ZHAO, device: ZHAO_DEVICE, revoked: false };
    let base = record.heads();
    // The office gave the job to Zhao, whose tick stands alone.
    record.write(office(), at(100), &[assign(2, ZHAO, "赵敏")]).unwrap();
    record = try_admit(&record, zhao_writes, &[written(&record, ZHAO_PHONE, &[done("repair", ZHAO, 200)])]).record;
    record.write(office(), at(210), &[assign(3, LI, "李强")]).unwrap();
    let alone = refused(&record, LI_WRITES, written(&record, LI_PHONE, &[done("repair", ZHAO, 200)]));
    assert_eq!(alone.code, RefusalCode::AuthorForged);
    // Li had ticked it before he knew: two ticks.
    let mut before = record.clone();
    let ticked = before.write_at(&base, LI_PHONE, at(150), &[done("repair", LI, 150)]).unwrap();
    record = try_admit(&record, LI_WRITES, &[ticked.bytes]).record;
    assert_eq!(record.conflicts().len(), 1);
    let forged = refused(&record, LI_WRITES, written(&record, LI_PHONE, &[done("repair", ZHAO, 201)]));
    assert_eq!(forged.code, RefusalCode::AuthorForged, "another time than Zhao's is nobody's tick");
    let chosen = written(&record, LI_PHONE, &[done("repair", ZHAO, 200)]);
    let admission = try_admit(&record, LI_WRITES, &[chosen]);
    assert_eq!((admission.refused, admission.record.conflicts()), (Vec::new(), Vec::new()));
    assert_eq!(admission.record.read().unwrap().marks["repair"].by, ZHAO);
}
