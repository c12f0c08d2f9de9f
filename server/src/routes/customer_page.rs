//! The customer's page at `/c/{token}`: the link of `public`, for people. Forms post here and are sent back to the page. All of them
//! are served in one way ([`form`]); here stands what each asks for.

mod form;

use crate::db::Conn;
use crate::domain::public::{self, Visit};
use crate::pages::customer_page::{SCRIPT, STYLE, Typed, VERSION};
use crate::problem::Answer;
use crate::routes::public::draw;
use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use form::{Filled, Form, Guest, Told};
use schema::binary::Hash;
use schema::id::EntryId;
use schema::link::{AcceptQuote, DeclineBecause, LinkAct, RateJob, ReplyToDelay, ReportAgain, SignBackup, SignSheet};
use schema::people::Language;
use schema::problem::{Kind, Problem};
use schema::record::{BackupCopy, Rating, Strokes};
use serde::Deserialize;
use utoipa::{IntoResponses, ToSchema};

#[derive(Debug, Default, Deserialize)]
pub struct PageQuery {
    done: Option<LinkAct>,
}

/// The page that a customer opens.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(
    (status = 200, content_type = "text/html", body = String),
    (status = 404, description = "the link does not hold", content_type = "text/html", body = String),
))]
#[get("/c/{token}")]
pub async fn show_customer_page(guest: Guest, query: Option<web::Query<PageQuery>>) -> Answer<HttpResponse> {
    let done = query.and_then(|query| query.done);
    guest.show(Told { done, problem: None, typed: Typed::default() }).await
}

/// The sheet to keep, on paper.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(
    (status = 200, description = "the sheet", content_type = "application/pdf", body = Vec<u8>),
    (status = 404, description = "the link does not hold", content_type = "text/html", body = String),
))]
#[get("/c/{token}/sheet.pdf")]
pub async fn get_customer_sheet(guest: Guest) -> Answer<HttpResponse> {
    guest.sheet().await
}

/// What every form is answered with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the OpenAPI document only")]
enum FormAnswers {
    #[response(status = 303, description = "back to the page")]
    Done,
    #[response(
        status = 400,
        description = "the page, with what was typed and can't be read",
        content_type = "text/html"
    )]
    Unreadable(String),
    #[response(status = 403, description = "the page: this link does not allow it", content_type = "text/html")]
    NotAllowed(String),
    #[response(status = 404, description = "the link does not hold", content_type = "text/html")]
    NoLink(String),
    #[response(status = 409, description = "the page, with what is in the way", content_type = "text/html")]
    InTheWay(String),
    #[response(status = 413, description = "the page: that is too much", content_type = "text/html")]
    TooLong(String),
    #[response(status = 422, description = "the page, with what is wrong", content_type = "text/html")]
    Wrong(String),
    #[response(status = 429, description = "the page: that was too often", content_type = "text/html")]
    TooOften(String),
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptForm {
    quote: EntryId,
    quote_hash: Hash,
    total_minor: i64,
    #[serde(default)]
    name: String,
    /// The alternatives that stood beside it, with a comma between.
    beside: Option<String>,
}

impl Form for AcceptForm {
    fn act(&self, conn: &mut Conn, visit: &Visit) -> Result<LinkAct, Problem> {
        let input = AcceptQuote {
            quote: self.quote.clone(),
            quote_hash: self.quote_hash,
            total_minor: self.total_minor,
            name: self.name.clone(),
            strokes: None,
            beside: self.beside.as_deref().map(quotes_of).transpose()?,
        };
        public::accept(conn, visit, &input).map(|_| LinkAct::Accept)
    }
}

/// Accept a quote by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(FormAnswers),
    request_body(content = AcceptForm, content_type = "application/x-www-form-urlencoded"))]
