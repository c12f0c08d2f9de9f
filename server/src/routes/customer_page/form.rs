//! The forms of the customer's page: who sends one, how it is read, and the one way in which each is served.

use crate::db::Conn;
use crate::domain::clocks;
use crate::domain::public::{self, Visit};
use crate::pages::customer_page::{self as pages, CONTENT_SECURITY_POLICY, Page, Typed};
use crate::pages::{code, head, send, sheet_pdf};
use crate::problem::{Answer, ApiError};
use crate::routes::public::visit;
use crate::state::State;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, web};
use maud::Markup;
use schema::limits::JSON_BODY_BYTES_MAX;
use schema::link::LinkAct;
use schema::people::Language;
use schema::problem::{Kind, Problem};
use serde::de::DeserializeOwned;
use std::future::{Future, Ready, ready};
use std::pin::Pin;

/// Somebody who came by a link, and the language that they read.
pub struct Guest {
    state: State,
    visit: Visit,
    token: String,
    language: Language,
}

impl FromRequest for Guest {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(state) = request.app_data::<State>().cloned() else {
            return ready(Err(Problem::internal("no state in this application").into()));
        };
        let token = request.match_info().get("token").unwrap_or("").to_owned();
        let (visit, language) = (visit(&state, request, &token), pages::language(request));
        ready(Ok(Self { state, visit, token, language }))
    }
}

/// A form that was filled in and sent.
pub trait Form: DeserializeOwned + Send + 'static {
    /// Does what the form asks for, and says what was done.
    fn act(&self, conn: &mut Conn, visit: &Visit) -> Result<LinkAct, Problem>;
}

/// A form as it came, readable or not: what can be kept of it is kept.
pub struct Filled<F> {
    form: Result<F, Problem>,
    typed: Typed,
}

impl<F: Form> FromRequest for Filled<F> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let act = request.path().rsplit('/').next().unwrap_or("").to_owned();
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            Ok(match bytes.await {
                Ok(bytes) if bytes.len() > JSON_BODY_BYTES_MAX => Self::refused(too_long()),
                Ok(bytes) if is_form => Self::read(&act, &bytes),
                Err(error) if error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE => {
                    Self::refused(too_long())
                }
                _ => Self::refused(unreadable(&Typed::default())),
            })
        })
    }
}

impl<F: Form> Filled<F> {
    fn refused(problem: Problem) -> Self {
        Self { form: Err(problem), typed: Typed::default() }
    }

    fn read(act: &str, bytes: &[u8]) -> Self {
        // Whatever a browser sends is ASCII; what else comes is read as far as it can be.
        let text = String::from_utf8_lossy(bytes);
        let fields = web::Query::<Vec<(String, String)>>::from_query(&text);
        let typed = Typed::new(act, fields.map(web::Query::into_inner).unwrap_or_default());
        let form = web::Query::<F>::from_query(&text).map(web::Query::into_inner);
        Self { form: form.map_err(|_| unreadable(&typed)), typed }
    }
}

/// Says that what was typed stands in the form again, where it does.
fn unreadable(typed: &Typed) -> Problem {
    if typed.is_empty() {
        let zh = "表单无法识别，未提交成功。请重新填写；仍不成功请联系客服";
        let en = "The form can't be read, and nothing was sent. Please fill it in again, or call us";
        return Problem::because(Kind::BadRequest, zh, en);
    }
    let zh = "表单内容不完整或无法识别，未提交成功。已填写的内容为您保留，请检查后重新提交；仍不成功请联系客服";
    let en = "Something in the form is missing or can't be read, and nothing was sent. What you typed is kept: please check it and \
              send it again, or call us";
    Problem::because(Kind::BadRequest, zh, en)
}

fn too_long() -> Problem {
    let zh = "填写的内容太长，未提交成功。请精简后重新填写";
    let en = "That was longer than we can take, and nothing was sent. Please write less and send it again";
    Problem::because(Kind::TooLarge, zh, en)
}

/// What the page says beside the job.
#[derive(Default)]
pub struct Told {
    pub done: Option<LinkAct>,
    pub problem: Option<Problem>,
    pub typed: Typed,
}

impl Guest {
    /// Does what a form asks for and sends the customer back to the page; or shows the page with what is in the way, and with what they
    /// typed. What the page can't show is an error, of which [`crate::problem::render`] makes a page.
    pub async fn serve<F: Form>(self, filled: Filled<F>) -> Answer<HttpResponse> {
        let Filled { form, typed } = filled;
        let outcome = match form {
            Ok(form) => {
                let visit = self.visit.clone();
                self.state.db.write(move |conn| form.act(conn, &visit)).await
            }
            Err(problem) => Err(problem),
        };
        match outcome {
            Ok(LinkAct::Revoke) => Ok(self.page(StatusCode::OK, pages::revoked(self.language))),
            Ok(act) => {
                let back = format!("/c/{}?lang={}&done={act}", self.token, code(self.language));
                Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, back)).finish())
            }
            Err(problem) if problem.kind == Kind::LinkInvalid || problem.kind.status() >= 500 => Err(problem.into()),
            Err(problem) => self.show(Told { problem: Some(problem), typed, done: None }).await,
        }
    }

    pub async fn show(self, told: Told) -> Answer<HttpResponse> {
        let visit = self.visit.clone();
        let find = move |conn: &mut Conn| {
            let view = public::look(conn, &visit)?;
            let zone = clocks::zone(conn, view.job.sheet.outlet)?;
            Ok((view, zone))
        };
        let (view, zone) = self.state.db.write(find).await?;
        let status = told.problem.as_ref().map_or(200, |problem| problem.kind.status());
        let page = Page {
            view: &view,
            token: &self.token,
            language: self.language,
            zone,
            done: told.done,
            problem: told.problem.map(|problem| pages::in_words(&problem, self.language)),
            typed: &told.typed,
        };
        Ok(self.page(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), page.render()))
    }

    pub async fn sheet(self) -> Answer<HttpResponse> {
        let (app, visit, language) = (self.state.clone(), self.visit, self.language);
        let make = move |conn: &mut Conn| {
            let kept = public::kept_sheet(conn, &visit)?;
            sheet_pdf::render(&app.typeface, &kept, language)
        };
        Ok(sheet_pdf::send(self.state.db.read(make).await?))
    }

    fn page(&self, status: StatusCode, page: Markup) -> HttpResponse {
        send(head(status, self.language, CONTENT_SECURITY_POLICY), page)
    }
}
