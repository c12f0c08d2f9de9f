//! Corners that chance seldom comes to, each a job as it stands and what is written to it: two things at one moment, what was taken back
//! before it was said, figures one beyond the limit. Each is here because a wrong rule passed without it.

use super::taken;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::example::{self, at, finished, id, person, reported};
use schema::price::quote_hash;
use schema::record::*;
use schema::sheet::sheet;
use schema::template::{WHOLE_VISIT, find_shipped};

/// A job, and what is written to it one after the other. All go by the shipped checklist of a home repair.
pub type Corner = (JobRecord, Vec<Edit>);

pub fn corners() -> Vec<Corner> {
    [bills(), trips(), waits(), gates(), vec![fields()], backups(), taken::taken()].concat()
}

/// Says nothing that a rule looks at: for jobs whose state is the case.
pub(super) fn nothing() -> Vec<Edit> {
    vec![Edit::Note { step: "repair".to_owned(), text: "好".to_owned() }]
}

fn signature(record: &JobRecord, change: impl FnOnce(&mut SignOff)) -> Edit {
    let sheet_hash = find_shipped("home_repair", 1).map(|template| sheet(record, template).hash()).unwrap();
    let mut sign_off = SignOff { sheet_hash, ..example::sign_off(SignOffKind::Signed, 125) };
    change(&mut sign_off);
    Edit::SignOff { id: id(90), sign_off }
}

fn ruling(matter: MatterKind, counts: u8, of: &[u8]) -> Ruling {
    let of = of.iter().map(|number| id(*number)).collect();
    Ruling { matter, counts: id(counts), of, reason: "客户确认".to_owned(), by: person(100), at: at(150) }
}

fn waived(mut record: JobRecord, number: u8, minor: i64) -> JobRecord {
    let waiver = Waiver { quote: id(1), minor, reason: "迟到".to_owned(), by: person(100), at: at(116) };
    record.waivers.insert(id(number), waiver);
    record
}

/// Offers that were taken back: before anybody accepted them, a later one by mistake, and while the customer accepted.
fn withdrawn() -> Vec<Corner> {
    let offered = || reported().with_assignment(5, 1, 5).with_quote(1, 8_000, 10);
    let slip = offered().with_consent(1, 20).with_quote(2, 80_000, 30);
    let both = offered().with_consent(1, 20).with_withdrawal(7, 1, 20);
    let (mut counts, mut passed) = (both.clone(), both.clone());
    counts.rulings.insert(id(9), ruling(MatterKind::Withdrawal, 7, &[1, 7]));
    passed.rulings.insert(id(9), ruling(MatterKind::Withdrawal, 1, &[1, 7]));
    let taken_back = offered().with_withdrawal(7, 1, 20);
    let late = Edit::Consent { id: id(8), consent: example::consent(&taken_back, 1, 30) };
    let mut others = offered();
    others.quotes.get_mut(&id(1)).unwrap().by = person(2);
    let withdraw = |by| {
        let withdrawal = Withdrawal { quote: id(1), reason: "报错价".to_owned(), by, at: at(40) };
        Edit::Withdraw { id: id(8), withdrawal }
    };
    let plain = [slip.clone(), slip.with_withdrawal(7, 2, 40), both, counts, passed].map(|record| (record, nothing()));
    let mut corners = Vec::from(plain);
    corners.push((taken_back, vec![late]));
    corners.push((offered().with_consent(1, 20), vec![withdraw(person(1))]));
    corners.push((others.clone(), vec![withdraw(person(1)), withdraw(person(100))]));
    corners.push((
        others.with_decision(6, DecisionKind::SolvedRemotely, 30),
        vec![withdraw(person(1)), withdraw(person(100))],
    ));
    corners
}

fn bills() -> Vec<Corner> {
    let two = || reported().with_quote(1, 8_000, 10).with_quote(2, 9_000, 10).with_consent(1, 20).with_consent(2, 20);
    let mut chosen = two();
    chosen.rulings.insert(id(1), ruling(MatterKind::Consent, 1, &[1, 2]));
    let mut replaced = chosen.clone();
    replaced.rulings.insert(id(2), Ruling { at: at(151), ..ruling(MatterKind::Consent, 2, &[1, 2]) });
    let mut charged = finished().with_charge(2, 9_000, 117);
    let twice = charged.clone();
    charged.rulings.insert(id(1), ruling(MatterKind::Charge, 1, &[1, 2]));
    let same_time = finished().with_charge(2, 9_000, 115);
    let mut option = two();
    for number in [1, 2] {
        option.quotes.get_mut(&id(number)).unwrap().option = Some("换新".to_owned());
    }
    for (key, consent) in &mut option.consents {
        consent.quote_hash = option.quotes.get(key).map(quote_hash).unwrap();
    }
    let signed = |record: JobRecord| {
        let signature = signature(&record, |_| {});
        (record, vec![signature])
    };
    // Half a second later is later, though its text sorts before the whole second's.
    let mut later = two();
    later.rulings.insert(id(1), ruling(MatterKind::Consent, 1, &[1, 2]));
    later.quotes.get_mut(&id(2)).unwrap().at = at(10).plus(500_000);
    let plain = [later, two(), chosen, replaced, option, waived(finished(), 1, -500), waived(finished(), 1, 9_000)];
    let mut corners: Vec<Corner> = plain.into_iter().map(|record| (record, nothing())).collect();
    corners.extend(withdrawn());
    corners.extend([twice, charged, same_time].map(signed));
    corners.push((reported(), quotes()));
    corners.push(picked());
    corners
}

