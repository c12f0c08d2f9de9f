//! Bytes that no client of ours wrote.

use super::forge::{Forged, chunk, run, signed, unsigned};
use super::*;
use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT, ReadDoc};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use proptest::prelude::*;
use std::io::Write;
use std::time::{Duration, Instant};

/// A change with a photo, a quote-like list, text, numbers and a predecessor in it.
fn rich() -> (Record, Bytes) {
    let mut record = assigned();
    record = try_admit(&record, LI_WRITES, &[written(&record, LI_PHONE, &[note("repair", "先前")])]).record;
    let alarm = schema::record::Alarm {
        reason: "客户情绪激动".to_owned(),
        place: Some(schema::record::Place { latitude_e6: 31_230_000, longitude_e6: 121_470_000, accuracy_m: 12 }),
        by: LI,
        at: at(3),
    };
    let edits = [note("repair", "换了阀芯"), done("repair", LI, 9), Edit::Alarm { id: entry(3), alarm }];
    let change = written(&record, LI_PHONE, &edits);
    (record, change)
}

/// Runs in far less than a second even unoptimised on a busy machine; what it guards against takes many.
#[track_caller]
fn quickly<T>(run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    assert!(start.elapsed() < Duration::from_secs(5), "took {:?}", start.elapsed());
    result
}

#[test]
fn a_change_cut_anywhere_is_refused() {
    let (record, change) = rich();
    for length in 0..change.0.len() {
        let refusal = refused(&record, LI_WRITES, Bytes(change.0[..length].to_vec()));
        assert_eq!(refusal.code, RefusalCode::Malformed, "cut at {length}");
    }
    let trailing = Bytes([change.0.as_slice(), &[0]].concat());
    assert_eq!(refused(&record, LI_WRITES, trailing).code, RefusalCode::Malformed);
}

#[test]
fn a_change_with_any_byte_changed_is_refused() {
    let (record, change) = rich();
    for place in 0..change.0.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut bytes = change.clone();
            bytes.0[place] ^= flip;
            assert_eq!(refused(&record, LI_WRITES, bytes).code, RefusalCode::Malformed, "byte {place} ^ {flip:#x}");
        }
    }
}

/// With a checksum that fits, a flipped byte reaches what lies behind it. Whatever is admitted then must load again; nothing may panic
/// out of the gate, and a value changed in place is an honest value.
#[test]
fn a_forged_change_with_any_byte_changed_never_spoils_the_record() {
    let (record, change) = rich();
    let body = &Forged::from(&change).body();
    let mut accepted = 0;
    for place in 0..body.len() {
        for flip in [0x01, 0x02, 0x10, 0x40, 0x80, 0xff] {
            let mut body = body.clone();
            body[place] ^= flip;
            let admission = try_admit(&record, LI_WRITES, &[chunk(1, &body, &body)]);
            accepted += admission.accepted.len();
            let loaded = Record::load(&admission.record.save()).unwrap();
            assert_eq!(loaded.heads(), admission.record.heads());
            loaded.read().unwrap();
        }
    }
    assert!(accepted > 0, "a changed letter is a letter");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bytes_in_a_column_never_spoil_the_record(
        kind in prop::sample::select(vec![0x01u64, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73, 0x94, 0xa5, 0x06]),
        column in prop::collection::vec(any::<u8>(), 0..24),
    ) {
        let (record, change) = rich();
        let mut forged = Forged::from(&change);
        *forged.column(kind) = column;
        let admission = try_admit(&record, LI_WRITES, &[forged.bytes()]);
        let loaded = Record::load(&admission.record.save()).unwrap();
        prop_assert_eq!(loaded.heads(), admission.record.heads());
        prop_assert!(loaded.read().is_ok());
    }

    #[test]
    fn random_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let record = assigned();
        let body = chunk(1, &bytes, &bytes);
        for bytes in [Bytes(bytes), body] {
            prop_assert_eq!(try_admit(&record, LI_WRITES, &[bytes]).accepted, []);
        }
    }
}

#[test]
fn ten_million_operations_in_a_few_bytes_are_counted_not_made() {
    let (record, change) = rich();
    for rows in [20_001, 10_000_000, i64::MAX] {
        let mut forged = Forged::from(&change);
        forged.columns =
            vec![(0x15, [run(rows, 1), b"k".to_vec()].concat()), (0x42, run(rows, 1)), (0x56, run(rows, 6))];
        let mut key = Vec::new();
        signed(&mut key, rows);
        key.extend_from_slice(b"\x01k");
        *forged.column(0x15) = key;
        let change = forged.bytes();
        assert!(change.0.len() < 200);
        assert_eq!(quickly(|| refused(&record, LI_WRITES, change)).code, RefusalCode::TooLarge, "{rows}");
    }
}

