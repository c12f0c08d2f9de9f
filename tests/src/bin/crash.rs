//! Kills the real server, or stops the database under it, while phones sync; counts what was promised and looks for all of it.
//!
//! ```text
//! cargo run --release -p tests --bin crash -- --kills 200 --engine sqlite
//! cargo run --release -p tests --bin crash -- --kills 200 --engine postgres --servers 3
//! cargo run --release -p tests --bin crash -- --stops 20
//! ```
//!
//! PostgreSQL runs in a cluster of its own, whose programs must be installed (`tests/run` does so). The server is the one beside this
//! program: `cargo build --release --workspace --all-targets` first.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use clap::{Parser, ValueEnum};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tests::crash::{Plan, Tally, run, serve_early};
use tests::{Cluster, Engine, TestDatabase};

/// Crash tests of the real thing.
#[derive(Parser)]
struct Cli {
    /// Times that a server process is killed.
    #[arg(long, default_value_t = 200)]
    kills: u32,
    /// Times that PostgreSQL is stopped and started under the server, instead of kills.
    #[arg(long)]
    stops: Option<u32>,
    #[arg(long, value_enum, default_value = "sqlite")]
    engine: EngineName,
    /// Phones that sync meanwhile.
    #[arg(long, default_value_t = 50)]
    phones: usize,
    /// Server processes behind a balancer; more than one need PostgreSQL.
    #[arg(long, default_value_t = 1)]
    servers: usize,
    /// Drawn where none is named.
    #[arg(long)]
    seed: Option<u64>,
    /// Plants a bug: the server answers before the commit.
    #[arg(long)]
    answers_early: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EngineName {
    Sqlite,
    Postgres,
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some("serve-early") {
        let words = std::iter::once("server".to_owned()).chain(words).collect();
        let listening = |address| {
            eprintln!("{}", serde_json::json!({"fields": {"message": "listening", "address": address}}));
        };
        actix_web::rt::System::new().block_on(serve_early(words, listening));
        return ExitCode::SUCCESS;
    }
    let cli = Cli::parse();
    let seed = cli.seed.unwrap_or_else(|| rand::random::<u32>().into());
    println!("seed {seed}");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::FAILURE };
    match runtime.block_on(play(&cli, seed)) {
        Ok(tally) => {
            show(&tally);
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            println!("seed {seed} fails: {wrong}");
            ExitCode::FAILURE
        }
    }
}

async fn play(cli: &Cli, seed: u64) -> Result<Tally, String> {
    let uses_postgres = cli.engine == EngineName::Postgres || cli.stops.is_some() || cli.servers > 1;
    let cluster = uses_postgres.then(|| Arc::new(Cluster::start_new()));
    let database = match &cluster {
        Some(cluster) => TestDatabase::of_cluster(cluster),
        None => TestDatabase::on(Engine::Sqlite),
    };
    let plan = Plan {
        blows: cli.stops.unwrap_or(cli.kills),
        phones: cli.phones,
        servers: cli.servers,
        cluster: cluster.clone().filter(|_| cli.stops.is_some()),
        answers_early: cli.answers_early,
        ..Plan::kills(seed, 0)
    };
    run(plan, Arc::new(database)).await
}

fn show(tally: &Tally) {
    let mut starts = tally.starts.clone();
    starts.sort();
    let at = |part: usize| starts.get(starts.len() * part / 100).copied().unwrap_or(Duration::ZERO).as_millis();
    println!(
        "{} blows in {:.1} s; ready again after {} ms (median), {} ms (p95)",
        tally.blows,
        tally.took.as_secs_f64(),
        at(50),
        at(95)
    );
    println!("{} requests begun, {} cut off, {} told to come back", tally.requests, tally.cut, tally.busy);
    println!(
        "{} changes written, {} reports taken, {} apps closed and opened",
        tally.written, tally.reports, tally.restarts
    );
    println!("{} promises looked for in the database: none was missing", tally.checked);
}
