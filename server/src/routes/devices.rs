//! Phones. They enrol themselves with a log-in (`POST /v1/sessions`).

use crate::auth::Caller;
use crate::domain::devices;
use crate::problem::Answer;
use crate::state::State;
use actix_web::{HttpResponse, delete, get, web};
use schema::id::{DeviceId, PersonId};
use schema::problem::ProblemBody;
use schema::rows::devices::DeviceRow;
use schema::session::Device;

/// A person's phones, the newest first: one's own, or those of somebody whom one sends out.
#[utoipa::path(tag = "devices", security(("bearer" = [])), params(("id" = PersonId, Path)), responses(
    (status = 200, body = Vec<Device>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
#[get("/v1/people/{id}/devices")]
pub async fn list_devices(state: State, caller: Caller, id: web::Path<PersonId>) -> Answer<web::Json<Vec<Device>>> {
    let rows = state.db.read(move |conn| devices::list(conn, &caller, *id)).await?;
    Ok(web::Json(rows.into_iter().map(shown).collect()))
}

/// Shut a lost phone out. What it hands in later goes to quarantine; a phone that is found again enrols with a new key.
#[utoipa::path(tag = "devices", security(("bearer" = [])), params(("id" = DeviceId, Path)), responses(
    (status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[delete("/v1/devices/{id}")]
pub async fn delete_device(state: State, caller: Caller, id: web::Path<DeviceId>) -> Answer<HttpResponse> {
    let now = state.now();
    state.db.write(move |conn| devices::revoke(conn, &caller, *id, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn shown(row: DeviceRow) -> Device {
    Device {
        id: row.id,
        person_id: row.person_id,
        name: row.name,
        public_key: row.public_key,
        enrolled_at: row.enrolled_at,
        revoked_at: row.revoked_at,
        revoked_by: row.revoked_by,
    }
}
