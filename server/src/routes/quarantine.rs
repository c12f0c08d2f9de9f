//! The dispatcher's list of what phones sent and was not taken over.

use crate::auth::{May, ReadQuarantine};
use crate::domain::quarantine::{self, QuarantineDetail, QuarantineEntry};
use crate::problem::Answer;
use crate::state::State;
use actix_web::{get, web};
use schema::id::{JobId, QuarantineId};
use schema::limits::{PAGE_ROWS, PAGE_ROWS_MAX};
use schema::problem::ProblemBody;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QuarantineQuery {
    /// Of this job only.
    #[param(value_type = Option<String>)]
    job: Option<JobId>,
    /// The last id of the page before.
    #[param(value_type = Option<String>)]
    after: Option<QuarantineId>,
    /// 1 to 200.
    limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantinePage {
    pub items: Vec<QuarantineEntry>,
    /// Hand it in as `after` for the next page.
    pub next: Option<QuarantineId>,
}

/// What was refused, the newest first: what, whose, why, and what of it was saved.
#[utoipa::path(
    tag = "sync",
    security(("bearer" = [])),
    params(QuarantineQuery),
    responses(
        (status = 200, body = QuarantinePage),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
    )
)]
#[get("/v1/quarantine")]
pub async fn list_quarantine(
    state: State,
    caller: May<ReadQuarantine>,
    query: web::Query<QuarantineQuery>,
) -> Answer<web::Json<QuarantinePage>> {
    let limit = query.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX);
    let query = query.into_inner();
    let items = state
        .db
        .read(move |conn| quarantine::list(conn, caller.outlet_filter(), query.job, query.after, limit))
        .await?;
    let is_full = i64::try_from(items.len()).unwrap_or(0) == limit;
    let next = items.last().map(|entry| entry.id).filter(|_| is_full);
    Ok(web::Json(QuarantinePage { items, next }))
}

/// One refused push with its raw bytes.
#[utoipa::path(
    tag = "sync",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "the entry's id")),
    responses(
        (status = 200, body = QuarantineDetail),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
    )
)]
#[get("/v1/quarantine/{id}")]
pub async fn get_quarantine(
    state: State,
    caller: May<ReadQuarantine>,
    id: web::Path<QuarantineId>,
) -> Answer<web::Json<QuarantineDetail>> {
    let id = id.into_inner();
    Ok(web::Json(state.db.read(move |conn| quarantine::find(conn, caller.outlet_filter(), id)).await?))
}
