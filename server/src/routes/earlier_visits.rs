//! Earlier visits to the customers of the jobs in hand.

use crate::auth::Caller;
use crate::domain::earlier_visits;
use crate::problem::Answer;
use crate::state::State;
use actix_web::{get, web};
use schema::earlier_visit::EarlierVisits;
use schema::problem::ProblemBody;

/// Of each job in the caller's hands, what was done for the same customer before, the last first and ten at most. A phone keeps it beside
/// the job and shows it without network.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), responses(
    (status = 200, body = Vec<EarlierVisits>), (status = 401, body = ProblemBody),
))]
#[get("/v1/earlier-visits")]
pub async fn list_earlier_visits(state: State, caller: Caller) -> Answer<web::Json<Vec<EarlierVisits>>> {
    let now = state.now();
    Ok(web::Json(state.db.read(move |conn| earlier_visits::list(conn, &caller, now)).await?))
}