/// Quotes at the limits.
fn quotes() -> Vec<Edit> {
    let line = example::quote(100, 0).lines.remove("01").unwrap();
    let many = |lines: usize| {
        let lines = (1..=lines)
            .map(|number| (format!("{number:02}"), line.clone()))
            .collect::<std::collections::BTreeMap<_, _>>();
        Quote { total_minor: i64::try_from(lines.len()).unwrap() * 100, lines, ..example::quote(100, 5) }
    };
    let warranted = |kind: WarrantyKind, amount_minor: i64| {
        let mut quote = example::quote(100, 6);
        quote.warranty = Warranty { kind, reason: Some("三包期内".to_owned()), decided_by: None };
        quote.lines.values_mut().for_each(|line| line.amount_minor = amount_minor);
        Quote { total_minor: amount_minor, ..quote }
    };
    let product = |amount| warranted(WarrantyKind::Product, amount);
    let rework = |amount| warranted(WarrantyKind::Rework, amount);
    let unsaid = |kind| {
        let quote = warranted(kind, 0);
        Quote { warranty: Warranty { reason: None, ..quote.warranty.clone() }, ..quote }
    };
    let limits = [many(100), many(101), product(0), product(100), product(101), product(-1), rework(0), rework(1)];
    let unsaid = [WarrantyKind::Product, WarrantyKind::Repair, WarrantyKind::Rework].map(unsaid);
    (1..).zip(limits.into_iter().chain(unsaid)).map(|(number, quote)| Edit::Quote { id: id(number), quote }).collect()
}

/// What a customer picked, line by line, from an offer of three; as it was shown, and otherwise.
fn picked() -> Corner {
    let mut offer = example::quote(8_000, 10);
    let line = offer.lines.get("01").cloned().unwrap();
    offer.lines.extend(["02", "03"].map(|number| (number.to_owned(), line.clone())));
    offer.total_minor = 24_000;
    let pick = |numbers: &[&str]| {
        let lines: std::collections::BTreeMap<_, _> =
            numbers.iter().map(|number| ((*number).to_owned(), line.clone())).collect();
        let total_minor = i64::try_from(lines.len()).unwrap() * 8_000;
        Quote { lines, total_minor, of: Some(id(1)), at: at(12), ..offer.clone() }
    };
    let mut cheaper = pick(&["01"]);
    cheaper.lines.values_mut().for_each(|line| (line.unit_minor, line.amount_minor) = (7_000, 7_000));
    let cheaper = Quote { total_minor: 7_000, ..cheaper };
    let other = Quote { option: Some("换新".to_owned()), ..pick(&["01"]) };
    let warranty = Warranty { kind: WarrantyKind::Product, reason: None, decided_by: None };
    let picks = [
        pick(&["01", "03"]),
        pick(&["01", "02", "03"]),
        pick(&["04"]),
        pick(&[]),
        cheaper,
        other,
        Quote { of: Some(id(9)), ..pick(&["01"]) },
        Quote { price_list: offer.price_list + 1, ..pick(&["01"]) },
        Quote { warranty, ..pick(&["01"]) },
    ];
    let mut record = reported();
    record.quotes.insert(id(1), offer.clone());
    let mut agreed = record.clone();
    agreed.quotes.insert(id(2), pick(&["01", "03"]));
    let mut edits: Vec<Edit> = (2..).zip(picks).map(|(number, quote)| Edit::Quote { id: id(number), quote }).collect();
    for (number, shown) in (20u8..).zip([vec![], vec![id(1)], vec![id(1), id(2)], vec![id(1), id(99)]]) {
        let consent = Consent { shown, ..example::consent(&agreed, 2, i64::from(number)) };
        edits.push(Edit::Consent { id: id(number), consent });
    }
    (record, edits)
}

