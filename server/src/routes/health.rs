//! For those who run the service: is it alive, what does it measure.

use crate::problem::Answer;
use crate::state::State;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok` once the database answers.
    pub status: &'static str,
    pub version: &'static str,
}

/// Whether this server can do its work: it asks the database.
#[utoipa::path(tag = "operations", responses((status = 200, body = Health), (status = 503, description = "the database does not answer")))]
#[get("/health")]
pub async fn get_health(state: State) -> Answer<web::Json<Health>> {
    state.db.read(|conn| Ok(crate::db::meta::find_value(conn, "epoch")?)).await?;
    Ok(web::Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}

/// Counters and histograms in Prometheus' text format.
#[utoipa::path(tag = "operations", responses((status = 200, content_type = "text/plain", body = String)))]
#[get("/metrics")]
pub async fn get_metrics(state: State) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(state.metrics.render())
}
