//! Promises to customers.

use crate::auth::{May, TakeReport};
use crate::domain::promises::{self, Search};
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::state::{State, random};
use actix_web::{get, post, web};
use schema::id::{JobId, PersonId, PromiseId, ReportId};
use schema::page::Page;
use schema::problem::ProblemBody;
use schema::promise::{CreatePromise, Promise};
use serde::Deserialize;

/// A promise with an owner and a due time.
#[utoipa::path(tag = "desk", security(("bearer" = [])), request_body = CreatePromise, responses(
    (status = 201, body = Promise),
    (status = 401, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "the report or the job"),
    (status = 422, body = ProblemBody),
))]
#[post("/v1/promises")]
pub async fn create_promise(state: State, caller: May<TakeReport>, body: Once<CreatePromise>) -> Answer<Done<Promise>> {
    let now = state.now();
    let (id, who) = (PromiseId::new(now, random()), caller.clone());
    body.create(&state, &caller, move |conn, input| promises::create(conn, &who, id, now, input)).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PromiseQuery {
    owner: Option<PersonId>,
    report: Option<ReportId>,
    job: Option<JobId>,
    /// Not yet kept, or kept.
    open: Option<bool>,
    /// Not kept in time, so far; or those that may still be, or were.
    broken: Option<bool>,
    /// `next` of the page before.
    after: Option<PromiseId>,
    /// Rows of a page.
    limit: Option<i64>,
}

/// Promises of the caller's outlet: the first due first, but where only kept ones are asked for the last kept, and where only broken ones the
/// last due. A technician sees their own.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(PromiseQuery), responses(
    (status = 200, body = Page<Promise>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
#[get("/v1/promises")]
pub async fn list_promises(
    state: State,
    caller: May<TakeReport>,
    query: web::Query<PromiseQuery>,
) -> Answer<web::Json<Page<Promise>>> {
    let PromiseQuery { owner, report, job, open, broken, after, limit } = query.into_inner();
    let search = Search { owner, report, job, is_open: open, is_broken: broken, after, limit };
    let now = state.now();
    Ok(web::Json(state.db.read(move |conn| promises::list(conn, &caller, now, search)).await?))
}

/// The promise was kept. Asked again, the first keeping stands.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = PromiseId, Path)), responses(
    (status = 200, body = Promise), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[post("/v1/promises/{id}/keep")]
pub async fn keep_promise(
    state: State,
    caller: May<TakeReport>,
    id: web::Path<PromiseId>,
) -> Answer<web::Json<Promise>> {
    let (id, now) = (id.into_inner(), state.now());
    Ok(web::Json(state.db.write(move |conn| promises::keep(conn, &caller, now, id)).await?))
}
