//! Two hundred phones that each send one tap at a time and wait until it is durable: commits in groups, and one a request.

use crate::http::{Connection, post};
use crate::{median, on_one_thread, quantile};
use schema::binary::Actor;
use schema::edit::Edit;
use schema::people::Role;
use schema::record::{Mark, MarkKind};
use schema::wire::{CBOR, Cursor, JobPush, News, SyncRequest, SyncResponse};
use server::state::random;
use std::time::Instant;
use sync::record::Record;
use tests::{Person, Setup, TestServer};
use tokio::task::LocalSet;

const PHONES: usize = 200;
const TAPS: usize = 10;
const RUNS: usize = 3;

struct Rate {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
}

pub fn measure() {
    let mut ratios = Vec::new();
    for _ in 0..RUNS {
        let grouped = rate(vec!["--workers", "2", "--gate-threads", "2", "--db-group", "256"]);
        let single = rate(vec!["--workers", "2", "--gate-threads", "2", "--db-group", "1"]);
        for (name, rate) in [("in groups", &grouped), ("one each ", &single)] {
            println!(
                "{name}  {:6.0} syncs/s   p50 {:6.1} ms   p99 {:6.1} ms",
                rate.per_second, rate.p50_ms, rate.p99_ms
            );
        }
        ratios.push(grouped.per_second / single.per_second);
    }
    println!("median ratio {:.2}", median(ratios));
}

fn rate(flags: Vec<&'static str>) -> Rate {
    on_one_thread(async {
        let server = TestServer::with(Setup { flags, ..Setup::default() }).await;
        let dispatcher = server.person(Role::Dispatcher).await;
        let mut phones = Vec::new();
        for _ in 0..PHONES {
            phones.push(taps(&server, &dispatcher, TAPS).await);
        }
        LocalSet::new().run_until(run(&server.url, phones)).await
    })
}

async fn run(url: &str, phones: Vec<Tapping>) -> Rate {
    let mut connections = Vec::new();
    for _ in &phones {
        connections.push(Connection::open(url).await);
    }
    let start = Instant::now();
    let tapping: Vec<_> = phones
        .into_iter()
        .zip(connections)
        .map(|(mut phone, mut connection)| {
            tokio::task::spawn_local(async move {
                let mut waits = Vec::new();
                while let Some(took) = phone.send(&mut connection).await {
                    waits.push(took * 1e3);
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for tap in tapping {
        waits.extend(tap.await.unwrap());
    }
    let per_second = waits.len() as f64 / start.elapsed().as_secs_f64();
    Rate { per_second, p50_ms: quantile(&mut waits, 0.5), p99_ms: quantile(&mut waits, 0.99) }
}

/// A phone with one job, and the taps that it is going to make, each a sync of its own.
pub struct Tapping {
    token: String,
    /// In reverse, so that the next one is the last.
    requests: Vec<SyncRequest>,
    cursor: Cursor,
}

impl Tapping {
    /// Sends the next tap and sees it acknowledged; answers how long that took, in seconds. None: there are no more.
    pub async fn send(&mut self, connection: &mut Connection) -> Option<f64> {
        let request = SyncRequest { cursor: self.cursor, ..self.requests.pop()? };
        let request = post("/v1/sync", &self.token, CBOR, &minicbor_serde::to_vec(&request).unwrap());
        let sent = Instant::now();
        let (status, body) = connection.send(&request).await;
        let took = sent.elapsed().as_secs_f64();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let answer: SyncResponse = minicbor_serde::from_slice(&body).unwrap();
        assert_eq!(answer.acks.len(), 1);
        self.cursor = answer.cursor;
        Some(took)
    }
}

pub async fn taps(server: &TestServer, dispatcher: &Person, count: usize) -> Tapping {
    let technician = server.person(Role::Technician).await;
    let job = server.job(dispatcher).await;
    server.assign(job, dispatcher, &technician).await;
    let now = server.clock.now();
    let phone = server.bare_phone(&technician).await;
    let first = phone.sync(&phone.request(Cursor::default(), Vec::new())).await;
    let News::Snapshot { document, .. } = &first.jobs[0].news else { panic!("no snapshot") };
    let mut record = Record::load(&document.0).unwrap();
    let actor = Actor(random());
    let mut requests = Vec::new();
    for number in 0..count {
        let step = ["accept", "analyse", "contact", "prepare", "depart"][number % 5].to_owned();
        let mark = Mark { kind: MarkKind::Done, by: technician.id, at: now, reason: None, place: None };
        let change = record.write(actor, now, &[Edit::Mark { step, mark }]).unwrap();
        requests.push(
            phone.request(
                first.cursor,
                vec![JobPush { job, clocks: Vec::new(), slim: None, changes: vec![change.bytes] }],
            ),
        );
    }
    requests.reverse();
    Tapping { token: phone.token.clone(), requests, cursor: first.cursor }
}
