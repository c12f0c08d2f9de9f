//! The pages' phone speaks to the server as ours does: bodies and signed messages are made here, and `npm test` in `server/web` reads them,
//! and writes them again to the byte.

use crate::vectors::assert_committed;
use schema::binary::{Actor, Bytes, Hash, PublicKey, Signature};
use schema::conflict::ChangeHand;
use schema::id::{DeviceId, JobId, PushId, QuarantineId, RequestId};
use schema::inbox::Outcome;
use schema::photo::photo_message;
use schema::session::refresh_message;
use schema::time::Timestamp;
use schema::wire::*;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const JOB: JobId = JobId(Uuid::from_u128(0x0107));
const OTHER_JOB: JobId = JobId(Uuid::from_u128(0x0108));
const DEVICE: DeviceId = DeviceId(Uuid::from_u128(0x01));
const ACTOR: Actor = Actor([2; 16]);

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(1_795_309_200_000_000 + micros)
}

fn hash(number: u8) -> Hash {
    Hash([number; 32])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A body as it crosses the wire, and as people read it.
fn body(body: &impl Serialize) -> Value {
    json!({ "cbor": hex(&minicbor_serde::to_vec(body).unwrap()), "json": body })
}

fn empty_request() -> SyncRequest {
    SyncRequest {
        protocol: PROTOCOL_VERSION,
        id: RequestId::new(at(0), [7; 10]),
        cursor: Cursor::default(),
        digest: Hash::ZERO,
        push: Vec::new(),
        signature: None,
        budget_bytes: None,
        clock: PhoneClock { at: at(1), since_contact_us: None },
        contacts: Vec::new(),
        heads: None,
        slim: 0,
    }
}

fn full_request() -> SyncRequest {
    let contact =
        ContactClock { server_at: at(0), phone_at: at(-5), round_trip_us: Some(300_000), until_sent_us: None };
    let stamps = vec![
        ChangeStamp { contact: 1, since_ms: Some(70_000), until_ms: None },
        ChangeStamp { contact: 0, since_ms: None, until_ms: Some(12) },
    ];
    let changes = vec![Bytes(vec![0x85, 0x6f, 0x4a, 0x83]), Bytes(vec![7; 300])];
    SyncRequest {
        cursor: Cursor { epoch: EPOCH_MAX, seq: 24 },
        digest: hash(9),
        push: vec![
            JobPush { job: JOB, changes, slim: None, clocks: stamps },
            JobPush { job: OTHER_JOB, changes: vec![Bytes(vec![1])], slim: None, clocks: Vec::new() },
        ],
        signature: Some(Signature([4; 64])),
        budget_bytes: Some(100_000),
        clock: PhoneClock { at: at(2), since_contact_us: Some(70_000_000) },
        contacts: vec![contact],
        heads: Some(vec![
            JobHeads { job: JOB, heads: vec![hash(1), hash(2)] },
            JobHeads { job: OTHER_JOB, heads: Vec::new() },
        ]),
        ..empty_request()
    }
}

fn quiet_response() -> SyncResponse {
    SyncResponse {
        cursor: Cursor { epoch: 1, seq: 0 },
        more: false,
        server_time: at(0),
        acks: Vec::new(),
        receipt: None,
        refused: Vec::new(),
        jobs: Vec::new(),
        resync: false,
        photos_owed: Vec::new(),
        decided: Vec::new(),
        hands: Vec::new(),
        reference: BTreeMap::new(),
        slim: 0,
        revoked: false,
    }
}

fn full_response() -> SyncResponse {
    let quarantine = QuarantineId(Uuid::from_u128(6));
    let part = DecidedPart {
        outcome: Outcome::Rejected,
        places: vec!["marks/repair".to_owned()],
        by: "王芳".to_owned(),
        at: at(123_456),
        reason: Some("客户未同意".to_owned()),
    };
    let refused = Refused {
        job: JOB,
        actor: ACTOR,
        change: hash(5),
        code: RefusalCode::GateClosed,
        paths: vec![vec!["marks".to_owned(), "repair".to_owned()]],
        quarantine,
        salvaged_as: Some(hash(6)),
        zh: "未采纳".to_owned(),
        en: "Not taken over".to_owned(),
    };
    let news = [
        News::Changes(vec![Bytes(vec![1, 2]), Bytes(Vec::new())]),
        News::Snapshot { document: Bytes(vec![3; 300]), reset: true },
        News::Gone(GoneReason::Reassigned),
    ];
    SyncResponse {
        cursor: Cursor { epoch: EPOCH_MAX, seq: 70_000 },
        more: true,
        acks: vec![Ack { job: JOB, actor: ACTOR, seq: 300 }],
        receipt: Some(Receipt {
            push: PushId(Uuid::from_u128(5)),
            received_at: at(7),
            signature: Signature([8; 64]),
            key: PublicKey([9; 32]),
        }),
        refused: vec![refused.clone(), Refused { paths: Vec::new(), salvaged_as: None, ..refused }],
        jobs: news.into_iter().map(|news| JobUpdate { job: JOB, news }).collect(),
        resync: true,
        photos_owed: vec![hash(1), hash(2)],
        decided: vec![Decided { quarantine, job: JOB, number: None, change: hash(5), parts: vec![part] }],
        hands: vec![
            ChangeHand { job: JOB, change: hash(3), name: Some("李强".to_owned()), at: at(1_000) },
            ChangeHand { job: JOB, change: hash(4), name: None, at: at(1_000_000) },
        ],
        reference: BTreeMap::from([("price_list".to_owned(), 3), ("template".to_owned(), 1)]),
        ..quiet_response()
    }
}

#[test]
fn the_bodies_and_messages_that_the_pages_are_tested_with_are_those_of_the_server() {
    let (request, push) = (RequestId::new(at(0), [7; 10]), PushId(Uuid::from_u128(5)));
    let leaves = [push_leaf(JOB, &[hash(1), hash(2)]), push_leaf(OTHER_JOB, &[])];
    let made = json!({
        "requests": [body(&empty_request()), body(&full_request())],
        "responses": [body(&quiet_response()), body(&full_response())],
        "job_digest": job_digest(JOB, &[hash(2), hash(1)]),
        "leaves": leaves,
        "push_message": hex(&push_message(DEVICE, request, &leaves)),
        "receipt_message": hex(&receipt_message(push, at(7), &leaves)),
        "refresh_message": hex(&refresh_message(DEVICE, "refresh")),
        "photo_message": hex(&photo_message(JOB, hash(1), 700_016, at(7))),
    });
    assert_committed("wire.json", &format!("{}\n", serde_json::to_string_pretty(&made).unwrap()));
}
