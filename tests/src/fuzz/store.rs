//! The phone's log as a file that anything may have happened to: it opens or says why, and what was whole before the first harmed byte
//! is still read. What is opened takes more, and keeps it.

use super::job::{JOB, LI, LI_PHONE, at};
use super::source::Source;
use schema::binary::{Actor, Bytes, Hash};
use schema::wire::{Ack, Cursor, GoneReason};
use sync::replica::Replica;
use sync::store::entry::{ChangeEntry, Contact, Identity, Own, ReferenceKind, Session, SnapshotKind};
use sync::store::{Entry, MemoryDisk, MemoryStore, Store as _, StoreError};

const LOG: &str = "log";
const BATCHES_MAX: usize = 12;

pub fn store(data: &[u8]) {
    let mut source = Source::new(data);
    match source.choice(4) {
        0 => {
            open(source.rest(), &[]);
        }
        1 => payload(&mut source),
        _ => damage(&mut source),
    }
}

/// Entries of every kind that carries something.
fn entries() -> Vec<Entry> {
    let (own, hash) =
        (Own { actor: LI_PHONE, seq: 3, hash: Hash::of(b"change"), urgent: false, clock: None }, Hash::of(b"photo"));
    let identity = Identity {
        server: "https://example.com".to_owned(),
        device: super::job::LI_DEVICE,
        person: LI,
        login: "li".to_owned(),
        name: "李强".to_owned(),
        outlet: None,
        setup: None,
    };
    let session = Session {
        id: schema::id::SessionId::new(at(0), [1; 10]),
        access_token: "a.b.c".to_owned(),
        expires_at: at(900),
        refresh_token: "r".repeat(43),
    };
    let contact =
        Contact { server_at: at(1), phone_at: at(2), uptime_us: 3, boot: 4, more: false, round_trip_us: Some(5) };
    vec![
        Entry::Key(Bytes(vec![7; 32])),
        Entry::Identity(identity),
        Entry::Session(Some(session)),
        Entry::Session(None),
        Entry::Lease { job: JOB, actor: LI_PHONE, retired: false },
        Entry::Lease { job: JOB, actor: Actor([9; 16]), retired: true },
        Entry::Snapshot { job: JOB, document: Bytes(super::job::job().save()), kind: SnapshotKind::Granted },
        Entry::Change(ChangeEntry { job: JOB, bytes: Bytes(b"change".to_vec()), own: Some(own) }),
        Entry::Acked(Ack { job: JOB, actor: LI_PHONE, seq: 3 }),
        Entry::Stale { job: JOB },
        Entry::Gone { job: JOB, reason: GoneReason::Reassigned },
        Entry::Cursor(Cursor { epoch: 1, seq: 2 }),
        Entry::Resync(true),
        Entry::Contact(contact),
        Entry::Reference { kind: ReferenceKind::PriceList, version: 1, json: "{}".to_owned() },
        Entry::Owed(vec![hash]),
        Entry::Photo { sha256: hash, bytes: 9, job: JOB },
        Entry::PhotoSent { sha256: hash },
        Entry::NoticeRead { change: hash },
        Entry::Shipped(5),
    ]
}

/// A disk whose log holds these bytes.
fn disk(bytes: &[u8]) -> MemoryDisk {
    let disk = MemoryDisk::default();
    disk.harm(LOG, |log| *log = bytes.to_vec());
    disk
}

fn bytes_on(disk: &MemoryDisk) -> Vec<u8> {
    let mut bytes = Vec::new();
    disk.harm(LOG, |log| bytes.clone_from(log));
    bytes
}

/// Opens a log of these bytes, which must hold at least `whole`, and goes on with it. What was read; None where it did not open.
fn open(bytes: &[u8], whole: &[Entry]) -> Option<Vec<Entry>> {
    let disk = disk(bytes);
    let mut store = match MemoryStore::open(disk.clone()) {
        Ok(store) => store,
        Err(error) => {
            assert!(!matches!(error, StoreError::Disk(_) | StoreError::InUse | StoreError::TooLarge { .. }), "{error}");
            assert_eq!(bytes_on(&disk), bytes, "a log that did not open was changed");
            return None;
        }
    };
    let read = match store.load() {
        Ok(read) => read,
        Err(error) => {
            assert!(matches!(error, StoreError::Unreadable { .. }), "{error}");
            return None;
        }
    };
    assert!(read.starts_with(whole), "what was whole before the damage is not read");
    let more = [Entry::Resync(true), Entry::Cursor(Cursor { epoch: 7, seq: 8 })];
    store.append(&more).expect("a log that opened takes more");
    let again = MemoryStore::open(disk).and_then(|mut store| store.load()).expect("and opens again");
    assert_eq!(again, [read.as_slice(), &more].concat());
    Some(read)
}

