//! What an attacker, a broken phone or a bad line can send to a sync: always an answer from the table of problems, nothing lost,
//! nothing half-written.

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::RequestBuilder;
use schema::binary::{Actor, Bytes, Hash, Signature};
use schema::edit::Edit;
use schema::id::{JobId, RequestId};
use schema::people::Role;
use schema::problem::Kind;
use schema::record::{Mark, MarkKind};
use schema::wire::{CBOR, Cursor, JobPush, News, PROTOCOL_VERSION, PhoneClock, RefusalCode, SyncRequest};
use serde_json::json;
use server::state::random;
use std::io::Write as _;
use sync::client::Clocks as _;
use sync::record::Record;
use sync::replica::{Input, Output};
use tests::{Errand, Setup, TestPhone, TestServer, expect_problem};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(super) fn post(server: &TestServer, phone: &TestPhone, content_type: &str, body: Vec<u8>) -> RequestBuilder {
    let token = &phone.handset.replica().session().unwrap().access_token;
    let url = format!("{}/v1/sync", server.url);
    server.client.post(url).bearer_auth(token).header("content-type", content_type.to_owned()).body(body)
}

fn empty(server: &TestServer) -> SyncRequest {
    SyncRequest {
        protocol: PROTOCOL_VERSION,
        id: RequestId::new(server.clock.now(), random()),
        cursor: Cursor::default(),
        digest: Hash::ZERO,
        push: Vec::new(),
        signature: None,
        budget_bytes: None,
        clock: PhoneClock { at: server.clock.now(), since_contact_us: None },
        contacts: Vec::new(),
        heads: None,
        slim: 0,
    }
}

async fn phone(server: &TestServer) -> TestPhone {
    let technician = server.person(Role::Technician).await;
    server.phone(&technician).await
}

#[actix_web::test]
async fn bodies_that_are_no_request_are_refused_with_the_reason() {
    let server = TestServer::start().await;
    let phone = phone(&server).await;
    let send = |content_type, body: Vec<u8>| post(&server, &phone, content_type, body);
    expect_problem(send("text/plain", b"hello".to_vec()), Kind::UnsupportedMediaType).await;
    expect_problem(send("application/json", b"{".to_vec()), Kind::BadRequest).await;
    expect_problem(send("application/json", b"{}".to_vec()), Kind::BadRequest).await;
    expect_problem(send(CBOR, Vec::new()), Kind::BadRequest).await;
    expect_problem(send(CBOR, vec![0xff; 1000]), Kind::BadRequest).await;
    let old = SyncRequest { protocol: 0, ..empty(&server) };
    expect_problem(send(CBOR, minicbor_serde::to_vec(old).unwrap()), Kind::ProtocolUnknown).await;
    let mut typed = serde_json::to_value(empty(&server)).unwrap();
    typed["cursor"]["seq"] = json!("one");
    expect_problem(send("application/json", typed.to_string().into_bytes()), Kind::BadRequest).await;
}

#[actix_web::test]
async fn nesting_without_end_and_claims_of_size_harm_nobody() {
    let server = TestServer::start().await;
    let phone = phone(&server).await;
    // A map with an unknown key whose value is a million lists within lists.
    let mut nested = vec![0xa1, 0x61, b'x'];
    nested.extend(std::iter::repeat_n(0x81, 1_000_000));
    expect_problem(post(&server, &phone, CBOR, nested), Kind::BadRequest).await;
    // A list that claims 2^60 members, and bytes that claim 2^60 bytes.
    for head in [0x9b, 0x5b] {
        let claim = [vec![0xa1, 0x64], b"push".to_vec(), vec![head, 0x10, 0, 0, 0, 0, 0, 0, 0]].concat();
        expect_problem(post(&server, &phone, CBOR, claim), Kind::BadRequest).await;
    }
    let json = format!("{{\"x\":{}", "[".repeat(1_000_000));
    expect_problem(post(&server, &phone, "application/json", json.into_bytes()), Kind::BadRequest).await;
    expect_problem(post(&server, &phone, CBOR, vec![0; 10 << 20]), Kind::TooLarge).await;
}

#[actix_web::test]
async fn a_bomb_is_counted_as_it_inflates() {
    let server = TestServer::start().await;
    let phone = phone(&server).await;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..200 {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    expect_problem(post(&server, &phone, CBOR, bomb).header("content-encoding", "gzip"), Kind::TooLarge).await;
    let cut = post(&server, &phone, CBOR, vec![0x1f, 0x8b, 8, 0]).header("content-encoding", "gzip");
    expect_problem(cut, Kind::BadRequest).await;
}

#[actix_web::test]
async fn bodies_for_which_there_is_no_room_are_told_to_come_again() {
    let flags = vec!["--sync-memory-bytes", "65536"];
    let server = TestServer::with(Setup { flags, ..Setup::default() }).await;
    let mut errand = server.errand().await;
    let of = |bytes: usize| post(&server, &errand.phone, CBOR, vec![0xff; bytes]);
    for _ in 0..3 {
        let busy = of(100_000).send().await.unwrap();
        assert_eq!((busy.status().as_u16(), &busy.headers()["retry-after"]), (503, &"2".parse().unwrap()));
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&[0xff; 100_000]).unwrap();
        let packed = post(&server, &errand.phone, CBOR, packed.finish().unwrap()).header("content-encoding", "gzip");
        expect_problem(packed, Kind::Busy).await;
        // What had a place has given it back each time.
        expect_problem(of(60_000), Kind::BadRequest).await;
    }
    // Whoever holds all of it keeps nobody with a tap waiting.
    let all = server.state.arriving.take(65_536).unwrap();
    errand.phone.mark(errand.job, "accept", MarkKind::Done);
    assert_eq!(errand.phone.sync().await.unsent, 0);
    drop(all);
}

