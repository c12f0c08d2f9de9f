//! Records and edits for tests: believable ones, and any that the types allow.

use super::{Record, office_actor};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use schema::binary::{Actor, Hash};
use schema::edit::Edit;
use schema::example;
use schema::id::{EntryId, JobId, OutletId, PersonId, ReportId};
use schema::money::Currency;
use schema::record::*;
use schema::time::{SECOND, Timestamp, Window};
use uuid::Uuid;

pub(crate) const JOB: JobId = JobId(Uuid::from_u128(7));
pub(crate) const DISPATCHER: PersonId = PersonId(Uuid::from_u128(1));
pub(crate) const LI: PersonId = PersonId(Uuid::from_u128(2));
pub(crate) const ZHAO: PersonId = PersonId(Uuid::from_u128(3));
pub(crate) const LI_PHONE: Actor = Actor([2; 16]);
pub(crate) const ZHAO_PHONE: Actor = Actor([3; 16]);

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_micros((1_790_000_000 + second) * SECOND)
}

pub(crate) fn entry(number: u8) -> EntryId {
    EntryId::new([number; 10])
}

pub(crate) fn office() -> Actor {
    office_actor(JOB, 1)
}

pub(crate) fn open() -> Edit {
    let meta = Meta {
        job: JOB,
        outlet: OutletId(Uuid::from_u128(8)),
        report: ReportId(Uuid::from_u128(9)),
        reported_at: at(0),
        opened_by: DISPATCHER,
        ..example::meta()
    };
    let report = Report {
        name: Some("王芳".to_owned()),
        phone: Some("13800001234".to_owned()),
        address: Some("幸福路 12 号 3-402".to_owned()),
        fault: Some("厨房水龙头漏水".to_owned()),
        urgency: Some(Urgency::General),
        ..Report::default()
    };
    Edit::Open { meta: Box::new(meta), report: Box::new(report) }
}

pub(crate) fn assign(id: u8, technician: PersonId, name: &str) -> Edit {
    let assignment = Assignment {
        technician,
        technician_name: name.to_owned(),
        window: Some(Window { from: at(7200), to: at(10_800) }),
        by: DISPATCHER,
        at: at(60),
        reason: None,
    };
    Edit::Assign { id: entry(id), assignment }
}

pub(crate) fn done(step: &str, by: PersonId, second: i64) -> Edit {
    let mark = Mark { kind: MarkKind::Done, by, at: at(second), reason: None, place: None };
    Edit::Mark { step: step.to_owned(), mark }
}

pub(crate) fn note(step: &str, text: &str) -> Edit {
    Edit::Note { step: step.to_owned(), text: text.to_owned() }
}

/// A job opened by the office and assigned to Li.
pub(crate) fn assigned() -> Record {
    let mut record = Record::new();
    record.write(office(), at(0), &[open()]).unwrap();
    record.write(office(), at(60), &[assign(1, LI, "李强")]).unwrap();
    record
}

fn text() -> impl Strategy<Value = String> {
    "[a-z 水管修好了0-9，。\u{1F6B0}]{0,24}"
}

fn person() -> impl Strategy<Value = PersonId> {
    any::<u128>().prop_map(|number| PersonId(Uuid::from_u128(number)))
}

fn moment() -> impl Strategy<Value = Timestamp> {
    any::<i32>().prop_map(|micros| at(0).plus(i64::from(micros)))
}

fn id() -> impl Strategy<Value = EntryId> {
    any::<[u8; 10]>().prop_map(EntryId::new)
}

fn step() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["accept", "diagnose", "repair", "testing", "cleanup"]).prop_map(str::to_owned)
}

fn place() -> impl Strategy<Value = Place> {
    any::<[i64; 3]>().prop_map(|[latitude_e6, longitude_e6, accuracy_m]| Place {
        latitude_e6,
        longitude_e6,
        accuracy_m,
    })
}

fn mark(by: PersonId) -> impl Strategy<Value = Edit> {
    let kind = prop::sample::select(MarkKind::ALL);
    (step(), kind, moment(), option::of(text()), option::of(place())).prop_map(
        move |(step, kind, at, reason, place)| Edit::Mark { step, mark: Mark { kind, by, at, reason, place } },
    )
}

fn photo(by: PersonId) -> impl Strategy<Value = Edit> {
    (any::<[u8; 32]>(), step(), any::<[u16; 3]>(), moment()).prop_map(
        move |(sha256, step, [bytes, width, height], at)| {
            let (bytes, width, height) = (bytes.into(), width.into(), height.into());
            Edit::Photo { sha256: Hash(sha256), photo: Photo { step, bytes, width, height, by, at } }
        },
    )
}

