//! What the office corrects in a record.

use crate::auth::{AmendJobs, May};
use crate::domain::amendments;
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::routes::jobs::by;
use crate::state::State;
use actix_web::http::StatusCode;
use actix_web::{patch, put, web};
use schema::id::JobId;
use schema::job::{AmendNote, AmendReport, JobState};
use schema::problem::ProblemBody;

/// Set fields of the report. With `base_heads` a technician's concurrent correction stays beside it.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = AmendReport, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`job_closed`; `stale`: these heads are not of this job"), (status = 422, body = ProblemBody),
))]
#[patch("/v1/jobs/{id}/report")]
pub async fn amend_report(
    state: State,
    caller: May<AmendJobs>,
    id: web::Path<JobId>,
    body: Once<AmendReport>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| amendments::amend_report(conn, &by, *id, input)).await
}

/// Write into a step's note. With `base_heads` what a technician wrote meanwhile stays beside it.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path), ("step" = String, Path)), request_body = AmendNote, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`job_closed`; `stale`; `gate_closed`: no such step"), (status = 422, body = ProblemBody),
))]
#[put("/v1/jobs/{id}/steps/{step}/note")]
pub async fn amend_note(
    state: State,
    caller: May<AmendJobs>,
    id: web::Path<(JobId, String)>,
    body: Once<AmendNote>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| {
        let (job, step) = &*id;
        amendments::amend_note(conn, &by, *job, step, input)
    })
    .await
}
