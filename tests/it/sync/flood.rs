//! More than anybody honest sends: what is told as kept is kept, however much it is, and one phone's rubbish is nobody else's trouble.

use reqwest::RequestBuilder;
use schema::binary::{Actor, Bytes, Hash};
use schema::edit::Edit;
use schema::id::{DeviceId, JobId};
use schema::limits::{HEADS_JOBS_MAX, QUARANTINE_DEVICE_BYTES_MAX};
use schema::people::Role;
use schema::problem::Kind;
use schema::rows::records::QuarantineRow;
use schema::wire::{CBOR, Cursor, JobHeads, JobPush, News, RefusalCode, SyncRequest};
use server::db;
use server::state::random;
use sync::record::Record;
use tests::{BarePhone, Errand, TestServer, expect_json, expect_problem};

fn push(job: JobId, changes: Vec<Bytes>) -> JobPush {
    JobPush { job, clocks: Vec::new(), slim: None, changes }
}

fn note(text: String) -> Edit {
    Edit::Note { step: "listen".to_owned(), text }
}

fn post(server: &TestServer, phone: &BarePhone, request: &SyncRequest) -> RequestBuilder {
    let body = minicbor_serde::to_vec(request).unwrap();
    let post = server.client.post(format!("{}/v1/sync", server.url)).bearer_auth(&phone.token);
    post.header("content-type", CBOR).body(body)
}

async fn kept(server: &TestServer, device: DeviceId, job: JobId) -> Vec<QuarantineRow> {
    let list = move |conn: &mut db::Conn| Ok(db::quarantine::list_of_devices(conn, &[device], &[job])?);
    server.state.db.read(list).await.unwrap()
}

#[actix_web::test]
async fn who_compares_more_jobs_than_a_phone_carries_is_refused() {
    let server = TestServer::start().await;
    let phone = server.bare_phone(&server.person(Role::Technician).await).await;
    let ask = |jobs: usize, heads: usize| {
        let of = |_| JobHeads { job: JobId::new(server.clock.now(), random()), heads: vec![Hash::ZERO; heads] };
        SyncRequest { heads: Some((0..jobs).map(of).collect()), ..phone.request(Cursor::default(), Vec::new()) }
    };
    expect_problem(post(&server, &phone, &ask(HEADS_JOBS_MAX + 1, 1)), Kind::BadRequest).await;
    expect_problem(post(&server, &phone, &ask(1, 65)), Kind::BadRequest).await;
    let answer = phone.sync(&ask(HEADS_JOBS_MAX, 1)).await;
    assert_eq!(answer.jobs.len(), HEADS_JOBS_MAX, "of each it hears that it is gone");
}

#[actix_web::test]
async fn all_that_is_refused_is_kept_however_much_it_is() {
    let server = TestServer::start().await;
    let Errand { technician, .. } = server.errand().await;
    let phone = server.bare_phone(&technician).await;
    let first = phone.sync(&phone.request(Cursor::default(), Vec::new())).await;
    let News::Snapshot { document, .. } = &first.jobs[0].news else { panic!("no snapshot") };
    let (actor, mut record) = (Actor(random()), Record::load(&document.0).unwrap());
    let job = JobId::new(server.clock.now(), random());
    // Some 400 kB of what does not pack.
    let text = || random::<2_000>().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let changes: Vec<Bytes> =
        (0..100).map(|_| record.write(actor, server.clock.now(), &[note(text())]).unwrap().bytes).collect();
    let request = phone.request(Cursor::default(), vec![push(job, changes.clone())]);
    let answer = phone.sync(&request).await;
    assert_eq!((answer.refused.len(), answer.refused[0].code), (1, RefusalCode::JobUnknown));
    let rows = kept(&server, phone.device, job).await;
    let holds = |change: &Bytes| rows[0].bytes.windows(change.0.len()).any(|bytes| bytes == change.0);
    assert_eq!((rows.len(), changes.iter().filter(|change| holds(change)).count()), (1, 100));
    let again = phone.sync(&request).await;
    assert_eq!(again.refused, answer.refused, "the same again is answered the same");
    assert_eq!(kept(&server, phone.device, job).await[0].bytes, rows[0].bytes);
}

#[actix_web::test]
async fn the_same_unreadable_change_twice_holds_up_no_other_job() {
    let server = TestServer::start().await;
    let Errand { technician, job, .. } = server.errand().await;
    let phone = server.bare_phone(&technician).await;
    let first = phone.sync(&phone.request(Cursor::default(), Vec::new())).await;
    let News::Snapshot { document, .. } = &first.jobs[0].news else { panic!("no snapshot") };
    let mut record = Record::load(&document.0).unwrap();
    let change = record.write(Actor(random()), server.clock.now(), &[note("好".to_owned())]).unwrap().bytes;
    let rubbish = |number: u16| Bytes([b"rubbish".as_slice(), &number.to_be_bytes()].concat());
    let unknown = JobId::new(server.clock.now(), random());
    let of_job = [vec![rubbish(0), rubbish(0)], (0..500).map(rubbish).collect(), vec![change]].concat();
    let request = phone.request(first.cursor, vec![push(unknown, vec![rubbish(0), rubbish(0)]), push(job, of_job)]);
    let answer = phone.sync(&request).await;
    assert_eq!(answer.acks.len(), 1, "what is good of it is taken: {answer:?}");
    assert_eq!(answer.refused.len(), 2, "the rubbish of a job is one entry: {answer:?}");
    let rows = kept(&server, phone.device, job).await;
    assert_eq!((rows.len(), rows[0].bytes.len()), (1, 500 * (4 + 9)), "and each of it lies there once");
}

#[actix_web::test]
async fn a_phone_whose_refused_work_nobody_looks_at_is_told_to_keep_the_rest() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, .. } = server.errand().await;
    let phone = server.bare_phone(&technician).await;
    let rubbish = |text: &str| phone.request(Cursor::default(), vec![push(job, vec![Bytes(text.into())])]);
    phone.sync(&rubbish("eins")).await;
    let row = kept(&server, phone.device, job).await.remove(0);
    let full = QuarantineRow { bytes_total: QUARANTINE_DEVICE_BYTES_MAX, ..row.clone() };
    let extend = move |conn: &mut db::Conn| Ok(db::quarantine::extend_entry(conn, row.bytes_total, &full)?);
    assert!(server.state.db.write(extend).await.unwrap());
    expect_problem(post(&server, &phone, &rubbish("zwei")), Kind::Busy).await;
    assert_eq!(kept(&server, phone.device, job).await.len(), 1);

    let listed: serde_json::Value = expect_json(dispatcher.get("/v1/quarantine"), 200).await;
    let entry = listed["items"][0]["id"].as_str().unwrap();
    let reject = serde_json::json!({ "reason": "无法识别" });
    tests::expect_ok(dispatcher.post(&format!("/v1/quarantine/{entry}/reject"), &reject)).await;
    phone.sync(&rubbish("zwei")).await;
    assert_eq!(kept(&server, phone.device, job).await.len(), 2);
}
