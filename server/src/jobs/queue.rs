//! Does what `domain::background_jobs` has enqueued. Every server works at it, and none leads: a job is claimed in the database, for as
//! long as one try of it may take; the job of a server that was killed is due again after that (decision 0008).
//!
//! ```text
//! impl BackgroundJob for MakeThumbnail {
//!     async fn run(self, app: State) -> Result<(), Problem> { … }
//! }
//!
//! // In `jobs::kinds`:
//! Kinds::default().with::<MakeThumbnail>()
//! ```

use crate::db::background_jobs::count_jobs;
use crate::domain::background_jobs::{self, Claim, End, Fate, Payload, Terms};
use crate::state::State;
use futures_util::future::join_all;
use schema::problem::Problem;
use schema::rows::background_jobs::BackgroundJobRow;
use schema::time::SECOND;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Who does one kind of job.
pub trait BackgroundJob: Payload {
    /// With the pauses between them, this is some four hours.
    const ATTEMPTS_MAX: i32 = 12;
    /// A try is cut off after so many seconds; and a killed server's job is begun anew no earlier.
    const LEASE_S: u32 = 300;

    /// Once more is harmless. What takes long goes to a thread that may block (`tokio::task::spawn_blocking`).
    fn run(self, app: State) -> impl Future<Output = Result<(), Problem>> + Send;
}

type Running = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send>>;

struct Kind {
    terms: Terms,
    begin: fn(&str, State) -> Result<Running, Problem>,
}

/// The kinds of job that a server does.
#[derive(Default)]
pub struct Kinds(Vec<Kind>);

impl Kinds {
    #[must_use]
    pub fn with<J: BackgroundJob>(mut self) -> Self {
        let lease_us = i64::from(J::LEASE_S) * SECOND;
        let terms = Terms { kind: J::KIND, attempts_max: J::ATTEMPTS_MAX, lease_us };
        self.0.push(Kind { terms, begin: begin::<J> });
        self
    }

    fn terms(&self) -> Vec<Terms> {
        self.0.iter().map(|kind| kind.terms).collect()
    }

    fn find(&self, name: &str) -> Result<&Kind, Problem> {
        let found = self.0.iter().find(|kind| kind.terms.kind == name);
        found.ok_or_else(|| Problem::internal("a kind that was not asked for"))
    }
}

fn begin<J: BackgroundJob>(payload: &str, app: State) -> Result<Running, Problem> {
    let job: J = serde_json::from_str(payload).map_err(Problem::internal)?;
    Ok(Box::pin(job.run(app)))
}

/// Works until `stop`'s sender is gone. Then what runs may end within the time that requests have; what doesn't is given back.
pub async fn keep(app: &State, kinds: &Kinds, stop: &watch::Receiver<()>) {
    let workers = (0..app.config.background_workers).map(|number| work(app, kinds, stop.clone(), number == 0));
    join_all(workers).await;
}

async fn work(app: &State, kinds: &Kinds, mut stop: watch::Receiver<()>, measures: bool) {
    let pause = Duration::from_secs(app.config.background_poll_s.max(1));
    let wake = app.feed.work();
    // An error: the sender is gone.
    while stop.has_changed().is_ok() {
        match work_once(app, kinds, &mut stop).await {
            Ok(true) => continue,
            Ok(false) => {}
            // The database may be away for a moment; what was claimed comes back by itself.
            Err(problem) => tracing::warn!(%problem, "background jobs have to wait"),
        }
        if measures {
            measure(app).await;
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = wake.notified() => {}
            // Failed ones come due by time alone, and so does what a killed server has left.
            () = sleep(pause) => {}
        }
    }
}

/// Works until nothing of these kinds is due.
pub async fn work_off(app: &State, kinds: &Kinds) -> Result<(), Problem> {
    let (_running, mut stop) = watch::channel(());
    while work_once(app, kinds, &mut stop).await? {}
    Ok(())
}

