//! Where two people wrote at once: what anybody may settle, and what the supervisor rules on.

use crate::auth::{AmendJobs, May, ReadJobs, RuleMatters};
use crate::domain::conflicts;
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::routes::jobs::by;
use crate::state::State;
use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use schema::conflict::{CreateRuling, JobConflicts, SettleConflict};
use schema::id::JobId;
use schema::job::JobState;
use schema::problem::ProblemBody;

/// Values that stand beside each other with who wrote them and when; how earlier ones were settled; and what awaits the supervisor.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path)), responses(
    (status = 200, body = JobConflicts),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/jobs/{id}/conflicts")]
pub async fn list_conflicts(
    state: State,
    caller: May<ReadJobs>,
    id: web::Path<JobId>,
) -> Answer<web::Json<JobConflicts>> {
    let id = id.into_inner();
    Ok(web::Json(state.db.read(move |conn| conflicts::find(conn, &caller, id)).await?))
}

/// Choose one of the values. Consents, signatures and money are never among them.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = SettleConflict, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`stale`: settled meanwhile, or there are other values; `gate_closed`"),
    (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/settle")]
pub async fn settle_conflict(
    state: State,
    caller: May<AmendJobs>,
    id: web::Path<JobId>,
    body: Once<SettleConflict>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| conflicts::settle(conn, &by, *id, input)).await
}

/// Say which of several signatures, consents or charges counts. All of them stay on record.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = CreateRuling, responses(
    (status = 201, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`stale`: ruled on meanwhile, or there are others"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/rulings")]
pub async fn create_ruling(
    state: State,
    caller: May<RuleMatters>,
    id: web::Path<JobId>,
    body: Once<CreateRuling>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| conflicts::rule(conn, &by, *id, input)).await
}
