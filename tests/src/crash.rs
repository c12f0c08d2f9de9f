//! Crash tests of the real thing (decision 0013): real server processes are killed, or the database beneath them is stopped, at random
//! moments, while phones (the real client, replica and store) sync without a pause and a desk takes reports. After each blow, and
//! before anybody can mend it, the database is asked from outside for everything that was acknowledged so far; in the end phones,
//! server and fresh phones must hold the same.
//!
//! A seed fixes when blows fall (after how many requests, how much later) and what phones write. Processes are not replayed by it:
//! what it finds again is likely, not certain. The simulation is what replays.

mod blows;
mod check;
mod desk;
mod early;
mod house;
mod ledger;
mod phone;

pub use early::serve as serve_early;
pub use phone::open_again;

use crate::cluster::{Cluster, Stop};
use crate::database::TestDatabase;
use crate::sim::chance::Chance;
use house::House;
use ledger::Ledger;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// What is done to whom.
#[derive(Clone)]
pub struct Plan {
    pub seed: u64,
    /// Servers killed, or stops of the database.
    pub blows: u32,
    pub phones: usize,
    /// More than one stand behind a balancer that gives each request to the next.
    pub servers: usize,
    /// The cluster that the database lies in, where it is the one that is struck.
    pub cluster: Option<Arc<Cluster>>,
    /// Planted: the server answers a push before it is durable.
    pub answers_early: bool,
}

impl Plan {
    pub fn kills(seed: u64, kills: u32) -> Self {
        Self { seed, blows: kills, phones: 50, servers: 1, cluster: None, answers_early: false }
    }
}

/// What happened in a run that held.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub blows: u32,
    /// Requests that phones began, answered or not.
    pub requests: u64,
    /// Of them cut off or refused because of a blow.
    pub cut: u64,
    /// Told to come back later (503).
    pub busy: u64,
    /// Apps closed and opened again.
    pub restarts: u64,
    pub written: u64,
    /// Acknowledged changes and answered reports that were looked for in the database after a blow, or in the end.
    pub checked: u64,
    pub reports: u64,
    /// From a start of the process, or of the database, until it can be asked again.
    pub starts: Vec<Duration>,
    pub took: Duration,
}

/// Runs the plan. An error says what was lost.
pub async fn run(plan: Plan, database: Arc<TestDatabase>) -> Result<Tally, String> {
    let began = Instant::now();
    let ledger = Arc::new(Ledger::default());
    let mut house = House::open(&plan, database).await;
    let phones = house.phones(&ledger).await;
    let desk = desk::Desk::open(&house, &ledger).await;
    let living: Vec<_> = phones.into_iter().map(|phone| tokio::spawn(phone.live())).collect();
    let desk = tokio::spawn(desk.live());
    let mut starts = Vec::new();
    let mut chance = Chance::of(plan.seed, "blows");
    for _ in 0..plan.blows {
        if let Err(lost) = house.strike(&mut chance, &ledger, &mut starts).await {
            // Whom they talk to may be gone for good.
            living.iter().for_each(JoinHandle::abort);
            desk.abort();
            return Err(lost);
        }
    }
    ledger.close();
    let mut phones = Vec::new();
    for phone in living {
        phones.push(phone.await.unwrap());
    }
    let reports = desk.await.unwrap();
    check::at_rest(&house, &ledger, phones, reports).await?;
    Ok(Tally { blows: plan.blows, starts, took: began.elapsed(), ..ledger.tally() })
}

/// How the database is stopped, by turns.
fn stop_of(chance: &mut Chance) -> Stop {
    if chance.percent(50) { Stop::Immediate } else { Stop::Fast }
}
