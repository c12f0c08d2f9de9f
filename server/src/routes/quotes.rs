//! Quotes by the office, and consents given by phone.

use crate::auth::{May, QuoteJobs, RecordConsent};
use crate::domain::quotes;
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::routes::jobs::by;
use crate::state::State;
use actix_web::http::StatusCode;
use actix_web::{post, web};
use schema::bill::{Billed, CreateConsent, CreateQuote, Quoted, WithdrawQuote};
use schema::id::{EntryId, JobId};
use schema::job::JobState;
use schema::problem::ProblemBody;

/// Quote items of the price list; names, prices and sums are computed here.
#[utoipa::path(tag = "money", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = CreateQuote, responses(
    (status = 201, body = Quoted),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`job_closed`; the customer has signed; `gate_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/quotes")]
pub async fn create_quote(
    state: State,
    caller: May<QuoteJobs>,
    id: web::Path<JobId>,
    body: Once<CreateQuote>,
) -> Answer<Done<Quoted>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| quotes::quote(conn, &by, *id, input)).await
}

/// Take one quote back, before the customer has accepted it. The others stand.
#[utoipa::path(tag = "money", security(("bearer" = [])), params(("id" = JobId, Path), ("quote" = EntryId, Path)), request_body = WithdrawQuote, responses(
    (status = 200, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`gate_closed`: the customer has accepted it; `job_closed`; the customer has signed"),
    (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/quotes/{quote}/withdraw")]
pub async fn withdraw_quote(
    state: State,
    caller: May<QuoteJobs>,
    path: web::Path<(JobId, EntryId)>,
    body: Once<WithdrawQuote>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.run(StatusCode::OK, &state, &caller, move |conn, input| {
        let (job, quote) = &*path;
        quotes::withdraw(conn, &by, (*job, quote), input)
    })
    .await
}

/// The customer accepted a quote on the phone to the desk.
#[utoipa::path(tag = "money", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = CreateConsent, responses(
    (status = 201, body = Billed),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`quote_changed`; `job_closed`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/consents")]
pub async fn create_consent(
    state: State,
    caller: May<RecordConsent>,
    id: web::Path<JobId>,
    body: Once<CreateConsent>,
) -> Answer<Done<Billed>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| quotes::consent(conn, &by, *id, input)).await
}
