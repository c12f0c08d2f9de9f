//! The job that hostile changes are pushed to: a believable one, with everything in it that a phone may try to overwrite.

use schema::binary::{Actor, Hash};
use schema::clock::{Facts, WorkCalendar, clocks, shipped_rules};
use schema::edit::Edit;
use schema::example;
use schema::gate::Violation;
use schema::id::{DeviceId, EntryId, JobId, LinkId, OutletId, PersonId, ReportId};
use schema::money::Currency;
use schema::people::Language;
use schema::price::quote_hash;
use schema::record::*;
use schema::sheet::sheet;
use schema::template::{Template, find_shipped};
use schema::time::{SECOND, Timestamp};
use sync::admit::{Lease, Limits, Rules, Writer};
use sync::record::{Record, office_actor};
use uuid::Uuid;

pub const JOB: JobId = JobId(Uuid::from_u128(7));
pub const DESK: PersonId = PersonId(Uuid::from_u128(1));
pub const LI: PersonId = PersonId(Uuid::from_u128(2));
pub const LI_DEVICE: DeviceId = DeviceId(Uuid::from_u128(22));
pub const LINK: LinkId = LinkId(Uuid::from_u128(44));
pub const LI_PHONE: Actor = Actor([2; 16]);
/// Leased to somebody else's phone.
pub const ZHAO_PHONE: Actor = Actor([3; 16]);
/// Writes in another job.
pub const ELSEWHERE: Actor = Actor([4; 16]);

pub fn office() -> Actor {
    office_actor(JOB, 1)
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_micros((1_790_000_000 + second) * SECOND)
}

pub fn id(number: u8) -> EntryId {
    EntryId::new([number; 10])
}

pub fn template() -> &'static Template {
    find_shipped("home_repair", 1).unwrap()
}

fn lease(actor: Actor) -> Lease {
    match actor {
        LI_PHONE => Lease::Held(LI_DEVICE),
        ZHAO_PHONE => Lease::Held(DeviceId(Uuid::from_u128(33))),
        ELSEWHERE => Lease::Elsewhere,
        _ => Lease::Free,
    }
}

fn shipped_gates(before: &JobRecord, after: &JobRecord) -> Vec<Violation> {
    schema::gate::violations(before, after, template())
}

fn no_gates(_: &JobRecord, _: &JobRecord) -> Vec<Violation> {
    Vec::new()
}

/// The server's rules, with or without the template's gates: behind closed gates lies little that could go wrong.
pub fn rules(gated: bool, limits: Limits) -> Rules<'static> {
    Rules { lease: &lease, office: office(), gates: if gated { &shipped_gates } else { &no_gates }, limits }
}

pub fn li(revoked: bool) -> Writer {
    Writer { person: LI, device: LI_DEVICE, revoked }
}

pub fn opened() -> Edit {
    let meta = Meta {
        job: JOB,
        outlet: OutletId(Uuid::from_u128(8)),
        report: ReportId(Uuid::from_u128(9)),
        reported_at: at(0),
        opened_by: DESK,
        ..example::meta()
    };
    let report = Report {
        name: Some("王芳".to_owned()),
        phone: Some("13800001234".to_owned()),
        fault: Some("厨房水龙头漏水".to_owned()),
        ..Report::default()
    };
    Edit::Open { meta: Box::new(meta), report: Box::new(report) }
}

pub fn quote() -> Quote {
    Quote { by: LI, at: at(300), ..example::quote(8_000, 0) }
}

pub fn consent(how: How, second: i64) -> Consent {
    let (by, link) = if how == How::Link { (None, Some(LINK)) } else { (Some(LI), None) };
    Consent {
        quote: id(1),
        quote_hash: quote_hash(&quote()),
        total_minor: 8_000,
        currency: Currency::CNY,
        how,
        name: "王芳".to_owned(),
        strokes: None,
        by,
        link,
        shown: Vec::new(),
        at: at(second),
    }
}

fn assign() -> Edit {
    let (window, reason) = (None, None);
    let name = "李强".to_owned();
    Edit::Assign {
        id: id(1),
        assignment: Assignment { technician: LI, technician_name: name, window, by: DESK, at: at(60), reason },
    }
}

