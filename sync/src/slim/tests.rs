use super::*;
use crate::admit::bytes::write_signed;
use crate::admit::chunk::around;
use crate::admit::{Limits, hash_of};
use crate::record::samples::*;
use crate::record::{Record, WriteError};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ObjType, ROOT, ReadDoc, ScalarValue};
use proptest::collection::vec;
use proptest::prelude::*;
use schema::limits::SYNC_BODY_BYTES_MAX;

const ROOM: usize = SYNC_BODY_BYTES_MAX;

/// What comes out of what was packed of these.
fn again(changes: &[Bytes]) -> Unpacked {
    unpack(&pack(changes), ROOM).unwrap()
}

fn whole(changes: &[Bytes]) -> Unpacked {
    Unpacked { changes: changes.to_vec(), rest: None }
}

fn bytes_of(changes: &[Bytes]) -> usize {
    changes.iter().map(|change| change.0.len()).sum()
}

/// As the device signs them.
fn hashes(unpacked: &Unpacked) -> Vec<Hash> {
    let changes = unpacked.changes.iter().chain(&unpacked.rest);
    changes.map(|bytes| hash_of(bytes, &Limits::default())).collect()
}

#[derive(Debug, Clone)]
enum Step {
    Write { who: usize, what: What, message: Option<String> },
    Merge { into: usize, from: usize },
}

#[derive(Debug, Clone)]
enum What {
    Put(u8, i64),
    Text(String),
    Splice(usize, String),
    Insert(i64),
    Count(i64),
    Delete(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        (any::<u8>(), any::<i64>()).prop_map(|(key, value)| What::Put(key, value)),
        // Long enough, now and then, for Automerge to compress the change.
        "[a-z修水]{0,200}".prop_map(What::Text),
        (any::<usize>(), "[a-z修水]{1,20}").prop_map(|(place, text)| What::Splice(place, text)),
        any::<i64>().prop_map(What::Insert),
        any::<i32>().prop_map(|by| What::Count(by.into())),
        any::<u8>().prop_map(What::Delete),
    ];
    prop_oneof![
        4 => (0..3usize, what, proptest::option::of("[a-z]{0,9}"))
            .prop_map(|(who, what, message)| Step::Write { who, what, message }),
        1 => (0..3usize, 0..3usize).prop_map(|(into, from)| Step::Merge { into, from }),
    ]
}

/// Three who write one document, one of them under a name of another length than ours.
fn writers() -> Vec<Automerge> {
    let mut first = Automerge::new().with_actor(ActorId::from([1; 16].as_slice()));
    let mut transaction = first.transaction();
    for (key, kind) in [("text", ObjType::Text), ("list", ObjType::List)] {
        transaction.put_object(ROOT, key, kind).unwrap();
    }
    transaction.put(ROOT, "count", ScalarValue::counter(0)).unwrap();
    transaction.commit_with(CommitOptions::default().with_time(-1));
    let named = |actor: &[u8]| first.fork().with_actor(ActorId::from(actor));
    vec![first.clone(), named(&[2; 16]), named(&[3; 7])]
}

fn write(doc: &mut Automerge, what: &What, message: Option<String>, seconds: i64) {
    let object = |key: &str| doc.get(ROOT, key).unwrap().unwrap().1;
    let (text, list) = (object("text"), object("list"));
    let mut transaction = doc.transaction();
    match what {
        What::Put(key, value) => transaction.put(ROOT, format!("k{}", key % 4), *value).unwrap(),
        What::Text(value) => transaction.put(ROOT, "value", value.as_str()).unwrap(),
        What::Splice(place, value) => {
            let place = place % (transaction.length(&text) + 1);
            transaction.splice_text(&text, place, 0, value).unwrap();
        }
        What::Insert(value) => transaction.insert(&list, 0, *value).unwrap(),
        What::Count(by) => transaction.increment(ROOT, "count", *by).unwrap(),
        What::Delete(key) => transaction.delete(ROOT, format!("k{}", key % 4)).unwrap(),
    }
    let options = CommitOptions::default().with_time(seconds);
    transaction.commit_with(match message {
        Some(message) => options.with_message(message),
        None => options,
    });
}

