//! The server killed, and the database stopped under it, while phones sync: what `--bin crash` runs for long, in short.

use std::sync::Arc;
use tests::crash::{Plan, Tally, run};
use tests::{Cluster, Engine, TestDatabase};

const PHONES: usize = 16;

fn seed() -> u64 {
    rand::random::<u32>().into()
}

async fn expect_kept(plan: Plan, database: TestDatabase) -> Tally {
    let seed = plan.seed;
    let tally = run(plan, Arc::new(database)).await.unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
    assert!(tally.checked >= tally.written, "each change was acknowledged in the end, and looked for: {tally:?}");
    tally
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_missing_however_often_the_server_is_killed() {
    let plan = Plan { phones: PHONES, ..Plan::kills(seed(), 15) };
    let tally = expect_kept(plan, TestDatabase::new()).await;
    assert!(tally.cut > 0, "kills met requests: {tally:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_answers_before_the_commit_is_found_out() {
    let plan = Plan { phones: PHONES, answers_early: true, ..Plan::kills(seed(), 20) };
    let wrong = run(plan, Arc::new(TestDatabase::new())).await.unwrap_err();
    assert!(wrong.contains("acknowledged changes are missing"), "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_missing_when_one_of_three_servers_is_killed_again_and_again() {
    if Engine::of_this_run() == Engine::Sqlite {
        // Several servers need PostgreSQL.
        return;
    }
    let plan = Plan { phones: PHONES, servers: 3, ..Plan::kills(seed(), 8) };
    expect_kept(plan, TestDatabase::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_missing_when_postgresql_is_stopped_under_the_server() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let cluster = Arc::new(Cluster::start_new());
    let database = TestDatabase::of_cluster(&cluster);
    let plan = Plan { phones: PHONES, cluster: Some(cluster), ..Plan::kills(seed(), 3) };
    expect_kept(plan, database).await;
}
