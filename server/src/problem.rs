//! Problems as HTTP answers: RFC 9457 bodies in the reader's language, one form for ours and for actix's own refusals.

use crate::openapi;
use crate::pages::customer_page;
use crate::state::State;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse, ResponseError, web};
use schema::people::Language;
use schema::problem::{Kind, Problem};
use std::fmt;
use std::time::Duration;
use tracing_actix_web::RequestId;

/// A problem that a handler answers with.
#[derive(Debug)]
pub struct ApiError(pub Problem);

/// What handlers return.
pub type Answer<T> = Result<T, ApiError>;

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    // Only until `render` has seen it, which knows the reader's language.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        respond(&self.0, Language::default(), None)
    }
}

/// The language that the reader of this answer asked for.
pub fn language(request: &HttpRequest) -> Language {
    let wanted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    wanted.map_or(Language::Chinese, Language::accept)
}

fn respond(problem: &Problem, language: Language, request_id: Option<String>) -> HttpResponse {
    let status = StatusCode::from_u16(problem.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::CONTENT_LANGUAGE, if language == Language::Chinese { "zh-CN" } else { "en" }));
    if let Some(seconds) = problem.retry_after_s {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if problem.kind.status() == 401 {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    response.json(problem.body(language, request_id))
}

/// Middleware: writes every error in the reader's language with the request's id, and logs it once.
pub async fn render(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let request_id = request.extensions().get::<RequestId>().map(ToString::to_string);
    let link = customer_page::token_of(request.path()).map(str::to_owned);
    let language = match link {
        Some(_) => customer_page::language(request.request()),
        None => language(request.request()),
    };
    // A body that never comes would hold its connection for ever. A stream has answered before it streams.
    let within = request.app_data::<State>().map_or(120, |state| state.config.answer_within_s);
    let answered = tokio::time::timeout(Duration::from_secs(within), next.call(request)).await;
    let shown = |problem: &Problem| {
        count(StatusCode::from_u16(problem.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        match &link {
            // Customers read pages, not programs' words.
            Some(token) => customer_page::respond(problem, language, (token, request_id)),
            None => respond(problem, language, request_id),
        }
    };
    let Ok(answered) = answered else {
        let problem = Problem { cause: Some("it took too long".to_owned()), ..Problem::busy(5) };
        tracing::error!(problem = %problem, "answered with a server error");
        let response = shown(&problem);
        return Err(InternalError::from_response(problem, response).into());
    };
    let response = answered?.map_into_boxed_body();
    let Some(problem) = problem_of(&response) else {
        count(response.status());
        return Ok(response);
    };
    if problem.kind.status() >= 500 {
        tracing::error!(problem = %problem, "answered with a server error");
    } else {
        tracing::info!(problem = %problem, "refused");
    }
    let (request, _) = response.into_parts();
    let mut response = shown(&problem);
    if problem.kind == Kind::MethodNotAllowed
        && let Some(allowed) = allowed(&request)
    {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    Ok(ServiceResponse::new(request, response))
}

fn count(status: StatusCode) {
    metrics::counter!("http_answers_total", "status" => status.as_u16().to_string()).increment(1);
}

/// What this address takes instead: RFC 9110 wants it said.
fn allowed(request: &HttpRequest) -> Option<header::HeaderValue> {
    let api = request.app_data::<web::Data<utoipa::openapi::OpenApi>>()?;
    header::HeaderValue::from_str(&openapi::methods_at(api, request.path()).join(", ")).ok()
}

/// Our own problem, or the nearest kind to what actix says.
fn problem_of(response: &ServiceResponse<BoxBody>) -> Option<Problem> {
    if let Some(error) = response.response().error() {
        if let Some(ApiError(problem)) = error.as_error::<ApiError>() {
            return Some(problem.clone());
        }
        let said = error.to_string();
        return Some(of_status(error.as_response_error().status_code(), &said));
    }
    // What is not ours, as the service that shows the OpenAPI document, answers with a bare status.
    let (status, is_bare) = (response.status(), response.response().body().size().is_eof());
    let is_error = status.is_client_error() || status.is_server_error();
    if is_error && is_bare { Some(of_status(status, "")) } else { None }
}

fn of_status(status: StatusCode, said: &str) -> Problem {
    let kind = match status {
        StatusCode::NOT_FOUND => Kind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Kind::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::UnsupportedMediaType,
        StatusCode::UNAUTHORIZED => Kind::Unauthenticated,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => return Problem::busy(1),
        status if status.is_client_error() => Kind::BadRequest,
        _ => return Problem::internal(said),
    };
    let mut problem = Problem::new(kind);
    if kind == Kind::BadRequest && !said.is_empty() {
        // The parser's own words are English; a program reads them, a person sees the title.
        problem.detail = Some((said.to_owned().into(), said.to_owned().into()));
    }
    problem
}

/// What is wrong with a body that should be JSON of a certain shape.
pub fn of_json(error: &serde_json::Error) -> Problem {
    let kind = if error.is_data() { Kind::InvalidField } else { Kind::BadRequest };
    let said = error.to_string();
    Problem::because(kind, in_chinese(&said), said)
}

/// What a reader of bodies or queries says of them, which it does in English only: the cases that a writer of clients meets, and else that
/// it does not read.
pub fn in_chinese(said: &str) -> String {
    const SAID: [(&str, &str); 4] = [
        ("unknown field", "未知字段"),
        ("missing field", "缺少字段"),
        ("duplicate field", "字段重复"),
        ("unknown variant", "不支持的取值"),
    ];
    let about = SAID.iter().find_map(|(en, zh)| Some((zh, said.split_once(en)?.1.split('`').nth(1)?)));
    about.map_or_else(|| "内容不符合格式".to_owned(), |(zh, name)| format!("{zh}：{name}"))
}

fn too_large_or(kind: Kind, is_too_large: bool, said: String) -> ApiError {
    if is_too_large {
        return ApiError(Problem::new(Kind::TooLarge));
    }
    ApiError(Problem::because(kind, in_chinese(&said), said))
}

/// Extractors' settings: limits, and our form for what they refuse.
pub fn extractors(config: &mut web::ServiceConfig) {
    let path = web::PathConfig::default().error_handler(|_, _| ApiError(Problem::new(Kind::NotFound)).into());
    let query = web::QueryConfig::default()
        .error_handler(|error, _| too_large_or(Kind::BadRequest, false, error.to_string()).into());
    let form = web::FormConfig::default().limit(schema::limits::JSON_BODY_BYTES_MAX).error_handler(|error, _| {
        use actix_web::error::UrlencodedError;
        let kind = match &error {
            UrlencodedError::Overflow { .. } => Kind::TooLarge,
            UrlencodedError::ContentType => Kind::UnsupportedMediaType,
            _ => Kind::BadRequest,
        };
        too_large_or(kind, kind == Kind::TooLarge, error.to_string()).into()
    });
    config.app_data(path).app_data(query).app_data(form);
    config.app_data(web::PayloadConfig::new(schema::limits::SYNC_BODY_BYTES_MAX));
}
