//! Bundles: honest, damaged at any byte, and forged by somebody who knows the format.

mod refused;
mod taken;

use super::line::*;
use super::samples::*;
use super::*;
use crate::record::Record;
use crate::record::samples::{JOB, LI_PHONE, ZHAO, done, note};
use crate::seal::ServerKey;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ObjType, ROOT, ReadDoc};
use schema::binary::{Actor, Bytes};
use schema::edit::Edit;
use schema::people::Language;
use std::io::{BufReader, Read};

fn misfit(bytes: &[u8]) -> Misfit {
    match verify(bytes, None) {
        Err(Failure::Misfit(misfit)) => misfit,
        Err(Failure::Unreadable(error)) => panic!("unreadable: {error}"),
        Ok(_) => panic!("it was verified"),
    }
}

/// The field that does not fit, and that the offset is where its value begins.
#[track_caller]
fn field_of(sample: &Sample) -> String {
    let bytes = sample.bytes();
    let misfit = misfit(&bytes);
    let field = misfit.field.clone().unwrap_or_else(|| panic!("no field: {misfit}"));
    let begin = usize::try_from(misfit.offset).unwrap();
    assert!(bytes[..begin].ends_with(format!("\"{field}\":").as_bytes()), "{misfit}");
    field
}

#[test]
fn an_honest_bundle_says_who_signed_what_and_what_came_after() {
    let bytes = sample().bytes();
    let report = verify(bytes.as_slice(), None).unwrap();
    assert_eq!((report.job, report.changes, report.refused.len()), (JOB, 7, 1));
    assert_eq!(report.bytes, u64::try_from(bytes.len()).unwrap());
    assert_eq!(report.heads, sample().record.heads());
    let [signed] = report.sign_offs.as_slice() else { panic!() };
    assert_eq!((signed.covered, signed.written.device), (5, Some(DEVICE)));
    assert_eq!(signed.written.not_before, Some(moment(360)), "it builds on the consent that the server wrote then");
    assert_eq!(signed.written.received_at, moment(5_000));
    let paths: Vec<&str> = signed.sheet_changed.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["/steps/testing/mark"]);
    let [later] = signed.later.as_slice() else { panic!() };
    assert_eq!(later.places, ["marks/testing", "notes/testing"]);
    assert_eq!((report.consents[0].opens.len(), report.photos.len()), (1, 1));
    for (language, word) in [(Language::Chinese, "不能证明"), (Language::English, "does not prove")] {
        assert!(report.to_text(language).contains(word));
    }
}

#[test]
fn a_reader_who_knows_the_servers_key_is_not_served_another() {
    let other = ServerKey::from_seed([9; 32]).unwrap();
    let bytes = sample().bytes();
    assert!(verify(bytes.as_slice(), Some(server_key().public_key().into())).unwrap().is_trusted);
    assert!(verify(bytes.as_slice(), Some(other.public_key().into())).is_err());
    let both = [other.public_key(), server_key().public_key()].map(Trusted::from);
    assert!(verify(bytes.as_slice(), both).unwrap().is_trusted);
    let until = |at| Trusted { key: server_key().public_key(), until: Some(at) };
    assert!(verify(bytes.as_slice(), [until(moment(9_000))]).unwrap().is_trusted);
    let refused = verify(bytes.as_slice(), [until(moment(8_999))]).unwrap_err();
    assert!(refused.to_string().contains("retired"), "{refused}");
    assert_eq!(misfit(&sample().bytes_by(&other)).field.as_deref(), Some("key"));
}

