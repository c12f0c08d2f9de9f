//! Price lists, and what phones carry of them.

use crate::auth::{Caller, ManagePriceList, May};
use crate::domain::price_lists::{self, Import, ItemSearch};
use crate::problem::Answer;
use crate::state::State;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, get, post, web};
use schema::binary::Hash;
use schema::limits::TABLE_BODY_BYTES_MAX;
use schema::money::Currency;
use schema::page::Page;
use schema::price_list::PriceListVersion;
use schema::problem::{Kind, Problem, ProblemBody};
use schema::reference::{PriceItem, Reference};
use schema::time::Timestamp;
use serde::Deserialize;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// As people call it; `V3` where nothing is said.
    name: Option<String>,
    /// CNY where nothing is said.
    currency: Option<Currency>,
    /// From now where nothing is said.
    valid_from: Option<Timestamp>,
}

/// Imports a price list, whole or not at all. CSV in UTF-8 with the columns `code,name_zh,name_en,unit,kind,price_fen` and, where
/// wanted, `valid_from,valid_to` (days, as in `2026-03-02`) and `barcode` (what a scanner reads off the part). `kind` is `labour`, `part` or `fee`; `price_fen` is a whole number of
/// minor units. Every wrong cell is named by row and column.
#[utoipa::path(tag = "prices", security(("bearer" = [])), params(ImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 201, body = PriceListVersion),
        (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody, description = "this very file was imported before; `detail` names the version"),
        (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
        (status = 422, body = ProblemBody, description = "`errors` by row and column, at most 100"),
    ))]
#[post("/v1/price-lists")]
pub async fn import_price_list(
    state: State,
    caller: May<ManagePriceList>,
    query: web::Query<ImportQuery>,
    request: HttpRequest,
    payload: web::Payload,
) -> Answer<(web::Json<PriceListVersion>, StatusCode)> {
    if !request.content_type().eq_ignore_ascii_case("text/csv") {
        return Err(Problem::new(Kind::UnsupportedMediaType).into());
    }
    let bytes = payload.to_bytes_limited(TABLE_BODY_BYTES_MAX).await.map_err(|_| Problem::new(Kind::TooLarge))?;
    let bytes = bytes.map_err(|_| Problem::new(Kind::BadRequest))?;
    let ImportQuery { name, currency, valid_from } = query.into_inner();
    let currency = currency.unwrap_or(Currency::CNY);
    let (import, now) = (Import { csv: bytes.to_vec(), name, currency, valid_from }, state.now());
    let version = state.db.write(move |conn| price_lists::import(conn, &caller, now, &import)).await?;
    Ok((web::Json(version), StatusCode::CREATED))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct VersionQuery {
    /// `next` of the page before.
    after: Option<i64>,
    /// Rows of a page.
    limit: Option<i64>,
}

/// Every version, newest first.
#[utoipa::path(tag = "prices", security(("bearer" = [])), params(VersionQuery), responses(
    (status = 200, body = Page<PriceListVersion>),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
))]
#[get("/v1/price-lists")]
pub async fn list_price_lists(
    state: State,
    _caller: Caller,
    query: web::Query<VersionQuery>,
) -> Answer<web::Json<Page<PriceListVersion>>> {
    let (VersionQuery { after, limit }, now) = (query.into_inner(), state.now());
    Ok(web::Json(state.db.read(move |conn| price_lists::list_versions(conn, now, after, limit)).await?))
}

/// The list that quotes are made from now.
#[utoipa::path(tag = "prices", security(("bearer" = [])), responses(
    (status = 200, body = PriceListVersion), (status = 401, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "none has been imported yet"),
))]
#[get("/v1/price-lists/current")]
pub async fn get_current_price_list(state: State, _caller: Caller) -> Answer<web::Json<PriceListVersion>> {
    let now = state.now();
    Ok(web::Json(state.db.read(move |conn| price_lists::find_version(conn, now, None)).await?))
}

/// One version.
#[utoipa::path(tag = "prices", security(("bearer" = [])), responses(
    (status = 200, body = PriceListVersion), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/price-lists/{version}")]
pub async fn get_price_list(
    state: State,
    _caller: Caller,
    version: web::Path<i64>,
) -> Answer<web::Json<PriceListVersion>> {
    let (version, now) = (version.into_inner(), state.now());
    Ok(web::Json(state.db.read(move |conn| price_lists::find_version(conn, now, Some(version))).await?))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ItemQuery {
    /// Part of a code, a name or a barcode.
    q: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page.
    limit: Option<i64>,
}

/// Items of one version, in the order of their codes.
#[utoipa::path(tag = "prices", security(("bearer" = [])), params(ItemQuery), responses(
    (status = 200, body = Page<PriceItem>),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 422, body = ProblemBody),
))]
#[get("/v1/price-lists/{version}/items")]
pub async fn list_price_items(
    state: State,
    _caller: Caller,
    version: web::Path<i64>,
    query: web::Query<ItemQuery>,
) -> Answer<web::Json<Page<PriceItem>>> {
    let ItemQuery { q, after, limit } = query.into_inner();
    let (version, search) = (version.into_inner(), ItemSearch { text: q, after, limit });
    Ok(web::Json(state.db.read(move |conn| price_lists::list_items(conn, version, &search)).await?))
}

/// What phones carry beside the records: the checklists that jobs begin with, or have begun with and not ended, and the price list in force. `ETag` names it; a phone that has it already
/// sends `If-None-Match` and gets 304.
#[utoipa::path(tag = "prices", security(("bearer" = [])), responses(
    (status = 200, body = Reference), (status = 304, description = "the phone has it"), (status = 401, body = ProblemBody),
))]
#[get("/v1/reference")]
pub async fn get_reference(state: State, _caller: Caller, request: HttpRequest) -> Answer<HttpResponse> {
    let known = super::tags_known(&request);
    let now = state.now();
    let answer = state.db.read(move |conn| {
        let tag = etag(&price_lists::reference_name(conn, now)?);
        let body = if known.contains(&tag) { None } else { Some(price_lists::reference(conn, now)?) };
        Ok((tag, body))
    });
    let (tag, body) = answer.await?;
    let status = if body.is_some() { StatusCode::OK } else { StatusCode::NOT_MODIFIED };
    let mut response = HttpResponse::build(status);
    response.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    Ok(match body {
        Some(body) => response.json(body),
        None => response.finish(),
    })
}

/// The program's version stands in it too: another program may ship other templates under the same number.
fn etag(named: &str) -> String {
    let text = format!("{} {named}", env!("CARGO_PKG_VERSION"));
    let hash = Hash::of(text.as_bytes()).to_string();
    format!("\"{}\"", hash.get(..16).unwrap_or(&hash))
}
