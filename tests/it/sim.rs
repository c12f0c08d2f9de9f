//! The simulation, as often as a test may: seeds that nobody has seen, every seed that ever failed, and bugs planted on purpose.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tests::Engine;
use tests::sim::{Bug, Fault, Outcome, Plan, run, shrink};

const FRESH_SEEDS: u64 = 200;
/// In which each planted bug must be found. The rarest shows in one of twenty: whose clock was believed matters only where jobs ran on, and phones
/// were neither far off nor long away.
const SEEDS_FOR_A_BUG: u64 = 100;
/// Each line is a seed, and what it found.
const FAILED_ONCE: &str = include_str!("../sim_seeds.txt");

/// It brings its database along, so it is not played again when the suite runs on PostgreSQL.
fn was_played() -> bool {
    Engine::of_this_run() != Engine::Sqlite
}

/// What many plans came to.
struct Played {
    /// How often each kind of fault struck.
    struck: Vec<u64>,
    /// How many jobs' clocks were held against when things really happened.
    timed: usize,
    failure: Option<(Plan, Outcome)>,
}

/// Plays the plans on all processors until one goes wrong.
fn play(plans: &[Plan]) -> Played {
    let (struck, timed) = (Mutex::new(vec![0; Fault::ALL.len()]), AtomicUsize::new(0));
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let play_next = || {
        loop {
            let plan = *plans.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap())?;
            let outcome = run(plan);
            struck.lock().unwrap().iter_mut().zip(&outcome.struck).for_each(|(sum, times)| *sum += times);
            timed.fetch_add(outcome.timed, Ordering::Relaxed);
            if outcome.wrong.is_some() {
                next.store(u64::MAX / 2, Ordering::Relaxed);
                return Some((plan, outcome));
            }
        }
    };
    let failures = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(play_next)).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let failure = failures.into_iter().min_by_key(|(plan, _)| plan.seed);
    Played { struck: struck.into_inner().unwrap(), timed: timed.into_inner(), failure }
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
    if was_played() {
        return;
    }
    let base: u64 = rand::random::<u32>().into();
    let plans: Vec<Plan> = (base..base + FRESH_SEEDS).map(Plan::of).collect();
    let Played { struck, timed, failure } = play(&plans);
    expect_none(failure);
    let never: Vec<&str> = Fault::ALL.iter().zip(struck).filter(|(_, sum)| *sum == 0).map(|(f, _)| f.name()).collect();
    assert!(never.is_empty(), "never happened: {never:?}");
    assert!(timed > plans.len() / 4, "only {timed} jobs' clocks could be compared with the truth");
}

#[test]
fn no_seed_that_ever_failed_fails_again() {
    if was_played() {
        return;
    }
    let lines = FAILED_ONCE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let seeds: Vec<u64> = lines.map(|line| line.split_whitespace().next().unwrap().parse().unwrap()).collect();
    assert!(!seeds.is_empty());
    let plans: Vec<Plan> = seeds.into_iter().map(Plan::of).collect();
    expect_none(play(&plans).failure);
}

#[test]
fn each_planted_bug_is_found_within_a_few_seeds_by_what_it_does() {
    if was_played() {
        return;
    }
    for bug in Bug::ALL {
        let plans: Vec<Plan> = (0..SEEDS_FOR_A_BUG).map(|seed| Plan { bug: Some(bug), ..Plan::of(seed) }).collect();
        let (plan, outcome) =
            play(&plans).failure.unwrap_or_else(|| panic!("{bug:?} was not found in {SEEDS_FOR_A_BUG} seeds"));
        let wrong = outcome.wrong.unwrap_or_default();
        assert!(
            bug.complaints().iter().any(|complaint| wrong.contains(complaint)),
            "{bug:?} was found by chance: {wrong}"
        );
        let without = run(Plan { bug: None, ..plan });
        assert_eq!(without.wrong, None, "seed {} fails without {bug:?}, too", plan.seed);
    }
}

#[test]
fn a_seed_always_tells_the_same_story() {
    if was_played() {
        return;
    }
    let traced = Plan { traced: true, ..Plan::of(7) };
    let (first, second, untraced) = (run(traced), run(traced), run(Plan::of(7)));
    assert_eq!(first.trace, second.trace);
    assert_eq!((first.fingerprint, untraced.fingerprint), (second.fingerprint, first.fingerprint));
    assert_ne!(run(Plan::of(8)).fingerprint, first.fingerprint);
}
