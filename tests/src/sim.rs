//! The simulation: a company's days with everything that goes wrong, in one thread, from one seed.
//!
//! Real are the phone's replica and log, the exchange, the gate, the domain, the queries and SQLite. Made are time, chance, the network,
//! the disks and the people. A run has weather (about half of all kinds of [`Fault`]); after so many steps everything works again,
//! everybody syncs until there is nothing left to say, and the outcome is looked at from outside (`check`).
//!
//! The same plan gives the same run, byte for byte, on any machine: whatever is drawn comes from [`chance`], nothing waits, nothing is
//! ordered by an address or a hasher. A failing plan is made smaller by leaving out faults and steps while it still fails ([`shrink`]).

#![expect(clippy::indexing_slicing, reason = "a place that is not there must stop the run")]

mod bug;
pub(crate) mod chance;
mod check;
mod customer;
mod fault;
mod heal;
mod house;
mod inbox;
mod ledger;
mod life;
mod mishap;
mod network;
mod offer;
mod office;
mod phone;
mod staff;
mod taken;
mod timing;
mod visit;
mod world;

pub use bug::Bug;
pub use fault::{Fault, Faults};

use schema::time::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use world::World;

/// 2026-03-02T01:00:00Z: a Monday, nine in the morning in Shanghai.
const START: Timestamp = Timestamp::from_micros(1_772_413_200_000_000);
/// What a run does before it heals: some two hours of a small company.
pub const STEPS: u32 = 80;

/// All that a run depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    /// Taps, commands and mishaps before everything works again.
    pub steps: u32,
    /// Kinds that this run is spared.
    pub without: Faults,
    /// Planted on purpose.
    pub bug: Option<Bug>,
    /// Whether the trace is kept.
    pub traced: bool,
}

impl Plan {
    pub fn of(seed: u64) -> Self {
        Self { seed, steps: STEPS, without: Faults::default(), bug: None, traced: false }
    }
}

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The first thing that must not be.
    pub wrong: Option<String>,
    /// How often each kind struck, in the order of [`Fault::ALL`].
    pub struck: Vec<u64>,
    /// Changes that phones wrote.
    pub written: usize,
    /// Those of them that nobody has any more: an old image, or an old backup, took the place of the only copy.
    pub gone: usize,
    /// Jobs whose clocks could be held against when things really happened.
    pub timed: usize,
    pub trace: Vec<String>,
    /// Over all that happened: equal for equal plans.
    pub fingerprint: u64,
}

/// Plays a plan to its end.
pub fn run(plan: Plan) -> Outcome {
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(plan);
        world.run();
        if world.blame.is_none() {
            world.heal();
        }
        let gone = if world.blame.is_none() { world.check() } else { Ok(0) };
        let gone = gone.unwrap_or_else(|wrong| {
            world.blame(wrong);
            0
        });
        Outcome {
            wrong: world.blame.take(),
            struck: world.sky.borrow().struck().to_vec(),
            written: world.ledger.written.len(),
            gone,
            timed: world.timed.get(),
            trace: std::mem::take(&mut world.trace),
            fingerprint: world.fingerprint,
        }
    }));
    played.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default();
        let (struck, trace) = (vec![0; Fault::ALL.len()], Vec::new());
        Outcome { wrong: Some(format!("panic: {text}")), struck, written: 0, gone: 0, timed: 0, trace, fingerprint: 0 }
    })
}

/// The smallest plan found that still goes wrong: without each kind of fault that it does not need, then with fewer steps.
pub fn shrink(plan: Plan) -> Plan {
    let fails = |plan: &Plan| run(*plan).wrong.is_some();
    let mut smallest = plan;
    loop {
        let before = smallest;
        let mut steps = smallest.steps;
        while steps > 1 {
            steps /= 2;
            // The latest steps first: what fails early fails with few.
            let fewer = Plan { steps: smallest.steps - steps, ..smallest };
            if fewer.steps > 0 && fails(&fewer) {
                smallest = fewer;
                steps = smallest.steps;
            }
        }
        for fault in Fault::ALL.iter().filter(|fault| !before.without.has(**fault)) {
            let without = Plan { without: smallest.without.with(*fault), ..smallest };
            if fails(&without) {
                smallest = without;
            }
        }
        if smallest == before {
            return smallest;
        }
    }
}
