//! What hostile bytes cost at the gate: memory counted by the allocator, not guessed from the process, and time.
#![expect(unsafe_code, reason = "an allocator that counts can't be written without")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what the tests share fails like a test")]

use flate2::Compression;
use flate2::write::DeflateEncoder;
use schema::binary::{Actor, Bytes};
use schema::edit::Edit;
use schema::example;
use schema::gate::Violation;
use schema::id::{DeviceId, EntryId, JobId, OutletId, PersonId, ReportId};
use schema::record::{Assignment, JobRecord, Meta};
use schema::time::Timestamp;
use schema::wire::RefusalCode;
use sha2::{Digest, Sha256};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::Write;
use std::time::{Duration, Instant};
use sync::admit::{Admission, Lease, Limits, Rules, Writer, admit};
use sync::record::{Record, office_actor};
use uuid::Uuid;

struct Counting;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    LIVE.with(|live| {
        live.set(live.get() + bytes);
        PEAK.with(|peak| peak.set(peak.get().max(live.get())));
    });
}

// SAFETY: every call goes to the system's allocator unchanged; the counters are plain cells of the thread.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const LI: PersonId = PersonId(Uuid::from_u128(2));
const DEVICE: DeviceId = DeviceId(Uuid::from_u128(22));
const PHONE: Actor = Actor([2; 16]);
const JOB: JobId = JobId(Uuid::from_u128(7));

fn opened() -> Record {
    let at = Timestamp::default();
    let meta = Meta {
        job: JOB,
        outlet: OutletId(Uuid::from_u128(8)),
        report: ReportId(Uuid::from_u128(9)),
        reported_at: at,
        opened_by: LI,
        ..example::meta()
    };
    let (technician_name, window, reason) = ("李强".to_owned(), None, None);
    let assignment = Assignment { technician: LI, technician_name, window, by: LI, at, reason };
    let open = Edit::Open { meta: Box::new(meta), report: Box::default() };
    let mut record = Record::new();
    let edits = [open, Edit::Assign { id: EntryId::new([1; 10]), assignment }];
    record.write(office_actor(JOB, 1), at, &edits).unwrap();
    record
}

fn note(text: &str) -> Edit {
    Edit::Note { step: "repair".to_owned(), text: text.to_owned() }
}

/// The gate's answer and the most memory that it held at once.
fn measured(record: &Record, changes: &[Bytes]) -> (Admission, isize) {
    let open = |_: &JobRecord, _: &JobRecord| -> Vec<Violation> { Vec::new() };
    let lease = |_: Actor| Lease::Held(DEVICE);
    let rules = Rules { lease: &lease, office: office_actor(JOB, 1), gates: &open, limits: Limits::default() };
    let writer = Writer { person: LI, device: DEVICE, revoked: false };
    let before = LIVE.with(Cell::get);
    PEAK.with(|peak| peak.set(before));
    let start = Instant::now();
    let admission = admit(record, writer, &rules, changes);
    // Far above what it takes on a busy machine, far below what it guards against.
    assert!(start.elapsed() < Duration::from_secs(10), "took {:?}", start.elapsed());
    (admission, PEAK.with(Cell::get) - before)
}

fn number(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

/// A run's length: a signed number that is not negative.
fn run_length(out: &mut Vec<u8>, rows: u64) {
    number(out, rows);
    if out.last().is_some_and(|byte| byte & 0x40 != 0) {
        *out.last_mut().unwrap() |= 0x80;
        out.push(0);
    }
}

fn chunk(kind: u8, payload: &[u8], body: &[u8]) -> Bytes {
    let mut hashed = vec![1];
    number(&mut hashed, body.len() as u64);
    hashed.extend_from_slice(body);
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83];
    bytes.extend_from_slice(&Sha256::digest(&hashed)[..4]);
    bytes.push(kind);
    number(&mut bytes, payload.len() as u64);
    bytes.extend_from_slice(payload);
    Bytes(bytes)
}