#[test]
fn a_run_in_any_column_is_bounded() {
    let (record, change) = rich();
    for kind in [0x01u64, 0x02, 0x11, 0x13, 0x34, 0x42, 0x56, 0x70, 0x71, 0x73] {
        for rows in [1_000_000_000, i64::MAX] {
            let mut forged = Forged::from(&change);
            *forged.column(kind) = if kind == 0x34 {
                let mut c = Vec::new();
                unsigned(&mut c, rows as u64);
                c
            } else {
                run(rows, 1)
            };
            let code = quickly(|| refused(&record, LI_WRITES, forged.bytes())).code;
            assert!(matches!(code, RefusalCode::TooLarge | RefusalCode::Malformed), "{kind:#x}: {code}");
        }
    }
}

#[test]
fn one_operation_with_a_million_predecessors_is_refused() {
    let (record, change) = rich();
    let mut forged = Forged::from(&change);
    forged.columns.retain(|(kind, _)| *kind < 0x70);
    let rows = {
        let mut count = 0;
        bytes::Runs::<u64>::new(forged.column(0x42))
            .each_run(|rows, _| {
                count += rows;
                Ok(())
            })
            .unwrap();
        count
    };
    let mut counts = run(-1, 1_000_000);
    signed(&mut counts, rows as i64 - 1);
    signed(&mut counts, 0);
    *forged.column(0x70) = counts;
    *forged.column(0x71) = run(1_000_000, 0);
    *forged.column(0x73) = run(1_000_000, 1);
    assert_eq!(quickly(|| refused(&record, LI_WRITES, forged.bytes())).code, RefusalCode::TooLarge);
}

#[test]
fn many_empty_writes_in_a_few_bytes_are_refused() {
    let record = assigned();
    let notes = record.doc().get(ROOT, "notes").unwrap().unwrap().1;
    let many = by_hand(&record, LI_PHONE, |t| {
        for number in 0..2_000 {
            t.put(&notes, "repair", if number % 2 == 0 { "" } else { "a" }).unwrap();
        }
    });
    assert_eq!(quickly(|| refused(&record, LI_WRITES, many)).code, RefusalCode::TooLarge);
}

#[test]
fn a_deflate_bomb_is_not_inflated() {
    let record = assigned();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0u8; 1 << 20];
    for _ in 0..48 {
        encoder.write_all(&zeros).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 64 << 10);
    let refusal = quickly(|| refused(&record, LI_WRITES, chunk(2, &bomb, &zeros)));
    assert_eq!(refusal.code, RefusalCode::TooLarge);
}

#[test]
fn bytes_behind_a_compressed_change_are_refused() {
    let (record, change) = rich();
    let body = Forged::from(&change).body();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&body).unwrap();
    let mut payload = encoder.finish().unwrap();
    assert_eq!(try_admit(&record, LI_WRITES, &[chunk(2, &payload, &body)]).refused, []);
    payload.push(0);
    assert_eq!(refused(&record, LI_WRITES, chunk(2, &payload, &body)).code, RefusalCode::Malformed);
}

/// A fuzzer's: the two forms of one change were kept as two, under names that are not what the phone signed over.
#[test]
fn what_can_not_be_read_is_kept_once_under_its_name_whatever_form_it_comes_in() {
    let (record, change) = rich();
    let mut body = Forged::from(&change).body();
    // An actor of fifteen bytes.
    body[1 + 32] = 15;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&body).unwrap();
    let forms = [chunk(1, &body, &body), chunk(2, &encoder.finish().unwrap(), &body)];
    let refused = try_admit(&record, LI_WRITES, &forms).refused;
    assert_eq!(refused.len(), 1);
    assert_eq!((refused[0].code, &refused[0].raw[..]), (RefusalCode::Malformed, &forms[..1]));
    let limits = Limits::default();
    assert!(forms.iter().all(|form| hash_of(form, &limits) == refused[0].change));
}

#[test]
fn maps_within_maps_are_refused_before_anything_recurses() {
    let record = assigned();
    let nested = by_hand(&record, LI_PHONE, |t| {
        let mut object = ROOT;
        for _ in 0..300 {
            object = t.put_object(&object, "a", ObjType::Map).unwrap();
        }
    });
    assert!(nested.0.len() < 1_000);
    assert_eq!(refused(&record, LI_WRITES, nested).code, RefusalCode::TooLarge);
}