/// All that the three wrote, as it is or compressed.
fn history(steps: Vec<Step>, compressed: &[bool], seconds: &[i64]) -> Vec<Bytes> {
    let mut docs = writers();
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::Write { who, what, message } => {
                write(&mut docs[who], &what, message, seconds[number % seconds.len()]);
            }
            Step::Merge { into, from } => {
                let mut other = docs[from].clone();
                docs[into].merge(&mut other).unwrap();
            }
        }
    }
    let mut all = docs.remove(0);
    docs.iter_mut().for_each(|doc| drop(all.merge(doc).unwrap()));
    let changes = all.get_changes(&[]).into_iter().zip(compressed.iter().cycle());
    let bytes = |(mut change, compressed): (automerge::Change, &bool)| {
        Bytes(if *compressed { change.bytes().into_owned() } else { change.raw_bytes().to_vec() })
    };
    changes.map(bytes).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_history_comes_out_as_it_went_in(
        steps in vec(step(), 1..40),
        compressed in vec(any::<bool>(), 1..5),
        // Automerge itself adds and subtracts times without looking for an overflow.
        seconds in vec(any::<i32>().prop_map(i64::from), 1..5),
        order in any::<proptest::sample::Index>(),
    ) {
        let changes = history(steps, &compressed, &seconds);
        prop_assert_eq!(again(&changes), whole(&changes));
        // In another order, and some of them twice.
        let mut turned = [changes.as_slice(), changes.as_slice()].concat();
        let first = order.index(turned.len());
        turned.rotate_left(first);
        turned.swap(0, changes.len() / 2);
        prop_assert_eq!(again(&turned), whole(&turned));
    }

    #[test]
    fn what_phones_and_office_write_comes_out_as_it_went_in_and_is_shorter_meanwhile(
        steps in vec((0..3usize, crew_edit(LI), 0..4usize), 1..30),
    ) {
        let mut records = [assigned(), assigned(), assigned()];
        for (who, edit, from) in steps {
            match records[who].write([LI_PHONE, ZHAO_PHONE, office()][who], at(500), &[edit]) {
                Ok(_) | Err(WriteError::Nothing | WriteError::Taken(_)) => {}
                Err(error) => panic!("{error}"),
            }
            if let Some(news) = records.get(from).map(changes_of) {
                records[who].apply_trusted(&news).unwrap();
            }
        }
        for record in &records {
            let changes = changes_of(record);
            prop_assert_eq!(again(&changes), whole(&changes));
            prop_assert!(pack(&changes).0.len() + 20 * changes.len() < bytes_of(&changes) + 64);
        }
    }

    #[test]
    fn whatever_is_no_change_is_carried_as_it_is(blobs in vec(vec(any::<u8>(), 0..80), 0..8)) {
        let blobs: Vec<Bytes> = blobs.into_iter().map(Bytes).collect();
        prop_assert_eq!(again(&blobs), whole(&blobs));
        let bodies: Vec<Bytes> = blobs.iter().map(|body| Bytes(around(&body.0).1)).collect();
        prop_assert_eq!(again(&bodies), whole(&bodies));
    }

    #[test]
    fn any_bytes_unpack_to_no_more_than_there_is_room_for(
        pieces in vec(prop_oneof![Just(vec![0]), Just(vec![1]), Just(vec![1, 1, 1]), vec(any::<u8>(), 0..40)], 0..12),
        room in 0..2_000usize,
    ) {
        let packed = Bytes(pieces.concat());
        if let Ok(unpacked) = unpack(&packed, room) {
            prop_assert!(bytes_of(&unpacked.changes) <= room);
            prop_assert!(unpacked.rest.is_none_or(|rest| packed.0.ends_with(&rest.0)));
        }
    }

    #[test]
    fn packed_changes_with_bytes_changed_are_other_changes(
        place in any::<proptest::sample::Index>(),
        new in vec(any::<u8>(), 1..6),
    ) {
        let changes = day();
        let mut packed = pack(&changes);
        let place = place.index(packed.0.len());
        let end = packed.0.len().min(place + new.len());
        if packed.0[place..end] != new[..] {
            packed.0.splice(place..end, new);
            let unpacked = unpack(&packed, ROOM);
            prop_assert!(unpacked.is_ok_and(|unpacked| hashes(&unpacked) != hashes(&whole(&changes))));
        }
    }
}

