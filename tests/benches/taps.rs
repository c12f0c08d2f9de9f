//! Two hundred phones that each send one tap at a time and wait until it is durable: commits in groups, and one a request.
//!
//! All send their first at the same moment to a server that was just started: nothing is prepared yet, on PostgreSQL on none of the
//! writers' connections. It stands by itself; what follows is how the server runs for months.

use crate::http::{Connection, post};
use crate::{cpu, median, on_one_thread, quantile};
use schema::binary::Actor;
use schema::edit::Edit;
use schema::people::Role;
use schema::record::{Mark, MarkKind};
use schema::wire::{CBOR, Cursor, JobPush, News, SyncRequest, SyncResponse};
use server::db::{Conn, meta};
use server::state::random;
use std::time::Instant;
use sync::record::Record;
use tests::{Person, Setup, TestServer};
use tokio::task::LocalSet;

const PHONES: usize = 200;
/// After the first.
const TAPS: usize = 10;
const RUNS: usize = 3;

struct Rate {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    first_p99_ms: f64,
    /// Of one core, what the phones themselves took.
    client: f64,
}

/// One row each, to see what the disk asks of a commit.
const COMMITS: usize = 200;

pub fn measure() {
    println!("a commit of one row, alone  {:.2} ms (median)", on_one_thread(bare_commit_ms()));
    let mut ratios = Vec::new();
    for _ in 0..RUNS {
        let grouped = rate(vec!["--workers", "2", "--gate-threads", "2", "--db-group", "256"]);
        let single = rate(vec!["--workers", "2", "--gate-threads", "2", "--db-group", "1"]);
        for (name, rate) in [("in groups", &grouped), ("one each ", &single)] {
            println!(
                "{name}  {:6.0} syncs/s   p50 {:6.1} ms   p99 {:6.1} ms   first p99 {:6.1} ms   client {:.2} cores",
                rate.per_second, rate.p50_ms, rate.p99_ms, rate.first_p99_ms, rate.client
            );
        }
        ratios.push(grouped.per_second / single.per_second);
    }
    println!("median ratio {:.2}", median(ratios));
}

async fn bare_commit_ms() -> f64 {
    let server = TestServer::start().await;
    let mut waits = Vec::new();
    for number in 0..COMMITS {
        let start = Instant::now();
        let write = move |conn: &mut Conn| Ok(meta::set_value(conn, "bench", &number.to_string())?);
        server.state.db.write(write).await.unwrap();
        waits.push(start.elapsed().as_secs_f64() * 1e3);
    }
    median(waits)
}

fn rate(flags: Vec<&'static str>) -> Rate {
    on_one_thread(async {
        let server = TestServer::with(Setup { flags, ..Setup::default() }).await;
        let dispatcher = server.person(Role::Dispatcher).await;
        let mut phones = Vec::new();
        for _ in 0..PHONES {
            phones.push(taps(&server, &dispatcher, 1 + TAPS).await);
        }
        LocalSet::new().run_until(run(&server.url, phones)).await
    })
}

async fn run(url: &str, phones: Vec<Tapping>) -> Rate {
    let mut connections = Vec::new();
    for _ in &phones {
        connections.push(Connection::open(url).await);
    }
    let mut phones: Vec<_> = phones.into_iter().zip(connections).collect();
    let mut first = round(&mut phones, 1).await;
    let (start, client) = (Instant::now(), cpu::thread());
    let mut waits = round(&mut phones, TAPS).await;
    let seconds = start.elapsed().as_secs_f64();
    Rate {
        per_second: waits.len() as f64 / seconds,
        p50_ms: quantile(&mut waits, 0.5),
        p99_ms: quantile(&mut waits, 0.99),
        first_p99_ms: quantile(&mut first, 0.99),
        client: (cpu::thread() - client) / seconds,
    }
}

/// All phones at once, each sending so many taps one after another; answers how long each took, in milliseconds.
async fn round(phones: &mut Vec<(Tapping, Connection)>, taps: usize) -> Vec<f64> {
    let tapping: Vec<_> = phones
        .drain(..)
        .map(|(mut phone, mut connection)| {
            tokio::task::spawn_local(async move {
                let mut waits = Vec::new();
                for _ in 0..taps {
                    waits.push(phone.send(&mut connection).await.unwrap() * 1e3);
                }
                (phone, connection, waits)
            })
        })
        .collect();
    let mut all = Vec::new();
    for tap in tapping {
        let (phone, connection, waits) = tap.await.unwrap();
        phones.push((phone, connection));
        all.extend(waits);
    }
    all
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
