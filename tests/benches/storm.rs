//! Everybody reconnects at once: 500 technicians with 30 jobs and 20 edits each, after a day without network. The server is a process
//! of its own, so that its memory can be told from the phones'. What it refuses must be 503, and nothing may be lost.

use crate::day::{JOBS, measure_on, morning, work};
use crate::{on_one_thread, quantile};
use diesel::prelude::*;
use schema::binary::Hash;
use schema::id::JobId;
use schema::people::Role;
use schema::problem::Kind;
use schema::tables::{changes, records};
use server::db;
use server::state::system_clock;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};
use sync::client::ClientError;
use tests::{ServerProcess, Setup, TestClock, TestDatabase, TestPhone, TestServer, free_address};
use tokio::task::LocalSet;

const TECHNICIANS: usize = 500;
const EDITS: usize = 20;
/// The settings that bound the memory: as they are by default; with few records in hand; and with so little room for bodies that most
/// phones are told to come again.
const SETTINGS: [&[&str]; 3] = [&[], &["--records-in-hand", "200"], &["--sync-memory-bytes", "4194304"]];
/// What the server asks for with a refusal.
const COME_AGAIN: Duration = Duration::from_secs(2);

struct Carried {
    phone: TestPhone,
    jobs: Vec<JobId>,
}

/// What the phones saw.
#[derive(Default)]
struct Seen {
    refused: Cell<usize>,
    waits: std::cell::RefCell<Vec<f64>>,
}

pub fn measure() {
    on_one_thread(LocalSet::new().run_until(async {
        let began = Instant::now();
        let clock = TestClock::default();
        clock.set(system_clock()());
        let setup = Setup { clock, flags: vec!["--access-token-s", "86400"], ..Setup::default() };
        let server = TestServer::at(setup, &free_address());
        let (address, url) = (server.url.trim_start_matches("http://").to_owned(), server.url.clone());
        let mut phones = crew(&server).await;
        let Setup { database, clock, .. } = server.stop().await;
        println!(
            "{TECHNICIANS} technicians, {JOBS} jobs, {EDITS} edits (set up in {:.0} s)",
            began.elapsed().as_secs_f64()
        );
        for (round, settings) in SETTINGS.into_iter().enumerate() {
            let edit = if round == 0 { work } else { measure_on };
            for Carried { phone, jobs } in &mut phones {
                clock.set(system_clock()());
                jobs.iter().for_each(|job| edit(phone, *job));
            }
            clock.set(system_clock()());
            let process = start(&database, &address, &url, settings);
            println!("settings: {}", if settings.is_empty() { "default".to_owned() } else { settings.join(" ") });
            phones = storm(&process, phones, &database).await;
        }
    }));
}

async fn crew(server: &TestServer) -> Vec<Carried> {
    let dispatcher = server.person(Role::Dispatcher).await;
    let mut crew = Vec::new();
    for _ in 0..TECHNICIANS {
        let (phone, jobs) = morning(server, &dispatcher).await;
        crew.push(Carried { phone, jobs });
    }
    crew
}

fn start(database: &TestDatabase, address: &str, url: &str, settings: &[&str]) -> ServerProcess {
    let (data, database) = (database.folder().to_string_lossy().into_owned(), database.url_text());
    let words = ["--listen", address, "--data", &data, "--database-url", &database, "--public-url", url];
    ServerProcess::start(words.into_iter().chain(settings.iter().copied()))
}

async fn storm(process: &ServerProcess, phones: Vec<Carried>, database: &TestDatabase) -> Vec<Carried> {
    let before = logged(database);
    let (cpu, rest) = (process.cpu_seconds(), process.resident_bytes());
    let (start, seen) = (Instant::now(), Rc::new(Seen::default()));
    let syncing: Vec<_> = (phones.into_iter())
        .map(|mut carried| {
            let seen = Rc::clone(&seen);
            tokio::task::spawn_local(async move {
                bring_in(&mut carried.phone, &seen).await;
                seen.waits.borrow_mut().push(start.elapsed().as_secs_f64());
                carried
            })
        })
        .collect();
    let mut phones = Vec::new();
    for phone in syncing {
        phones.push(phone.await.unwrap());
    }
    let took = start.elapsed().as_secs_f64();
    let cpu = process.cpu_seconds() - cpu;
    let pushed = TECHNICIANS * JOBS * EDITS;
    assert_eq!(logged(database) - before, i64::try_from(pushed).unwrap(), "changes in the log");
    let heads = heads(database);
    for Carried { phone, jobs } in &phones {
        assert!(jobs.iter().all(|job| heads[job] == phone.heads(*job)), "a phone holds something else than the server");
    }
    let mut waits = seen.waits.borrow_mut();
    let [first, middle, last] = [0.01, 0.5, 0.99].map(|share| quantile(&mut waits, share));
    println!("  all in after {took:.1} s; a phone p1 {first:.1} s, p50 {middle:.1} s, p99 {last:.1} s");
    println!(
        "  server CPU {cpu:.1} s, {:.1} ms a day; {:.0} changes a second",
        cpu * 1e3 / TECHNICIANS as f64,
        pushed as f64 / took
    );
    println!("  memory {} MB at rest, {} MB at the most", rest >> 20, process.peak_bytes() >> 20);
    println!("  refused (503) {} times; {pushed} changes in the log, all heads equal", seen.refused.get());
    phones
}

/// Until nothing is unsent.
async fn bring_in(phone: &mut TestPhone, seen: &Seen) {
    loop {
        match phone.try_sync().await {
            Ok(report) if report.unsent == 0 => return,
            Ok(_) => {}
            Err(ClientError::Problem(problem)) if problem.slug == Kind::Busy => {
                seen.refused.set(seen.refused.get() + 1);
                tokio::time::sleep(COME_AGAIN).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn logged(database: &TestDatabase) -> i64 {
    changes::table.count().get_result(&mut db::open(database.url()).unwrap()).unwrap()
}

fn heads(database: &TestDatabase) -> BTreeMap<JobId, Vec<Hash>> {
    let mut conn = db::open(database.url()).unwrap();
    let rows: Vec<(JobId, Vec<u8>)> = records::table.select((records::job_id, records::heads)).load(&mut conn).unwrap();
    rows.into_iter().map(|(job, heads)| (job, db::records::heads_from_bytes(&heads))).collect()
}