fn reading(by: PersonId) -> impl Strategy<Value = Edit> {
    (id(), step(), text(), text(), moment()).prop_map(move |(id, step, name, value, at)| Edit::Reading {
        id,
        reading: Reading { step, name, value, unit: "MΩ".to_owned(), by, at },
    })
}

fn part(by: PersonId) -> impl Strategy<Value = Edit> {
    let old = prop::sample::select(OldPart::ALL);
    (id(), text(), any::<i64>(), option::of(text()), old, option::of(id()), moment()).prop_map(
        move |(id, name, quantity_milli, serial, old_part, undoes, at)| {
            let part = Part { code: "P-1".to_owned(), name, quantity_milli, serial, old_part, by, at, undoes };
            Edit::Part { id, part }
        },
    )
}

fn quote(by: PersonId) -> impl Strategy<Value = Edit> {
    let line = (option::of(text()), text(), any::<i64>(), any::<i64>()).prop_map(
        |(code, name, quantity_milli, amount_minor)| QuoteLine {
            code,
            request: None,
            name,
            unit: "次".to_owned(),
            kind: ItemKind::Labour,
            quantity_milli,
            unit_minor: amount_minor,
            amount_minor,
            risk: None,
            setup: None,
        },
    );
    (id(), btree_map("[0-9]{2}", line, 0..5), any::<i64>(), option::of(person()), moment()).prop_map(
        move |(id, lines, total_minor, decided_by, at)| {
            let warranty = Warranty { kind: WarrantyKind::None, reason: None, decided_by };
            let currency = Currency::CNY;
            let quote = Quote { lines, total_minor, currency, price_list: 3, warranty, option: None, of: None, by, at };
            Edit::Quote { id, quote }
        },
    )
}

fn consent(by: PersonId) -> impl Strategy<Value = Edit> {
    (id(), id(), any::<[u8; 32]>(), any::<i64>(), moment()).prop_map(move |(id, quote, hash, total_minor, at)| {
        let consent = Consent {
            quote,
            quote_hash: Hash(hash),
            total_minor,
            currency: Currency::CNY,
            how: How::Phone,
            name: "王芳".to_owned(),
            strokes: None,
            by: Some(by),
            link: None,
            shown: Vec::new(),
            at,
        };
        Edit::Consent { id, consent }
    })
}

fn charge(by: PersonId) -> impl Strategy<Value = Edit> {
    (id(), id(), any::<i64>(), moment()).prop_map(move |(id, quote, due_minor, at)| Edit::Charge {
        id,
        charge: Charge { quote, due_minor, currency: Currency::CNY, by, at },
    })
}

fn play(by: PersonId) -> impl Strategy<Value = Edit> {
    (id(), step(), option::of(text()), moment()).prop_map(move |(id, step, note, at)| Edit::Play {
        id,
        play: Play { step, play: "nobody_home".to_owned(), note, by, at },
    })
}

fn backup(by: PersonId) -> impl Strategy<Value = Edit> {
    let copy = prop::sample::select(BackupCopy::ALL);
    (id(), id(), copy, text(), moment()).prop_map(move |(id, quote, copy, text, at)| {
        let backup = BackupConsent {
            quote,
            copy,
            text_hash: Hash::of(text.as_bytes()),
            text,
            language: schema::people::Language::Chinese,
            how: How::Phone,
            name: "王芳".to_owned(),
            strokes: Some(Strokes("10,12,0 14,18,16|20,12,90".to_owned())),
            by: Some(by),
            link: None,
            at,
        };
        Edit::Backup { id, backup }
    })
}

fn take_back(by: PersonId) -> impl Strategy<Value = Edit> {
    (id(), option::of(text()), text(), any::<bool>(), moment()).prop_map(move |(id, model, said, all, at)| {
        let receipt = TakeBack { model, condition: said, by, at, ..example::take_back(&example::reported(), 0) };
        let (computer, loaner) = (receipt.computer.clone().filter(|_| all), receipt.loaner.clone().filter(|_| all));
        Edit::TakeBack { id, take_back: Box::new(TakeBack { computer, loaner, ..receipt }) }
    })
}

fn hand_back(by: PersonId) -> impl Strategy<Value = Edit> {
    let kind = prop::sample::select(HandBackKind::ALL);
    (id(), id(), kind, option::of(text()), moment()).prop_map(move |(id, receipt, kind, reason, at)| {
        let end = HandBack { receipt, reason, by, at, ..example::hand_back(&example::reported(), 1, kind, 0) };
        Edit::HandBack { id, hand_back: end }
    })
}

