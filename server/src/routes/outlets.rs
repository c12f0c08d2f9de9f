//! Branches of the company.
#![expect(unused_qualifications, reason = "utoipa writes the path of a query's type out")]

use crate::auth::{Caller, ManagePeople, May};
use crate::domain::outlets;
use crate::idempotency::{Done, Once};
use crate::json::Json;
use crate::problem::Answer;
use crate::state::{State, random};
use actix_web::{get, patch, post, web};
use schema::id::OutletId;
use schema::outlet::{ChangeOutlet, CreateOutlet, Outlet, OutletDefaults};
use schema::page::{Page, rows};
use schema::problem::ProblemBody;
use serde::Deserialize;
use utoipa::IntoParams;

/// Found a branch.
#[utoipa::path(tag = "outlets", security(("bearer" = [])), request_body = CreateOutlet, responses(
    (status = 201, body = Outlet), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`idempotency_conflict`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/outlets")]
pub async fn create_outlet(state: State, caller: May<ManagePeople>, body: Once<CreateOutlet>) -> Answer<Done<Outlet>> {
    let now = state.now();
    let id = OutletId::new(now, random());
    body.create(&state, &caller, move |conn, input| Ok(outlets::shown(outlets::create(conn, input, id, now)?))).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OutletsQuery {
    pub after: Option<OutletId>,
    pub limit: Option<i64>,
}

/// The branches that one may know of: one's own, or all.
#[utoipa::path(tag = "outlets", security(("bearer" = [])), params(OutletsQuery), responses(
    (status = 200, body = Page<Outlet>), (status = 401, body = ProblemBody),
))]
#[get("/v1/outlets")]
pub async fn list_outlets(
    state: State,
    caller: Caller,
    query: web::Query<OutletsQuery>,
) -> Answer<web::Json<Page<Outlet>>> {
    let (after, limit) = (query.after, rows(query.limit));
    Ok(web::Json(state.db.read(move |conn| outlets::list(conn, &caller, after, limit)).await?))
}

/// How an outlet works that says nothing else: what its settings are beside.
#[utoipa::path(tag = "outlets", security(("bearer" = [])), responses(
    (status = 200, body = OutletDefaults), (status = 401, body = ProblemBody),
))]
#[get("/v1/outlet-defaults")]
pub async fn get_outlet_defaults(_caller: Caller) -> Answer<web::Json<OutletDefaults>> {
    Ok(web::Json(outlets::defaults()?))
}

/// One branch.
#[utoipa::path(tag = "outlets", security(("bearer" = [])), params(("id" = OutletId, Path)), responses(
    (status = 200, body = Outlet), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/outlets/{id}")]
pub async fn get_outlet(state: State, caller: Caller, id: web::Path<OutletId>) -> Answer<web::Json<Outlet>> {
    Ok(web::Json(state.db.read(move |conn| outlets::find(conn, &caller, *id)).await?))
}

/// Change a branch: its name, its number, how it works.
///
/// Clocks, calls back, the time on the way, the time to price what is not on the list, and the time zone hold for jobs that are
/// reported from now on: a job keeps those that were in force when it was reported, so no limit that runs already is moved, and no
/// breach is set away. Who collects, how often a customer is tried, how soon a question
/// passed upward is answered and the window of repeated reports count at once.
#[utoipa::path(tag = "outlets", security(("bearer" = [])), params(("id" = OutletId, Path)), responses(
    (status = 200, body = Outlet), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 422, body = ProblemBody),
))]
#[patch("/v1/outlets/{id}")]
pub async fn change_outlet(
    state: State,
    _caller: May<ManagePeople>,
    id: web::Path<OutletId>,
    body: Json<ChangeOutlet>,
) -> Answer<web::Json<Outlet>> {
    let now = state.now();
    let row = state.db.write(move |conn| outlets::change(conn, *id, &body, now)).await?;
    Ok(web::Json(outlets::shown(row)))
}
