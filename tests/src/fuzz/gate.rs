//! The gate, as a phone meets it whose owner is the enemy. The input is a course of events: bytes that are no change, bodies with a
//! checksum that fits, honest changes bent in one part, and whatever Automerge can write; pushed together or one after the other,
//! while the office writes too.
//!
//! What must hold whatever is pushed: nothing panics out of the gate; each change sent is answered once; the record saves and loads to
//! the same heads; a copy that applies the accepted changes alone is the same record; and what only the office writes, and what is
//! written once, stands as it stood.

use super::forged::{Forged, sealed};
use super::job::{self, LI, LI_PHONE, at};
use super::script::{self, on_their_side};
use super::source::Source;
use automerge::{Automerge, Change};
use schema::binary::{Bytes, Hash};
use schema::record::JobRecord;
use schema::retime::retimed;
use schema::shape::{RECORD, Shape, Writers};
use schema::wire::RefusalCode;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use sync::admit::{Admission, AdmittedChange, Earlier, Limits, Refusal, admit_after, decode, hash_of};
use sync::record::Record;

/// Events of one input.
const EVENTS_MAX: usize = 16;

static JOB: LazyLock<(Record, Vec<u8>)> = LazyLock::new(|| {
    let record = job::job();
    let saved = record.save();
    (record, saved)
});

pub fn gate(data: &[u8]) {
    let mut source = Source::new(data);
    let mut scene = Scene::new(source.byte());
    for _ in 0..EVENTS_MAX {
        if source.is_empty() {
            break;
        }
        scene.happen(&mut source);
    }
    scene.push();
}

struct Scene {
    /// At the server.
    record: Record,
    /// At the phone.
    doc: Automerge,
    sent: Vec<Bytes>,
    /// What lies in quarantine.
    earlier: Vec<Earlier>,
    gated: bool,
    revoked: bool,
    limits: Limits,
}

impl Scene {
    fn new(settings: u8) -> Self {
        let limits = Limits::default();
        let narrow =
            Limits { change_bytes_max: 1 << 10, inflated_bytes_max: 4 << 10, record_bytes_max: 6 << 10, ..limits };
        Self {
            record: JOB.0.clone(),
            doc: Automerge::load(&JOB.1).unwrap(),
            sent: Vec::new(),
            earlier: Vec::new(),
            gated: settings & 1 == 1,
            revoked: settings & 0x70 == 0x70,
            limits: if settings & 0x0e == 0x0e { narrow } else { limits },
        }
    }

    fn happen(&mut self, source: &mut Source<'_>) {
        match source.choice(12) {
            0 => self.sent.push(Bytes(source.blob().to_vec())),
            1 => {
                let kind = source.pick(&[1, 1, 2, 0, 3]).copied().unwrap_or(1);
                self.sent.push(Bytes(sealed(kind, source.blob())));
            }
            2..=4 => self.bend(source),
            5..=7 => {
                let written = script::write(&mut self.doc, source);
                self.sent.extend(written.map(Bytes));
            }
            8 => {
                let written = self.write_honestly(source);
                self.sent.extend(written.map(Bytes));
            }
            9 => self.work_in_the_office(source),
            10 => self.sent.extend(source.pick(&self.sent).cloned()),
            _ => self.push(),
        }
    }

    /// What the app itself would write; applied to the phone's document.
    fn write_honestly(&mut self, source: &mut Source<'_>) -> Option<Vec<u8>> {
        on_their_side(|| {
            let mut record = Record::load(&self.doc.save()).ok()?;
            let view = record.read().ok()?;
            let edits = job::crew_edits(&view, record.heads());
            let edits: Vec<_> = (0..=source.choice(3)).filter_map(|_| source.pick(&edits).cloned()).collect();
            let bytes = record.write(LI_PHONE, at(700), &edits).ok()?.bytes.0;
            self.doc.apply_changes([Change::try_from(bytes.as_slice()).ok()?]).ok()?;
            Some(bytes)
        })
    }

    fn bend(&mut self, source: &mut Source<'_>) {
        let before = self.doc.clone();
        let honest = source.byte() & 1 == 0;
        let written = if honest { self.write_honestly(source) } else { script::write(&mut self.doc, source) };
        let Some(mut forged) = written.as_deref().and_then(Forged::from) else { return };
        let known: Vec<Hash> = before.get_changes_meta(&[]).iter().map(|change| Hash(change.hash.0)).collect();
        for _ in 0..=source.choice(3) {
            forged.bend(source, &known);
        }
        let bytes = sealed(if source.choice(4) == 0 { 2 } else { 1 }, &forged.body());
        // The phone goes on with what it forged, where that is possible at all.
        let mut doc = before.clone();
        let applied = on_their_side(|| doc.apply_changes([Change::try_from(bytes.as_slice()).ok()?]).ok());
        self.doc = if applied.is_some() { doc } else { before };
        self.sent.push(Bytes(bytes));
    }

