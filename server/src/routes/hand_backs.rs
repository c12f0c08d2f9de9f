//! What was taken away for repair, handed back over the desk.

use crate::auth::{AmendJobs, May};
use crate::domain::hand_backs;
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::routes::jobs::by;
use crate::state::State;
use actix_web::{post, web};
use schema::id::JobId;
use schema::job::JobState;
use schema::problem::ProblemBody;
use schema::take_back::CreateHandBack;

/// Write down that the customer fetched their product at the outlet, or brought the loaner. A closed job takes it, too.
#[utoipa::path(tag = "dispatch", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = CreateHandBack, responses(
    (status = 201, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody), (status = 422, body = ProblemBody, description = "no such receipt; it is home already"),
))]
#[post("/v1/jobs/{id}/hand-backs")]
pub async fn create_hand_back(
    state: State,
    caller: May<AmendJobs>,
    id: web::Path<JobId>,
    body: Once<CreateHandBack>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| hand_backs::hand_back(conn, &by, *id, input)).await
}