fn trips() -> Vec<Corner> {
    let done = MarkKind::Done;
    let moved = |technician: u8| {
        reported().with_assignment(1, 1, 5).with_mark("knock", done, 20).with_assignment(2, technician, 30)
    };
    let mut nobody = reported().with_assignment(1, 1, 5).with_assignment(2, 2, 5);
    nobody.assigned = None;
    let absent =
        || reported().with_assignment(1, 1, 5).with_mark("contact", done, 8).with_hold(1, HoldKind::Absent, 30);
    let mut skipped = reported().with_assignment(1, 1, 5);
    skipped = skipped.with_mark("testing", MarkKind::Skipped, 40).with_reason("testing", "停电");
    let jobs = [
        moved(1),
        moved(2),
        moved(2).with_hold(1, HoldKind::Customer, 25),
        moved(1).with_hold(1, HoldKind::Customer, 25),
        moved(2).with_mark("depart", done, 40),
        moved(2).with_mark_by(2, "accept", done, 29),
        nobody,
        absent().with_release(1, 40),
        absent().with_release(1, 40).with_mark("knock", done, 35),
        absent().with_release(1, 40).with_mark("knock", done, 40),
        absent().with_mark("introduce", done, 31),
        skipped,
        reported().with_decision(1, DecisionKind::Reopened, 10).with_assignment(1, 1, 5),
        finished().with_sign_off(1, SignOffKind::Signed, 120).with_decision(1, DecisionKind::Cancelled, 130),
        finished().with_sign_off(1, SignOffKind::Signed, 120).with_decision(1, DecisionKind::SolvedRemotely, 130),
        finished().with_decision(1, DecisionKind::Closed, 130).with_decision(2, DecisionKind::Reopened, 130),
        finished().with_decision(1, DecisionKind::Closed, 130).with_decision(2, DecisionKind::Proved, 131),
    ];
    jobs.into_iter().map(|record| (record, nothing())).collect()
}

fn waits() -> Vec<Corner> {
    let held =
        |kind| reported().with_assignment(1, 1, 5).with_mark("contact", MarkKind::Done, 12).with_hold(1, kind, 20);
    let mut corners = Vec::new();
    for kind in HoldKind::ALL {
        let jobs = [
            held(*kind),
            held(*kind).with_release(1, 25),
            // The phone's clock went back between the two.
            held(*kind).with_release(1, 10),
            held(*kind).with_mark("depart", MarkKind::Done, 30),
            held(*kind).with_mark("depart", MarkKind::Done, 20),
            held(*kind).with_mark("depart", MarkKind::Skipped, 30),
            held(*kind).with_mark("knock", MarkKind::Done, 30),
            held(*kind).with_assignment(2, 2, 30),
            held(*kind).with_sign_off(1, SignOffKind::Signed, 30),
            held(*kind).with_decision(1, DecisionKind::Proved, 30),
            held(*kind).with_decision(1, DecisionKind::Reopened, 30),
            held(*kind).with_hold(2, HoldKind::Part, 20),
        ];
        corners.extend(jobs.map(|record| (record, nothing())));
    }
    corners
}

fn gates() -> Vec<Corner> {
    let mut unpaid = finished();
    unpaid.charges.clear();
    let excused = |step: &str| unpaid.clone().with_mark(step, MarkKind::Skipped, 118).with_reason(step, "客户赶时间");
    let mut blank = reported();
    blank.report.phone = Some(" ".to_owned());
    for (number, value) in [(1, " "), (2, "\u{3000}")] {
        let correction = Correction { field: ReportField::Phone, value: value.to_owned(), by: person(1), at: at(8) };
        blank.corrections.insert(id(number), correction);
    }
    let tools = |back: &str| finished().with_reading(4, "tools_in", back, 112);
    let signed = |record: JobRecord| {
        let signature = signature(&record, |_| {});
        (record, vec![signature])
    };
    let failed = finished().with_mark("testing", MarkKind::Failed, 106);
    let short = tools("11").with_reason("cleanup", "钳子留在车上");
    let excuses = [excused("sign_off"), excused("charges"), excused("card"), unpaid.clone(), failed, short];
    let mut corners: Vec<Corner> = excuses.map(signed).into();
    corners.extend(["12.0", " 12. ", "+12", "012", "12.01", "13", "一十二"].map(|back| signed(tools(back))));
    corners.extend([(blank, nothing()), whole_visit()]);
    let record = finished();
    let covers =
        [0, 1, 64, 65].map(|number| signature(&record, |sign_off| sign_off.covers = vec![Hash::of(b"head"); number]));
    corners.extend(covers.map(|edit| (record.clone(), vec![edit])));
    corners
}