#[post("/c/{token}/accept")]
pub async fn post_acceptance(guest: Guest, form: Filled<AcceptForm>) -> Answer<HttpResponse> {
    guest.serve(form).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupForm {
    quote: EntryId,
    quote_hash: Hash,
    copy: BackupCopy,
    language: Language,
    #[serde(default)]
    name: String,
    #[serde(default)]
    strokes: String,
}

impl Form for BackupForm {
    fn act(&self, conn: &mut Conn, visit: &Visit) -> Result<LinkAct, Problem> {
        let input = SignBackup {
            quote: self.quote.clone(),
            quote_hash: self.quote_hash,
            copy: self.copy,
            language: self.language,
            name: self.name.clone(),
            strokes: Some(self.strokes.clone()).filter(|text| !text.is_empty()).map(Strokes),
        };
        public::sign_backup(conn, visit, &input).map(|_| LinkAct::Backup)
    }
}

/// Sign by the page's form that data may be lost.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(FormAnswers),
    request_body(content = BackupForm, content_type = "application/x-www-form-urlencoded"))]
#[post("/c/{token}/backup")]
pub async fn post_backup(guest: Guest, form: Filled<BackupForm>) -> Answer<HttpResponse> {
    guest.serve(form).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignForm {
    #[serde(default)]
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

impl Form for SignForm {
    fn act(&self, conn: &mut Conn, visit: &Visit) -> Result<LinkAct, Problem> {
        let covers = self.covers.split(',').map(str::parse).collect::<Result<Vec<Hash>, _>>();
        let rating = Rating { quality: self.quality, attitude: self.attitude };
        let input = SignSheet {
            name: self.name.clone(),
            strokes: Some(self.strokes.clone()).filter(|text| !text.is_empty()).map(Strokes),
            rating: Some(rating).filter(|rating| rating.quality.or(rating.attitude).is_some()),
            remarks: Some(self.remarks.clone()),
            covers: covers.map_err(|_| Problem::new(Kind::SheetChanged))?,
            sheet_hash: self.sheet_hash,
        };
        public::sign(conn, visit, &input).map(|_| LinkAct::Sign)
    }
}

/// Sign by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(FormAnswers),
    request_body(content = SignForm, content_type = "application/x-www-form-urlencoded"))]
#[post("/c/{token}/sign")]
pub async fn post_signature(guest: Guest, form: Filled<SignForm>) -> Answer<HttpResponse> {
    guest.serve(form).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineForm {
    #[serde(default)]
    reason: String,
    quote: Option<EntryId>,
    /// Alternatives to it that are not accepted either, with a comma between.
    #[serde(default)]
    beside: String,
}

fn quotes_of(list: &str) -> Result<Vec<EntryId>, Problem> {
    let quotes = list.split(',').filter(|id| !id.is_empty()).map(str::parse);
    quotes.collect::<Result<_, _>>().map_err(|_| Problem::new(Kind::QuoteChanged))
}

impl Form for DeclineForm {
    fn act(&self, conn: &mut Conn, visit: &Visit) -> Result<LinkAct, Problem> {
        let (reason, quote, beside) = (self.reason.clone(), self.quote.clone(), quotes_of(&self.beside)?);
        let input = DeclineBecause { reason, quote, beside, name: None };
        public::decline(conn, visit, &input)?;
        Ok(if self.quote.is_some() { LinkAct::Refuse } else { LinkAct::Decline })
    }
}

/// Refuse a quote, or decline to sign, by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(FormAnswers),
    request_body(content = DeclineForm, content_type = "application/x-www-form-urlencoded"))]
#[post("/c/{token}/decline")]
pub async fn post_refusal(guest: Guest, form: Filled<DeclineForm>) -> Answer<HttpResponse> {
    guest.serve(form).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateForm {
    quality: Option<i64>,
    attitude: Option<i64>,
    #[serde(default)]
    remarks: String,
}

impl Form for RateForm {
    fn act(&self, conn: &mut Conn, visit: &Visit) -> Result<LinkAct, Problem> {
        let input = RateJob { quality: self.quality, attitude: self.attitude, remarks: Some(self.remarks.clone()) };
        public::rate(conn, visit, &input).map(|_| LinkAct::Rate)
    }
}

/// Give marks by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(FormAnswers),
    request_body(content = RateForm, content_type = "application/x-www-form-urlencoded"))]
