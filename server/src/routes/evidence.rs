//! Evidence of a job, to be verified without us (`server verify`).

use crate::auth::{ExportEvidence, May};
use crate::domain::evidence;
use crate::problem::Answer;
use crate::state::State;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, get, web};
use schema::problem::ProblemBody;

/// The job's evidence bundle: its whole log with the devices' signatures, our receipts, and what customers signed. One JSON object
/// a line; `docs/evidence.md` describes it. It holds the customer's data: who fetched it is in the log of the service.
#[utoipa::path(
    tag = "evidence",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "the job's id or number")),
    responses(
        (status = 200, content_type = "application/x-ndjson", body = String),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
    )
)]
#[get("/v1/jobs/{id}/bundle")]
pub async fn get_bundle(state: State, caller: May<ExportEvidence>, id: web::Path<String>) -> Answer<HttpResponse> {
    let (app, now, outlet, named) = (state.clone(), state.now(), caller.outlet_filter(), id.into_inner());
    // In memory: a slow reader must not hold one of the few connections, and a record has a limit.
    let export = move |conn: &mut crate::db::Conn| {
        let job = evidence::find_job(conn, outlet, &named)?;
        Ok((job, evidence::export(conn, job, (&app.keys.receipt, now), Vec::new())?))
    };
    let (job, bundle) = state.db.read(export).await?;
    tracing::info!(%job, person = %caller.person, bytes = bundle.len(), "evidence exported");
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(format!("{job}.evidence"))],
    };
    Ok(HttpResponse::Ok()
        .content_type("application/x-ndjson")
        .insert_header(disposition)
        .insert_header(("cache-control", "no-store"))
        .body(bundle))
}
