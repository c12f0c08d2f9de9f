//! How much waits for whoever asks, at the desk.

use crate::auth::{May, ReadJobs};
use crate::domain::waiting;
use crate::problem::Answer;
use crate::state::State;
use actix_web::{get, web};
use schema::problem::ProblemBody;
use schema::waiting::Waiting;

/// What is open, or due by now, in the caller's outlets, by where it waits. What the caller's role has no use of is left out.
#[utoipa::path(tag = "desk", security(("bearer" = [])), responses(
    (status = 200, body = Waiting), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
))]
#[get("/v1/waiting")]
pub async fn count_waiting(state: State, caller: May<ReadJobs>) -> Answer<web::Json<Waiting>> {
    let now = state.now();
    Ok(web::Json(state.db.read(move |conn| waiting::count(conn, &caller, now)).await?))
}
