//! The checklists, as a job of any version needs them, and how a company publishes its own.

use crate::auth::{Caller, May, PublishTemplates};
use crate::domain::templates;
use crate::problem::Answer;
use crate::state::State;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, get, post, web};
use schema::binary::Hash;
use schema::limits::TEMPLATE_BYTES_MAX;
use schema::problem::{Kind, Problem, ProblemBody};
use schema::template::{Template, TemplateCheck, TemplateVersion};

/// A version never changes, but one that was lost with an old backup may be published anew: who has it asks whether it still holds.
const ASKED_AGAIN: &str = "private, no-cache";

/// Every version of every checklist that a job may have begun with, by id, the newest first.
#[utoipa::path(tag = "templates", security(("bearer" = [])), responses(
    (status = 200, body = Vec<TemplateVersion>), (status = 401, body = ProblemBody),
))]
#[get("/v1/templates")]
pub async fn list_templates(state: State, _caller: Caller) -> Answer<web::Json<Vec<TemplateVersion>>> {
    Ok(web::Json(state.db.read(templates::list_versions).await?))
}

/// Publishes a version of a checklist, for all outlets: a shipped one's next, or the first of a new id. It names the version after the
/// last one; versions are never changed or deleted. Jobs that have begun keep theirs. Sent again, it is answered the same.
#[utoipa::path(tag = "templates", security(("bearer" = [])), request_body = Template, responses(
    (status = 201, body = TemplateVersion),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "it is not the version after the last, or changes nothing; `detail` says which"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "`errors` by place, as in `/steps/3/name/en`, at most 100"),
))]
#[post("/v1/templates")]
pub async fn publish_template(
    state: State,
    caller: May<PublishTemplates>,
    request: HttpRequest,
    payload: web::Payload,
) -> Answer<(web::Json<TemplateVersion>, StatusCode)> {
    let (body, now) = (receive(&request, payload).await?, state.now());
    let version = state.db.write(move |conn| templates::publish(conn, &caller, now, &body)).await?;
    Ok((web::Json(version), StatusCode::CREATED))
}

/// What publishing this body would change, or what is wrong with it; nothing is published.
#[utoipa::path(tag = "templates", security(("bearer" = [])), request_body = Template, responses(
    (status = 200, body = TemplateCheck),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "`errors` by place, as in `/steps/3/name/en`, at most 100"),
))]
#[post("/v1/templates/check")]
pub async fn check_template(
    state: State,
    _caller: May<PublishTemplates>,
    request: HttpRequest,
    payload: web::Payload,
) -> Answer<web::Json<TemplateCheck>> {
    let body = receive(&request, payload).await?;
    Ok(web::Json(state.db.read(move |conn| templates::check(conn, &body)).await?))
}

/// The bytes, because what is wrong with them is told by place, and all at once.
async fn receive(request: &HttpRequest, payload: web::Payload) -> Result<web::Bytes, Problem> {
    if !request.content_type().eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    let bytes = payload.to_bytes_limited(TEMPLATE_BYTES_MAX).await.map_err(|_| Problem::new(Kind::TooLarge))?;
    bytes.map_err(|_| Problem::new(Kind::BadRequest))
}

/// One version: stages, steps, evidence, gates, playbooks and phrases in both languages. With `If-None-Match` the answer
/// is 304.
#[utoipa::path(tag = "templates", security(("bearer" = [])),
    params(("id" = String, Path, description = "as in `home_repair`"), ("version" = u32, Path)), responses(
    (status = 200, body = Template), (status = 304, description = "the reader has it"),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/templates/{id}/{version}")]
pub async fn get_template(
    state: State,
    _caller: Caller,
    named: web::Path<(String, u32)>,
    request: HttpRequest,
) -> Answer<HttpResponse> {
    let (id, version) = named.into_inner();
    let found = state.db.read(move |conn| templates::find(conn, &id, version)).await?;
    let template = found.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let body = serde_json::to_vec(&*template).map_err(Problem::internal)?;
    let hash = Hash::of(&body).to_string();
    let tag = format!("\"{}\"", hash.get(..16).unwrap_or(&hash));
    let is_known = super::tags_known(&request).contains(&tag);
    let mut response = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    response.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, ASKED_AGAIN));
    Ok(if is_known { response.finish() } else { response.content_type("application/json").body(body) })
}
