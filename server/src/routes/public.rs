//! The customer's own link: no log-in, but a token that allows what its scope says.

use crate::auth::address::address;
use crate::domain::public::{self, Visit};
use crate::domain::reports::Draw;
use crate::json::Json;
use crate::problem::Answer;
use crate::state::{State, random};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use schema::binary::Hash;
use schema::link::{
    AcceptQuote, DeclineBecause, PublicView, RateJob, ReplyToDelay, ReportAgain, SeeDelay, SignBackup, SignSheet,
};
use schema::problem::ProblemBody;

/// Who came by which link. Only the token's hash goes further.
pub(super) fn visit(state: &State, request: &HttpRequest, token: &str) -> Visit {
    let browser = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
    Visit {
        token_hash: Hash::of(token.as_bytes()),
        address: address(request, state.config.trust_proxy),
        browser: browser.to_owned(),
        now: state.now(),
        random: random(),
    }
}

/// Nobody on the way keeps what a customer sees.
fn private(view: &PublicView) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(view)
}

/// The job as its customer may see it.
#[utoipa::path(tag = "customer", params(("token" = String, Path)), responses(
    (status = 200, body = PublicView),
    (status = 404, body = ProblemBody, description = "`link_invalid`: unknown, expired or revoked"),
))]
#[get("/v1/public/{token}")]
pub async fn get_public_job(state: State, request: HttpRequest, token: web::Path<String>) -> Answer<HttpResponse> {
    let visit = visit(&state, &request, &token);
    Ok(private(&state.db.write(move |conn| public::look(conn, &visit)).await?))
}

/// Accept exactly the quote that was shown.
#[utoipa::path(tag = "customer", params(("token" = String, Path)), request_body = AcceptQuote, responses(
    (status = 200, body = PublicView), (status = 403, body = ProblemBody, description = "not in the link's scope"),
    (status = 404, body = ProblemBody, description = "`link_invalid`"),
    (status = 409, body = ProblemBody, description = "`quote_changed`; `job_closed`"), (status = 422, body = ProblemBody),
    (status = 429, body = ProblemBody),
))]
#[post("/v1/public/{token}/accept")]
pub async fn accept_public_quote(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    body: Json<AcceptQuote>,
) -> Answer<HttpResponse> {
    let visit = visit(&state, &request, &token);
    Ok(private(&state.db.write(move |conn| public::accept(conn, &visit, &body)).await?))
}

/// Sign that data may be lost, before work that can destroy it begins.
#[utoipa::path(tag = "customer", params(("token" = String, Path)), request_body = SignBackup, responses(
    (status = 200, body = PublicView), (status = 403, body = ProblemBody, description = "not in the link's scope"),
    (status = 404, body = ProblemBody, description = "`link_invalid`"),
    (status = 409, body = ProblemBody, description = "`quote_changed`; `gate_closed`: nothing can be lost; `job_closed`"), (status = 422, body = ProblemBody),
    (status = 429, body = ProblemBody),
))]
#[post("/v1/public/{token}/backup")]
pub async fn sign_public_backup(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    body: Json<SignBackup>,
) -> Answer<HttpResponse> {
    let visit = visit(&state, &request, &token);
    Ok(private(&state.db.write(move |conn| public::sign_backup(conn, &visit, &body)).await?))
}

/// Sign for the work as it was shown.
#[utoipa::path(tag = "customer", params(("token" = String, Path)), request_body = SignSheet, responses(
    (status = 200, body = PublicView), (status = 403, body = ProblemBody, description = "not in the link's scope"),
    (status = 404, body = ProblemBody, description = "`link_invalid`"),
    (status = 409, body = ProblemBody, description = "`sheet_changed`: what it costs or the parts changed since; `gate_closed`; `job_closed`"), (status = 422, body = ProblemBody),
    (status = 429, body = ProblemBody),
))]
#[post("/v1/public/{token}/sign")]
pub async fn sign_public_sheet(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    body: Json<SignSheet>,
) -> Answer<HttpResponse> {
    let visit = visit(&state, &request, &token);
    Ok(private(&state.db.write(move |conn| public::sign(conn, &visit, &body)).await?))
}