#[test]
fn a_large_change_is_refused_unread() {
    let record = assigned();
    let refusal = refused_raw(&record, Bytes(vec![0x85; (64 << 10) + 1]));
    assert_eq!(refusal.code, RefusalCode::TooLarge);
    let huge = refused_raw(&record, Bytes(vec![0x85; 1 << 20]));
    assert_eq!(huge.raw[0].0.len(), schema::limits::QUARANTINE_BYTES_MAX);
}

fn refused_raw(record: &Record, change: Bytes) -> Refusal {
    try_admit(record, LI_WRITES, &[change]).refused.remove(0)
}

#[test]
fn other_kinds_of_chunk_are_refused() {
    let (record, change) = rich();
    let body = Forged::from(&change).body();
    for kind in [0, 3, 4, 255] {
        assert_eq!(refused(&record, LI_WRITES, chunk(kind, &body, &body)).code, RefusalCode::Malformed);
    }
    assert_eq!(refused(&record, LI_WRITES, Bytes(record.save())).code, RefusalCode::Malformed);
    let two = Bytes([change.0.as_slice(), &change.0].concat());
    assert_eq!(refused(&record, LI_WRITES, two).code, RefusalCode::Malformed);
}

#[test]
fn every_part_of_the_header_is_checked() {
    let (record, change) = rich();
    let forged = Forged::from(&change);
    assert_eq!(forged.bytes(), change, "an untouched change is put together as it was");
    let cases: Vec<(&str, Forged)> = vec![
        ("short actor", forged.clone().with(|f| f.actor.truncate(15))),
        ("long actor", forged.clone().with(|f| f.actor.push(1))),
        ("no actor", forged.clone().with(|f| f.actor.clear())),
        ("seq 0", forged.clone().with(|f| f.seq = 0)),
        ("start 0", forged.clone().with(|f| f.start_op = 0)),
        ("long message", forged.clone().with(|f| f.message = vec![b'x'; 257])),
        ("message not text", forged.clone().with(|f| f.message = vec![0xff])),
        ("unused actor", forged.clone().with(|f| f.others.push(vec![0xff; 16]))),
        ("own actor again", forged.clone().with(|f| f.others.insert(0, f.actor.clone()))),
        ("actor of another length", forged.clone().with(|f| f.others.push(vec![0xff; 20]))),
        ("actors unsorted", forged.clone().with(|f| f.others.insert(0, vec![0xff; 16]))),
        ("no other actors", forged.clone().with(|f| f.others.clear())),
        ("deps twice", forged.clone().with(|f| f.deps.push(f.deps[0]))),
        ("too many deps", forged.clone().with(|f| f.deps = (0..65).map(|n| Hash([n; 32])).collect())),
        ("something behind", forged.clone().with(|f| f.extra = vec![1, 2, 3])),
        ("unknown column", forged.clone().with(|f| f.column(0xb0).push(1))),
        ("mark column", forged.clone().with(|f| f.column(0x94).push(1))),
        ("deflated column", forged.clone().with(|f| f.columns[0].0 |= 8)),
        ("columns unsorted", forged.clone().with(|f| f.columns.reverse())),
        ("column twice", forged.clone().with(|f| f.columns.push(f.columns.last().unwrap().clone()))),
        ("no columns", forged.clone().with(|f| f.columns.clear())),
        ("empty column", forged.clone().with(|f| f.columns.push((0x94, Vec::new())))),
    ];
    for (name, forged) in cases {
        assert_eq!(refused(&record, LI_WRITES, forged.bytes()).code, RefusalCode::Malformed, "{name}");
    }
    assert_eq!(
        try_admit(&record, LI_WRITES, &[forged.clone().with(|f| f.message = b"hello".to_vec()).bytes()]).refused,
        []
    );
    // In Automerge these overflow, when the change is applied or the record saved.
    for time in [i64::MIN, -1, (1 << 40) + 1, i64::MAX] {
        let forged = forged.clone().with(|f| f.time = time);
        assert_eq!(refused(&record, LI_WRITES, forged.bytes()).code, RefusalCode::Malformed, "{time}");
    }
    assert_eq!(try_admit(&record, LI_WRITES, &[forged.with(|f| f.time = 0).bytes()]).refused, []);
}

