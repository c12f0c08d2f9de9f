//! The service. `run` starts it; `app` says what answers which URL; `routes` → `domain` → `db` is the way of every request.

pub mod app;
pub mod auth;
pub mod body;
pub mod cli;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod feed;
pub mod idempotency;
pub mod jobs;
pub mod json;
pub mod log;
pub mod openapi;
pub mod pages;
pub mod pdf;
pub mod photos;
pub mod problem;
pub mod room;
pub mod routes;
pub mod state;

use crate::auth::keys::Keys;
use crate::auth::password::Passwords;
use crate::config::Config;
use crate::db::{DatabaseUrl, Db};
use crate::domain::records::Memory;
use crate::domain::sync::{self, Ask};
use crate::feed::Notice;
use crate::photos::Photos;
use crate::room::{Arriving, Room, Turns};
use crate::state::{App, Clock, State};
use actix_web::{HttpServer, web};
use std::fs::DirBuilder;
use std::future::Future;
use std::net::TcpListener;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Automerge allocates much and small: with the system's allocator a fifth of a tap's CPU goes there. Here, so that whatever links the
/// server is measured as it runs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Why the server did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("database: {0}")]
    Db(#[from] db::DbError),
    #[error("network: {0}")]
    Io(#[from] std::io::Error),
    /// What whoever runs the command named.
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    #[error(
        "there is no database at {0}: look at --data and --database-url, or make one by `serve`, `migrate` or `user add`"
    )]
    NoDatabase(String),
    #[error("metrics: {0}")]
    Metrics(String),
    #[error(transparent)]
    Photos(#[from] photos::store::StoreError),
    #[error(transparent)]
    Font(#[from] pdf::FontError),
    #[error("{0}")]
    Problem(#[from] schema::problem::Problem),
}

/// Brings the database to this version, making it where there is none. Says which migrations ran.
pub fn prepare(config: &Config) -> Result<(DatabaseUrl, Vec<String>), RunError> {
    let url = config.database_url();
    if let DatabaseUrl::Sqlite(path) = &url
        && let Some(folder) = path.parent()
    {
        // It will hold signing keys and customers' data.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| RunError::File(folder.to_owned(), error))?;
    }
    let ran = db::migrate(&url)?;
    Ok((url, ran))
}

/// Brings a database that is there to this version: with a typo in its place, a command must not do its work on a new, empty one.
pub fn find(config: &Config) -> Result<DatabaseUrl, RunError> {
    let url = config.database_url();
    let is_file = match &url {
        DatabaseUrl::Sqlite(path) => path.is_file(),
        DatabaseUrl::Postgres(_) => true,
    };
    if !is_file || !db::is_founded(&url)? {
        return Err(RunError::NoDatabase(url.to_string()));
    }
    db::migrate(&url)?;
    Ok(url)
}

/// Opens the database (migrating it) and what else a request needs.
pub fn open(config: Config, clock: Clock) -> Result<State, RunError> {
    let (url, _) = prepare(&config)?;
    db::meta::ensure_value(&mut db::open(&url)?, "epoch", &state::new_epoch().to_string())?;
    let feed = db::open_feed(&url, Duration::from_secs(config.stream_pause_s.max(1)))?;
    let db = Db::start(&url, config.sizes(), &feed)?;
    let metrics = app::metrics_handle().map_err(RunError::Metrics)?;
    let keys = db::write_now(&url, |conn| Keys::load(conn, &config, clock()))?;
    let passwords = Passwords::new(cores());
    let records = Arc::new(Memory::new(config.records_kept));
    let known = Arc::clone(&records);
    let loads = db.read_lane(move |conn, asks: &[Ask]| sync::load(conn, &known, asks))?;
    let commits = db.write_lane(sync::commit);
    let photos = Photos::open(&config)?;
    let typeface = config.pdf_font.as_deref().map_or_else(|| Ok(pdf::Typeface::default()), pdf::Typeface::load)?;
    let arriving = Arriving::new(Room::new(config.sync_memory_bytes));
    let turns = Turns::new(config.records_in_hand);
    let gate = ::sync::admit::Pool::new(config.gate_threads.unwrap_or_else(cores), GATE_QUEUE)?;
    let app = App {
        config,
        db,
        feed,
        clock,
        keys,
        passwords,
        arriving,
        turns,
        gate,
        records,
        loads,
        commits,
        photos,
        typeface,
        metrics,
    };
    Ok(web::Data::new(app))
}

/// Pushes that may wait for the gate; more are told that we are busy.
const GATE_QUEUE: usize = 1_024;

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Serves until `shutdown` completes; then lets running requests finish.
pub async fn run(state: State, listener: TcpListener, shutdown: impl Future<Output = ()>) -> Result<(), RunError> {
    let config = state.config.clone();
    let feed = state.feed.clone();
    let (stop_jobs, stop) = watch::channel(());
    let in_background = actix_web::rt::spawn(jobs::keep(state.clone(), stop));
    let workers = config.workers.unwrap_or_else(cores);
    let server = HttpServer::new(move || app::create_app(state.clone()))
        .workers(workers)
        .shutdown_timeout(config.shutdown_s)
        .disable_signals()
        .listen(listener)?
        .run();
    let handle = server.handle();
    let serving = actix_web::rt::spawn(server);
    shutdown.await;
    tracing::info!("stopping: running requests may finish");
    // An open stream would hold the shutdown until its timeout.
    feed.notify(Notice::Stop);
    drop(stop_jobs);
    handle.stop(true).await;
    in_background.await.map_err(std::io::Error::other)?;
    serving.await.map_err(std::io::Error::other)??;
    Ok(())
}
