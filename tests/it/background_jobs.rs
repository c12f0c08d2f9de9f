//! Work that is done after the answer, by whichever server comes to it first.

use schema::id::BackgroundJobId;
use schema::problem::{Kind, Problem};
use schema::rows::background_jobs::BackgroundJobRow;
use schema::time::{DAY, SECOND};
use serde::{Deserialize, Serialize};
use server::db::{self, Conn, background_jobs as rows, meta};
use server::domain::background_jobs::{Claim, End, Fate, Payload, Terms, claim, enqueue, settle};
use server::jobs::queue::{self, BackgroundJob, Kinds};
use server::state::{State, random};
use std::collections::BTreeSet;
use std::future::pending;
use std::sync::{Arc, OnceLock};
use tests::{Engine, Setup, TestServer};
use tokio::sync::{Notify, watch};

/// Counts how often it was done.
#[derive(Serialize, Deserialize)]
struct Count {
    name: String,
}

impl Payload for Count {
    const KIND: &'static str = "test_count";
}

impl BackgroundJob for Count {
    async fn run(self, app: State) -> Result<(), Problem> {
        app.db.write(move |conn| Ok(meta::next_number(conn, &self.name)?)).await.map(drop)
    }
}

/// Fails, in one way or another.
#[derive(Serialize, Deserialize)]
enum Fail {
    Refuse,
    Panic,
}

impl Payload for Fail {
    const KIND: &'static str = "test_fail";
}

impl BackgroundJob for Fail {
    const ATTEMPTS_MAX: i32 = 3;

    async fn run(self, _: State) -> Result<(), Problem> {
        match self {
            Self::Refuse => Err(Problem::because(Kind::Conflict, "不行", "as a test wants it")),
            Self::Panic => panic!("as a test wants it"),
        }
    }
}

/// Begins, and doesn't end.
#[derive(Serialize, Deserialize)]
struct Hang;

impl Payload for Hang {
    const KIND: &'static str = "test_hang";
}

impl BackgroundJob for Hang {
    async fn run(self, _: State) -> Result<(), Problem> {
        hanging().notify_one();
        pending().await
    }
}

/// Told when a [`Hang`] has begun.
fn hanging() -> Arc<Notify> {
    static HANGING: OnceLock<Arc<Notify>> = OnceLock::new();
    Arc::clone(HANGING.get_or_init(Arc::default))
}

fn kinds() -> Kinds {
    Kinds::default().with::<Count>().with::<Fail>()
}

const COUNT: Terms = Terms { kind: Count::KIND, attempts_max: 2, lease_us: 300 * SECOND };

fn count(name: &str) -> Count {
    Count { name: name.to_owned() }
}

async fn put(server: &TestServer, job: impl Payload + Sync) -> BackgroundJobId {
    let now = server.clock.now();
    let job = Arc::new(job);
    server.state.db.write(move |conn| enqueue(conn, &*job, now, random())).await.unwrap()
}

fn found(server: &TestServer, id: BackgroundJobId) -> Option<BackgroundJobRow> {
    rows::find_job(&mut db::open(server.database.url()).unwrap(), id).unwrap()
}

/// How often [`Count`] was done: the number drawn next, less one.
fn done(server: &TestServer, name: &str) -> i64 {
    db::write_now(server.database.url(), |conn| Ok(meta::next_number(conn, name)?)).unwrap() - 1
}

/// As a server that is killed right after it.
async fn claim_and_die(server: &TestServer) -> Claim {
    let now = server.clock.now();
    server.state.db.write(move |conn| claim(conn, &[COUNT], now)).await.unwrap()
}

async fn beside(one: &TestServer) -> TestServer {
    let setup = Setup { database: Arc::clone(&one.database), clock: one.clock.clone(), ..Setup::default() };
    TestServer::with(setup).await
}

#[tokio::test]
async fn two_servers_do_each_background_job_once() {
    let one = TestServer::start().await;
    let two = beside(&one).await;
    let names: Vec<String> = (0..30).map(|number| format!("job {number}")).collect();
    for name in &names {
        put(&one, count(name)).await;
    }
    let kinds = kinds();
    let working = tokio::join!(
        queue::work_off(&one.state, &kinds),
        queue::work_off(&two.state, &kinds),
        queue::work_off(&one.state, &kinds),
        queue::work_off(&two.state, &kinds),
    );
    let (Ok(()), Ok(()), Ok(()), Ok(())) = working else { panic!("{working:?}") };
    for name in &names {
        assert_eq!(done(&one, name), 1, "{name}");
    }
    assert_eq!(rows::count_jobs(&mut db::open(one.database.url()).unwrap()).unwrap(), (0, 0));
}

#[tokio::test]
async fn the_job_of_a_killed_server_is_done_by_another() {
    let one = TestServer::start().await;
    let two = beside(&one).await;
    let id = put(&one, count("taken over")).await;
    let Claim::Job(taken) = claim_and_die(&one).await else { panic!("it was due") };
    queue::work_off(&two.state, &kinds()).await.unwrap();
    assert!(found(&two, id).is_some(), "it is another's until the lease is over");
    one.clock.advance(COUNT.lease_us);
    queue::work_off(&two.state, &kinds()).await.unwrap();
    assert_eq!((found(&two, id), done(&two, "taken over")), (None, 1));
    // It was not dead after all, and says so too late.
    let late = two.state.db.write(move |conn| settle(conn, &taken, COUNT, &End::Failed(String::new()), taken.run_at));
    assert_eq!(late.await.unwrap(), Fate::Lost);
    assert_eq!(found(&two, id), None);
}