#[actix_web::test]
async fn a_body_that_never_comes_is_not_waited_for_for_ever() {
    let server = TestServer::start().await;
    let phone = phone(&server).await;
    // Impatient only from here on: a log-in takes longer than that on a busy machine.
    let setup = Setup { flags: vec!["--answer-within-s", "1"], ..server.stop().await };
    let server = TestServer::with(setup).await;
    let token = &phone.handset.replica().session().unwrap().access_token;
    let mut line = TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {CBOR}\r\nContent-Length: 500\r\n\r\nx"
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let count = line.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..count]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
}

/// The phone's next request, as it would send it.
pub(super) fn request(phone: &mut TestPhone) -> SyncRequest {
    let (now, bits) = (phone.clocks.now(), phone.clocks.random());
    let outputs = phone.handset.handle(now, bits, Input::BuildSync).unwrap();
    let request = outputs.into_iter().find_map(|output| match output {
        Output::Request(request) => Some(*request),
        _ => None,
    });
    request.unwrap()
}

#[actix_web::test]
async fn a_push_that_the_phone_did_not_sign_is_not_taken_and_stays_on_the_phone() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, .. } = server.errand().await;
    phone.mark(job, "accept", MarkKind::Done);
    let before = server.heads(job).await;
    let honest = request(&mut phone);
    for signature in [None, Some(Signature([7; 64]))] {
        let forged = minicbor_serde::to_vec(SyncRequest { signature, ..honest.clone() }).unwrap();
        expect_problem(post(&server, &phone, CBOR, forged), Kind::SignatureInvalid).await;
    }
    let twice = SyncRequest { push: [honest.push.clone(), honest.push.clone()].concat(), ..honest };
    expect_problem(post(&server, &phone, CBOR, minicbor_serde::to_vec(twice).unwrap()), Kind::BadRequest).await;
    assert_eq!(server.heads(job).await, before);
    assert_eq!(phone.handset.replica().unsent(), 1);
    phone.sync().await;
    assert_eq!(phone.heads(job), server.heads(job).await);
}

#[actix_web::test]
async fn one_refused_job_holds_up_no_other() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &technician).await;
    let phone = server.bare_phone(&technician).await;
    let first = phone.sync(&phone.request(Cursor::default(), Vec::new())).await;
    let News::Snapshot { document, .. } = &first.jobs[0].news else { panic!("no snapshot") };
    let mut record = Record::load(&document.0).unwrap();
    let mark = Mark { kind: MarkKind::Done, by: technician.id, at: server.clock.now(), reason: None, place: None };
    let edits = [Edit::Mark { step: "accept".to_owned(), mark }];
    let change = record.write(Actor(random()), server.clock.now(), &edits).unwrap();
    let unknown = JobPush {
        clocks: Vec::new(),
        slim: None,
        job: JobId::new(server.clock.now(), random()),
        changes: vec![Bytes(vec![1, 2, 3])],
    };
    let request = phone.request(
        first.cursor,
        vec![unknown, JobPush { job, clocks: Vec::new(), slim: None, changes: vec![change.bytes] }],
    );
    let answer = phone.sync(&request).await;
    assert_eq!(answer.refused.len(), 1);
    assert_eq!(answer.refused[0].code, RefusalCode::JobUnknown);
    assert_eq!(answer.acks.len(), 1);
    // The same again is answered the same, and lies in quarantine once.
    let again = phone.sync(&request).await;
    assert_eq!(again.refused[0].quarantine, answer.refused[0].quarantine);
    assert_eq!(again.acks, answer.acks);
}

#[actix_web::test]
async fn a_revoked_phone_hands_in_what_it_wrote_and_gets_nothing() {
    let server = TestServer::start().await;
    let Errand { dispatcher, job, mut phone, .. } = server.errand().await;
    let administrator = server.person(Role::Administrator).await;
    phone.mark(job, "accept", MarkKind::Done);
    let device = phone.handset.replica().identity().unwrap().device;
    tests::expect_ok(administrator.delete(&format!("/v1/devices/{device}"))).await;
    let before = server.heads(job).await;
    let report = phone.sync().await;
    assert_eq!(report.refused[0].code, RefusalCode::DeviceRevoked);
    assert_eq!(server.heads(job).await, before, "nothing of it is in the record");
    let listed: serde_json::Value = tests::expect_json(dispatcher.get("/v1/quarantine"), 200).await;
    assert_eq!(listed["items"][0]["code"], "device_revoked");
    assert_eq!(listed["items"][0]["job"], job.to_string());
}
