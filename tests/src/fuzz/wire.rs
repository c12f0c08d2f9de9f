//! What phone and server say to each other: bodies in CBOR and JSON, and the words and numbers in them. What reads is written again and
//! reads as the same; an answer, whatever it says, leaves a phone that can be opened again; what a phone's clocks claim is reckoned with.

use super::job::{JOB, LI, LI_DEVICE, LI_PHONE, at, crew_edits, derive, job, job_record};
use super::source::Source;
use schema::binary::{Bytes, Hash};
use schema::conflict::ChangeHand;
use schema::edit::Edit;
use schema::evidence::{ChangeClock, Evidence, Tie, estimate};
use schema::id::EntryId;
use schema::money::Currency;
use schema::record::{JobRecord, Strokes};
use schema::reference::Reference;
use schema::retime::retimed;
use schema::session::{CreateSession, RefreshSession, SessionTokens};
use schema::time::Timestamp;
use schema::wire::{JobUpdate, News, Refused, SyncRequest, SyncResponse, job_digest, push_leaf};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::str::FromStr;
use sync::handset::Handset;
use sync::replica::{Input, Now, Output};
use sync::store::entry::{Identity, SnapshotKind};
use sync::store::{Entry, MemoryDisk, MemoryStore};

pub fn wire(data: &[u8]) {
    let mut source = Source::new(data);
    match source.choice(12) {
        0 | 1 => request(source.rest()),
        2 => again::<SyncResponse>(source.rest()),
        3 => {
            again::<CreateSession>(source.rest());
            again::<RefreshSession>(source.rest());
            again::<SessionTokens>(source.rest());
        }
        4 => again::<Reference>(source.rest()),
        5 => {
            again::<Vec<Edit>>(source.rest());
            again::<Entry>(source.rest());
        }
        6 => record(source.rest()),
        7 => words(&String::from_utf8_lossy(source.rest())),
        8 => reckon(&mut source),
        _ => answer(source.rest()),
    }
}

/// What reads in either form is written again and reads as the same.
fn again<T: DeserializeOwned + Serialize>(bytes: &[u8]) {
    if let Ok(value) = minicbor_serde::from_slice::<T>(bytes) {
        let written = minicbor_serde::to_vec(&value).expect("what was read is written");
        let read: T = minicbor_serde::from_slice(&written).expect("what was written is read");
        assert_eq!(minicbor_serde::to_vec(&read).expect("and written again"), written);
        // For people; times beyond a calendar's end are no text that reads back.
        serde_json::to_vec(&value).expect("what was read is written as JSON");
    }
    if let Ok(value) = serde_json::from_slice::<T>(bytes) {
        let written = serde_json::to_vec(&value).expect("what was read is written");
        serde_json::from_slice::<T>(&written).expect("what was written is read");
    }
}

fn request(bytes: &[u8]) {
    again::<SyncRequest>(bytes);
    let Ok(request) = minicbor_serde::from_slice::<SyncRequest>(bytes) else { return };
    for push in &request.push {
        push_leaf(push.job, &push.changes.iter().map(|bytes| Hash::of(&bytes.0)).collect::<Vec<_>>());
    }
    let held = request.heads.unwrap_or_default();
    for job in &held {
        job_digest(job.job, &job.heads);
    }
    let compared = sync::exchange::compare(&held, &[(JOB, vec![Hash::ZERO])]);
    assert!(compared.len() <= held.len() + 1, "more was compared than is held");
}

/// A record as people and rows see it: everything that is derived from one takes whatever times and numbers it claims.
fn record(bytes: &[u8]) {
    let read = minicbor_serde::from_slice::<JobRecord>(bytes).ok().or_else(|| serde_json::from_slice(bytes).ok());
    let Some(record) = read else { return };
    derive(&record);
    derive(&retimed(record, &|_, claimed| Some(claimed.plus(1_000_000))));
}