fn sign_off(by: PersonId) -> impl Strategy<Value = Edit> {
    let rating =
        (option::of(1..=5i64), option::of(1..=5i64)).prop_map(|(quality, attitude)| Rating { quality, attitude });
    (id(), vec(any::<[u8; 32]>(), 0..4), option::of(rating), any::<[u8; 32]>(), moment()).prop_map(
        move |(id, covers, rating, sheet_hash, at)| {
            let sign_off = SignOff {
                kind: SignOffKind::Signed,
                how: How::Phone,
                name: "王芳".to_owned(),
                reason: None,
                strokes: Some(Strokes("10,12,0 14,18,16|20,12,90".to_owned())),
                rating,
                remarks: None,
                covers: covers.into_iter().map(Hash).collect(),
                sheet_hash: Hash(sheet_hash),
                by: Some(by),
                link: None,
                at,
            };
            Edit::SignOff { id, sign_off }
        },
    )
}

/// What a technician's phone may write, by this person.
pub(crate) fn crew_edit(by: PersonId) -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => mark(by),
        4 => (step(), text()).prop_map(|(step, text)| Edit::Note { step, text }),
        1 => text().prop_map(|text| Edit::Cause { text }),
        1 => text().prop_map(|text| Edit::Measures { text }),
        2 => photo(by),
        2 => reading(by),
        2 => part(by),
        1 => quote(by),
        1 => sign_off(by),
        1 => consent(by),
        1 => backup(by),
        1 => take_back(by),
        1 => hand_back(by),
        1 => charge(by),
        1 => play(by),
        1 => (id(), text(), option::of(place()), moment())
            .prop_map(move |(id, reason, place, at)| Edit::Alarm { id, alarm: Alarm { reason, place, by, at } }),
        1 => (id(), text(), moment()).prop_map(move |(id, reason, at)| Edit::Hold {
            id,
            hold: Hold { kind: HoldKind::Part, by, at, reason, until: Some(at) },
        }),
        1 => (id(), option::of(text()), moment(), moment()).prop_map(move |(id, reason, arrives_at, at)| Edit::Delay {
            id,
            delay: Delay { arrives_at, reason, by, at },
        }),
        1 => (id(), id(), option::of(text()), moment()).prop_map(move |(id, delay, note, at)| Edit::Reply {
            id,
            reply: Reply { delay, kind: ReplyKind::Told, how: How::Phone, note, by: Some(by), link: None, at },
        }),
        1 => (id(), id(), text(), moment()).prop_map(move |(id, quote, reason, at)| Edit::Withdraw {
            id,
            withdrawal: Withdrawal { quote, reason, by, at },
        }),
        1 => (id(), moment())
            .prop_map(move |(hold, at)| Edit::Release { hold, release: Release { by, at } }),
        1 => (id(), text(), moment()).prop_map(move |(id, value, at)| Edit::Correct {
            id,
            correction: Correction { field: ReportField::Model, value, by, at },
        }),
    ]
}

/// What the office may write.
pub(crate) fn office_edit() -> impl Strategy<Value = Edit> {
    let field = prop::sample::select(vec![ReportField::Name, ReportField::Address, ReportField::Fault]);
    prop_oneof![
        2 => (field, option::of(text())).prop_map(|(field, value)| Edit::SetReport { field, value }),
        2 => (step(), text()).prop_map(|(step, text)| Edit::Note { step, text }),
        1 => (id(), person()).prop_map(|(id, technician)| Edit::Assign {
            id,
            assignment: Assignment {
                technician,
                technician_name: "赵敏".to_owned(),
                window: None,
                by: DISPATCHER,
                at: at(1),
                reason: None,
            },
        }),
        1 => Just(Edit::Unassign),
        1 => (any::<[i64; 2]>(), text(), moment()).prop_map(|([latitude_e6, longitude_e6], address, at)| Edit::Site {
            site: Site { latitude_e6, longitude_e6, address, at },
        }),
        1 => (id(), any::<i64>(), moment()).prop_map(|(id, minor, at)| Edit::Waive {
            id: id.clone(),
            waiver: Waiver { quote: id, minor, reason: "老客户".to_owned(), by: DISPATCHER, at },
        }),
        1 => (id(), any::<i64>(), moment()).prop_map(|(id, minor, at)| Edit::Pay {
            id,
            payment: Payment {
                minor,
                currency: Currency::CNY,
                method: "现金".to_owned(),
                receipt: None,
                by: DISPATCHER,
                at,
            },
        }),
    ]
}