#[tokio::test]
async fn who_comes_back_after_the_lease_ends_nobody_elses_try() {
    let server = TestServer::start().await;
    let id = put(&server, count("fenced")).await;
    let Claim::Job(first) = claim_and_die(&server).await else { panic!("it was due") };
    server.clock.advance(COUNT.lease_us);
    let Claim::Job(second) = claim_and_die(&server).await else { panic!("the lease is over") };
    assert_eq!((first.attempts, second.attempts), (1, 2));
    let now = server.clock.now();
    for end in [End::Done, End::Failed("late".to_owned()), End::GivenBack] {
        let first = first.clone();
        let fate = server.state.db.write(move |conn| settle(conn, &first, COUNT, &end, now)).await.unwrap();
        assert_eq!(fate, Fate::Lost);
        assert_eq!(found(&server, id).as_ref(), Some(&second));
    }
}

#[tokio::test]
async fn a_job_that_no_server_survives_is_parked() {
    let server = TestServer::start().await;
    let id = put(&server, count("deadly")).await;
    for _ in 0..COUNT.attempts_max {
        assert!(matches!(claim_and_die(&server).await, Claim::Job(_)));
        server.clock.advance(COUNT.lease_us);
    }
    assert!(matches!(claim_and_die(&server).await, Claim::Parked(_)));
    assert_eq!(claim_and_die(&server).await, Claim::Nothing);
    let parked = found(&server, id).unwrap();
    assert_eq!((parked.parked_at, parked.last_error.is_some()), (Some(server.clock.now()), true));
}

#[tokio::test]
async fn a_failed_job_is_tried_again_after_a_pause_and_parked_in_the_end() {
    let server = TestServer::start().await;
    let kinds = kinds();
    for (job, why) in [(Fail::Refuse, "as a test wants it"), (Fail::Panic, "panicked")] {
        let id = put(&server, job).await;
        for attempt in 1..=Fail::ATTEMPTS_MAX {
            queue::work_off(&server.state, &kinds).await.unwrap();
            let row = found(&server, id).unwrap();
            assert_eq!(row.attempts, attempt, "not again before the pause is over");
            assert!(row.last_error.unwrap().contains(why));
            assert_eq!(row.parked_at.is_some(), attempt == Fail::ATTEMPTS_MAX);
            server.clock.advance(DAY);
        }
        queue::work_off(&server.state, &kinds).await.unwrap();
        assert_eq!(found(&server, id).unwrap().attempts, Fail::ATTEMPTS_MAX, "nobody tries what is parked");
    }
    put(&server, count("behind them")).await;
    queue::work_off(&server.state, &kinds).await.unwrap();
    assert_eq!(done(&server, "behind them"), 1, "what failed holds up nobody");
    let metrics = server.state.metrics.render();
    let told = metrics.lines().any(|line| line.contains(Fail::KIND) && line.contains("parked"));
    assert!(told, "{metrics}");
}

#[tokio::test]
async fn a_job_whose_cause_was_not_written_is_not_there() {
    let server = TestServer::start().await;
    let now = server.clock.now();
    let failing = server.state.db.write(move |conn| {
        enqueue(conn, &count("no cause"), now, random())?;
        Err::<(), _>(Problem::new(Kind::Conflict))
    });
    failing.await.unwrap_err();
    queue::work_off(&server.state, &kinds()).await.unwrap();
    assert_eq!(done(&server, "no cause"), 0);
}

#[tokio::test]
async fn a_kind_that_a_server_does_not_know_is_left_to_others() {
    let server = TestServer::start().await;
    let id = put(&server, count("newer")).await;
    queue::work_off(&server.state, &Kinds::default().with::<Fail>()).await.unwrap();
    assert_eq!(found(&server, id).unwrap().attempts, 0);
}

#[tokio::test]
async fn a_server_does_what_is_enqueued_and_gives_back_what_it_can_not_end() {
    let setup = Setup { flags: vec!["--shutdown-s", "0", "--background-workers", "1"], ..Setup::default() };
    let server = TestServer::with(setup).await;
    let (stop, stopped) = watch::channel(());
    let working = server.state.clone();
    let keeping = tokio::spawn(async move { queue::keep(&working, &Kinds::default().with::<Hang>(), &stopped).await });
    let id = put(&server, Hang).await;
    hanging().notified().await;
    assert_eq!(found(&server, id).unwrap().attempts, 1);
    drop(stop);
    keeping.await.unwrap();
    let back = found(&server, id).unwrap();
    assert_eq!((back.attempts, back.run_at, back.last_error), (0, server.clock.now(), None));
}

#[test]
fn a_job_that_another_server_is_just_taking_is_passed_over() {
    if Engine::of_this_run() == Engine::Sqlite {
        // One writer: there is no other.
        return;
    }
    let server = TestServer::at(Setup::default(), &tests::free_address());
    let now = server.clock.now();
    let two: BTreeSet<BackgroundJobId> = ["one", "two"]
        .map(|name| {
            let put = |conn: &mut Conn| enqueue(conn, &count(name), now, random());
            db::write_now(server.database.url(), put).unwrap()
        })
        .into();
    let taken = |conn: &mut Conn| match claim(conn, &[COUNT], now)? {
        Claim::Job(row) => Ok(row.id),
        other => Err(Problem::internal(format!("{other:?}"))),
    };
    let both = db::write_now(server.database.url(), |conn| {
        let first = taken(conn)?;
        // Beside it, while the first is not committed: without SKIP LOCKED it would wait here for ever.
        Ok([first, db::write_now(server.database.url(), taken)?])
    });
    assert_eq!(BTreeSet::from(both.unwrap()), two);
}