    fn work_in_the_office(&mut self, source: &mut Source<'_>) {
        if let Some(edit) = source.pick(&job::office_edits()) {
            // Refused where it was done before.
            let _ = self.record.write(job::office(), at(800), std::slice::from_ref(edit));
        }
    }

    fn push(&mut self) {
        let sent = std::mem::take(&mut self.sent);
        if sent.is_empty() {
            return;
        }
        let rules = job::rules(self.gated, self.limits);
        let before = self.record.clone();
        let admission = admit_after(&before, job::li(self.revoked), &rules, &self.earlier, &sent);
        check_answers(&admission, &sent, &self.limits);
        check_record(&before, &admission.record, &admission.accepted);
        for refusal in &admission.refused {
            self.check_refusal(&admission.record, refusal);
            let Refusal { change, code, .. } = *refusal;
            self.earlier.push(Earlier { change, code, raw: refusal.raw.clone() });
        }
        self.earlier.retain(|earlier| earlier.code != RefusalCode::DeviceRevoked);
        self.record = admission.record;
    }

    /// What was refused is read by the dispatcher, and what was saved of it is written by the server.
    fn check_refusal(&self, record: &Record, refusal: &Refusal) {
        for decoded in decode(record, LI, &refusal.raw, &self.limits) {
            for edit in decoded.writes.into_iter().filter_map(|write| write.edit.ok()) {
                let mut adopted = record.clone();
                if adopted.write(job::office(), at(900), &[edit]).is_ok() {
                    check_sound(&adopted);
                }
            }
        }
        if let Some(salvage) = refusal.salvage.as_ref().filter(|_| refusal.replays()) {
            let mut saved = record.clone();
            if saved.write_at(&salvage.base, job::office(), at(900), &salvage.edits).is_ok() {
                check_sound(&saved);
            }
        }
    }
}

/// Each change that was sent is taken, known, or kept: none not at all, and none twice, however often it was sent.
fn check_answers(admission: &Admission, sent: &[Bytes], limits: &Limits) {
    let named = |bytes: &Bytes| hash_of(bytes, limits);
    let accepted: BTreeSet<Hash> = admission.accepted.iter().map(|change| change.hash).collect();
    assert_eq!(accepted.len(), admission.accepted.len(), "a change was taken twice");
    let raw = || admission.refused.iter().flat_map(|refusal| &refusal.raw);
    let kept: BTreeSet<Hash> = raw().map(named).collect();
    assert_eq!(kept.len(), raw().count(), "a change is kept twice");
    // What comes after the cap is kept unread, and may be what was taken before it.
    if sent.len() <= limits.changes_max {
        assert!(accepted.is_disjoint(&kept), "a change is taken and kept");
    }
    let known = admission.duplicates.iter().map(|change| change.hash);
    let answered: BTreeSet<Hash> = accepted.into_iter().chain(kept).chain(known).collect();
    assert_eq!(answered, sent.iter().map(named).collect(), "a change has no answer");
    assert!(admission.new_leases.iter().all(|actor| !super::job::is_others(*actor)), "another's actor was bound");
    assert!(admission.accepted.iter().all(|change| !super::job::is_others(change.actor)), "another's actor was taken");
}

/// The record reads, and loads as it was saved.
fn check_sound(record: &Record) -> JobRecord {
    let loaded = Record::load(&record.save()).expect("what was saved loads");
    assert_eq!(loaded.heads(), record.heads());
    let view = loaded.read().expect("what was saved reads");
    assert_eq!(record.read().as_ref(), Ok(&view), "the record reads otherwise once it is loaded");
    view
}

fn check_record(before: &Record, after: &Record, accepted: &[AdmittedChange]) {
    let view = check_sound(after);
    if accepted.is_empty() {
        assert_eq!(after.heads(), before.heads(), "nothing was accepted, and yet the record moved");
        return;
    }
    let mut copy = before.clone();
    let changes: Vec<Bytes> = accepted.iter().map(|change| change.bytes.clone()).collect();
    copy.apply_trusted(&changes).expect("what was accepted applies elsewhere");
    assert_eq!(copy.heads(), after.heads());
    assert_eq!(copy.read().as_ref(), Ok(&view), "two copies of one record read differently");
    // Everything that is derived from a record.
    job::derive(&view);
    job::derive(&retimed(view.clone(), &|_, claimed| Some(claimed.plus(1_000_000))));
    let history = after.history();
    for change in accepted {
        after.read_at(&[change.hash]).expect("the record reads as its author saw it");
        let entry = history.iter().find(|entry| entry.hash == change.hash).expect("the history tells of it");
        for touch in &entry.touched {
            assert_ne!(writers(&touch.path), Some(Writers::Office), "a phone wrote {:?}", touch.path);
        }
    }
    for conflict in after.conflicts() {
        let is_new = !before.conflicts().contains(&conflict);
        assert!(!is_new || writers(&conflict.path) != Some(Writers::Office), "a second value at {:?}", conflict.path);
    }
    check_places(&before.read().expect("the record read before"), &view);
}

