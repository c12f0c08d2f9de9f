//! Who may write where: every place of the record's shape, tried by everybody, held against `places.csv`.
//!
//! The gate knows no roles but two: the technician who has the job in hand, and everybody else. The office and customers write through the
//! server's commands, which hold their own table (`tests/it/authorisation/operations.csv`). What the checklist's gates say depends on what
//! was done before, not on who writes; they are open here.

mod examples;

use super::*;
use crate::record::places::{Path, puts_of};
use automerge::transaction::Transactable;
use automerge::{ObjId, ObjType, ROOT};
use examples::sample;
use schema::edit::Edit;
use schema::id::{LinkId, PersonId};
use schema::record::How;
use schema::shape::{Inner, Keys, RECORD, Shape, Writers};

const TABLE: &str = include_str!("places.csv");

/// A place of the record and something that may stand there.
struct Case {
    /// As in `marks/{step}`.
    pattern: String,
    shape: &'static Shape,
}

/// Nobody is asked: the place has no such thing.
const NONE: &str = "-";
const YES: &str = "yes";

type Try = fn(&Case) -> String;

/// What is tried at each place, in the order of the table's columns.
const TRIES: &[(&str, Try)] = &[
    ("technician", |case| sent(&assigned(), LI_WRITES, case.by(&assigned(), LI_PHONE, LI))),
    ("former_unaware", |case| sent(&moved(), LI_WRITES, case.by(&assigned(), LI_PHONE, LI))),
    ("former_aware", |case| sent(&moved(), LI_WRITES, case.by(&moved(), LI_PHONE, LI))),
    ("other_technician", |case| sent(&assigned(), ZHAO_WRITES, case.by(&assigned(), ZHAO_PHONE, ZHAO))),
    ("office", |case| sent(&assigned(), OFFICE_WRITES, case.by(&assigned(), OFFICE_PHONE, DISPATCHER))),
    ("revoked", |case| sent(&assigned(), Writer { revoked: true, ..LI_WRITES }, case.by(&assigned(), LI_PHONE, LI))),
    ("as_the_server", |case| sent(&assigned(), LI_WRITES, case.by(&assigned(), office(), LI))),
    ("as_another", Case::as_another),
    ("as_the_customer", Case::as_the_customer),
    ("again", Case::again),
    ("delete", Case::delete),
    ("inside", Case::inside),
    ("server", Case::by_the_server),
];

/// A member of the office who sends changes as a phone does.
const OFFICE_PHONE: Actor = Actor([4; 16]);
const OFFICE_WRITES: Writer = Writer { person: DISPATCHER, device: DeviceId(Uuid::from_u128(44)), revoked: false };

/// The job that Li had, in Zhao's hands.
fn moved() -> Record {
    let mut record = assigned();
    record.write(office(), at(90), &[assign(2, ZHAO, "赵敏")]).unwrap();
    record
}

/// What the gate says of this one change.
fn sent(record: &Record, writer: Writer, change: Bytes) -> String {
    let admission = try_admit(record, writer, &[change]);
    match admission.refused.first() {
        Some(refusal) => refusal.code.as_str().to_owned(),
        None if admission.accepted.len() == 1 => YES.to_owned(),
        None => "nothing".to_owned(),
    }
}

impl Case {
    fn is(&self, pattern: &str) -> bool {
        self.pattern == pattern
    }

    /// No edit writes it alone.
    fn is_bare(&self) -> bool {
        self.is("meta") || self.is("assigned")
    }

    /// The change by which this actor writes it.
    fn by(&self, record: &Record, actor: Actor, person: PersonId) -> Bytes {
        if self.is_bare() {
            return by_hand(record, actor, |t| t.put(ROOT, self.pattern.as_str(), "x").unwrap());
        }
        written(record, actor, &[sample(&self.pattern, person, record)])
    }

    fn path(&self) -> Path {
        if self.is_bare() {
            return vec![self.pattern.clone()];
        }
        puts_of(&sample(&self.pattern, LI, &assigned())).unwrap().remove(0).0
    }

    /// The record with something there already: the technician's own, or the office's.
    fn filled(&self) -> Record {
        let mut record = assigned();
        if !self.is_bare() {
            let is_crew = self.technician_writes();
            let (actor, person) = if is_crew { (LI_PHONE, LI) } else { (office(), DISPATCHER) };
            record.write(actor, at(300), &[sample(&self.pattern, person, &assigned())]).unwrap();
        }
        record
    }

    fn technician_writes(&self) -> bool {
        sent(&assigned(), LI_WRITES, self.by(&assigned(), LI_PHONE, LI)) == YES
    }

    fn as_another(&self) -> String {
        let theirs = self.by(&assigned(), LI_PHONE, ZHAO);
        if theirs == self.by(&assigned(), LI_PHONE, LI) {
            return NONE.to_owned();
        }
        sent(&assigned(), LI_WRITES, theirs)
    }

    /// What a customer says by their link, or to the desk on the phone, written by the technician.
    fn as_the_customer(&self) -> String {
        let link = LinkId(Uuid::from_u128(5));
        let mut said = Vec::new();
        for (how, link) in [(How::Link, Some(link)), (How::DeskCall, None)] {
            let mut edit = if self.is_bare() { continue } else { sample(&self.pattern, LI, &assigned()) };
            match &mut edit {
                Edit::Consent { consent, .. } => (consent.how, consent.link, consent.by) = (how, link, None),
                Edit::Backup { backup, .. } => (backup.how, backup.link, backup.by) = (how, link, None),
                Edit::SignOff { sign_off, .. } => (sign_off.how, sign_off.link, sign_off.by) = (how, link, None),
                Edit::Reply { reply, .. } => (reply.how, reply.link, reply.by) = (how, link, None),
                Edit::Refuse { .. } | Edit::Rate { .. } => {}
                _ => continue,
            }
            said.push(sent(&assigned(), LI_WRITES, written(&assigned(), LI_PHONE, &[edit])));
        }
        all_alike(said)
    }

