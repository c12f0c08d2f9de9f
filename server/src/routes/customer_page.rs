//! The customer's page at `/c/{token}`: the link of `public`, for people. Forms post here and are sent back to the page.

use crate::domain::clocks;
use crate::domain::public::{self, Visit};
use crate::pages::customer_page::{self as pages, CONTENT_SECURITY_POLICY, Page, SCRIPT, STYLE};
use crate::problem::{Answer, language as asked_for};
use crate::routes::public::visit;
use crate::state::State;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use maud::Markup;
use schema::binary::Hash;
use schema::id::EntryId;
use schema::link::{AcceptQuote, DeclineBecause, LinkAct, RateJob, SignSheet};
use schema::people::Language;
use schema::problem::{Kind, Problem};
use schema::record::{Rating, Strokes};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize)]
pub struct PageQuery {
    lang: Option<Language>,
    done: Option<LinkAct>,
}

impl PageQuery {
    fn language(&self, request: &HttpRequest) -> Language {
        self.lang.unwrap_or_else(|| asked_for(request))
    }
}

fn html(status: StatusCode, language: Language, page: Markup) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-robots-tag", "noindex, nofollow"))
        .insert_header((header::CONTENT_LANGUAGE, if language == Language::Chinese { "zh-CN" } else { "en" }))
        .content_type("text/html; charset=utf-8")
        .body(page.into_string())
}

/// The page, with what was done or why it was not.
async fn show(
    state: &State,
    visit: Visit,
    token: &str,
    language: Language,
    told: Result<Option<LinkAct>, Problem>,
) -> Answer<HttpResponse> {
    let find = move |conn: &mut _| {
        let view = public::look(conn, &visit)?;
        let zone = clocks::zone(conn, view.job.sheet.outlet)?;
        Ok((view, zone))
    };
    let (view, zone) = match state.db.write(find).await {
        Ok(found) => found,
        Err(problem) if problem.kind == Kind::LinkInvalid => {
            return Ok(html(StatusCode::NOT_FOUND, language, pages::invalid(language)));
        }
        Err(problem) => return Err(problem.into()),
    };
    let (done, problem) = match told {
        Ok(done) => (done, None),
        Err(problem) => (None, Some(problem)),
    };
    let status = problem.as_ref().map_or(200, |problem| problem.kind.status());
    let text = problem.map(|problem| in_words(&problem, language));
    let page = Page { view: &view, token, language, zone, done, problem: text };
    Ok(html(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), language, page.render()))
}

/// What the problem's body would say, in one line.
fn in_words(problem: &Problem, language: Language) -> String {
    let body = problem.body(language, None);
    let said = body.detail.unwrap_or(body.title);
    let first = body.errors.into_iter().next();
    let why = first.map(|error| if language == Language::Chinese { error.zh } else { error.en });
    why.map_or(said.clone(), |why| format!("{said}：{why}"))
}

/// Back to the page after an act, or the page again with what went wrong.
async fn after(
    state: &State,
    request: &HttpRequest,
    token: &str,
    language: Language,
    outcome: Result<LinkAct, Problem>,
) -> Answer<HttpResponse> {
    match outcome {
        Ok(act) => {
            let language = if language == Language::Chinese { "zh-CN" } else { "en" };
            let back = format!("/c/{token}?lang={language}&done={act}");
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, back)).finish())
        }
        Err(problem) if problem.kind == Kind::LinkInvalid => {
            Ok(html(StatusCode::NOT_FOUND, language, pages::invalid(language)))
        }
        Err(problem) if problem.kind.status() >= 500 => Err(problem.into()),
        Err(problem) => show(state, visit(state, request, token), token, language, Err(problem)).await,
    }
}

