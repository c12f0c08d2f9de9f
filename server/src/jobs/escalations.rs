//! Looks at clocks whose time has come, and lets those hear of it whom it concerns (`domain::escalations`). Every server does, and none
//! leads: a job says when its clocks have to be looked at next, who looks holds the job, and finds what another has done (decision 0020).

use crate::db::escalations::{EscalationFilter, count_escalations, list_due};
use crate::domain::escalations::{self, Looked};
use crate::state::{App, random};
use schema::problem::Problem;
use std::future::Future;
use std::time::Duration;
use tokio::time::sleep;

/// Jobs that are looked at in one round at the most.
const ROUND: usize = 200;

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub looked: usize,
    pub raised: usize,
    pub ended: usize,
}

/// Looks at once, whenever `stop` comes, and then now and then until it completes. What has begun is finished.
pub async fn keep(app: &App, stop: impl Future<Output = ()>) {
    let pause = Duration::from_secs(app.config.escalation_s);
    let mut stop = std::pin::pin!(stop);
    if app.config.escalation_s == 0 {
        return stop.await;
    }
    loop {
        let round = look_round(app).await;
        if let Err(problem) = &round {
            tracing::warn!(%problem, "clocks have to wait to be looked at");
        }
        let is_full = round.is_ok_and(|round| round.looked == ROUND);
        // There may be more.
        let pause = if is_full { Duration::ZERO } else { pause };
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = sleep(pause) => {}
        }
    }
}

/// Looks once at what is due by the clock of the service.
pub async fn look_round(app: &App) -> Result<Round, Problem> {
    let now = app.now();
    let limit = i64::try_from(ROUND).map_err(Problem::internal)?;
    let due = app.db.read(move |conn| Ok(list_due(conn, now, limit)?)).await?;
    let mut round = Round::default();
    for job in due {
        let draw = random();
        match app.db.write(move |conn| escalations::look(conn, job, now, draw)).await {
            Ok(looked) => {
                round.looked += 1;
                round.raised += looked.raised.len();
                round.ended += looked.ended.len();
                tell(&looked);
            }
            // One job that can't be read must not keep the others from being heard of.
            Err(problem) => tracing::error!(%problem, %job, "the clocks of a job could not be looked at"),
        }
    }
    if round.raised + round.ended > 0 {
        measure(app).await?;
    }
    Ok(round)
}

fn tell(looked: &Looked) {
    for (level, to) in &looked.raised {
        metrics::counter!("escalations_raised_total", "level" => level.to_string(), "to" => to.as_str()).increment(1);
    }
    for state in &looked.ended {
        metrics::counter!("escalations_ended_total", "how" => state.as_str()).increment(1);
    }
}

async fn measure(app: &App) -> Result<(), Problem> {
    let filter = EscalationFilter { is_open: Some(true), ..EscalationFilter::default() };
    let open = app.db.read(move |conn| Ok(count_escalations(conn, filter)?)).await?;
    #[expect(clippy::cast_precision_loss, reason = "a gauge")]
    metrics::gauge!("escalations_open").set(open as f64);
    Ok(())
}