fn mark(step: &str, kind: MarkKind, second: i64) -> Edit {
    let mark = Mark { kind, by: LI, at: at(second), reason: Some("业主不在".to_owned()), place: None };
    Edit::Mark { step: step.to_owned(), mark }
}

fn delay(by: PersonId, second: i64) -> Delay {
    Delay { arrives_at: at(second + 1_800), reason: Some("堵车".to_owned()), by, at: at(second) }
}

fn note(step: &str, text: &str) -> Edit {
    Edit::Note { step: step.to_owned(), text: text.to_owned() }
}

fn part() -> Part {
    Part {
        code: "P-1".to_owned(),
        name: "阀芯".to_owned(),
        quantity_milli: 1_000,
        serial: Some("SN1".to_owned()),
        old_part: OldPart::Returned,
        by: LI,
        at: at(700),
        undoes: None,
    }
}

/// What Li's phone writes, one edit of each kind.
pub fn crew_edits(record: &JobRecord, heads: Vec<Hash>) -> Vec<Edit> {
    let (by, second) = (LI, 700);
    let place = Place { latitude_e6: 31_230_000, longitude_e6: 121_470_000, accuracy_m: 12 };
    let signed = SignOff {
        kind: SignOffKind::Signed,
        how: How::Phone,
        name: "王芳".to_owned(),
        reason: None,
        strokes: Some(Strokes("10,12,0 14,18,16|20,12,90".to_owned())),
        rating: Some(Rating { quality: Some(5), attitude: None }),
        remarks: None,
        covers: heads,
        sheet_hash: sheet(record, template()).hash(),
        by: Some(by),
        link: None,
        at: at(second),
    };
    let text = |text: &str| text.to_owned();
    let edits = vec![
        note("repair", "换了阀芯"),
        mark("repair", MarkKind::Done, 700),
        mark("testing", MarkKind::NotApplicable, 701),
        Edit::Cause { text: text("密封圈老化") },
        Edit::Measures { text: text("更换阀芯") },
        Edit::Photo {
            sha256: Hash::of(b"another"),
            photo: Photo { step: text("testing"), bytes: 9, width: 3, height: 3, by, at: at(second) },
        },
        Edit::Reading {
            id: id(20),
            reading: Reading {
                step: text("testing"),
                name: text("水压"),
                value: text("0.3"),
                unit: text("MPa"),
                by,
                at: at(second),
            },
        },
        Edit::Part { id: id(21), part: part() },
        Edit::Quote { id: id(22), quote: quote() },
        Edit::Withdraw {
            id: id(30),
            withdrawal: Withdrawal { quote: id(1), reason: text("报错价"), by, at: at(second) },
        },
        Edit::Consent { id: id(23), consent: consent(How::Phone, second) },
        Edit::Charge {
            id: id(24),
            charge: Charge { quote: id(1), due_minor: 8_000, currency: Currency::CNY, by, at: at(second) },
        },
        Edit::SignOff { id: id(25), sign_off: signed },
        Edit::Alarm {
            id: id(26),
            alarm: Alarm { reason: text("客户情绪激动"), place: Some(place), by, at: at(second) },
        },
        Edit::Hold {
            id: id(27),
            hold: Hold { kind: HoldKind::Part, by, at: at(second), reason: text("等配件"), until: Some(at(9_000)) },
        },
        Edit::Release { hold: id(6), release: Release { by, at: at(second) } },
        Edit::Correct {
            id: id(28),
            correction: Correction { field: ReportField::Model, value: text("X-2"), by, at: at(second) },
        },
        Edit::Play {
            id: id(29),
            play: Play { step: text("contact"), play: text("nobody_home"), note: None, by, at: at(second) },
        },
    ];
    [edits, late_and_picked(place), taken(record)].concat()
}

/// A delay and what was said to it, a place, and a consent to some lines of an offer.
fn late_and_picked(place: Place) -> Vec<Edit> {
    vec![
        Edit::Delay { id: id(30), delay: delay(LI, 700) },
        Edit::Reply { id: id(31), reply: reply(id(30), ReplyKind::Agreed, How::Phone, 700) },
        Edit::Mark {
            step: "knock".to_owned(),
            mark: Mark { kind: MarkKind::Done, by: LI, at: at(700), reason: None, place: Some(place) },
        },
        Edit::Quote { id: id(32), quote: picked() },
        Edit::Consent { id: id(33), consent: chosen(700) },
        Edit::Backup { id: id(34), backup: backup(How::Phone, 700) },
    ]
}

