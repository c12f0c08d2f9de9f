//! A technician's day: 30 jobs with 20 edits each made offline, 10 of them edited by the office meanwhile, then one sync. Beside it
//! the same changes decoded, applied and committed with nothing around them, and the same with the gate; and what the same day weighs
//! on the wire in other forms.

use crate::wire::{self, Forms, Pair, Talk};
use crate::{cpu, median, on_one_thread};
use schema::binary::Bytes;
use schema::edit::Edit;
use schema::id::{JobId, PersonId};
use schema::people::Role;
use schema::record::{MarkKind, RawChange, Reading};
use schema::rows::records::ChangeRow;
use schema::time::SECOND;
use server::db::{self, Conn};
use server::domain::records;
use std::cell::RefCell;
use sync::admit::{self, Lease, Limits, Rules, Writer};
use sync::client::SyncReport;
use sync::record::{Record, office_actor};
use tests::{Person, Setup, TestDatabase, TestPhone, TestServer};

pub const JOBS: usize = 30;
const RUNS: usize = 21;
const STEPS: [&str; 12] = [
    "accept",
    "analyse",
    "contact",
    "prepare",
    "depart",
    "en_route",
    "appearance",
    "knock",
    "introduce",
    "shoe_covers",
    "lay_out",
    "listen",
];

struct Run {
    report: SyncReport,
    server: f64,
    bare: f64,
    gated: f64,
    forms: Forms,
    ready: Talk,
}

pub fn measure() {
    let runs: Vec<Run> = on_one_thread(async {
        let server = TestServer::with(Setup { flags: vec!["--workers", "2"], ..Setup::default() }).await;
        let dispatcher = server.person(Role::Dispatcher).await;
        let mut runs = Vec::new();
        for _ in 0..RUNS {
            runs.push(run(&server, &dispatcher, &mut || ()).await);
        }
        tell_forms("twenty taps at once, ten seconds between jobs", &runs[0]);
        // Each tap 5 to 35 seconds after the one before, to the microsecond.
        let mut state = 1u64;
        let mut pause = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            server.clock.advance(5_000_000 + i64::try_from((state >> 33) % 30_000_000).unwrap());
        };
        tell_forms("taps five to 35 seconds apart", &run(&server, &dispatcher, &mut pause).await);
        runs
    });
    let of = |pick: fn(&Run) -> f64| median(runs.iter().map(pick).collect());
    let (server, bare, gated) = (of(|run| run.server), of(|run| run.bare), of(|run| run.gated));
    println!("server CPU            {:6.1} ms", server * 1e3);
    println!("bare apply + commit   {:6.1} ms   server / bare  = {:.2}", bare * 1e3, of(|run| run.server / run.bare));
    println!("bare gate + commit    {:6.1} ms   server / gated = {:.2}", gated * 1e3, of(|run| run.server / run.gated));
}

fn tell_forms(clocks: &str, run: &Run) {
    let Run { report, forms: Forms { packed, plain }, ready, .. } = run;
    println!("{clocks} (bytes with gzip both ways)");
    println!(
        "  the sync     {} round trips, up {} B, down {} B",
        report.round_trips, report.bytes_up, report.bytes_down
    );
    println!("  packed       up {} B, down {} B", packed.bytes_up, packed.bytes_down);
    println!("  as it is     up {} B, down {} B", plain.bytes_up, plain.bytes_down);
    println!("  automerge's  {} round trips, up {} B, down {} B", ready.round_trips, ready.bytes_up, ready.bytes_down);
}

/// A technician's phone in the morning, with the jobs of the day. Its clock is right, as most are: the time that passes on it passes at the
/// server too.
pub async fn morning(server: &TestServer, dispatcher: &Person) -> (TestPhone, Vec<JobId>) {
    let technician = server.person(Role::Technician).await;
    let jobs = server.jobs(dispatcher, JOBS).await;
    for job in &jobs {
        server.assign(*job, dispatcher, &technician).await;
    }
    let mut phone = server.phone(&technician).await;
    phone.clocks.look_us = 1;
    phone.sync().await;
    (phone, jobs)
}

/// What the office writes to ten of them meanwhile.
pub async fn office_writes(server: &TestServer, dispatcher: &Person, jobs: &[JobId]) {
    for job in jobs.iter().take(10) {
        let note = Edit::Note { step: "card".to_owned(), text: "客户要求带发票".to_owned() };
        server.write(*job, dispatcher.id, vec![note]).await;
    }
}

/// `pause` lets time go by before each edit.
async fn run(server: &TestServer, dispatcher: &Person, pause: &mut dyn FnMut()) -> Run {
    let (mut phone, jobs) = morning(server, dispatcher).await;
    let mut before = Vec::new();
    for job in &jobs {
        before.push(snapshot(server, *job).await);
    }
    for job in &jobs {
        work_at_leisure(&mut phone, *job, pause);
        server.clock.advance(10 * SECOND);
    }
    office_writes(server, dispatcher, &jobs).await;
    let changes: Vec<Vec<RawChange>> =
        jobs.iter().zip(&before).map(|(job, saved)| written(&phone, *job, saved)).collect();
    let mut pairs = Vec::new();
    for ((job, saved), changes) in jobs.iter().zip(&before).zip(&changes) {
        pairs.push(Pair::new(*job, saved, changes, &snapshot(server, *job).await));
    }
    let request = wire::request(&mut phone);
    let start = cpu::others();
    let report = phone.sync().await;
    let server_cpu = cpu::others() - start;
    assert_eq!(report.unsent, 0);
    let forms = wire::forms(&phone, request).await;
    let bare = alone(&before, &changes, &|record, changes| {
        let mut record = record.clone();
        record.apply_trusted(&changes.iter().map(|change| change.bytes.clone()).collect::<Vec<_>>()).unwrap();
    });
    let gated = alone(&before, &changes, &|record, changes| gate(record, changes, phone.person));
    Run { report, server: server_cpu, bare, gated, forms, ready: wire::talk(&mut pairs) }
}

