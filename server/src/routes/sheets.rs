//! The service task sheet, as JSON or as text to print.

use crate::auth::{May, ReadJobs};
use crate::domain::clocks;
use crate::domain::sheets::{self, Wanted};
use crate::pages::sheet_pdf;
use crate::problem::{Answer, language};
use crate::state::State;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use schema::id::{EntryId, JobId};
use schema::job::JobSheet;
use schema::problem::ProblemBody;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SheetQuery {
    /// As it was signed; the word alone is enough.
    as_signed: Option<String>,
    /// By which signature; the last one where none is named.
    #[param(value_type = Option<String>)]
    sign_off: Option<EntryId>,
}

/// The sheet as it stands, or as it was signed with what was changed since. `Accept: text/plain` gives it as text.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path), SheetQuery), responses(
    (status = 200, description = "the sheet", content((JobSheet = "application/json"), (String = "text/plain"))),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "no such job, or no such signature"),
))]
#[get("/v1/jobs/{id}/sheet")]
pub async fn get_sheet(
    state: State,
    caller: May<ReadJobs>,
    id: web::Path<JobId>,
    query: web::Query<SheetQuery>,
    request: HttpRequest,
) -> Answer<HttpResponse> {
    let query = query.into_inner();
    let is_signed = query.as_signed.is_some_and(|word| word != "false") || query.sign_off.is_some();
    let wanted = if is_signed { Wanted::AsSigned(query.sign_off) } else { Wanted::Now };
    let find = move |conn: &mut _| {
        let sheet = sheets::find(conn, &caller, *id, &wanted)?;
        let zone = clocks::zone(conn, sheet.sheet.outlet)?;
        Ok((sheet, zone))
    };
    let (sheet, zone) = state.db.read(find).await?;
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    if accept.starts_with("text/plain") {
        let text = sheets::to_text(&sheet, language(&request), zone);
        return Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text));
    }
    Ok(HttpResponse::Ok().json(sheet))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SheetPdfQuery {
    /// By which signature; the last one where none is named.
    #[param(value_type = Option<String>)]
    sign_off: Option<EntryId>,
}

/// The sheet to keep, on A4: as it was signed, with what was changed later apart; else as it stands, marked as not signed.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path), SheetPdfQuery), responses(
    (status = 200, description = "the sheet", content_type = "application/pdf", body = Vec<u8>),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "no such job, or no such signature"),
))]
#[get("/v1/jobs/{id}/sheet.pdf")]
pub async fn get_sheet_pdf(
    state: State,
    caller: May<ReadJobs>,
    id: web::Path<JobId>,
    query: web::Query<SheetPdfQuery>,
    request: HttpRequest,
) -> Answer<HttpResponse> {
    let (app, language, sign_off) = (state.clone(), language(&request), query.into_inner().sign_off);
    let make = move |conn: &mut _| {
        let kept = sheets::find_kept(conn, &caller, *id, sign_off.clone())?;
        sheet_pdf::render(&app.typeface, &kept, language)
    };
    Ok(sheet_pdf::send(state.db.read(make).await?))
}
