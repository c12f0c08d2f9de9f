//! The simulation, as often as a test may: seeds that nobody has seen, every seed that ever failed, and bugs planted on purpose.

use std::sync::atomic::{AtomicU64, Ordering};
use tests::sim::{Bug, Fault, Outcome, Plan, run, shrink};

const FRESH_SEEDS: u64 = 200;
/// In which each planted bug must be found.
const SEEDS_FOR_A_BUG: u64 = 40;
/// Each line is a seed, and what it found.
const FAILED_ONCE: &str = include_str!("../sim_seeds.txt");

/// Plays the plans on all processors; the first that goes wrong, by its place.
fn first_failure(plans: &[Plan]) -> Option<(Plan, Outcome)> {
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let play = || {
        loop {
            let plan = *plans.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap())?;
            let outcome = run(plan);
            if outcome.wrong.is_some() {
                return Some((plan, outcome));
            }
        }
    };
    let failures = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(play)).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    failures.into_iter().min_by_key(|(plan, _)| plan.seed)
}

/// Fails with what it takes to see it again.
fn expect_none(failure: Option<(Plan, Outcome)>) {
    let Some((plan, outcome)) = failure else { return };
    let smallest = shrink(plan);
    let shown = run(Plan { traced: true, ..smallest });
    panic!(
        "{}\nseed {}: {}\nreplay: cargo run -p tests --bin sim -- --seed {}",
        shown.trace.join("\n"),
        plan.seed,
        outcome.wrong.unwrap_or_default(),
        plan.seed
    );
}

#[test]
fn nothing_is_lost_and_nothing_done_twice_whatever_goes_wrong() {
    let base: u64 = rand::random::<u32>().into();
    let plans: Vec<Plan> = (base..base + FRESH_SEEDS).map(Plan::of).collect();
    expect_none(first_failure(&plans));
}

#[test]
fn no_seed_that_ever_failed_fails_again() {
    let lines = FAILED_ONCE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let seeds: Vec<u64> = lines.map(|line| line.split_whitespace().next().unwrap().parse().unwrap()).collect();
    assert!(!seeds.is_empty());
    let plans: Vec<Plan> = seeds.into_iter().map(Plan::of).collect();
    expect_none(first_failure(&plans));
}

#[test]
fn each_planted_bug_is_found_within_a_few_seeds() {
    for bug in Bug::ALL {
        let plans: Vec<Plan> = (0..SEEDS_FOR_A_BUG).map(|seed| Plan { bug: Some(bug), ..Plan::of(seed) }).collect();
        assert!(first_failure(&plans).is_some(), "{bug:?} was not found in {SEEDS_FOR_A_BUG} seeds");
    }
}

#[test]
fn a_seed_always_tells_the_same_story() {
    let traced = Plan { traced: true, ..Plan::of(7) };
    let (first, second, untraced) = (run(traced), run(traced), run(Plan::of(7)));
    assert_eq!(first.trace, second.trace);
    assert_eq!((first.fingerprint, untraced.fingerprint), (second.fingerprint, first.fingerprint));
    assert_ne!(run(Plan::of(8)).fingerprint, first.fingerprint);
}

#[test]
fn every_kind_of_fault_strikes_somewhere() {
    let mut struck = vec![0; Fault::ALL.len()];
    for seed in 0..SEEDS_FOR_A_BUG {
        struck.iter_mut().zip(run(Plan::of(seed)).struck).for_each(|(sum, times)| *sum += times);
    }
    let never: Vec<&str> = Fault::ALL.iter().zip(struck).filter(|(_, sum)| *sum == 0).map(|(f, _)| f.name()).collect();
    assert!(never.is_empty(), "{never:?}");
}