fn words(text: &str) {
    fn same<T: FromStr + ToString + PartialEq + Debug>(text: &str) {
        let Ok(word) = text.parse::<T>() else { return };
        let again = word.to_string().parse::<T>().ok();
        assert_eq!(again, Some(word), "{text:?} does not come back");
    }
    same::<Hash>(text);
    same::<schema::id::JobId>(text);
    same::<EntryId>(text);
    same::<schema::people::Role>(text);
    same::<schema::wire::RefusalCode>(text);
    let currency = Currency::try_from(text.to_owned());
    assert!(currency.is_err() || text.len() == 3, "{text:?} is a currency");
    if let Some(strokes) = Strokes(text.to_owned()).parse() {
        assert!(strokes.iter().map(Vec::len).sum::<usize>() <= text.len());
    }
    schema::sheet::mask_phone(text);
    again::<Timestamp>(text.as_bytes());
    again::<Bytes>(text.as_bytes());
}

/// A phone's clocks may say anything.
fn reckon(source: &mut Source<'_>) {
    let mut number = || i64::from_ne_bytes(source.word().to_ne_bytes());
    let mut some = |of: i64| (of % 4 != 0).then(&mut number);
    let (which, claimed) = (some(1).unwrap_or(0), some(1).unwrap_or(0));
    let tie = Tie {
        server_at: Timestamp::from_micros(some(1).unwrap_or(0)),
        phone_at: Timestamp::from_micros(some(1).unwrap_or(0)),
        round_trip_us: some(which),
    };
    let clock = ChangeClock {
        tie: (which & 16 == 0).then_some(tie),
        since_tie_us: some(which >> 5),
        until_sent_us: some(which >> 7),
        sent_at: some(which >> 9).map(Timestamp::from_micros),
    };
    let evidence = Evidence {
        claimed_at: Timestamp::from_micros(claimed),
        clock,
        builds_on: some(which >> 11).map(Timestamp::from_micros),
        received_at: if which & 1 << 13 == 0 { at(1_000) } else { Timestamp::from_micros(some(1).unwrap_or(0)) },
        is_trusted: which & 1 << 14 == 0,
    };
    let estimate = estimate(&evidence);
    assert!(estimate.error_us >= 0, "{estimate:?} of {evidence:?}");
    assert!(estimate.at <= evidence.received_at, "made after it was received: {estimate:?} of {evidence:?}");
}

/// A phone that has a job and a change that is on its way.
fn phone() -> (Handset<MemoryStore>, MemoryDisk) {
    let disk = MemoryDisk::default();
    let mut phone = Handset::open(MemoryStore::open(disk.clone()).expect("a new log")).expect("a new phone");
    let identity = Identity {
        server: "https://example.com".to_owned(),
        device: LI_DEVICE,
        person: LI,
        login: "li".to_owned(),
        name: "李强".to_owned(),
        outlet: None,
        setup: None,
    };
    let record = job();
    let edits = crew_edits(&job_record(), record.heads());
    let document = Bytes(record.save());
    let known = vec![
        Entry::Key(Bytes(vec![7; 32])),
        Entry::Identity(identity),
        Entry::Snapshot { job: JOB, document, kind: SnapshotKind::Granted },
        Entry::Lease { job: JOB, actor: LI_PHONE, retired: false },
    ];
    phone.handle(now(1), [1; 16], Input::Remember(known)).expect("what a phone knows");
    let edits = edits.into_iter().take(1).collect();
    phone.handle(now(2), [2; 16], Input::Edit { job: JOB, edits }).expect("a note");
    (phone, disk)
}

fn now(uptime_us: i64) -> Now {
    Now { at: at(1_000), uptime_us, boot: 1 }
}

