//! Evidence bundles, as somebody hands them over who wants them to verify: a file of any bytes; lines of any text under sums and a
//! signature that fit; and a change of any body in the name of the office, which needs no device's signature. Whoever holds the
//! server's key can make the last two.
//!
//! What must hold: the verifier answers and does not panic, names a place that is in the file, and says of no changed file that it is
//! the one that was exported.

use super::forged::{Forged, sealed};
use super::job::{DESK, JOB, LI, LI_DEVICE, LI_PHONE, at, job, office};
use super::source::Source;
use schema::binary::{Bytes, Hash};
use schema::id::{EntryId, PushId, QuarantineId, RequestId};
use schema::people::Role;
use schema::published_key::PublishedKey;
use schema::wire::{RefusalCode, push_leaf, push_message, receipt_message};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use sync::bundle::line::*;
use sync::bundle::{Failure, Report, Trusted, Writer, end_message, verify};
use sync::record::{ChangeInfo, Record};
use sync::seal::{DeviceKey, ServerKey};
use uuid::Uuid;

const PUSH: PushId = PushId(Uuid::from_u128(55));

/// The bundle as it was exported, and its lines without their sums.
static SAMPLE: LazyLock<(Vec<u8>, Vec<String>)> = LazyLock::new(|| {
    let file = sample();
    let text = String::from_utf8(file.clone()).expect("a bundle is text");
    let body = |line: &str| line.rsplit_once(",\"sum\":").map(|(body, _)| format!("{body}}}"));
    let lines = text.lines().filter_map(body).collect();
    (file, lines)
});

pub fn bundle(data: &[u8]) {
    let mut source = Source::new(data);
    match source.choice(6) {
        0 => drop(check(source.rest())),
        1 => damage(&mut source),
        2 | 3 => bend(&mut source),
        _ => forge(&mut source),
    }
}

fn server_key() -> ServerKey {
    ServerKey::from_seed([8; 32]).expect("a seed")
}

fn check(file: &[u8]) -> Option<Report> {
    let trusted = [Trusted::from(server_key().public_key())];
    match verify(file, trusted) {
        Ok(report) => {
            report.to_text(schema::people::Language::Chinese);
            Some(report)
        }
        Err(Failure::Misfit(misfit)) => {
            assert!(misfit.offset <= file.len() as u64, "{misfit} in a file of {} bytes", file.len());
            None
        }
        Err(Failure::Unreadable(error)) => unreachable!("memory does not fail: {error}"),
    }
}

/// A file that was changed after its export does not verify, and what is named is not before the change.
fn damage(source: &mut Source<'_>) {
    let (exported, _) = &*SAMPLE;
    let mut file = exported.clone();
    for _ in 0..=source.choice(3) {
        let at = usize::try_from(source.word()).unwrap_or(0) % (file.len() + 1);
        match source.choice(4) {
            0 => file.truncate(at),
            1 => file.iter_mut().skip(at).take(1).for_each(|byte| *byte = source.byte()),
            2 => drop(file.splice(at..at, source.blob().iter().copied())),
            _ => {
                let end = at.saturating_add(usize::from(source.byte())).min(file.len());
                drop(file.drain(at..end));
            }
        }
    }
    let verified = check(&file).is_some();
    assert_eq!(verified, file == *exported, "a file that was changed verifies");
}