/// Work that can destroy data: accepted, signed for, quoted anew, opened again; in a checklist that asks for it by the name of a photo, too.
fn backups() -> Vec<Corner> {
    let risky = |number: u8, minute: i64| {
        let mut quote = example::quote(8_000, minute);
        quote.lines.get_mut("01").unwrap().risk = Some(Risk::Data);
        (id(number), quote)
    };
    let mut record = reported();
    record.quotes.extend([risky(1, 10)]);
    let accepted = record.with_consent(1, 20);
    let signed = accepted.clone().with_backup_consent(3, 1, 25);
    let mut anew = signed.clone();
    anew.quotes.extend([risky(2, 30)]);
    let mut doubled = anew.clone();
    let line = doubled.quotes.get_mut(&id(2)).unwrap().lines.get_mut("01").unwrap();
    (line.quantity_milli, line.unit_minor) = (2_000, 4_000);
    let again = signed.clone().with_decision(1, DecisionKind::Reopened, 60);
    let mut bent = accepted.clone().with_backup_consent(3, 1, 25);
    bent.backup_consents.get_mut(&id(3)).unwrap().text.push('。');
    let repair = |record: &JobRecord| {
        let mark = Mark { kind: MarkKind::Done, by: person(1), at: at(70), reason: None, place: None };
        vec![
            Edit::Mark { step: "repair".to_owned(), mark },
            Edit::Backup { id: id(9), backup: example::backup_consent(record, 1, 71) },
        ]
    };
    let jobs = [accepted, signed, anew.with_consent(2, 31), doubled.with_consent(2, 31), again, bent];
    jobs.map(|record| (record.clone(), repair(&record))).into()
}

/// What belongs to no step may be noted and photographed, and nothing else.
fn whole_visit() -> Corner {
    let note = |step: &str| Edit::Note { step: step.to_owned(), text: "钥匙在门卫".to_owned() };
    let mark = Mark { kind: MarkKind::Done, by: person(1), at: at(8), reason: None, place: None };
    let photo = |step: &str| Photo { step: step.to_owned(), bytes: 1, width: 1, height: 1, by: person(1), at: at(8) };
    let edits = vec![
        note(WHOLE_VISIT),
        note("unheard_of"),
        Edit::Photo { sha256: Hash::of(b"a"), photo: photo(WHOLE_VISIT) },
        Edit::Photo { sha256: Hash::of(b"b"), photo: photo("unheard_of") },
        Edit::Mark { step: WHOLE_VISIT.to_owned(), mark },
        Edit::Reading { id: id(1), reading: example::reading(WHOLE_VISIT, "noise", "1", 9) },
    ];
    (reported(), edits)
}

/// Corrections and counts, at the edge of what a field can hold.
fn fields() -> Corner {
    use ReportField::{Address, Area, Fault, Model, Phone, PurchasedOn, Urgency};
    let (long, longer) = ("长".repeat(400), "𠮷".repeat(401));
    let values = [
        (Phone, "没有电话"),
        (Phone, "12"),
        (Phone, "119"),
        (Phone, "\u{ff11}\u{ff12}\u{ff13}"),
        (Phone, "00861381234567890123"),
        (Phone, "008613812345678901234"),
        (PurchasedOn, "昨天"),
        (PurchasedOn, " 2024-02-29\u{3000}"),
        (PurchasedOn, "2023-02-29"),
        (PurchasedOn, "2023-2-28"),
        (PurchasedOn, "2023-13-01"),
        (PurchasedOn, "+023-01-01"),
        (PurchasedOn, "0000-01-31"),
        (Urgency, "随便"),
        (Urgency, " general "),
        (Area, "own"),
        (Area, "公共"),
        (Address, &long),
        (Address, &longer),
        (Fault, &longer),
        (Model, "KFR\u{7f}35"),
        (Model, "KFR\t35\n壁挂"),
        (Phone, "\u{feff}"),
        (Phone, " \u{85}"),
    ];
    let corrections = (1u8..).zip(values).map(|(number, (field, value))| Edit::Correct {
        id: id(number),
        correction: Correction { field, value: value.to_owned(), by: person(1), at: at(8) },
    });
    let readings = [
        ("tools_out", "12"),
        ("tools_out", " 12.0 "),
        ("tools_out", "12.5"),
        ("tools_out", "十二"),
        ("tools_in", "-1"),
        ("tools_in", "-0"),
        ("tools_in", "9223372036854775808"),
        ("supply_voltage", "约220"),
        ("noise", "有一点"),
    ];
    let readings = (50u8..).zip(readings).map(|(number, (name, value))| Edit::Reading {
        id: id(number),
        reading: example::reading("lay_out", name, value, 9),
    });
    (reported(), corrections.chain(readings).collect())
}
