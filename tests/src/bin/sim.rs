//! Runs the simulation: many seeds for a count of what held, or one with its trace.
//!
//! ```text
//! cargo run --release -p tests --bin sim -- --seeds 10000
//! cargo run --release -p tests --bin sim -- --seed 4711 --trace
//! ```
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use clap::Parser;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tests::sim::{Fault, Plan, STEPS, run, shrink};

/// Plays a company's days with everything that goes wrong, and says what did not hold.
#[derive(Parser)]
struct Cli {
    /// How many seeds to run.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first of them; drawn where none is named.
    #[arg(long)]
    from: Option<u64>,
    /// Runs this one only.
    #[arg(long)]
    seed: Option<u64>,
    /// Prints what happened, event by event.
    #[arg(long)]
    trace: bool,
    /// Taps, commands and mishaps of a run.
    #[arg(long, default_value_t = STEPS)]
    steps: u32,
    /// Threads; as many as there are processors where none is named.
    #[arg(long)]
    threads: Option<usize>,
    /// Shows a failing seed as it is, without looking for a shorter way to fail.
    #[arg(long)]
    as_is: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let plan = |seed| Plan { steps: cli.steps, traced: cli.trace, ..Plan::of(seed) };
    if let Some(seed) = cli.seed {
        return one(plan(seed), cli.as_is);
    }
    // A panic is an outcome here, and told once, with its seed.
    std::panic::set_hook(Box::new(|_| {}));
    let from = cli.from.unwrap_or_else(|| rand::random::<u32>().into());
    let tally = Tally::default();
    let (next, started) = (AtomicU64::new(0), Instant::now());
    let threads = cli.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let count = next.fetch_add(1, Ordering::Relaxed);
                    if count >= cli.seeds {
                        break;
                    }
                    tally.add(plan(from + count));
                }
            });
        }
    });
    let seconds = started.elapsed().as_secs_f64();
    let counts = tally.0.into_inner().unwrap_or_default();
    println!("{} seeds from {from} in {seconds:.1} s: {:.1} seeds/s", cli.seeds, count_of(cli.seeds) / seconds);
    let Counts { written, gone, timed, .. } = counts;
    println!(
        "{written} changes written by phones, {gone} gone with the only copy: an old image or backup took its place"
    );
    println!("{timed} jobs' clocks held against when things really happened");
    for (fault, struck) in Fault::ALL.iter().zip(&counts.struck) {
        println!("{struck:>9}  {}", fault.name());
    }
    println!("{} failed", counts.failed.len());
    for (seed, wrong) in &counts.failed {
        println!("  seed {seed}: {wrong}");
    }
    match counts.failed.first() {
        None => ExitCode::SUCCESS,
        Some((seed, _)) => one(Plan { traced: true, ..plan(*seed) }, cli.as_is),
    }
}

#[derive(Default)]
struct Counts {
    struck: Vec<u64>,
    written: usize,
    gone: usize,
    timed: usize,
    failed: Vec<(u64, String)>,
}

#[derive(Default)]
struct Tally(Mutex<Counts>);

impl Tally {
    fn add(&self, plan: Plan) {
        let outcome = run(plan);
        let Ok(mut counts) = self.0.lock() else { return };
        counts.struck.resize(Fault::ALL.len(), 0);
        counts.struck.iter_mut().zip(outcome.struck).for_each(|(sum, struck)| *sum += struck);
        counts.written += outcome.written;
        counts.gone += outcome.gone;
        counts.timed += outcome.timed;
        counts.failed.extend(outcome.wrong.map(|wrong| (plan.seed, wrong)));
    }
}

fn count_of(seeds: u64) -> f64 {
    f64::from(u32::try_from(seeds).unwrap_or(u32::MAX))
}

/// One run: how it went, and where it failed, the shortest way found to fail like that.
fn one(plan: Plan, as_is: bool) -> ExitCode {
    let first = run(plan);
    if first.wrong.is_none() {
        first.trace.iter().for_each(|line| println!("{line}"));
        println!("seed {} holds; fingerprint {:016x}", plan.seed, first.fingerprint);
        return ExitCode::SUCCESS;
    }
    let smallest = if as_is { plan } else { shrink(plan) };
    let shown = run(Plan { traced: true, ..smallest });
    shown.trace.iter().for_each(|line| println!("{line}"));
    let spared: Vec<&str> = Fault::ALL.iter().filter(|f| smallest.without.has(**f)).map(|f| f.name()).collect();
    println!("seed {} fails: {}", plan.seed, shown.wrong.unwrap_or_default());
    println!("with {} steps and without: {}", smallest.steps, spared.join(", "));
    ExitCode::FAILURE
}
