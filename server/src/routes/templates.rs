//! The checklists, as a job of any version needs them.

use crate::auth::Caller;
use crate::problem::Answer;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, web};
use schema::binary::Hash;
use schema::problem::{Kind, Problem, ProblemBody};
use schema::template::{Template, TemplateName, all_shipped, find_shipped};

/// A version that was published never changes, so whoever has it need not ask again.
const FOREVER: &str = "private, max-age=31536000, immutable";

/// Every version of every checklist that a job may have begun with.
#[utoipa::path(tag = "templates", security(("bearer" = [])), responses(
    (status = 200, body = Vec<TemplateName>), (status = 401, body = ProblemBody),
))]
#[get("/v1/templates")]
pub async fn list_templates(_caller: Caller) -> Answer<web::Json<Vec<TemplateName>>> {
    Ok(web::Json(all_shipped().iter().map(Template::naming).collect()))
}

/// One version: stages, steps, evidence, gates, playbooks and phrases in both languages. It may be kept for ever; with
/// `If-None-Match` the answer is 304.
#[utoipa::path(tag = "templates", security(("bearer" = [])),
    params(("id" = String, Path, description = "as in `home_repair`"), ("version" = u32, Path)), responses(
    (status = 200, body = Template), (status = 304, description = "the reader has it"),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/templates/{id}/{version}")]
pub async fn get_template(
    _caller: Caller,
    named: web::Path<(String, u32)>,
    request: HttpRequest,
) -> Answer<HttpResponse> {
    let (id, version) = &*named;
    let template = find_shipped(id, *version).ok_or_else(|| Problem::new(Kind::NotFound))?;
    let body = serde_json::to_vec(template).map_err(Problem::internal)?;
    let hash = Hash::of(&body).to_string();
    let tag = format!("\"{}\"", hash.get(..16).unwrap_or(&hash));
    let is_known = super::tags_known(&request).contains(&tag);
    let mut response = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    response.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, FOREVER));
    Ok(if is_known { response.finish() } else { response.content_type("application/json").body(body) })
}