/// What a phone makes of an answer that says anything at all. Documents come from its own server and go to Automerge as they are, so
/// those in the answer are left out.
fn answer(bytes: &[u8]) {
    let Ok(mut answer) = minicbor_serde::from_slice::<SyncResponse>(bytes) else { return };
    answer.jobs.retain(|update| matches!(update.news, News::Gone(_)));
    let (mut phone, disk) = phone();
    let outputs = phone.handle(now(3), [3; 16], Input::BuildSync).expect("a request");
    let Some(Output::Request(request)) = outputs.into_iter().next() else { unreachable!("a phone asks") };
    for own in answer.acks.iter_mut().filter(|ack| ack.seq % 2 == 0) {
        own.job = JOB;
        own.actor = LI_PHONE;
    }
    let unsent = phone.replica().summary().unsent;
    let (acks, refused) = (answer.acks.clone(), answer.refused.clone());
    let taken = phone.handle(now(4), [4; 16], Input::Answer { request: request.id, answer: Box::new(answer) });
    let settled = acks.iter().any(|ack| ack.actor == LI_PHONE) || !refused.is_empty();
    let left = phone.replica().summary().unsent;
    assert!(left == unsent || settled, "{unsent} changes were unsent, and {left} are, though nobody settled them");
    if taken.is_ok() {
        let summary = phone.replica().summary();
        drop(phone);
        let store = MemoryStore::open(disk).expect("the log opens");
        assert_eq!(Handset::open(store).expect("the phone opens again").replica().summary(), summary);
    }
}

/// Bodies that real phones and servers send, for a corpus to begin with.
pub fn seeds() -> Vec<Vec<u8>> {
    let (mut phone, _) = phone();
    let Ok(outputs) = phone.handle(now(3), [3; 16], Input::BuildSync) else { return Vec::new() };
    let Some(Output::Request(request)) = outputs.into_iter().next() else { return Vec::new() };
    let mut seeds = Vec::new();
    let mut add = |choice: u8, body: Vec<u8>| seeds.push([vec![choice], body].concat());
    add(0, minicbor_serde::to_vec(&*request).unwrap_or_default());
    add(0, serde_json::to_vec(&*request).unwrap_or_default());
    let response = response();
    add(2, minicbor_serde::to_vec(&response).unwrap_or_default());
    add(2, serde_json::to_vec(&response).unwrap_or_default());
    add(9, minicbor_serde::to_vec(&response).unwrap_or_default());
    let record = job_record();
    add(6, minicbor_serde::to_vec(&record).unwrap_or_default());
    add(6, serde_json::to_vec(&record).unwrap_or_default());
    for edit in crew_edits(&record, vec![Hash::ZERO]) {
        add(5, serde_json::to_vec(&vec![edit]).unwrap_or_default());
    }
    add(3, br#"{"login":"li","password":"0123456789","device":{"name":"x","public_key":"00"}}"#.to_vec());
    for word in ["2026-11-22T08:30:00Z", "10,12,0 14,18,16|20,12,90", "CNY", "general_manager", "+86 138 0000 1234"] {
        add(7, word.as_bytes().to_vec());
    }
    add(8, (0..=255).collect());
    seeds
}

fn response() -> SyncResponse {
    let ack = schema::wire::Ack { job: JOB, actor: LI_PHONE, seq: 3 };
    let refused = Refused {
        job: JOB,
        actor: LI_PHONE,
        change: Hash::ZERO,
        code: schema::wire::RefusalCode::Forbidden,
        paths: vec![vec!["marks".to_owned(), "repair".to_owned()]],
        quarantine: schema::id::QuarantineId::new(at(0), [1; 10]),
        salvaged_as: None,
        zh: "无权限".to_owned(),
        en: "not permitted".to_owned(),
    };
    let hand = ChangeHand { job: JOB, change: Hash::ZERO, name: Some("李强".to_owned()), at: at(1) };
    SyncResponse {
        cursor: schema::wire::Cursor { epoch: 1, seq: 2 },
        more: true,
        server_time: at(5),
        acks: vec![ack],
        receipt: None,
        refused: vec![refused],
        jobs: vec![JobUpdate { job: JOB, news: News::Gone(schema::wire::GoneReason::Reassigned) }],
        resync: true,
        photos_owed: vec![Hash::ZERO],
        decided: Vec::new(),
        hands: vec![hand],
        reference: [("price_list".to_owned(), 3)].into(),
        slim: sync::slim::VERSION,
        revoked: true,
    }
}
