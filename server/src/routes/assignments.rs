//! Dispatch (派工): who could go, and who goes.

use crate::auth::{Dispatch, May};
use crate::domain::{assignments, candidates};
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::routes::jobs::by;
use crate::state::State;
use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use schema::dispatch::{AssignJob, Candidate, DecideBecause};
use schema::id::JobId;
use schema::job::JobState;
use schema::problem::ProblemBody;
use schema::time::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CandidatesQuery {
    /// The window that the visit is wanted in; both or none.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
}

/// Every technician of the outlet with what speaks for and against; the best first.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path), CandidatesQuery), responses(
    (status = 200, body = Vec<Candidate>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 422, body = ProblemBody),
))]
#[get("/v1/jobs/{id}/candidates")]
pub async fn list_candidates(
    state: State,
    caller: May<Dispatch>,
    id: web::Path<JobId>,
    query: web::Query<CandidatesQuery>,
) -> Answer<web::Json<Vec<Candidate>>> {
    let window = super::jobs::window(query.from, query.to)?;
    let now = state.now();
    Ok(web::Json(state.db.read(move |conn| candidates::list(conn, &caller, *id, window, now)).await?))
}

/// Put the job into a technician's hands; whoever had it stays on record with what they wrote.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = AssignJob, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`not_dispatchable`: what is missing; `stale`: another dispatcher was quicker; `conflict`: skill or window; `job_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/assign")]
pub async fn assign_job(
    state: State,
    caller: May<Dispatch>,
    id: web::Path<JobId>,
    body: Once<AssignJob>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| assignments::assign(conn, &by, *id, input)).await
}

/// Take the job out of everybody's hands.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = DecideBecause, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "nobody has it; `job_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/unassign")]
pub async fn unassign_job(
    state: State,
    caller: May<Dispatch>,
    id: web::Path<JobId>,
    body: Once<DecideBecause>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| assignments::unassign(conn, &by, *id, &input.reason))
        .await
}