#[test]
fn a_flip_of_any_byte_is_found_in_its_own_line_at_the_latest() {
    let bytes = sample().bytes();
    for at in (0..bytes.len()).step_by(13) {
        for mask in [0x01, 0x20] {
            let mut bent = bytes.clone();
            bent[at] ^= mask;
            let found = misfit(&bent);
            let line_end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |more| at + more + 1);
            let found_at = usize::try_from(found.offset).unwrap();
            assert!(found_at <= line_end, "byte {at} ^ {mask}: {found}");
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_not_verified() {
    let bytes = sample().bytes();
    for at in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        let found = misfit(&bytes[..at]);
        assert!(found.offset <= u64::try_from(at).unwrap(), "cut at {at}: {found}");
    }
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    for end in ends.filter(|end| *end < bytes.len()) {
        assert_eq!(misfit(&bytes[..end]).offset, u64::try_from(end).unwrap());
    }
    assert_eq!(misfit(&[bytes.as_slice(), b"\n"].concat()).offset, u64::try_from(bytes.len()).unwrap());
}

#[test]
fn lines_in_another_order_are_not_verified() {
    let bytes = sample().bytes();
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    for at in 1..lines.len() {
        let mut moved = lines.clone();
        moved.swap(at - 1, at);
        let before: usize = lines[..at - 1].iter().map(|line| line.len()).sum();
        let found = misfit(&moved.concat());
        assert!(found.offset >= u64::try_from(before).unwrap(), "{found}");
        assert!(found.line <= u64::try_from(at + 1).unwrap(), "{found}");
    }
}

#[test]
fn an_endless_line_costs_no_memory() {
    let endless = std::io::repeat(b'a').take(100 << 20);
    let found = match verify(BufReader::new(endless), None) {
        Err(Failure::Misfit(misfit)) => misfit,
        other => panic!("{other:?}"),
    };
    assert_eq!((found.offset, found.line), (0, 1));
}

/// From here on: somebody who holds the server's key writes every sum and the closing signature anew.
#[test]
fn a_forged_signature_of_the_device_or_of_the_receipt_is_found() {
    let bend = |bend: fn(&mut PushLine)| {
        sample().bend(|line| {
            if let Line::Push(push) = line {
                bend(push);
                true
            } else {
                false
            }
        })
    };
    assert_eq!(field_of(&bend(|push| push.signature.0[3] ^= 1)), "signature");
    assert_eq!(field_of(&bend(|push| push.receipt.0[3] ^= 1)), "receipt");
    assert_eq!(field_of(&bend(|push| push.received_at = push.received_at.plus(1))), "receipt");
    assert_eq!(field_of(&bend(|push| push.pushed.truncate(2))), "pushed");
    assert_eq!(field_of(&bend(|push| push.receipt_key.0[0] ^= 1)), "receipt_key");
}

#[test]
fn a_change_under_a_devices_name_needs_the_devices_signature() {
    let bend = |bend: fn(&mut ChangeLine)| {
        sample().bend(|line| match line {
            Line::Change(change) if change.device.is_some() => {
                bend(change);
                true
            }
            _ => false,
        })
    };
    assert_eq!(field_of(&bend(|change| (change.device, change.push) = (None, None))), "actor");
    assert_eq!(field_of(&bend(|change| change.received_at = change.received_at.plus(-1))), "received_at");
    assert_eq!(field_of(&bend(|change| change.person = Some(crate::record::samples::DISPATCHER))), "person");
    assert_eq!(field_of(&bend(|change| change.person = Some(ZHAO))), "person");
    assert_eq!(field_of(&bend(|change| change.hash = Hash::of(b"other"))), "hash");
    assert_eq!(field_of(&bend(|change| change.seq = 9)), "seq");
    assert_eq!(field_of(&bend(|change| change.pos = 9)), "pos");
    let lease = |line: &Line| matches!(line, Line::Lease(_));
    assert_eq!(field_of(&sample().without(lease)), "actor");
}

#[test]
fn another_word_in_a_change_is_found_though_its_hash_is_made_to_fit() {
    // The note after the signature, with another text: a change of its own, well made, that nobody signed.
    let mut record = Record::new();
    let log: Vec<ChangeLine> = changes(&sample());
    let before: Vec<Bytes> = log[..6].iter().map(|line| line.bytes.clone()).collect();
    record.apply_trusted(&before).unwrap();
    let forged = record.write(LI_PHONE, moment(660), &[note("testing", "水压不足")]).unwrap();
    let bent = sample().bend(|line| match line {
        Line::Change(change) if change.pos == 6 => {
            (change.hash, change.bytes) = (forged.hash, forged.bytes.clone());
            true
        }
        _ => false,
    });
    assert_eq!(field_of(&bent), "hash");
}

fn changes(sample: &Sample) -> Vec<ChangeLine> {
    let change = |line: &Line| if let Line::Change(change) = line { Some(change.clone()) } else { None };
    sample.lines.iter().filter_map(change).collect()
}

#[test]
fn what_a_device_signed_can_not_be_left_out() {
    let last = |line: &Line| matches!(line, Line::Change(change) if change.pos == 6);
    assert_eq!(field_of(&sample().without(last)), "changes");
    // With the header made to fit.
    let heads = vec![changes(&sample())[5].hash];
    let bent = sample().without(last).bend(|line| match line {
        Line::Bundle(header) => {
            (header.changes, header.heads) = (6, heads.clone());
            true
        }
        _ => false,
    });
    assert_eq!(field_of(&bent), "pushed");
    assert_eq!(field_of(&sample().without(|line| matches!(line, Line::Refused(_)))), "pushed");
}

/// The field that is found after the first line of a kind was bent.
macro_rules! bent {
    ($kind:ident($name:ident) => $bend:expr) => {
        field_of(&sample().bend(|line| match line {
            Line::$kind($name) => {
                $bend;
                true
            }
            _ => false,
        }))
    };
}

#[test]
fn consents_signatures_links_and_photos_are_those_of_the_record() {
    assert_eq!(bent!(Consent(consent) => consent.total_minor = 9_000), "total_minor");
    assert_eq!(bent!(SignOff(signed) => signed.name = "王方".to_owned()), "name");
    assert_eq!(bent!(SignOff(signed) => signed.change = Hash::of(b"")), "change");
    assert_eq!(bent!(Photo(photo) => photo.bytes = 1), "bytes");
    assert_eq!(bent!(Bundle(header) => header.heads[0].0[0] ^= 1), "heads");
    assert_eq!(bent!(Template(line) => line.template.version = 2), "template");
    // Another wording of the template makes another sheet than the one that was signed.
    assert_eq!(bent!(Template(line) => line.template.steps[0].name.zh.push('!')), "sheet_hash");
    let no_link = |line: &Line| matches!(line, Line::Link(_) | Line::Open(_));
    assert_eq!(field_of(&sample().without(no_link)), "link");
    let missing = misfit(&sample().without(|line| matches!(line, Line::Photo(_))).bytes());
    assert!(missing.en.contains("is missing"), "{missing}");
}

/// The office's changes need no device's signature: so a hostile server can put anything there.
#[track_caller]
fn with_office_change(bytes: Bytes, hash: Hash, actor: Actor) -> Misfit {
    let mut bent = sample();
    let after = bent.lines.iter().rposition(|line| matches!(line, Line::Change(_))).unwrap() + 1;
    let change = ChangeLine {
        pos: 7,
        hash,
        actor,
        seq: 1,
        received_at: moment(9_000),
        person: None,
        device: None,
        push: None,
        bytes,
    };
    bent.lines.insert(after, Line::Change(change));
    misfit(&bent.bytes())
}

fn raw(write: impl FnOnce(&mut automerge::transaction::Transaction<'_>)) -> (Bytes, Hash, Actor) {
    let actor = Actor([9; 16]);
    let mut doc = Automerge::new().with_actor(ActorId::from(actor.as_slice()));
    let mut transaction = doc.transaction();
    write(&mut transaction);
    let hash = transaction.commit_with(CommitOptions::default()).0.unwrap();
    let change = doc.get_change_by_hash(&hash).unwrap();
    (Bytes(change.raw_bytes().to_vec()), Hash(hash.0), actor)
}

#[test]
fn hostile_changes_are_refused_before_they_come_near_a_document() {
    let (bytes, hash, actor) = raw(|transaction| {
        let mut at = ROOT;
        for _ in 0..300 {
            at = transaction.put_object(&at, "deeper", ObjType::Map).unwrap();
        }
    });
    assert!(with_office_change(bytes, hash, actor).en.contains("too deep"));
    let (bytes, hash, actor) = raw(|transaction| {
        transaction.put_object(ROOT, "text", ObjType::Text).unwrap();
    });
    assert!(with_office_change(bytes, hash, actor).en.contains("no change"));
    for bytes in [Vec::new(), vec![0xff; 40], vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 2, 1, 0]] {
        assert_eq!(with_office_change(Bytes(bytes), hash, actor).field.as_deref(), Some("bytes"));
    }
    // Well made, but no part of a record.
    let actor = Actor([9; 16]);
    let mut doc = sample().record.doc().clone().with_actor(ActorId::from(actor.as_slice()));
    let mut transaction = doc.transaction();
    transaction.put(ROOT, "assigned", 7).unwrap();
    let hash = transaction.commit_with(CommitOptions::default()).0.unwrap();
    let (bytes, hash) = (Bytes(doc.get_change_by_hash(&hash).unwrap().raw_bytes().to_vec()), Hash(hash.0));
    let mut bent = sample();
    let after = bent.lines.iter().rposition(|line| matches!(line, Line::Change(_))).unwrap() + 1;
    let (received_at, pos) = (moment(9_000), 7);
    let change = ChangeLine { pos, hash, actor, seq: 1, received_at, person: None, device: None, push: None, bytes };
    bent.lines.insert(after, Line::Change(change));
    let bent = bent.bend(|line| match line {
        Line::Bundle(header) => {
            (header.changes, header.heads) = (8, vec![hash]);
            true
        }
        _ => false,
    });
    assert!(misfit(&bent.bytes()).en.contains("makes no record"));
}

#[test]
fn every_byte_of_a_change_may_be_anything() {
    // As a server could that makes the hash fit whatever it wrote: the parser, not the hash, is what stands before Automerge.
    let office = changes(&sample())[0].clone();
    for at in (9..office.bytes.0.len()).step_by(3) {
        let mut bytes = office.bytes.0.clone();
        bytes[at] ^= 0x41;
        // The checksum is the hash's first four bytes.
        let hash = Hash::of(bytes.get(8..).unwrap());
        bytes[4..8].copy_from_slice(&hash.0[..4]);
        let bent = sample().bend(|line| match line {
            Line::Change(change) if change.pos == 0 => {
                (change.hash, change.bytes) = (hash, Bytes(bytes.clone()));
                true
            }
            _ => false,
        });
        misfit(&bent.bytes());
    }
}

#[test]
fn two_phones_that_wrote_at_once_are_both_in_the_log() {
    let mut bent = sample();
    let log = changes(&bent);
    let office = crate::record::office_actor(JOB, 2);
    let mut record = Record::new();
    record.apply_trusted(&log.iter().take(5).map(|line| line.bytes.clone()).collect::<Vec<_>>()).unwrap();
    let edit: Vec<Edit> = vec![done("testing", ZHAO, 900)];
    let aside = record.write(office, moment(900), &edit).unwrap();
    let after = bent.lines.iter().rposition(|line| matches!(line, Line::Change(_))).unwrap() + 1;
    let (received_at, pos, hash, bytes) = (moment(900), 7, aside.hash, aside.bytes);
    let change =
        ChangeLine { pos, hash, actor: office, seq: 1, received_at, person: None, device: None, push: None, bytes };
    bent.lines.insert(after, Line::Change(change));
    let mut heads = bent.record.heads();
    heads.push(hash);
    heads.sort();
    let bent = bent.bend(|line| match line {
        Line::Bundle(header) => {
            (header.changes, header.heads) = (8, heads.clone());
            true
        }
        _ => false,
    });
    let report = verify(bent.bytes().as_slice(), None).unwrap();
    assert_eq!((report.conflicts, report.heads.len()), (1, 2));
    assert_eq!(report.sign_offs[0].later.len(), 2);
}