/// A change that claims this many writes of an empty text to the root.
fn run_bomb(record: &Record, claimed: u64) -> Bytes {
    let mut body = vec![1];
    body.extend_from_slice(record.heads()[0].as_slice());
    body.push(16);
    body.extend_from_slice(PHONE.as_slice());
    body.extend_from_slice(&[1, 0xe4, 1, 0, 0, 0]);
    let column = |value: &[u8]| {
        let mut column = Vec::new();
        run_length(&mut column, claimed);
        column.extend_from_slice(value);
        column
    };
    let mut flags = Vec::new();
    number(&mut flags, claimed);
    let columns =
        [(0x15, column(b"\x01k")), (0x34, flags), (0x42, column(&[1])), (0x56, column(&[6])), (0x70, column(&[0]))];
    body.push(columns.len() as u8);
    for (kind, column) in &columns {
        number(&mut body, *kind);
        number(&mut body, column.len() as u64);
    }
    columns.iter().for_each(|(_, column)| body.extend_from_slice(column));
    chunk(1, &body, &body)
}

#[test]
fn ten_million_claimed_operations_cost_no_memory() {
    let record = opened();
    for (claimed, expected) in [
        (10, RefusalCode::Forbidden),
        (100, RefusalCode::TooLarge),
        (10_000_000, RefusalCode::TooLarge),
        (1 << 40, RefusalCode::TooLarge),
    ] {
        let bomb = run_bomb(&record, claimed);
        assert!(bomb.0.len() < 150, "{} bytes", bomb.0.len());
        let (admission, peak) = measured(&record, &[bomb]);
        assert_eq!(admission.refused[0].code, expected, "{claimed}: {}", admission.refused[0].detail);
        assert!(peak < 256 << 10, "{claimed} claimed operations held {peak} bytes");
        assert_eq!(admission.record.heads(), record.heads());
    }
}

#[test]
fn a_whole_push_of_bombs_costs_little() {
    let record = opened();
    let bombs = vec![run_bomb(&record, 19_999); 2_000];
    let (admission, peak) = measured(&record, &bombs);
    assert!(admission.accepted.is_empty());
    assert!(peak < 8 << 20, "held {peak} bytes");
}

#[test]
fn a_deflate_bomb_is_inflated_to_its_limit_and_no_further() {
    let record = opened();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0u8; 1 << 20];
    (0..48).for_each(|_| encoder.write_all(&zeros).unwrap());
    let payload = encoder.finish().unwrap();
    let bomb = chunk(2, &payload, &zeros);
    let (admission, peak) = measured(&record, std::slice::from_ref(&bomb));
    assert_eq!(admission.refused[0].code, RefusalCode::TooLarge);
    assert!(peak < 2 << 20, "held {peak} bytes for {} sent", bomb.0.len());
}

#[test]
fn lengths_that_are_only_claimed_are_not_allocated() {
    let record = opened();
    let honest = record.clone().write(PHONE, Timestamp::default(), &[note("好")]).unwrap().bytes;
    let body = &honest.0[if honest.0[9] & 0x80 == 0 { 10 } else { 11 }..];
    assert_eq!(chunk(1, body, body), honest);
    // Every byte in turn becomes a very large number.
    for place in 0..body.len() {
        let mut body = body.to_vec();
        body.splice(place..=place, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f]);
        let (admission, peak) = measured(&record, &[chunk(1, &body, &body)]);
        assert!(peak < 2 << 20, "byte {place} held {peak} bytes");
        assert!(admission.record.read().is_ok());
    }
}

#[test]
fn an_honest_push_is_judged_in_little_memory() {
    let record = opened();
    let mut phone = record.clone();
    let changes: Vec<Bytes> = (0..20)
        .map(|step| phone.write(PHONE, Timestamp::default(), &[note(&format!("第{step}条"))]).unwrap().bytes)
        .collect();
    let (admission, peak) = measured(&record, &changes);
    assert_eq!(admission.accepted.len(), 20);
    assert!(peak < 2 << 20, "held {peak} bytes");
}
