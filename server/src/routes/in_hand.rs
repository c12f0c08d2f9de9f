//! What a phone is told of the jobs in its hands beside their records.

use crate::auth::Caller;
use crate::domain::in_hand;
use crate::problem::Answer;
use crate::state::State;
use actix_web::{get, web};
use schema::in_hand::JobInHand;
use schema::problem::ProblemBody;

/// Of each job in the caller's hands, what its record does not hold: the limits that run, and whether the customer wants no calls. A phone
/// keeps it and shows it without network.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), responses(
    (status = 200, body = Vec<JobInHand>), (status = 401, body = ProblemBody),
))]
#[get("/v1/jobs-in-hand")]
pub async fn list_jobs_in_hand(state: State, caller: Caller) -> Answer<web::Json<Vec<JobInHand>>> {
    Ok(web::Json(state.db.read(move |conn| in_hand::list(conn, &caller)).await?))
}
