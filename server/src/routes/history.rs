//! What happened to a job.

use crate::auth::{May, ReadJobs};
use crate::domain::history::{self, HistoryChange};
use crate::problem::Answer;
use crate::state::State;
use actix_web::{get, web};
use schema::id::JobId;
use schema::problem::ProblemBody;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// In the order in which the server took them over, which is not the order of their times.
    pub changes: Vec<HistoryChange>,
}

/// Every change to a job: who wrote it, with which phone, when by their clock and when by ours, what stood there before and after.
#[utoipa::path(
    tag = "jobs",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "the job's id")),
    responses(
        (status = 200, body = History),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
    )
)]
#[get("/v1/jobs/{id}/history")]
pub async fn get_history(state: State, caller: May<ReadJobs>, id: web::Path<JobId>) -> Answer<web::Json<History>> {
    let id = id.into_inner();
    let changes = state.db.read(move |conn| history::list(conn, caller.outlet_filter(), id)).await?;
    Ok(web::Json(History { changes }))
}