#[test]
fn encodings_that_automerge_would_write_differently_are_refused() {
    let (record, change) = rich();
    let forged = Forged::from(&change);
    // The same rows as two runs, where one would do: it applies, and does not come back as it was sent.
    let mut runs = Vec::new();
    bytes::Runs::<u64>::new(&forged.columns.iter().find(|(kind, _)| *kind == 0x42).unwrap().1)
        .each_run(|rows, value| {
            (0..rows).for_each(|_| runs.push(value.unwrap()));
            Ok(())
        })
        .unwrap();
    let mut literal = Vec::new();
    signed(&mut literal, -(runs.len() as i64));
    runs.iter().for_each(|value| unsigned(&mut literal, *value));
    let one_literal = forged.clone().with(|f| *f.column(0x42) = literal);
    let mut singles = Vec::new();
    for value in &runs {
        signed(&mut singles, 1);
        unsigned(&mut singles, *value);
    }
    let single_runs = forged.with(|f| *f.column(0x42) = singles);
    for (name, forged) in [("one literal run", one_literal), ("runs of one", single_runs)] {
        let admission = try_admit(&record, LI_WRITES, &[forged.bytes()]);
        assert_eq!(admission.accepted, [], "{name}");
        assert_eq!(admission.refused[0].code, RefusalCode::Malformed, "{name}");
    }
}

/// Found by the fuzz target `gate`: the dispatcher's inbox numbered the operations of what was refused past the last number there is.
#[test]
fn a_refused_change_that_counts_to_the_end_of_numbers_is_read_all_the_same() {
    let (record, change) = rich();
    for start_op in [u64::MAX - 1, u64::MAX] {
        let change = Forged::from(&change).with(|f| f.start_op = start_op).bytes();
        assert_eq!(refused(&record, LI_WRITES, change.clone()).code, RefusalCode::Inconsistent);
        assert_eq!(decode(&record, LI, &[change], &Limits::default()).len(), 1);
    }
}

#[test]
fn the_spoiler_is_found_among_honest_changes() {
    let (record, change) = rich();
    let mut tablet = record.clone();
    let honest: Vec<Bytes> = (0..3)
        .map(|number| tablet.write(ZHAO_PHONE, at(number), &[note("accept", &format!("第{number}条"))]).unwrap().bytes)
        .collect();
    let spoiler = Forged::from(&change).with(|f| {
        let mut rows = 0;
        bytes::Runs::<u64>::new(f.column(0x42))
            .each_run(|n, _| {
                rows += n;
                Ok(())
            })
            .unwrap();
        let mut flags = Vec::new();
        // False, no true, false again: the same flags, written with an empty run.
        unsigned(&mut flags, 1);
        unsigned(&mut flags, 0);
        unsigned(&mut flags, rows - 1);
        *f.column(0x34) = flags;
    });
    let rules = Rules {
        lease: &|actor| if actor == LI_PHONE || actor == ZHAO_PHONE { Lease::Held(LI_DEVICE) } else { Lease::Free },
        ..rules()
    };
    let mut push = honest.clone();
    push.insert(1, spoiler.bytes());
    let admission = admit(&record, LI_WRITES, &rules, &push);
    assert_eq!(admission.accepted.iter().map(|change| change.bytes.clone()).collect::<Vec<_>>(), honest);
    assert_eq!(admission.refused.len(), 1);
    assert_eq!(admission.refused[0].code, RefusalCode::Malformed);
    assert_eq!(Record::load(&admission.record.save()).unwrap().heads(), admission.record.heads());
}

#[test]
fn a_record_that_would_outgrow_a_phone_is_not_grown() {
    let record = assigned();
    let limits = Limits { record_bytes_max: record.save_uncompressed().len() + 600, ..Limits::default() };
    let mut phone = record.clone();
    let small = phone.write(LI_PHONE, at(1), &[note("accept", "好")]).unwrap().bytes;
    // It compresses to next to nothing.
    let large = phone.write(LI_PHONE, at(2), &[note("repair", &"长".repeat(1_000))]).unwrap().bytes;
    let tablet = record.clone().write(Actor([9; 16]), at(3), &[note("testing", "好")]).unwrap().bytes;
    let push = [small.clone(), large.clone(), tablet.clone()];
    let admission = admit(&record, LI_WRITES, &Rules { limits, ..rules() }, &push);
    assert_eq!(admission.accepted.iter().map(|change| &change.bytes).collect::<Vec<_>>(), [&small, &tablet]);
    assert_eq!((admission.refused.len(), admission.refused[0].code), (1, RefusalCode::TooLarge));
    assert_eq!(admission.refused[0].raw, [large]);
}