/// Sound frames around whatever bytes: they read as entries or not, and a phone's state is made of them or not.
fn payload(source: &mut Source<'_>) {
    let mut log = bytes_on(&disk(b"fslog 1\n"));
    for _ in 0..=source.choice(3) {
        let payload = source.blob();
        let (at, length) = (log.len() as u64, u32::try_from(payload.len()).unwrap_or(0).to_le_bytes());
        let mut crc = crc32fast::Hasher::new();
        [&at.to_le_bytes()[..], &length, payload].into_iter().for_each(|part| crc.update(part));
        log.extend(length);
        log.extend(crc.finalize().to_le_bytes());
        log.extend(payload);
    }
    let Some(read) = open(&log, &[]) else { return };
    // The documents of a phone's log come from its own server, and go to Automerge as they are.
    let documents = |entry: &Entry| matches!(entry, Entry::Snapshot { .. } | Entry::Change(_));
    let read: Vec<Entry> = read.into_iter().filter(|entry| !documents(entry)).collect();
    if let Ok(replica) = Replica::open(&read) {
        replica.summary();
    }
}

/// A log that was written as it should be, and harmed afterwards.
fn damage(source: &mut Source<'_>) {
    let disk = MemoryDisk::default();
    let mut store = MemoryStore::open(disk.clone()).expect("a new log");
    let kinds = entries();
    let (mut written, mut ends) = (Vec::new(), vec![(store.bytes(), 0)]);
    for _ in 0..=source.choice(BATCHES_MAX) {
        let batch: Vec<Entry> = (0..=source.choice(3)).filter_map(|_| source.pick(&kinds).cloned()).collect();
        store.append(&batch).expect("a disk without end");
        written.extend(batch);
        ends.push((store.bytes(), written.len()));
    }
    let sound = bytes_on(&disk);
    let mut harmed = sound.clone();
    for _ in 0..=source.choice(3) {
        harm(&mut harmed, source);
    }
    let first = sound.iter().zip(&harmed).position(|(before, after)| before != after);
    let first = first.unwrap_or(sound.len().min(harmed.len())) as u64;
    let whole = ends.iter().rev().find(|(end, _)| *end <= first).map_or(0, |(_, entries)| *entries);
    open(&harmed, written.get(..whole).unwrap_or_default());
}

fn harm(log: &mut Vec<u8>, source: &mut Source<'_>) {
    let at = |source: &mut Source<'_>| (source.choice(256) | source.choice(256) << 8) % (log.len() + 1);
    let (from, to) = (at(source), at(source));
    let (from, to) = (from.min(to), from.max(to));
    match source.choice(7) {
        0 => log.truncate(from),
        1 => log.iter_mut().skip(from).take(1).for_each(|byte| *byte ^= source.byte()),
        2 => drop(log.drain(from..to)),
        3 => drop(log.splice(from..from, source.blob().iter().copied())),
        4 => log.iter_mut().skip(from).take(to - from).for_each(|byte| *byte = 0),
        // A piece of the log once more at its end, or within itself.
        5 => log.extend_from_within(from..to),
        _ => {
            let piece = log.get(from..to).unwrap_or_default().to_vec();
            drop(log.splice(from..from, piece));
        }
    }
}

/// A log of every kind of entry, whole and harmed.
pub fn seeds() -> Vec<Vec<u8>> {
    let disk = MemoryDisk::default();
    let kinds = entries();
    let mut seeds = Vec::new();
    if let Ok(mut store) = MemoryStore::open(disk.clone()) {
        for entry in &kinds {
            let _ = store.append(std::slice::from_ref(entry));
        }
        seeds.push([&[0], bytes_on(&disk).as_slice()].concat());
    }
    for entry in &kinds {
        let payload = minicbor_serde::to_vec(std::slice::from_ref(entry)).unwrap_or_default();
        let [low, high, ..] = payload.len().to_le_bytes();
        seeds.push([&[1, 0, low, high], payload.as_slice()].concat());
    }
    for harm in 0..28u8 {
        let damage: Vec<u8> = (0..40u8).map(|place| place.wrapping_mul(29).wrapping_add(harm)).collect();
        seeds.push([&[2, 4], damage.as_slice(), &[0, 9, harm, 1, 1, harm, harm % 7, 5]].concat());
    }
    seeds
}
