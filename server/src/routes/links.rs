//! The customer's links, as the office makes, lists and revokes them.

use crate::auth::{InviteCustomer, May};
use crate::domain::links::{self, Made};
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::routes::jobs::by;
use crate::state::{State, random};
use actix_web::{HttpResponse, delete, get, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schema::binary::Hash;
use schema::id::{JobId, LinkId};
use schema::link::{CreateLink, CreatedLink, Link};
use schema::problem::ProblemBody;
use serde::{Deserialize, Serialize};

/// Make a link for the customer. Its address is shown this once.
#[utoipa::path(tag = "links", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = CreateLink, responses(
    (status = 201, body = CreatedLink),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`job_closed`: cancelled"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/links")]
pub async fn create_link(
    state: State,
    caller: May<InviteCustomer>,
    id: web::Path<JobId>,
    body: Once<CreateLink>,
) -> Answer<Done<CreatedLink>> {
    let (by, draw, key) = (by(&state, &caller), Hash(random()), body.key().to_owned());
    let made = Made { token_hash: Hash::of(token(draw, &key).as_bytes()), days: state.config.link_days };
    let create = move |conn: &mut _, input: &_| {
        let link = links::create(conn, &by, *id, input, &made)?;
        Ok(StoredLink { link, draw })
    };
    let done = body.create(&state, &caller, create).await?;
    let url = |draw| format!("{}/c/{}", state.config.public_url(), token(draw, &key));
    done.reveal(|StoredLink { link, draw }| CreatedLink { link, url: url(draw) })
}

/// The answer as it is kept for a request that is sent again. Without the request's key nobody makes an address of it.
#[derive(Serialize, Deserialize)]
struct StoredLink {
    link: Link,
    draw: Hash,
}

/// Out of 32 random bytes, and the request's key where it has one.
fn token(draw: Hash, key: &str) -> String {
    URL_SAFE_NO_PAD.encode(Hash::of_all([b"link".as_slice(), draw.as_slice(), key.as_bytes()]).as_slice())
}

/// A job's links, the newest first, with what was done by them.
#[utoipa::path(tag = "links", security(("bearer" = [])), params(("id" = JobId, Path)), responses(
    (status = 200, body = Vec<Link>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
#[get("/v1/jobs/{id}/links")]
pub async fn list_links(
    state: State,
    caller: May<InviteCustomer>,
    id: web::Path<JobId>,
) -> Answer<web::Json<Vec<Link>>> {
    let now = state.now();
    Ok(web::Json(state.db.read(move |conn| links::list(conn, &caller, *id, now)).await?))
}

/// Revoke a link at once.
#[utoipa::path(tag = "links", security(("bearer" = [])), params(("id" = JobId, Path), ("link" = LinkId, Path)), responses(
    (status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
#[delete("/v1/jobs/{id}/links/{link}")]
pub async fn delete_link(
    state: State,
    caller: May<InviteCustomer>,
    path: web::Path<(JobId, LinkId)>,
) -> Answer<HttpResponse> {
    let by = by(&state, &caller);
    let (job, link) = path.into_inner();
    state.db.write(move |conn| links::revoke(conn, &by, job, link)).await?;
    Ok(HttpResponse::NoContent().finish())
}
