//! Prices of what is not on the list.

use crate::auth::{Caller, May, PriceOffList, ReadJobs};
use crate::domain::price_requests::{self, Search};
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::state::{State, random};
use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use schema::id::{JobId, PriceRequestId};
use schema::page::Page;
use schema::price_request::{AnswerPriceRequest, CreatePriceRequest, PriceRequest};
use schema::problem::ProblemBody;
use serde::Deserialize;

/// Asks the engineering supervisor for the feasibility and the price of what is not on the list; due in 15 minutes.
#[utoipa::path(tag = "prices", security(("bearer" = [])), params(("job" = JobId, Path)),
    request_body = CreatePriceRequest, responses(
    (status = 201, body = PriceRequest),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`job_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{job}/price-requests")]
pub async fn create_price_request(
    state: State,
    caller: Caller,
    job: web::Path<JobId>,
    body: Once<CreatePriceRequest>,
) -> Answer<Done<PriceRequest>> {
    let now = state.now();
    let (new, job, who) = ((PriceRequestId::new(now, random()), now), job.into_inner(), caller.clone());
    body.create(&state, &caller, move |conn, input| price_requests::create(conn, &who, new, job, input)).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PriceRequestQuery {
    /// Not yet answered, or answered.
    open: Option<bool>,
    /// `next` of the page before.
    after: Option<PriceRequestId>,
    /// Rows of a page.
    limit: Option<i64>,
}

impl From<PriceRequestQuery> for Search {
    fn from(query: PriceRequestQuery) -> Self {
        Self { is_open: query.open, after: query.after, limit: query.limit }
    }
}

/// Requests of one job, for its technician, and the office; in the order of all requests.
#[utoipa::path(tag = "prices", security(("bearer" = [])), params(("job" = JobId, Path), PriceRequestQuery), responses(
    (status = 200, body = Page<PriceRequest>),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/jobs/{job}/price-requests")]
pub async fn list_job_price_requests(
    state: State,
    caller: Caller,
    job: web::Path<JobId>,
    query: web::Query<PriceRequestQuery>,
) -> Answer<web::Json<Page<PriceRequest>>> {
    let (search, job, now) = (query.into_inner().into(), job.into_inner(), state.now());
    Ok(web::Json(state.db.read(move |conn| price_requests::list_of_job(conn, &caller, now, job, search)).await?))
}

/// Requests of the caller's outlet: where only open ones are asked for the first due first, where only others the last answered first, else
/// in the order in which they were asked.
#[utoipa::path(tag = "prices", security(("bearer" = [])), params(PriceRequestQuery), responses(
    (status = 200, body = Page<PriceRequest>),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
#[get("/v1/price-requests")]
pub async fn list_price_requests(
    state: State,
    caller: May<ReadJobs>,
    query: web::Query<PriceRequestQuery>,
) -> Answer<web::Json<Page<PriceRequest>>> {
    let (search, now) = (query.into_inner().into(), state.now());
    Ok(web::Json(state.db.read(move |conn| price_requests::list(conn, &caller, now, search)).await?))
}

/// The engineering supervisor's word. A quote may then use the price, naming this request.
#[utoipa::path(tag = "prices", security(("bearer" = [])), params(("id" = PriceRequestId, Path)),
    request_body = AnswerPriceRequest, responses(
    (status = 200, body = PriceRequest),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "it has another answer already"), (status = 422, body = ProblemBody),
))]
#[post("/v1/price-requests/{id}/answer")]
pub async fn answer_price_request(
    state: State,
    caller: May<PriceOffList>,
    id: web::Path<PriceRequestId>,
    body: Once<AnswerPriceRequest>,
) -> Answer<Done<PriceRequest>> {
    let (id, now, who) = (id.into_inner(), state.now(), caller.clone());
    body.run(StatusCode::OK, &state, &caller, move |conn, input| price_requests::answer(conn, &who, now, id, input))
        .await
}