/// Work that can destroy data.
fn risky() -> Quote {
    let mut quote = Quote { option: Some("重装".to_owned()), at: at(560), ..quote() };
    quote.lines.values_mut().for_each(|line| line.risk = Some(Risk::Data));
    quote
}

/// What the customer signed before it.
fn backup(how: How, second: i64) -> BackupConsent {
    let (copy, language) = (BackupCopy::Customer, Language::Chinese);
    let text = schema::backup::text(&example::meta().number, &risky(), copy, language).unwrap();
    let Consent { name, by, link, at, .. } = consent(how, second);
    let strokes = Some(Strokes("10,12,0 14,18,16|20,12,90".to_owned()));
    let text_hash = schema::backup::text_hash(&text);
    BackupConsent { quote: id(10), copy, text, text_hash, language, how, name, strokes, by, link, at }
}

/// A computer taken away, with a loaner left behind, and both home again.
fn taken(record: &JobRecord) -> Vec<Edit> {
    let receipt = TakeBack { by: LI, at: at(700), ..example::take_back(record, 0) };
    let day = at(700).to_utc().date_naive().to_string();
    let mut receipt = TakeBack { taken_on: day.clone(), return_on: day, ..receipt };
    receipt.text = schema::take_back::receipt_text(&record.meta.number, &receipt, receipt.language);
    receipt.text_hash = schema::backup::text_hash(&receipt.text);
    let mut known = record.clone();
    known.take_backs.insert(id(34), receipt.clone());
    let end = HandBack { by: LI, at: at(701), ..example::hand_back(&known, 34, HandBackKind::Both, 0) };
    vec![Edit::TakeBack { id: id(34), take_back: Box::new(receipt) }, Edit::HandBack { id: id(35), hand_back: end }]
}

/// What somebody says that the customer said; on their own page none of ours is named.
fn reply(delay: EntryId, kind: ReplyKind, how: How, second: i64) -> Reply {
    let (by, link) = if how == How::Link { (None, Some(LINK)) } else { (Some(LI), None) };
    Reply { delay, kind, how, note: Some("下班后".to_owned()), by, link, at: at(second) }
}

/// The lines that the customer wants of what they were shown.
fn picked() -> Quote {
    Quote { of: Some(id(1)), at: at(700), ..quote() }
}

/// A consent to them, given before both offers.
fn chosen(second: i64) -> Consent {
    let shown = vec![id(1), id(32)];
    Consent { quote: id(32), quote_hash: quote_hash(&picked()), shown, ..consent(How::Phone, second) }
}

/// What the office writes while the phone is away.
pub fn office_edits() -> Vec<Edit> {
    let (by, reason) = (DESK, "客户要求".to_owned());
    let decide = |kind, number| Edit::Decide {
        id: id(number),
        decision: Decision { kind, by, at: at(800), reason: Some("客户要求".to_owned()) },
    };
    vec![
        note("repair", "客户催促"),
        Edit::SetReport { field: ReportField::Address, value: Some("幸福路12号".to_owned()) },
        Edit::SetReport { field: ReportField::Name, value: None },
        Edit::Unassign,
        decide(DecisionKind::Closed, 40),
        decide(DecisionKind::Reopened, 41),
        decide(DecisionKind::Cancelled, 42),
        Edit::Waive { id: id(43), waiver: Waiver { quote: id(1), minor: 500, reason, by, at: at(800) } },
        Edit::Pay {
            id: id(44),
            payment: Payment {
                minor: 8_000,
                currency: Currency::CNY,
                method: "现金".to_owned(),
                receipt: None,
                by,
                at: at(800),
            },
        },
        mark("repair", MarkKind::Done, 800),
        Edit::Delay { id: id(45), delay: delay(DESK, 800) },
        Edit::Reply { id: id(46), reply: reply(id(8), ReplyKind::SomeoneElse, How::Link, 800) },
    ]
}