#[post("/c/{token}/rate")]
pub async fn post_marks(guest: Guest, form: Filled<RateForm>) -> Answer<HttpResponse> {
    guest.serve(form).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgainForm {
    #[serde(default)]
    fault: String,
}

impl Form for AgainForm {
    fn act(&self, conn: &mut Conn, visit: &Visit) -> Result<LinkAct, Problem> {
        let draw = draw();
        public::report_again(conn, visit, &ReportAgain { fault: self.fault.clone() }, draw).map(|_| LinkAct::Again)
    }
}

/// Report within the warranty that it is broken again, by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(FormAnswers),
    request_body(content = AgainForm, content_type = "application/x-www-form-urlencoded"))]
#[post("/c/{token}/again")]
pub async fn post_again(guest: Guest, form: Filled<AgainForm>) -> Answer<HttpResponse> {
    guest.serve(form).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyForm {
    delay: EntryId,
    /// Which button was pressed: `yes`, or that somebody else is to come.
    agrees: String,
    #[serde(default)]
    note: String,
}

impl Form for ReplyForm {
    fn act(&self, conn: &mut Conn, visit: &Visit) -> Result<LinkAct, Problem> {
        let (agrees, note) = (self.agrees == "yes", Some(self.note.clone()));
        let input = ReplyToDelay { delay: self.delay.clone(), agrees, note };
        public::reply(conn, visit, &input).map(|_| LinkAct::Reply)
    }
}

/// Answer a delay by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(FormAnswers),
    request_body(content = ReplyForm, content_type = "application/x-www-form-urlencoded"))]
#[post("/c/{token}/reply")]
pub async fn post_reply(guest: Guest, form: Filled<ReplyForm>) -> Answer<HttpResponse> {
    guest.serve(form).await
}

/// Nothing is asked, and nothing that comes along is in the way.
#[derive(Debug, Deserialize)]
pub struct RevokeForm {}

impl Form for RevokeForm {
    fn act(&self, conn: &mut Conn, visit: &Visit) -> Result<LinkAct, Problem> {
        public::revoke(conn, visit).map(|()| LinkAct::Revoke)
    }
}

/// End the link by the page's form.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("lang" = Option<String>, Query)), responses(
    (status = 200, description = "a page that says so", content_type = "text/html", body = String),
    (status = 400, description = "the page: nothing came that is a form", content_type = "text/html", body = String),
    (status = 413, description = "the page: that is too much", content_type = "text/html", body = String),
    (status = 404, description = "the link does not hold", content_type = "text/html", body = String),
))]
#[post("/c/{token}/revoke")]
pub async fn post_revocation(guest: Guest, form: Filled<RevokeForm>) -> Answer<HttpResponse> {
    guest.serve(form).await
}

/// Which content of a file is asked for.
#[derive(Debug, Deserialize)]
pub struct AssetQuery {
    v: Option<String>,
}

/// Kept for good under the name of its content. A page of another version, while servers are being replaced, must not leave ours behind
/// under a name that is not its own.
fn asset((kind, text): (&'static str, &'static str), query: Option<web::Query<AssetQuery>>) -> HttpResponse {
    let asked = query.and_then(|query| query.into_inner().v);
    let caching = match asked.is_some_and(|asked| asked == *VERSION) {
        true => "public, max-age=31536000, immutable",
        false => "no-store",
    };
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, caching)).content_type(kind).body(text)
}

/// The script that draws a signature.
#[utoipa::path(tag = "customer", responses((status = 200, content_type = "text/javascript", body = String)))]
#[get("/c/assets/sign.js")]
pub async fn get_sign_script(query: Option<web::Query<AssetQuery>>) -> HttpResponse {
    asset(("text/javascript; charset=utf-8", SCRIPT), query)
}

/// The page's style.
#[utoipa::path(tag = "customer", responses((status = 200, content_type = "text/css", body = String)))]
#[get("/c/assets/customer.css")]
pub async fn get_customer_style(query: Option<web::Query<AssetQuery>>) -> HttpResponse {
    asset(("text/css; charset=utf-8", STYLE), query)
}