/// Twenty edits, each a change of its own, as taps are.
pub fn work(phone: &mut TestPhone, job: JobId) {
    work_at_leisure(phone, job, &mut || ());
}

fn work_at_leisure(phone: &mut TestPhone, job: JobId, pause: &mut dyn FnMut()) {
    for step in STEPS {
        pause();
        phone.mark(job, step, MarkKind::Done);
    }
    for (step, text) in [("listen", "客户说昨晚开始不点火,有异味"), ("diagnose", "点火针积碳,感应不到火焰")]
    {
        pause();
        phone.note(job, step, text);
    }
    for (name, value, unit) in [
        ("gas_pressure", "2.1", "kPa"),
        ("insulation_resistance", "12.5", "MΩ"),
        ("tools_out", "17", "件"),
        ("co", "3", "ppm"),
    ] {
        pause();
        read(phone, job, name, value, unit);
    }
    pause();
    phone.edit(job, vec![Edit::Cause { text: "点火针积碳".to_owned() }]);
    pause();
    phone.edit(job, vec![Edit::Measures { text: "清洁点火针,调整间隙".to_owned() }]);
}

/// Twenty edits of somebody who does nothing but measure.
pub fn measure_on(phone: &mut TestPhone, job: JobId) {
    (0..20).for_each(|number| read(phone, job, "gas_pressure", &format!("2.{number}"), "kPa"));
}

fn read(phone: &mut TestPhone, job: JobId, name: &str, value: &str, unit: &str) {
    let (id, at, by) = (phone.entry(), phone.at(), phone.person);
    let (name, value, unit) = (name.to_owned(), value.to_owned(), unit.to_owned());
    let reading = Reading { step: "diagnose".to_owned(), name, value, unit, by, at };
    phone.edit(job, vec![Edit::Reading { id, reading }]);
}

async fn snapshot(server: &TestServer, job: JobId) -> Vec<u8> {
    server.state.db.read(move |conn| Ok(records::load(conn, job)?.record.save())).await.unwrap()
}

fn written(phone: &TestPhone, job: JobId, before: &[u8]) -> Vec<RawChange> {
    let heads = Record::load(before).unwrap().heads();
    phone.handset.replica().held(job).unwrap().record.changes_since(&heads)
}

fn gate(record: &Record, changes: &[RawChange], person: PersonId) {
    let job = record.read().unwrap().meta.job;
    let template = schema::template::find_shipped("home_repair", 1).unwrap();
    let device = schema::id::DeviceId::new(schema::time::Timestamp::from_micros(0), [1; 10]);
    let rules = Rules {
        lease: &|_| Lease::Held(device),
        office: office_actor(job, 1),
        gates: &|before, after| schema::gate::violations(before, after, template),
        limits: Limits::default(),
    };
    let sent: Vec<Bytes> = changes.iter().map(|change| change.bytes.clone()).collect();
    let admission = admit::admit(record, Writer { person, device, revoked: false }, &rules, &sent);
    assert!(admission.refused.is_empty() && admission.accepted.len() == changes.len());
}

/// CPU of loading each record, `take`ing its changes, and committing all of them in one transaction; nothing else.
fn alone(before: &[Vec<u8>], changes: &[Vec<RawChange>], take: &dyn Fn(&Record, &[RawChange])) -> f64 {
    let database = TestDatabase::new();
    let mut conn = db::open(database.url()).unwrap();
    let start = cpu::thread();
    let rows = RefCell::new(Vec::new());
    for (saved, changes) in before.iter().zip(changes) {
        let record = Record::load(saved).unwrap();
        take(&record, changes);
        let job = record.read().unwrap().meta.job;
        rows.borrow_mut().extend((0..).zip(changes).map(|(pos, change)| row(job, pos, change)));
    }
    commit(&mut conn, &rows.into_inner());
    cpu::thread() - start
}

fn row(job: JobId, pos: i64, change: &RawChange) -> ChangeRow {
    ChangeRow {
        job_id: job,
        pos,
        hash: change.hash,
        actor: office_actor(job, 1),
        seq: pos,
        bytes: change.bytes.0.clone(),
        person_id: None,
        device_id: None,
        push_id: None,
        received_at: schema::time::Timestamp::from_micros(pos),
        clock: None,
        retimed_at: None,
        error_us: None,
        time_flags: None,
    }
}

fn commit(conn: &mut Conn, rows: &[ChangeRow]) {
    use diesel::connection::Connection;
    conn.transaction::<_, db::DbError, _>(|conn| db::records::insert_changes(conn, &rows.iter().collect::<Vec<_>>()))
        .unwrap();
}