/// Lines of any text, with the sums that they should have.
fn bend(source: &mut Source<'_>) {
    let (_, lines) = &*SAMPLE;
    let mut lines = lines.clone();
    for _ in 0..=source.choice(4) {
        let place = source.choice(lines.len().max(1));
        match source.choice(8) {
            0 if place < lines.len() => drop(lines.remove(place)),
            1 => lines.insert(place.min(lines.len()), source.text()),
            2 => {
                let other = source.choice(lines.len().max(1));
                if other.max(place) < lines.len() {
                    lines.swap(place, other);
                }
            }
            3 => lines.extend(lines.get(place).cloned()),
            _ => {
                if let Some(line) = lines.get_mut(place) {
                    let at = source.choice(256) | source.choice(256) << 8;
                    let (from, to) = (at % (line.len() + 1), at % (line.len() + 1) + source.choice(40));
                    let (from, to) = (floor(line, from), floor(line, to.min(line.len())));
                    line.replace_range(from..to, &source.text());
                }
            }
        }
    }
    check(&signed(&lines));
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// As [`Writer`] writes it, for lines that are none.
fn signed(lines: &[String]) -> Vec<u8> {
    let (mut file, mut digest) = (Vec::new(), Sha256::new());
    for line in lines {
        let body = line.strip_suffix('}').unwrap_or(line);
        digest.update(body);
        let sum = Hash(digest.clone().finalize().into());
        let rest = format!(",\"sum\":\"{sum}\"}}\n");
        digest.update(&rest);
        file.extend_from_slice(body.as_bytes());
        file.extend_from_slice(rest.as_bytes());
    }
    let sha256 = Hash(digest.finalize().into());
    let key = server_key();
    let (lines, signature) = (lines.len() as u64, key.sign(&end_message(sha256)));
    let end = EndLine { lines, sha256, key: key.public_key(), signature };
    file.extend(serde_json::to_vec(&Line::End(end)).expect("a line is JSON"));
    file.push(b'\n');
    file
}

/// A change that the office is said to have written, with its hash, behind the others.
fn forge(source: &mut Source<'_>) {
    let record = job();
    let body = if source.byte() & 1 == 0 {
        source.blob().to_vec()
    } else {
        let mut office = record.clone();
        let edits = super::job::office_edits();
        let edits: Vec<_> = (0..=source.choice(2)).filter_map(|_| source.pick(&edits).cloned()).collect();
        let Ok(change) = office.write(self::office(), at(800), &edits) else { return };
        let Some(mut forged) = Forged::from(&change.bytes.0) else { return };
        let known: Vec<Hash> = record.changes().iter().map(|change| change.hash).collect();
        for _ in 0..source.choice(4) {
            forged.bend(source, &known);
        }
        forged.body()
    };
    let bytes = sealed(1, &body);
    let hash = Hash::of(bytes.get(8..).unwrap_or_default());
    let mut forged = record.changes().into_iter().map(|change| change.bytes).collect::<Vec<_>>();
    forged.push(Bytes(bytes));
    check(&file(&forged, &record, Some(hash)));
}

fn sample() -> Vec<u8> {
    let record = job();
    let changes: Vec<Bytes> = record.changes().into_iter().map(|change| change.bytes).collect();
    file(&changes, &record, None)
}

/// A bundle of this log, with every sum and signature that it needs. `last` is the hash of a last change that the record does not hold.
fn file(changes: &[Bytes], record: &Record, last: Option<Hash>) -> Vec<u8> {
    let infos: Vec<ChangeInfo> = record.infos_since(&[]);
    let view = record.read().expect("the job reads");
    let refused = Hash::of(b"refused");
    let taken = infos.iter().filter(|info| info.actor == LI_PHONE).map(|info| info.hash);
    let pushed: Vec<Hash> = taken.chain([refused]).collect();
    let header = Header {
        format: sync::bundle::FORMAT,
        job: JOB,
        number: "WX-20261122-0007".to_owned(),
        exported_at: at(9_000),
        server_keys: vec![PublishedKey { key: server_key().public_key(), since: at(-1_000), until: None }],
        changes: changes.len() as u64,
        heads: last.map_or_else(|| record.heads(), |last| vec![last]),
    };
    let mut lines = vec![
        Line::Bundle(header),
        Line::Template(TemplateLine { template: super::job::template().clone() }),
        Line::Person(PersonLine {
            id: DESK,
            name: "陈静".to_owned(),
            staff_number: "0001".to_owned(),
            role: Role::Dispatcher,
        }),
        Line::Person(PersonLine {
            id: LI,
            name: "李强".to_owned(),
            staff_number: "0002".to_owned(),
            role: Role::Technician,
        }),
        Line::Device(DeviceLine {
            id: LI_DEVICE,
            person: LI,
            name: "李强的手机".to_owned(),
            key: DeviceKey::from_seed([7; 32]).expect("a seed").public_key(),
            enrolled_at: at(-500),
            revoked_at: None,
        }),
        Line::Lease(LeaseLine { actor: LI_PHONE, device: LI_DEVICE, leased_at: at(5_000) }),
        Line::Push(Box::new(push(pushed))),
    ];
    for (pos, bytes) in changes.iter().enumerate() {
        lines.push(Line::Change(change_line(pos as u64, bytes, infos.get(pos), last)));
    }
    let writer = |map: &str, id: &EntryId| written(record, map, id);
    lines.extend(view.consents.iter().map(|(id, c)| Line::Consent(ConsentLine::of(id, writer("consents", id), c))));
    let backup = |(id, backup)| BackupLine::of(id, writer("backup_consents", id), backup);
    lines.extend(view.backup_consents.iter().map(backup).map(|line| Line::Backup(Box::new(line))));
    let (created_at, expires_at) = (at(310), at(90_000));
    let id = super::job::LINK;
    lines.push(Line::Link(LinkLine { id, created_by: DESK, created_at, expires_at, revoked_at: None }));
    let (address, browser, act) = ("203.0.113.9".to_owned(), "Firefox".to_owned(), "accept".to_owned());
    lines.push(Line::Open(OpenLine { link: id, at: at(350), address, browser, act }));
    let photo = |(sha256, photo): (&String, _)| Line::Photo(PhotoLine::of(sha256.parse().expect("a hash"), photo));
    lines.extend(view.photos.iter().map(photo));
    lines.push(Line::Refused(RefusedLine {
        id: QuarantineId(Uuid::from_u128(77)),
        device: LI_DEVICE,
        person: LI,
        actor: LI_PHONE,
        first_hash: refused,
        code: RefusalCode::Forbidden,
        received_at: at(5_000),
        bytes_total: 120,
        sha256: Hash::of(b"raw"),
        salvaged_as: None,
        held: Vec::new(),
    }));
    let mut writer = Writer::new(Vec::new());
    lines.iter().for_each(|line| writer.write(line).expect("memory does not fail"));
    writer.finish(&server_key()).expect("memory does not fail")
}

fn push(pushed: Vec<Hash>) -> PushLine {
    let (request, received_at) = (RequestId(Uuid::from_u128(66)), at(5_000));
    let leaves = vec![Hash::of(b"another job's leaf"), push_leaf(JOB, &pushed)];
    let device = DeviceKey::from_seed([7; 32]).expect("a seed");
    PushLine {
        id: PUSH,
        device: LI_DEVICE,
        request,
        received_at,
        phone_at: at(4_990).to_string(),
        since_contact_us: None,
        signature: device.sign(&push_message(LI_DEVICE, request, &leaves)),
        receipt: server_key().sign(&receipt_message(PUSH, received_at, &leaves)),
        receipt_key: server_key().public_key(),
        pushed,
        leaves,
    }
}

fn change_line(pos: u64, bytes: &Bytes, info: Option<&ChangeInfo>, last: Option<Hash>) -> ChangeLine {
    // What the forged change says of itself, where it can be read.
    let said = Record::identify(bytes).ok();
    let (actor, seq) =
        info.map(|info| (info.actor, info.seq)).or(said.map(|(actor, seq, _)| (actor, seq))).unwrap_or((office(), 9));
    let by_phone = actor == LI_PHONE && info.is_some();
    ChangeLine {
        pos,
        hash: info.map(|info| info.hash).or(last).unwrap_or_default(),
        actor,
        seq,
        received_at: if by_phone { at(5_000) } else { info.map_or(at(8_000), |info| info.at) },
        person: Some(if by_phone { LI } else { DESK }),
        device: by_phone.then_some(LI_DEVICE),
        push: by_phone.then_some(PUSH),
        bytes: bytes.clone(),
    }
}

/// The change that wrote this entry.
fn written(record: &Record, map: &str, id: &EntryId) -> Hash {
    let wrote = |touch: &sync::record::Touch| touch.path.starts_with(&[map.to_owned(), id.to_string()]);
    record.history().iter().find(|entry| entry.touched.iter().any(wrote)).map(|entry| entry.hash).unwrap_or_default()
}

/// The bundle itself, cut into what a fuzzer can work with.
pub fn seeds() -> Vec<Vec<u8>> {
    let (file, lines) = &*SAMPLE;
    let mut seeds =
        vec![[&[0], file.as_slice()].concat(), vec![1; 40], vec![4, 1, 0, 0], vec![4, 1, 1, 3, 0, 2, 14, 0]];
    for place in 0..lines.len() {
        seeds.push([&[2, 0, place as u8, 7, 40, 0, 3, 2, 0], b"aa".as_slice()].concat());
    }
    seeds.extend(job().changes().iter().map(|change| {
        let body = change.bytes.0.get(9..).unwrap_or_default();
        let [low, high, ..] = body.len().to_le_bytes();
        [&[4, 0, low, high], body].concat()
    }));
    seeds
}
