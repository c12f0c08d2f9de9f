//! What is due and what was paid.

use crate::auth::{Caller, May, QuoteJobs, Waive};
use crate::domain::charges;
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::routes::jobs::by;
use crate::state::State;
use actix_web::{post, web};
use schema::bill::{Billed, CreateCharge, CreatePayment, CreateWaiver};
use schema::id::JobId;
use schema::problem::ProblemBody;

/// Take something off the bill: the centre's decision.
#[utoipa::path(tag = "money", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = CreateWaiver, responses(
    (status = 201, body = Billed),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`job_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/waivers")]
pub async fn create_waiver(
    state: State,
    caller: May<Waive>,
    id: web::Path<JobId>,
    body: Once<CreateWaiver>,
) -> Answer<Done<Billed>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| charges::waive(conn, &by, *id, input)).await
}

/// Fill in the amount due; it equals the accepted quote less what was waived.
#[utoipa::path(tag = "money", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = CreateCharge, responses(
    (status = 201, body = Billed),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`gate_closed`: another amount is due; `job_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/charges")]
pub async fn create_charge(
    state: State,
    caller: May<QuoteJobs>,
    id: web::Path<JobId>,
    body: Once<CreateCharge>,
) -> Answer<Done<Billed>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| charges::charge(conn, &by, *id, input)).await
}

/// Record money received: by the office, and by the technician who has the job where the outlet lets technicians collect. Where
/// money is taken at the customer's the receipt's number is needed.
#[utoipa::path(tag = "money", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = CreatePayment, responses(
    (status = 201, body = Billed),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`job_closed`: cancelled"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/payments")]
pub async fn create_payment(
    state: State,
    caller: Caller,
    id: web::Path<JobId>,
    body: Once<CreatePayment>,
) -> Answer<Done<Billed>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| charges::pay(conn, &by, *id, input)).await
}