/// Opened, assigned to Li, quoted, consented to on the customer's link, ticked and noted by two at once, on hold, with an alarm, a delay and a
/// backup consent.
pub fn job() -> Record {
    let mut record = Record::new();
    let office = office();
    record.write(office, at(0), &[opened()]).unwrap();
    record.write(office, at(60), &[assign()]).unwrap();
    record.write(LI_PHONE, at(300), &[Edit::Quote { id: id(1), quote: quote() }]).unwrap();
    record.write(office, at(360), &[Edit::Consent { id: id(2), consent: consent(How::Link, 360) }]).unwrap();
    let heads = record.heads();
    let photo = Photo { step: "repair".to_owned(), bytes: 9, width: 3, height: 3, by: LI, at: at(400) };
    let hold = Hold { kind: HoldKind::Part, by: LI, at: at(410), reason: "等配件".to_owned(), until: None };
    let edits = [
        Edit::Photo { sha256: Hash::of(b"photo"), photo },
        Edit::Hold { id: id(6), hold },
        note("diagnose", "阀芯磨损"),
        mark("diagnose", MarkKind::Done, 400),
    ];
    record.write(LI_PHONE, at(400), &edits).unwrap();
    // At the same time, so that two values stand at two places.
    let aside = [note("diagnose", "客户说上周就漏"), mark("diagnose", MarkKind::NotApplicable, 390)];
    record.write_at(&heads, office, at(390), &aside).unwrap();
    let alarm = Alarm { reason: "触电危险".to_owned(), place: None, by: LI, at: at(500) };
    record.write(LI_PHONE, at(500), &[Edit::Alarm { id: id(7), alarm }]).unwrap();
    // Late, as the office wrote it down and the customer saw it. What is new comes last: inputs that were kept build on what stands before.
    record.write(office, at(520), &[Edit::Delay { id: id(8), delay: delay(DESK, 520) }]).unwrap();
    let seen = reply(id(8), ReplyKind::Seen, How::Link, 540);
    record.write(office, at(540), &[Edit::Reply { id: id(9), reply: seen }]).unwrap();
    // Work that can destroy data, accepted and signed for.
    record.write(LI_PHONE, at(560), &[Edit::Quote { id: id(10), quote: risky() }]).unwrap();
    let accepted = Consent { quote: id(10), quote_hash: quote_hash(&risky()), ..consent(How::Phone, 570) };
    record.write(LI_PHONE, at(570), &[Edit::Consent { id: id(11), consent: accepted }]).unwrap();
    record.write(LI_PHONE, at(580), &[Edit::Backup { id: id(12), backup: backup(How::Phone, 580) }]).unwrap();
    record
}

/// Actors that Li's phone may not write under.
pub fn is_others(actor: Actor) -> bool {
    actor == office() || actor == ZHAO_PHONE || actor == ELSEWHERE
}

pub fn job_record() -> JobRecord {
    job().read().unwrap()
}

/// Everything that is computed from a record, as it is after each push: whatever times and numbers the record claims.
pub fn derive(record: &JobRecord) {
    derive_by(record, template());
}

/// The same by this checklist, which may be none that the record knows.
pub fn derive_by(record: &JobRecord, template: &Template) {
    schema::status::status(record);
    schema::delay::standing(record);
    schema::public::public_job(record, template, &[], "");
    let sheet = sheet(record, template);
    sheet.hash();
    schema::sheet::Sheet::to_text(&sheet, Language::Chinese, chrono_tz::Asia::Shanghai);
    let calendar = WorkCalendar::plain(chrono_tz::Asia::Shanghai);
    let facts = Facts { travel_us: 3_600 * SECOND, ..Facts::default() };
    for clock in clocks(record, template, &facts, &shipped_rules().unwrap(), &calendar) {
        clock.state(at(100));
    }
    schema::gate::violations(&job_record(), record, template);
    let settings = schema::followup::FollowUpSettings::default();
    schema::followup::follow_ups(record, template, &settings);
    record.valid_consents().count();
    record.lasting_holds();
    record.receipt_owed();
    record.open_receipts();
}
