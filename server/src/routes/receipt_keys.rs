//! The keys that receipts and evidence bundles are signed with: what `server verify --trust` is given, and what a company prints
//! where it can't quietly change it.

use crate::domain::evidence;
use crate::problem::Answer;
use crate::state::State;
use actix_web::http::header;
use actix_web::{HttpResponse, get};
use schema::published_key::PublishedKeys;

/// The server's keys for receipts and evidence, the newest first. An earlier one stays listed for ever: what it signed stays good.
#[utoipa::path(tag = "sync", responses((status = 200, body = PublishedKeys)))]
#[get("/.well-known/receipt-keys.json")]
pub async fn get_receipt_keys(state: State) -> Answer<HttpResponse> {
    let keys = state.db.read(evidence::server_keys).await?;
    let list = PublishedKeys { keys };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=60")).json(list))
}