/// Refuse a quote, or decline to sign, with a reason.
#[utoipa::path(tag = "customer", params(("token" = String, Path)), request_body = DeclineBecause, responses(
    (status = 200, body = PublicView), (status = 403, body = ProblemBody, description = "not in the link's scope"),
    (status = 404, body = ProblemBody, description = "`link_invalid`"),
    (status = 409, body = ProblemBody, description = "`quote_changed`; `gate_closed`: no work to sign for; `job_closed`"), (status = 422, body = ProblemBody),
    (status = 429, body = ProblemBody),
))]
#[post("/v1/public/{token}/decline")]
pub async fn decline_public_job(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    body: Json<DeclineBecause>,
) -> Answer<HttpResponse> {
    let visit = visit(&state, &request, &token);
    Ok(private(&state.db.write(move |conn| public::decline(conn, &visit, &body)).await?))
}

/// Give marks out of five.
#[utoipa::path(tag = "customer", params(("token" = String, Path)), request_body = RateJob, responses(
    (status = 200, body = PublicView), (status = 403, body = ProblemBody, description = "not in the link's scope"),
    (status = 404, body = ProblemBody, description = "`link_invalid`"),
    (status = 409, body = ProblemBody, description = "`gate_closed`: too early, or no marks"), (status = 422, body = ProblemBody),
    (status = 429, body = ProblemBody),
))]
#[post("/v1/public/{token}/rate")]
pub async fn rate_public_job(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    body: Json<RateJob>,
) -> Answer<HttpResponse> {
    let visit = visit(&state, &request, &token);
    Ok(private(&state.db.write(move |conn| public::rate(conn, &visit, &body)).await?))
}

/// Answer a delay: agree to the new time, or ask for somebody else.
#[utoipa::path(tag = "customer", params(("token" = String, Path)), request_body = ReplyToDelay, responses(
    (status = 200, body = PublicView),
    (status = 404, body = ProblemBody, description = "`link_invalid`"),
    (status = 409, body = ProblemBody, description = "the delay does not stand any more, or is another"), (status = 422, body = ProblemBody),
    (status = 429, body = ProblemBody),
))]
#[post("/v1/public/{token}/reply")]
pub async fn reply_to_public_delay(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    body: Json<ReplyToDelay>,
) -> Answer<HttpResponse> {
    let visit = visit(&state, &request, &token);
    Ok(private(&state.db.write(move |conn| public::reply(conn, &visit, &body)).await?))
}

/// Say that a delay stood before the customer's eyes. Opening the link says nothing of the kind: programs that show a preview of it open it too.
#[utoipa::path(tag = "customer", params(("token" = String, Path)), request_body = SeeDelay, responses(
    (status = 200, body = PublicView), (status = 404, body = ProblemBody, description = "`link_invalid`"),
    (status = 422, body = ProblemBody), (status = 429, body = ProblemBody),
))]
#[post("/v1/public/{token}/seen")]
pub async fn see_public_delay(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    body: Json<SeeDelay>,
) -> Answer<HttpResponse> {
    let visit = visit(&state, &request, &token);
    Ok(private(&state.db.write(move |conn| public::see(conn, &visit, &body)).await?))
}

/// Report within the warranty that it is broken again: once for a job, a second time changes nothing.
#[utoipa::path(tag = "customer", params(("token" = String, Path)), request_body = ReportAgain, responses(
    (status = 200, body = PublicView), (status = 403, body = ProblemBody, description = "not in the link's scope"),
    (status = 404, body = ProblemBody, description = "`link_invalid`"),
    (status = 409, body = ProblemBody, description = "`gate_closed`: not within a warranty; `conflict`: nobody is left who would take it"), (status = 422, body = ProblemBody),
))]
#[post("/v1/public/{token}/again")]
pub async fn report_public_job_again(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    body: Json<ReportAgain>,
) -> Answer<HttpResponse> {
    let (visit, draw) = (visit(&state, &request, &token), draw());
    Ok(private(&state.db.write(move |conn| public::report_again(conn, &visit, &body, draw)).await?))
}

/// What a report by a link needs of chance.
pub(super) fn draw() -> Draw {
    Draw { report: random(), job: random(), owner: random(), entry: random() }
}

/// End this link, as when it went to the wrong person.
#[utoipa::path(tag = "customer", params(("token" = String, Path)), responses(
    (status = 204), (status = 404, body = ProblemBody, description = "`link_invalid`"),
))]
#[post("/v1/public/{token}/revoke")]
pub async fn revoke_public_link(state: State, request: HttpRequest, token: web::Path<String>) -> Answer<HttpResponse> {
    let visit = visit(&state, &request, &token);
    state.db.write(move |conn| public::revoke(conn, &visit)).await?;
    Ok(HttpResponse::NoContent().finish())
}
