//! Changes that travel packed: towards a server that knows of it, one that does not, and from somebody who packs badly.

use super::hostile::request;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use schema::binary::{Actor, Bytes, Hash};
use schema::edit::Edit;
use schema::id::JobId;
use schema::people::{Language, Role};
use schema::problem::Kind;
use schema::record::MarkKind;
use schema::wire::{CBOR, Cursor, JobPush, News, RefusalCode, SyncRequest};
use server::db;
use server::state::random;
use std::net::TcpListener;
use sync::client::{Client, ClientError};
use sync::record::Record;
use sync::slim;
use tests::{Errand, TestServer};

fn note(step: &str, text: &str) -> Edit {
    Edit::Note { step: step.to_owned(), text: text.to_owned() }
}

#[actix_web::test]
async fn a_phone_packs_what_it_sends_and_unpacks_what_it_hears() {
    let server = TestServer::start().await;
    let Errand { dispatcher, job, mut phone, .. } = server.errand().await;
    phone.mark(job, "accept", MarkKind::Done);
    phone.note(job, "listen", "客户说昨晚开始不点火");
    server.write(job, dispatcher.id, vec![note("card", "客户要求带发票")]).await;
    let packed = request(&mut phone);
    assert_eq!((packed.push[0].changes.len(), packed.push[0].slim.is_some()), (0, true));
    // Asked by two phones in one: the one unpacks, the other is of an older release.
    let token = phone.handset.replica().session().unwrap().access_token.clone();
    let (answer, _) = phone.client.sync(&token, &packed).await.unwrap();
    assert!(matches!(answer.jobs[0].news, News::Slim(_)) && answer.slim == slim::VERSION);
    let push = slim::plain(&packed.push, usize::MAX).unwrap().into_owned();
    let (answer, _) = phone.client.sync(&token, &SyncRequest { slim: 0, push, ..packed }).await.unwrap();
    assert!(matches!(answer.jobs[0].news, News::Changes(_)) && answer.slim == 0);

    let report = phone.sync().await;
    assert_eq!((report.round_trips, report.unsent, report.refused.len()), (1, 0, 0), "{report:?}");
    assert_eq!(phone.heads(job), server.heads(job).await);
    assert_eq!(phone.job(job).notes["card"], "客户要求带发票");
}

/// A server of an older release: what was packed is nothing that it could read.
async fn older(request: HttpRequest, body: web::Bytes, url: web::Data<String>) -> HttpResponse {
    let mut asked: SyncRequest = minicbor_serde::from_slice(&body).unwrap();
    asked.slim = 0;
    let is_packed = asked.push.iter().any(|push| push.slim.is_some());
    let body = if is_packed { vec![0xa0] } else { minicbor_serde::to_vec(&asked).unwrap() };
    let token = request.headers().get("authorization").unwrap().to_str().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let asking = client.post(format!("{}/v1/sync", url.as_str())).header("authorization", token);
    let answer = asking.header("content-type", CBOR).body(body).send().await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap();
    HttpResponse::build(status).content_type(kind).body(answer.bytes().await.unwrap())
}

#[actix_web::test]
async fn an_older_server_is_told_plainly_at_once_and_then_always() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, .. } = server.errand().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let inside = web::Data::new(server.url.clone());
    let app = move || App::new().app_data(inside.clone()).route("/v1/sync", web::post().to(older));
    actix_web::rt::spawn(HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run());
    phone.client = Client::new(&url, Language::English).unwrap();

    phone.mark(job, "accept", MarkKind::Done);
    assert!(request(&mut phone).push[0].slim.is_some(), "it knows the server as one that unpacks");
    let report = phone.sync().await;
    assert_eq!((report.round_trips, report.unsent), (2, 0), "{report:?}");
    assert_eq!(phone.heads(job), server.heads(job).await);
    phone.mark(job, "contact", MarkKind::Done);
    assert_eq!(phone.sync().await.round_trips, 1);
    assert_eq!(phone.heads(job), server.heads(job).await);
}

#[actix_web::test]
async fn what_does_not_unpack_is_kept_as_it_came_and_holds_up_no_other_job() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let mut jobs = Vec::new();
    for _ in 0..2 {
        let job = server.job(&dispatcher).await;
        server.assign(job, &dispatcher, &technician).await;
        jobs.push(job);
    }
    let phone = server.bare_phone(&technician).await;
    let first = phone.sync(&phone.request(Cursor::default(), Vec::new())).await;
    let tap = |job: JobId| {
        let update = first.jobs.iter().find(|update| update.job == job).unwrap();
        let News::Snapshot { document, .. } = &update.news else { panic!("no snapshot") };
        let mut record = Record::load(&document.0).unwrap();
        slim::pack(&[record.write(Actor(random()), server.clock.now(), &[note("listen", "好")]).unwrap().bytes]).0
    };
    let junk = vec![1, 200, 7];
    let push = |job: JobId, packed: Vec<u8>| {
        let (changes, clocks) = (Vec::new(), Vec::new());
        JobPush { job, changes, slim: Some(Bytes(packed)), clocks }
    };
    let broken = [tap(jobs[0]), junk.clone()].concat();
    let request = phone.request(first.cursor, vec![push(jobs[0], broken), push(jobs[1], tap(jobs[1]))]);
    let answer = phone.sync(&request).await;
    assert_eq!(answer.acks.len(), 2, "{answer:?}");
    let refused: Vec<_> = answer.refused.iter().map(|one| (one.job, one.code, one.change)).collect();
    assert_eq!(refused, [(jobs[0], RefusalCode::Malformed, Hash::of(&junk))]);
    let (device, job) = (phone.device, jobs[0]);
    let kept = server.state.db.read(move |conn| Ok(db::quarantine::list_of_devices(conn, &[device], &[job])?));
    let kept = kept.await.unwrap();
    assert!(kept.len() == 1 && kept[0].bytes.ends_with(&junk), "{kept:?}");
    let again = phone.sync(&request).await;
    assert_eq!((again.refused[0].quarantine, again.acks), (answer.refused[0].quarantine, answer.acks));
}

#[actix_web::test]
async fn a_few_packed_bytes_that_would_become_too_many_are_refused() {
    let server = TestServer::start().await;
    let Errand { technician, job, .. } = server.errand().await;
    let phone = server.bare_phone(&technician).await;
    // A change, and one that builds on it 160,000 times.
    let mut packed = vec![1, 0, 0];
    packed.extend([7; 16]);
    packed.extend([1, 1, 0, 0, 0, 0, 1, 0x80, 0xe2, 0x09]);
    packed.extend(vec![1; 160_000]);
    packed.extend([0, 1, 1, 0, 0, 0, 0]);
    let push = JobPush { job, changes: Vec::new(), slim: Some(Bytes(packed)), clocks: Vec::new() };
    let request = phone.request(Cursor::default(), vec![push]);
    match phone.client.sync(&phone.token, &request).await {
        Err(ClientError::Problem(body)) => assert_eq!(body.slug, Kind::TooLarge),
        other => panic!("{other:?}"),
    }
}
