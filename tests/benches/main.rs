//! What a sync costs, as ratios to a bare limit measured in the same run: `cargo bench -p tests` (`TEST_ENGINE=postgres` for
//! PostgreSQL), one part by its name: `cargo bench -p tests -- taps`. Figures of a run stand in `docs/benchmarks.md`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark that can't measure must stop, and its figures go to the terminal"
)]

mod cpu;
mod day;
mod growth;
mod http;
mod idle;
mod line;
mod live;
mod storm;
mod taps;
mod wire;

use tests::Engine;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    println!("engine: {:?}, cores: {}", Engine::of_this_run(), std::thread::available_parallelism().unwrap());
    let parts: [(&str, fn()); 7] = [
        ("day", day::measure),
        ("idle", idle::measure),
        ("taps", taps::measure),
        ("live", live::measure),
        ("line", line::measure),
        ("growth", growth::measure),
        ("storm", storm::measure),
    ];
    for (name, measure) in parts {
        if is_wanted(name) {
            println!("\n== {name}");
            measure();
        }
    }
}

/// Runs on a runtime of one thread, so that the client's share of the CPU is this thread's.
fn on_one_thread<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The value below which `share` of them lie.
fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (values.len() as f64 * share) as usize;
    values[place.min(values.len() - 1)]
}