/// Takes one job and does it. False where nothing is due.
async fn work_once(app: &State, kinds: &Kinds, stop: &mut watch::Receiver<()>) -> Result<bool, Problem> {
    if kinds.0.is_empty() {
        return Ok(false);
    }
    let (now, terms) = (app.now(), kinds.terms());
    match app.db.write(move |conn| background_jobs::claim(conn, &terms, now)).await? {
        Claim::Nothing => Ok(false),
        Claim::Parked(row) => {
            tell(&row, Fate::Parked, row.last_error.as_deref());
            Ok(true)
        }
        Claim::Job(row) => {
            do_job(app, kinds.find(&row.kind)?, row, stop).await?;
            Ok(true)
        }
    }
}

async fn do_job(
    app: &State,
    kind: &Kind,
    row: BackgroundJobRow,
    stop: &mut watch::Receiver<()>,
) -> Result<(), Problem> {
    let end = match (kind.begin)(&row.payload, app.clone()) {
        Ok(running) => {
            let within = Duration::from_micros(kind.terms.lease_us.unsigned_abs());
            // In a task of its own, so that a panic ends it alone.
            let mut running = tokio::spawn(timeout(within, running));
            tokio::select! {
                ended = &mut running => end_of(ended),
                () = patience_over(app, stop) => {
                    running.abort();
                    End::GivenBack
                }
            }
        }
        Err(problem) => End::Failed(problem.to_string()),
    };
    let (now, terms, row, said) = (app.now(), kind.terms, Arc::new(row), end.clone());
    let kept = Arc::clone(&row);
    let fate = app.db.write(move |conn| background_jobs::settle(conn, &kept, terms, &end, now)).await?;
    match said {
        End::Failed(why) => tell(&row, fate, Some(&why)),
        End::Done | End::GivenBack => tell(&row, fate, None),
    }
    Ok(())
}

type Ended = <JoinHandle<Result<Result<(), Problem>, tokio::time::error::Elapsed>> as Future>::Output;

fn end_of(ended: Ended) -> End {
    match ended {
        Ok(Ok(Ok(()))) => End::Done,
        Ok(Ok(Err(problem))) => End::Failed(problem.to_string()),
        Ok(Err(_)) => End::Failed("it took longer than it may".to_owned()),
        Err(_) => End::Failed("it panicked".to_owned()),
    }
}

/// As long as a running request may take once the server is told to stop.
async fn patience_over(app: &State, stop: &mut watch::Receiver<()>) {
    // Nothing is ever sent: it ends with the sender.
    while stop.changed().await.is_ok() {}
    sleep(Duration::from_secs(app.config.shutdown_s)).await;
}

fn tell(row: &BackgroundJobRow, fate: Fate, why: Option<&str>) {
    let (id, kind, attempt) = (row.id, row.kind.as_str(), row.attempts);
    let fate_word = match fate {
        Fate::Done => "done",
        Fate::Waits => "waits",
        Fate::Parked => "parked",
        Fate::Lost => "lost",
    };
    metrics::counter!("background_job_attempts_total", "kind" => row.kind.clone(), "fate" => fate_word).increment(1);
    match (fate, why) {
        (Fate::Parked, why) => {
            tracing::error!(%id, kind, attempt, why, "a background job is parked: it failed too often")
        }
        (_, Some(why)) => tracing::warn!(%id, kind, attempt, why, "a background job failed"),
        (Fate::Lost, None) => tracing::warn!(%id, kind, attempt, "a background job took longer than its lease"),
        (Fate::Done | Fate::Waits, None) => tracing::debug!(%id, kind, attempt, fate_word, "background job"),
    }
}

async fn measure(app: &State) {
    // Where the database is away, the figures of before stand.
    if let Ok((waiting, parked)) = app.db.read(|conn| Ok(count_jobs(conn)?)).await {
        #[expect(clippy::cast_precision_loss, reason = "no queue is that long")]
        let [waiting, parked] = [waiting, parked].map(|count| count as f64);
        metrics::gauge!("background_jobs_waiting").set(waiting);
        metrics::gauge!("background_jobs_parked").set(parked);
    }
}