    fn again(&self) -> String {
        let record = self.filled();
        let (object, key) = self.place(&record);
        let change = match self.shape {
            Shape::Latest(Writers::Crew, _) => written(&record, LI_PHONE, &[done("repair", LI, 400)]),
            Shape::Register(..) => by_hand(&record, LI_PHONE, |t| t.put(&object, key.as_str(), "别的").unwrap()),
            _ => by_hand(&record, LI_PHONE, |t| drop(t.put_object(&object, key.as_str(), ObjType::Map).unwrap())),
        };
        sent(&record, LI_WRITES, change)
    }

    fn delete(&self) -> String {
        let record = self.filled();
        let (object, key) = self.place(&record);
        sent(&record, LI_WRITES, by_hand(&record, LI_PHONE, |t| t.delete(&object, key.as_str()).unwrap()))
    }

    /// Each field of what stands there, by itself.
    fn inside(&self) -> String {
        let (Shape::Once(_, whole) | Shape::Latest(_, whole)) = self.shape else { return NONE.to_owned() };
        let record = self.filled();
        let (object, key) = self.place(&record);
        let entry = record.doc().get(&object, key.as_str()).unwrap().unwrap().1;
        let put = |name: &&'static str, inner: &Inner| {
            let change = by_hand(&record, LI_PHONE, |t| match inner {
                Inner::Scalar(_) | Inner::Author => t.put(&entry, *name, 7).unwrap(),
                Inner::Object(_) | Inner::Each(..) => drop(t.put_object(&entry, *name, ObjType::Map).unwrap()),
                Inner::List(..) => drop(t.put_object(&entry, *name, ObjType::List).unwrap()),
            });
            sent(&record, LI_WRITES, change)
        };
        all_alike(whole.fields.iter().map(|(name, inner)| put(name, inner)).collect())
    }

    /// Where it stands: the map, and the key in it.
    fn place(&self, record: &Record) -> (ObjId, String) {
        match self.path().as_slice() {
            [key] => (ROOT, key.clone()),
            [map, key] => (record.doc().get(ROOT, map.as_str()).unwrap().unwrap().1, key.clone()),
            deeper => panic!("{deeper:?}"),
        }
    }

    fn by_the_server(&self) -> String {
        let edit = match self.pattern.as_str() {
            "meta" => return Record::new().write(office(), at(0), &[open()]).map_or("no", |_| YES).to_owned(),
            "assigned" => Edit::Unassign,
            pattern => sample(pattern, DISPATCHER, &assigned()),
        };
        let mut record = assigned();
        let written = record.write(office(), at(500), &[edit]);
        let loads = Record::load(&record.save()).is_ok_and(|again| again.heads() == record.heads());
        if written.is_ok() && loads { YES.to_owned() } else { format!("{written:?}") }
    }
}

fn all_alike(mut said: Vec<String>) -> String {
    said.dedup();
    match said.as_slice() {
        [] => NONE.to_owned(),
        [one] => one.clone(),
        several => several.join("+"),
    }
}

/// Every place that the shape knows, in its order.
fn cases(shape: &'static Shape, prefix: &str, found: &mut Vec<Case>) {
    let below = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
    match shape {
        Shape::Fields(fields) => fields.iter().for_each(|(name, shape)| cases(shape, &below(name), found)),
        Shape::Each(keys, shape) => {
            let key = match keys {
                Keys::Entry => "{entry}",
                Keys::Step => "{step}",
                Keys::Sha256 => "{sha256}",
                Keys::Line => "{line}",
            };
            cases(shape, &below(key), found);
        }
        Shape::Once(..) | Shape::Latest(..) | Shape::Register(..) => {
            found.push(Case { pattern: prefix.to_owned(), shape });
        }
    }
}

/// Rows of the table, without its comments.
fn table() -> Vec<Vec<&'static str>> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split(',').map(str::trim).collect()).collect()
}

#[test]
fn every_place_of_the_record_is_written_by_whom_the_table_says_and_by_nobody_else() {
    let mut found = Vec::new();
    cases(&RECORD, "", &mut found);
    let rows = table();
    let (head, rows) = rows.split_first().unwrap();
    let columns: Vec<&str> = TRIES.iter().map(|(name, _)| *name).collect();
    // The last column names operations, which the tests of the routes hold against theirs.
    assert_eq!(head.as_slice(), [&["place"], columns.as_slice(), &["commands"]].concat());
    let mut wrong = Vec::new();
    let unknown = rows.iter().filter(|row| found.iter().all(|case| !case.is(row[0])));
    wrong.extend(unknown.map(|row| format!("{}: the record has no such place", row[0])));
    for case in &found {
        let said: Vec<String> = TRIES.iter().map(|(_, attempt)| attempt(case)).collect();
        let Some(row) = rows.iter().find(|row| case.is(row[0])) else {
            wrong.push(format!("{}: no row; what is found is {}", case.pattern, said.join(", ")));
            continue;
        };
        assert_eq!(row.len(), head.len(), "{row:?}");
        for ((name, said), expected) in columns.iter().zip(&said).zip(&row[1..]) {
            if said != expected {
                wrong.push(format!("{} {name}: expected {expected}, found {said}", case.pattern));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells of places.csv are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
