//! The dispatcher's inbox of what phones sent and was not taken over.

use crate::auth::{Dispatch, May, ReadQuarantine};
use crate::body::Either;
use crate::db::quarantine::EntryFilter;
use crate::domain::quarantine::hand_in::{HandedIn, hand_in};
use crate::domain::quarantine::{self, QuarantineDetail, QuarantineEntry, decide};
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::routes::jobs::by;
use crate::state::State;
use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use schema::id::{JobId, QuarantineId};
use schema::inbox::{AdoptItems, RejectItems, UnsentFile};
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
    /// Only what is left to decide, or only what is not; both where nothing is said.
    open: Option<bool>,
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
    let QuarantineQuery { job, open, after, .. } = query.into_inner();
    let filter = EntryFilter { outlet: caller.outlet_filter(), job, open, before: after };
    let items = state.db.read(move |conn| quarantine::list(conn, &caller, filter, limit)).await?;
    let is_full = i64::try_from(items.len()).unwrap_or(0) == limit;
    let next = items.last().map(|entry| entry.id).filter(|_| is_full);
    Ok(web::Json(QuarantinePage { items, next }))
}

/// One entry, item by item, each beside what stands in the job now; and its raw bytes.
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
    Ok(web::Json(state.db.read(move |conn| quarantine::find(conn, &caller, id)).await?))
}

/// Take over all that is open of an entry, or the items named. Both names go on record: who wrote it, and who adopts it.
#[utoipa::path(tag = "sync", security(("bearer" = [])), params(("id" = QuarantineId, Path)), request_body = AdoptItems, responses(
    (status = 200, body = QuarantineDetail),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "somebody decided about it before, or it can't be adopted: `errors` by item; `gate_closed`"),
    (status = 422, body = ProblemBody),
))]
#[post("/v1/quarantine/{id}/adopt")]
pub async fn adopt_items(
    state: State,
    caller: May<Dispatch>,
    id: web::Path<QuarantineId>,
    body: Once<AdoptItems>,
) -> Answer<Done<QuarantineDetail>> {
    let (by, id) = (by(&state, &caller), id.into_inner());
    body.run(StatusCode::OK, &state, &caller, move |conn, input| decide::adopt(conn, &by, id, input)).await
}

/// Reject all that is not decided of an entry, or the items named. The technician's phone shows why.
#[utoipa::path(tag = "sync", security(("bearer" = [])), params(("id" = QuarantineId, Path)), request_body = RejectItems, responses(
    (status = 200, body = QuarantineDetail),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "somebody decided about it before: `errors` by item"),
    (status = 422, body = ProblemBody),
))]
#[post("/v1/quarantine/{id}/reject")]
pub async fn reject_items(
    state: State,
    caller: May<Dispatch>,
    id: web::Path<QuarantineId>,
    body: Once<RejectItems>,
) -> Answer<Done<QuarantineDetail>> {
    let (by, id) = (by(&state, &caller), id.into_inner());
    body.run(StatusCode::OK, &state, &caller, move |conn, input| decide::reject(conn, &by, id, input)).await
}

/// Hand in the file of unsent work of a phone that can't send it any more. It lands in the inbox; handing it in again changes nothing.
#[utoipa::path(tag = "sync", security(("bearer" = [])), request_body = UnsentFile, responses(
    (status = 200, body = HandedIn),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 422, body = ProblemBody),
))]
#[post("/v1/quarantine/hand-in")]
pub async fn hand_in_file(
    state: State,
    caller: May<Dispatch>,
    body: Either<UnsentFile>,
) -> Answer<web::Json<HandedIn>> {
    let (by, Either(file, _, _place)) = (by(&state, &caller), body);
    Ok(web::Json(state.db.write(move |conn| hand_in(conn, &by, &file)).await?))
}
