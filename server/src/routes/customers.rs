//! Customers.

use crate::auth::{KeepCustomers, May, ReadCustomers};
use crate::domain::customers;
use crate::idempotency::{Done, Once};
use crate::json::Json;
use crate::problem::Answer;
use crate::state::{State, random};
use actix_web::{get, patch, post, web};
use schema::customer::{CreateCustomer, Customer, CustomerClass, PatchCustomer};
use schema::id::CustomerId;
use schema::page::Page;
use schema::problem::ProblemBody;
use serde::Deserialize;

/// A new customer of the caller's outlet.
#[utoipa::path(tag = "desk", security(("bearer" = [])), request_body = CreateCustomer, responses(
    (status = 201, body = Customer),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody),
))]
#[post("/v1/customers")]
pub async fn create_customer(
    state: State,
    caller: May<KeepCustomers>,
    body: Once<CreateCustomer>,
) -> Answer<Done<Customer>> {
    let now = state.now();
    let (id, who) = (CustomerId::new(now, random()), caller.clone());
    body.create(&state, &caller, move |conn, input| customers::create(conn, &who, id, now, input)).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CustomerQuery {
    /// Part of a name, an address or a phone number (three digits or more), while it is being typed.
    q: Option<String>,
    class: Option<CustomerClass>,
    /// `next` of the page before.
    after: Option<CustomerId>,
    /// Rows of a page.
    limit: Option<i64>,
}

/// Customers of the caller's outlet. Phone numbers are masked.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(CustomerQuery), responses(
    (status = 200, body = Page<Customer>),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
))]
#[get("/v1/customers")]
pub async fn list_customers(
    state: State,
    caller: May<ReadCustomers>,
    query: web::Query<CustomerQuery>,
) -> Answer<web::Json<Page<Customer>>> {
    let CustomerQuery { q, class, after, limit } = query.into_inner();
    let search = customers::Search { text: q, class, after, limit };
    Ok(web::Json(state.db.read(move |conn| customers::list(conn, &caller, &search)).await?))
}

/// One customer. The phone number is shown to those who need it, and the look is logged.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = CustomerId, Path)), responses(
    (status = 200, body = Customer),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/customers/{id}")]
pub async fn get_customer(
    state: State,
    caller: May<ReadCustomers>,
    id: web::Path<CustomerId>,
) -> Answer<web::Json<Customer>> {
    let (id, now) = (id.into_inner(), state.now());
    Ok(web::Json(state.db.write(move |conn| customers::find(conn, &caller, now, id)).await?))
}

/// Changes what is named.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = CustomerId, Path)), responses(
    (status = 200, body = Customer),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 422, body = ProblemBody),
))]
#[patch("/v1/customers/{id}")]
pub async fn update_customer(
    state: State,
    caller: May<KeepCustomers>,
    id: web::Path<CustomerId>,
    body: Json<PatchCustomer>,
) -> Answer<web::Json<Customer>> {
    let (id, now) = (id.into_inner(), state.now());
    Ok(web::Json(state.db.write(move |conn| customers::patch(conn, &caller, now, id, &body)).await?))
}
