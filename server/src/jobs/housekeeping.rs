//! Forgets what has run out: sessions that are over, refresh tokens, answers kept for an `Idempotency-Key`, counts of failed log-ins,
//! uploads that nobody went on with.
//! None of it is looked at any more; it would only grow. One statement each, which finds nothing where another server was first.

use crate::db::{idempotency, moves, photos, sessions, throttles};
use crate::domain;
use crate::idempotency::KEPT_US;
use crate::photos::receive;
use crate::state::App;
use schema::problem::Problem;
use schema::time::{DAY, SECOND};
use std::future::Future;
use std::time::Duration;
use tokio::time::sleep;

/// Rows that were forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forgotten {
    pub sessions: usize,
    pub refresh_tokens: usize,
    pub answers: usize,
    pub throttles: usize,
    pub uploads: usize,
}

/// Tidies up at once, whenever `stop` comes, and then now and then until it completes. What has begun is finished.
pub async fn keep(app: &App, stop: impl Future<Output = ()>) {
    let pause = Duration::from_secs(app.config.housekeeping_s);
    let mut stop = std::pin::pin!(stop);
    if app.config.housekeeping_s == 0 {
        return stop.await;
    }
    loop {
        // Samples are kept until somebody reads them, or this.
        app.metrics.run_upkeep();
        match tidy_up(app).await {
            Ok(forgotten) if forgotten == Forgotten::default() => {}
            Ok(forgotten) => tracing::info!(?forgotten, "tidied up"),
            // The database may be away for a moment; nothing waits for this.
            Err(problem) => tracing::warn!(%problem, "could not tidy up"),
        }
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = sleep(pause) => {}
        }
    }
}

/// Once, by the clock of the service.
pub async fn tidy_up(app: &App) -> Result<Forgotten, Problem> {
    let now = app.now();
    let alive_us = app.config.session_days.saturating_mul(DAY).max(app.config.access_token_s.saturating_mul(SECOND));
    let refresh_tokens = app.db.write(move |conn| Ok(sessions::delete_refresh_tokens(conn, now)?)).await?;
    let sessions = app.db.write(move |conn| Ok(sessions::delete_sessions(conn, now.plus(-alive_us))?)).await?;
    let answers = app.db.write(move |conn| Ok(idempotency::delete_answers(conn, now.plus(-KEPT_US))?)).await?;
    let quiet_since = now.plus(-domain::throttles::FORGIVEN_AFTER_US);
    let throttles = app.db.write(move |conn| Ok(throttles::delete_throttles(conn, quiet_since)?)).await?;
    let uploads = receive::tidy_up(app).await?;
    app.db.write(|conn| Ok(moves::delete_moves(conn)?)).await?;
    let owed = app.db.read(|conn| Ok(photos::count_owed(conn)?)).await?;
    #[expect(clippy::cast_precision_loss, reason = "a gauge")]
    metrics::gauge!("photos_owed").set(owed as f64);
    Ok(Forgotten { sessions, refresh_tokens, answers, throttles, uploads })
}
