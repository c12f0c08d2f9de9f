//! Who begins to send and does not go on: their bodies have room for what has come, a few for each person, and keep nobody else out.

use super::hostile::post;
use schema::limits::BODIES_ARRIVING_MAX;
use schema::problem::Kind;
use schema::wire::CBOR;
use tests::{Errand, Setup, TestPhone, TestServer, expect_problem};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// A line on which so much of a body of four megabytes has been sent.
async fn line(server: &TestServer, phone: &TestPhone, sent: usize) -> TcpStream {
    let token = &phone.handset.replica().session().unwrap().access_token;
    let mut line = TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {CBOR}\r\n\
         Content-Length: 4000000\r\n\r\n"
    );
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&vec![0xff; sent]).await.unwrap();
    line
}

#[actix_web::test]
async fn who_announces_much_and_sends_nothing_takes_no_room() {
    let server = TestServer::with(Setup { flags: vec!["--sync-memory-bytes", "131072"], ..Setup::default() }).await;
    let Errand { phone, .. } = server.errand().await;
    let mut lines = Vec::new();
    for _ in 0..30 {
        lines.push(line(&server, &phone, 0).await);
    }
    expect_problem(post(&server, &phone, CBOR, vec![0xff; 120_000]), Kind::BadRequest).await;
    drop(lines);
}

#[actix_web::test]
async fn of_many_bodies_of_one_person_that_do_not_go_on_the_first_gives_way() {
    // Room for seven of those that are begun.
    let server = TestServer::with(Setup { flags: vec!["--sync-memory-bytes", "307200"], ..Setup::default() }).await;
    let (slow, other) = (server.errand().await.phone, server.errand().await.phone);
    let (mut open, mut halves) = (JoinSet::new(), Vec::new());
    for count in 1..=12 {
        let (mut reads, writes) = line(&server, &slow, 40_000).await.into_split();
        halves.push(writes);
        open.spawn(async move {
            let mut answer = [0; 12];
            reads.read_exact(&mut answer).await.unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        });
        if count > BODIES_ARRIVING_MAX {
            assert_eq!(
                open.join_next().await.unwrap().unwrap(),
                "HTTP/1.1 503",
                "the {count}th takes a first one's place"
            );
        }
    }
    expect_problem(post(&server, &other, CBOR, vec![0xff; 120_000]), Kind::BadRequest).await;
    assert_eq!((open.len(), open.try_join_next().is_none()), (BODIES_ARRIVING_MAX, true), "the last ones may go on");
}