fn changes_of(record: &Record) -> Vec<Bytes> {
    record.changes_since(&[]).into_iter().map(|change| change.bytes).collect()
}

/// Ten taps of one phone, the office in between, and both together.
fn day() -> Vec<Bytes> {
    let (mut phone, mut server) = (assigned(), assigned());
    let known = phone.heads();
    let steps = ["accept", "contact", "prepare", "depart", "diagnose", "repair", "testing", "cleanup", "sign", "leave"];
    for (second, step) in (500..).zip(steps) {
        phone.write(LI_PHONE, at(second), &[done(step, LI, second), note(step, "好")]).unwrap();
        if step == "diagnose" {
            let office_note = server.write(office(), at(second), &[note("card", "带发票")]).unwrap();
            phone.apply_trusted(&[office_note.bytes]).unwrap();
        }
    }
    phone.changes_since(&known).into_iter().map(|change| change.bytes).collect()
}

#[test]
fn a_tap_travels_without_the_hash_that_it_builds_on() {
    let changes = day();
    let packed = pack(&changes);
    assert_eq!(unpack(&packed, ROOM), Ok(whole(&changes)));
    // 4 bytes of checksum, 5 of magic and kind, 32 of the change before, 16 and 17 of the two actors; but for the first.
    let dropped = bytes_of(&changes) - packed.0.len();
    assert!(dropped >= (changes.len() - 2) * (9 + 32 + 17), "{dropped}");
    let prefix = changes[0].0[12..44].to_vec();
    let found = |needle: &[u8]| packed.0.windows(needle.len()).filter(|window| *window == needle).count();
    assert_eq!(found(&prefix), 2, "what both sides built on at first is not in the list");
    assert_eq!(found(LI_PHONE.as_slice()), 1, "an actor is named in full once");
}

#[test]
fn the_form_on_the_wire_stays_as_it_is() {
    let packed = Bytes(include_bytes!("golden/v1.slim").to_vec());
    let text = include_str!("golden/v1.changes");
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    let changes: Vec<Bytes> = text.lines().map(|line| Bytes(line.as_bytes().chunks(2).map(byte).collect())).collect();
    assert_eq!(unpack(&packed, ROOM), Ok(whole(&changes)));
    assert_eq!(pack(&changes), packed);
}

#[test]
fn changes_of_an_unusual_form_are_carried_as_they_are() {
    let changes = day();
    let [before, usual] = [&changes[0].0, &changes[1].0];
    let body = &usual[usual.len() - (usual.len() - 11)..];
    assert_eq!(around(body).1, *usual, "the length of these takes two bytes");
    let number = |value: u64| {
        let mut out = Vec::new();
        write_unsigned(&mut out, value);
        out
    };
    let signed = |value: i64| {
        let mut out = Vec::new();
        write_signed(&mut out, value);
        out
    };
    // Until the columns: deps, an actor of so many bytes, seq, start_op, time, a message, other actors.
    let header = |actor: &[u8], seq: &[u8], others: &[u8]| {
        [&[1], before[..32].as_ref(), &number(actor.len() as u64), actor, seq, &[9], &signed(-5), &[0], others].concat()
    };
    let made = |body: Vec<u8>| around(&body).1;
    let with = |place: usize, byte: u8| {
        let mut bytes = usual.clone();
        bytes[place] = byte;
        bytes
    };
    let padded_length = [&usual[..9], &[usual[9], usual[10] | 0x80, 0], body].concat();
    let cases: Vec<(&str, Vec<u8>, bool)> = vec![
        ("usual", usual.clone(), true),
        ("no columns, and a time before 1970", made(header(&[7; 16], &[3], &[0])), true),
        ("the last numbers", made(header(&[7; 16], &number(u64::MAX >> 1), &[0])), true),
        ("a number too far from the one before", made(header(&[7; 16], &number(u64::MAX), &[0])), false),
        ("a number in a longer form", made(header(&[7; 16], &[0x83, 0], &[0])), false),
        ("an actor of 15 bytes", made(header(&[7; 15], &[3], &[0])), false),
        ("another actor of no bytes", made(header(&[7; 16], &[3], &[1, 0])), false),
        ("more other actors than there are", made(header(&[7; 16], &[3], &[9])), false),
        ("another checksum", with(4, usual[4] ^ 1), false),
        ("another magic", with(0, 0), false),
        ("a document", with(8, 0), false),
        ("said to be compressed", with(8, 2), false),
        ("its length in a longer form", padded_length, false),
        ("something behind it", [usual.as_slice(), &[0]].concat(), false),
        ("cut", usual[..usual.len() - 1].to_vec(), false),
        ("nothing", Vec::new(), false),
    ];
    for (name, bytes, is_slim) in cases {
        let list = [Bytes(before.clone()), Bytes(bytes), Bytes(usual.clone())];
        assert_eq!(again(&list), whole(&list), "{name}");
        let alone = pack(&list[1..2]).0;
        assert_eq!(alone[0] == SLIM, is_slim, "{name}");
        assert_eq!(unpack(&Bytes(alone), ROOM).unwrap(), whole(&list[1..2]), "{name}");
    }
}