fn shape(path: &[String]) -> Option<&'static Shape> {
    path.iter().try_fold(&RECORD, |shape, key| shape.child(key))
}

fn writers(path: &[String]) -> Option<Writers> {
    match shape(path)? {
        Shape::Once(writers, _) | Shape::Latest(writers, _) | Shape::Register(writers, _) => Some(*writers),
        Shape::Fields(_) | Shape::Each(..) => None,
    }
}

/// Place by place: what is the office's is untouched, what is written once stands, and what is new bears its author's name.
fn check_places(before: &JobRecord, after: &JobRecord) {
    let [before, after] = [before, after].map(|view| serde_json::to_value(view).expect("a record is JSON"));
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else {
        unreachable!("a record is an object")
    };
    for (name, now) in after {
        let then = before.get(name).unwrap_or(&Value::Null);
        match RECORD.child(name) {
            Some(Shape::Once(Writers::Office, _) | Shape::Register(Writers::Office, _)) => {
                assert_eq!(then, now, "{name}")
            }
            Some(Shape::Fields(_)) if name == "report" => assert_eq!(then, now, "{name}"),
            Some(Shape::Each(_, Shape::Once(Writers::Office, _))) => assert_eq!(then, now, "{name}"),
            Some(Shape::Each(_, Shape::Once(Writers::Crew, _))) => check_entries(name, then, now),
            _ => {}
        }
    }
}

fn check_entries(name: &str, before: &Value, after: &Value) {
    // Named by what they are about: two people may write one at once, and either shows.
    let shared = matches!(name, "photos" | "releases");
    let li = Value::from(LI.to_string());
    for (key, then) in before.as_object().into_iter().flatten() {
        let now = after.get(key);
        assert!(now == Some(then) || (shared && now.is_some()), "{name}/{key} stood as {then}, and now as {now:?}");
    }
    for (key, now) in after.as_object().into_iter().flatten().filter(|(key, _)| before.get(key.as_str()).is_none()) {
        assert_eq!(now.get("by"), Some(&li), "{name}/{key} bears another's name: {now}");
        if matches!(name, "consents" | "backup_consents" | "sign_offs") {
            let is_of_a_phone =
                now.get("how") == Some(&"phone_screen".into()) && now.get("link").is_none_or(Value::is_null);
            assert!(is_of_a_phone, "{name}/{key}: {now}");
        }
        // That the customer's page showed a delay is nothing that a technician can know.
        if name == "replies" {
            let is_said = now.get("how") == Some(&"phone_screen".into())
                && now.get("kind") != Some(&"seen".into())
                && now.get("link").is_none_or(Value::is_null);
            assert!(is_said, "{name}/{key}: {now}");
        }
    }
}

/// A few pushes of each kind of event: whatever follows is the fuzzer's to find.
pub fn seeds() -> Vec<Vec<u8>> {
    let honest = |edit: u8| vec![0, 8, 0, edit, 11];
    let edits = 0..u8::try_from(job::crew_edits(&job::job_record(), Vec::new()).len()).unwrap_or(u8::MAX);
    let mut seeds: Vec<Vec<u8>> = edits.clone().map(honest).collect();
    // With the template's gates, and while the office closes the job.
    seeds.extend(edits.map(|edit| vec![1, 8, 0, edit, 9, 4, 8, 0, edit, 11, 9, 3, 8, 1, 0, 1, 11]));
    // Scripts with every kind of operation at every kind of object, under every name.
    for number in 0..48u8 {
        let script: Vec<u8> =
            (0..96u8).map(|place| place.wrapping_mul(37).wrapping_add(number.wrapping_mul(11))).collect();
        seeds.push([&[0, 5, number % 8, 1, 1, 9], script.as_slice(), &[11]].concat());
        seeds.push([&[0, 2, number & 1, 0, number % 16, number % 4, number % 16], script.as_slice(), &[11]].concat());
    }
    for change in JOB.0.changes() {
        let body = change.bytes.0.get(9..).unwrap_or_default();
        let [low, high, ..] = body.len().to_le_bytes();
        seeds.push([&[0, 1, 0, low, high], body, &[11]].concat());
    }
    seeds
}
