//! What the office decides about a job's course.

use crate::auth::{AmendJobs, CloseJobs, Dispatch, May};
use crate::domain::{decisions, delays};
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::routes::jobs::by;
use crate::state::State;
use actix_web::http::StatusCode;
use actix_web::{post, web};
use schema::dispatch::{AnnounceDelay, Decide, DecideBecause, HoldJob};
use schema::id::{EntryId, JobId};
use schema::job::JobState;
use schema::problem::ProblemBody;

/// Let the job wait, and say for what.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = HoldJob, responses(
    (status = 201, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`job_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/holds")]
pub async fn hold_job(
    state: State,
    caller: May<Dispatch>,
    id: web::Path<JobId>,
    body: Once<HoldJob>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| decisions::hold(conn, &by, *id, input)).await
}

/// End a wait.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path), ("hold" = EntryId, Path)), responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "it is over already; `job_closed`"),
))]
#[post("/v1/jobs/{id}/holds/{hold}/release")]
pub async fn release_job(
    state: State,
    caller: May<Dispatch>,
    path: web::Path<(JobId, EntryId)>,
) -> Answer<web::Json<JobState>> {
    let by = by(&state, &caller);
    let release = move |conn: &mut _| {
        let (job, hold) = &*path;
        decisions::release(conn, &by, *job, hold)
    };
    Ok(web::Json(state.db.write(release).await?))
}

/// Write down that the technician phoned in to be late. Until the customer was told it is among the calls to be made.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = AnnounceDelay, responses(
    (status = 201, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "nobody is on the way; `job_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/delays")]
pub async fn announce_delay(
    state: State,
    caller: May<AmendJobs>,
    id: web::Path<JobId>,
    body: Once<AnnounceDelay>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| delays::announce(conn, &by, *id, input)).await
}

/// Cancel the job, with its customer's links.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = DecideBecause, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`job_closed`; the customer has signed"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/cancel")]
pub async fn cancel_job(
    state: State,
    caller: May<Dispatch>,
    id: web::Path<JobId>,
    body: Once<DecideBecause>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| decisions::cancel(conn, &by, *id, &input.reason)).await
}

/// Open a job that was over.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = DecideBecause, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "it is open"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/reopen")]
pub async fn reopen_job(
    state: State,
    caller: May<Dispatch>,
    id: web::Path<JobId>,
    body: Once<DecideBecause>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| decisions::reopen(conn, &by, *id, &input.reason)).await
}

/// Solved by phone: no visit; the customer is called to see that it holds.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = DecideBecause, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`job_closed`; the customer has signed"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/solve-remotely")]
pub async fn solve_job_remotely(
    state: State,
    caller: May<CloseJobs>,
    id: web::Path<JobId>,
    body: Once<DecideBecause>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| {
        decisions::solve_remotely(conn, &by, *id, &input.reason)
    })
    .await
}

/// The proof has come that the trade needs, as rain without a leak.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = Decide, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "it awaits no proof; `job_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/prove")]
pub async fn prove_job(
    state: State,
    caller: May<CloseJobs>,
    id: web::Path<JobId>,
    body: Once<Decide>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| {
        decisions::prove(conn, &by, *id, input.reason.as_deref())
    })
    .await
}

/// Close a job that is reconciled.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = Decide, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "what is missing; `job_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/close")]
pub async fn close_job(
    state: State,
    caller: May<CloseJobs>,
    id: web::Path<JobId>,
    body: Once<Decide>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| {
        decisions::close(conn, &by, *id, input.reason.as_deref())
    })
    .await
}