/// The page that a customer opens.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(
    (status = 200, content_type = "text/html", body = String),
    (status = 404, description = "the link does not hold", content_type = "text/html", body = String),
))]
#[get("/c/{token}")]
pub async fn show_customer_page(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Answer<HttpResponse> {
    let language = query.language(&request);
    show(&state, visit(&state, &request, &token), &token, language, Ok(query.done)).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptForm {
    quote: EntryId,
    quote_hash: Hash,
    total_minor: i64,
    name: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignForm {
    name: String,
    /// With a comma between.
    covers: String,
    sheet_hash: Hash,
    #[serde(default)]
    strokes: String,
    quality: Option<i64>,
    attitude: Option<i64>,
    #[serde(default)]
    remarks: String,
}

impl SignForm {
    fn sheet(self) -> Result<SignSheet, Problem> {
        let covers = self.covers.split(',').map(str::parse).collect::<Result<Vec<Hash>, _>>();
        let rating = Rating { quality: self.quality, attitude: self.attitude };
        Ok(SignSheet {
            name: self.name,
            strokes: Some(self.strokes).filter(|text| !text.is_empty()).map(Strokes),
            rating: Some(rating).filter(|rating| rating.quality.or(rating.attitude).is_some()),
            remarks: Some(self.remarks),
            covers: covers.map_err(|_| Problem::new(Kind::SheetChanged))?,
            sheet_hash: self.sheet_hash,
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineForm {
    reason: String,
    quote: Option<EntryId>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateForm {
    quality: Option<i64>,
    attitude: Option<i64>,
    #[serde(default)]
    remarks: String,
}

/// Accept a quote by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)),
    request_body(content = AcceptForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 303, description = "back to the page"),
    (status = 404, description = "the link does not hold", content_type = "text/html", body = String),
    (status = 409, description = "the page, with what is in the way", content_type = "text/html", body = String),
    (status = 422, description = "the page, with what is wrong", content_type = "text/html", body = String),
))]
#[post("/c/{token}/accept")]
pub async fn post_acceptance(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    query: web::Query<PageQuery>,
    form: web::Form<AcceptForm>,
) -> Answer<HttpResponse> {
    let (visit, language, form) = (visit(&state, &request, &token), query.language(&request), form.into_inner());
    let input = AcceptQuote {
        quote: form.quote,
        quote_hash: form.quote_hash,
        total_minor: form.total_minor,
        name: form.name,
        strokes: None,
    };
    let outcome = state.db.write(move |conn| public::accept(conn, &visit, &input)).await.map(|_| LinkAct::Accept);
    after(&state, &request, &token, language, outcome).await
}

/// Sign by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)),
    request_body(content = SignForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 303, description = "back to the page"),
    (status = 404, description = "the link does not hold", content_type = "text/html", body = String),
    (status = 409, description = "the page, with what is in the way", content_type = "text/html", body = String),
    (status = 422, description = "the page, with what is wrong", content_type = "text/html", body = String),
))]
#[post("/c/{token}/sign")]
pub async fn post_signature(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    query: web::Query<PageQuery>,
    form: web::Form<SignForm>,
) -> Answer<HttpResponse> {
    let (visit, language, form) = (visit(&state, &request, &token), query.language(&request), form.into_inner());
    let outcome = match form.sheet() {
        Ok(input) => state.db.write(move |conn| public::sign(conn, &visit, &input)).await.map(|_| LinkAct::Sign),
        Err(problem) => Err(problem),
    };
    after(&state, &request, &token, language, outcome).await
}

/// Refuse a quote, or decline to sign, by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)),
    request_body(content = DeclineForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 303, description = "back to the page"),
    (status = 404, description = "the link does not hold", content_type = "text/html", body = String),
    (status = 409, description = "the page, with what is in the way", content_type = "text/html", body = String),
    (status = 422, description = "the page, with what is wrong", content_type = "text/html", body = String),
))]
#[post("/c/{token}/decline")]
pub async fn post_refusal(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    query: web::Query<PageQuery>,
    form: web::Form<DeclineForm>,
) -> Answer<HttpResponse> {
    let (visit, language, form) = (visit(&state, &request, &token), query.language(&request), form.into_inner());
    let act = if form.quote.is_some() { LinkAct::Refuse } else { LinkAct::Decline };
    let input = DeclineBecause { reason: form.reason, quote: form.quote, name: None };
    let outcome = state.db.write(move |conn| public::decline(conn, &visit, &input)).await.map(|_| act);
    after(&state, &request, &token, language, outcome).await
}

/// Give marks by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)),
    request_body(content = RateForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 303, description = "back to the page"),
    (status = 404, description = "the link does not hold", content_type = "text/html", body = String),
    (status = 409, description = "the page, with what is in the way", content_type = "text/html", body = String),
    (status = 422, description = "the page, with what is wrong", content_type = "text/html", body = String),
))]
#[post("/c/{token}/rate")]
pub async fn post_marks(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    query: web::Query<PageQuery>,
    form: web::Form<RateForm>,
) -> Answer<HttpResponse> {
    let (visit, language, form) = (visit(&state, &request, &token), query.language(&request), form.into_inner());
    let input = RateJob { quality: form.quality, attitude: form.attitude, remarks: Some(form.remarks) };
    let outcome = state.db.write(move |conn| public::rate(conn, &visit, &input)).await.map(|_| LinkAct::Rate);
    after(&state, &request, &token, language, outcome).await
}

/// End the link by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(
    (status = 200, content_type = "text/html", body = String),
    (status = 404, description = "the link does not hold", content_type = "text/html", body = String),
))]
#[post("/c/{token}/revoke")]
pub async fn post_revocation(
    state: State,
    request: HttpRequest,
    token: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Answer<HttpResponse> {
    let (visit, language) = (visit(&state, &request, &token), query.language(&request));
    match state.db.write(move |conn| public::revoke(conn, &visit)).await {
        Ok(()) => Ok(html(StatusCode::OK, language, pages::revoked(language))),
        Err(problem) if problem.kind == Kind::LinkInvalid => {
            Ok(html(StatusCode::NOT_FOUND, language, pages::invalid(language)))
        }
        Err(problem) => Err(problem.into()),
    }
}

fn asset(kind: &'static str, text: &'static str) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    response.content_type(kind).body(text)
}

/// The script that draws a signature.
#[utoipa::path(tag = "customer", responses((status = 200, content_type = "text/javascript", body = String)))]
#[get("/c/assets/sign.js")]
pub async fn get_sign_script() -> HttpResponse {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

/// The page's style.
#[utoipa::path(tag = "customer", responses((status = 200, content_type = "text/css", body = String)))]
#[get("/c/assets/customer.css")]
pub async fn get_customer_style() -> HttpResponse {
    asset("text/css; charset=utf-8", STYLE)
}