#[test]
fn packed_changes_cut_anywhere_give_those_before_and_the_rest() {
    let changes = day();
    let packed = pack(&changes).0;
    for length in 0..packed.len() {
        let Unpacked { changes: found, rest } = unpack(&Bytes(packed[..length].to_vec()), ROOM).unwrap();
        assert_eq!(found, changes[..found.len()], "cut at {length}");
        assert!(found.len() < changes.len());
        if let Some(rest) = rest {
            assert_eq!([&pack(&found).0, &rest.0].map(Vec::as_slice).concat(), packed[..length]);
        }
    }
}

#[test]
fn few_bytes_that_would_become_many_are_refused() {
    let changes = day();
    let (packed, bytes) = (pack(&changes), bytes_of(&changes));
    assert_eq!(unpack(&packed, bytes), Ok(whole(&changes)));
    assert_eq!(unpack(&packed, bytes - 1), Err(TooLong));
    // One change that builds a million times on the one before it, and one that claims to do so without end.
    let mut many = pack(&changes[..1]).0;
    let claim = |count: u64| {
        let mut out = vec![SLIM];
        write_unsigned(&mut out, count);
        out
    };
    many.extend(claim(1_000_000).into_iter().chain(std::iter::repeat_n(1, 1_000_000)));
    assert_eq!(unpack(&Bytes(many), ROOM), Err(TooLong));
    let endless = [pack(&changes[..1]).0, claim(u64::MAX), vec![1; 100]].concat();
    let unpacked = unpack(&Bytes(endless), ROOM).unwrap();
    assert_eq!((unpacked.changes.as_slice(), unpacked.rest.is_some()), (&changes[..1], true));
    // As many small changes as a body may have.
    let mut small = vec![SLIM, 0, 0];
    small.extend([7; 16]);
    small.extend([1, 1, 0, 0, 0, 0]);
    while small.len() < ROOM {
        small.extend([SLIM, 1, 1, 0, 1, 1, 0, 0, 0, 0]);
    }
    assert_eq!(unpack(&Bytes(small), ROOM), Err(TooLong));
}

#[test]
fn what_does_not_unpack_of_one_job_stands_behind_its_changes_and_holds_up_no_other() {
    let changes = day();
    let job =
        |slim: Option<Bytes>, plain: &[Bytes]| JobPush { job: JOB, changes: plain.to_vec(), slim, clocks: Vec::new() };
    let broken = Bytes([pack(&changes[..2]).0, vec![9, 9, 9]].concat());
    let push = [job(Some(broken.clone()), &changes[..1]), job(None, &changes[..3]), job(Some(pack(&changes)), &[])];
    let sent: Vec<Vec<Bytes>> = plain(&push, ROOM).unwrap().iter().map(|job| job.changes.clone()).collect();
    let first = [&changes[..1], &changes[..2], &[Bytes(vec![9, 9, 9])]].concat();
    assert_eq!(sent, [first, changes[..3].to_vec(), changes.clone()]);
    assert!(plain(&push, ROOM).unwrap().iter().all(|job| job.slim.is_none()));
    let room = bytes_of(&changes) + bytes_of(&changes[..2]);
    assert!(plain(&push, room).is_ok());
    assert_eq!(plain(&push, room - 1), Err(TooLong), "there is one limit for all");
    assert!(matches!(plain(&push[1..2], 0), Ok(Cow::Borrowed(_))));
}
