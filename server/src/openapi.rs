//! What the OpenAPI document says of every operation alike, so that no handler need repeat it: the form of problems, what is refused
//! before a handler runs, and that the server may be busy. And what it is asked: which methods an address takes.

use actix_web::dev::ResourceDef;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response};

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";
const PAGE: &str = "text/html";
/// Below it people read pages.
const PAGES: &str = "/c/";

/// Refused before a handler runs.
const OF_BODIES: &[(&str, &str)] =
    &[("400", "`bad_request`"), ("413", "`too_large`"), ("415", "`unsupported_media_type`")];
const OF_LOG_INS: &[(&str, &str)] =
    &[("401", "`unauthenticated`, `token_expired`, `session_ended`"), ("403", "`forbidden`, `device_revoked`")];
const OF_JSON: (&str, &str) = ("422", "`invalid_field`");
const OF_QUERIES: (&str, &str) = ("400", "`bad_request`: the query can't be read");
const OF_ALL: (&str, &str) = ("503", "`busy`: again after `Retry-After` seconds");

/// The document with what holds for all of it.
pub fn complete(mut api: OpenApi) -> OpenApi {
    for (path, item) in &mut api.paths.paths {
        let is_page = path.starts_with(PAGES);
        for (_, operation) in operations(item) {
            if !is_page {
                refusals(operation);
            }
            document(operation, OF_ALL, if is_page { PAGE } else { PROBLEM });
            operation.responses.responses.values_mut().for_each(rename);
        }
    }
    api
}

fn refusals(operation: &mut Operation) {
    let takes = |kind: &str| {
        let body = match &operation.request_body {
            Some(RefOr::T(RequestBody { content, .. })) => content,
            Some(RefOr::Ref(_)) | None => return false,
        };
        body.keys().any(|name| kind.is_empty() || name == kind)
    };
    let (has_body, has_json) = (takes(""), takes(JSON) && !takes(schema::wire::CBOR));
    let parameters = operation.parameters.iter().flatten();
    let has_query = parameters
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        })
        .any(|parameter| parameter.parameter_in == ParameterIn::Query);
    let needs_log_in = operation.security.as_ref().is_some_and(|security| !security.is_empty());
    let mut missing = Vec::new();
    missing.extend(needs_log_in.then_some(OF_LOG_INS).into_iter().flatten().copied());
    missing.extend(has_body.then_some(OF_BODIES).into_iter().flatten().copied());
    missing.extend(has_json.then_some(OF_JSON));
    missing.extend(has_query.then_some(OF_QUERIES));
    missing.into_iter().for_each(|refusal| document(operation, refusal, PROBLEM));
}

/// What the handler says itself stands.
fn document(operation: &mut Operation, (status, description): (&str, &str), media_type: &str) {
    let response = || {
        let schema = (media_type == PROBLEM).then(|| Ref::from_schema_name("ProblemBody"));
        let mut response = Response::new(description);
        response.content.insert(media_type.to_owned(), RefOr::T(Content::new(schema)));
        RefOr::T(response)
    };
    operation.responses.responses.entry(status.to_owned()).or_insert_with(response);
}

/// A problem is not just any JSON (RFC 9457).
fn rename(response: &mut RefOr<Response>) {
    let RefOr::T(response) = response else { return };
    let is_problem = response.content.get(JSON).is_some_and(|content| match content {
        RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) => schema.ref_location.ends_with("/ProblemBody"),
        _ => false,
    });
    if is_problem && let Some(content) = response.content.shift_remove(JSON) {
        response.content.insert(PROBLEM.to_owned(), content);
    }
}

/// The methods that an address takes; none where there is no such address.
pub fn methods_at(api: &OpenApi, path: &str) -> Vec<&'static str> {
    let fits = |pattern: &str| ResourceDef::new(pattern).is_match(path);
    let found = api.paths.paths.iter().filter(|(pattern, _)| fits(pattern));
    let mut methods: Vec<&str> = found.flat_map(|(_, item)| names(item)).collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

fn names(item: &PathItem) -> Vec<&'static str> {
    operations(&mut item.clone()).into_iter().map(|(method, _)| method).collect()
}

fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, options, head, patch, .. } = item;
    let all = [
        ("GET", get),
        ("PUT", put),
        ("POST", post),
        ("DELETE", delete),
        ("OPTIONS", options),
        ("HEAD", head),
        ("PATCH", patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?))).collect()
}
