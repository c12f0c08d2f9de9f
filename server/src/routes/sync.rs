//! The sync of one phone. What happens in it stands in [`crate::domain::sync`].

use crate::auth::TokenHolder;
use crate::body::{Either, respond};
use crate::domain::sync::exchange;
use crate::problem::Answer;
use crate::state::State;
use actix_web::{HttpResponse, post};
use schema::problem::ProblemBody;
use schema::wire::{SyncRequest, SyncResponse};

/// One round trip for all jobs, both ways.
///
/// The phone sends what it wrote, signed by its key, and where it stands in its feed; the answer acknowledges what is durable here
/// and brings what is new. Sending the same again is harmless. Nothing that was sent is lost: what can't be taken over lies in
/// quarantine and is named under `refused`. The body is CBOR (`application/cbor`) or JSON, gzip by `Content-Encoding`.
#[utoipa::path(
    tag = "sync",
    security(("bearer" = [])),
    request_body(content((SyncRequest = "application/cbor"), (SyncRequest = "application/json"))),
    responses(
        (status = 200, content((SyncResponse = "application/cbor"), (SyncResponse = "application/json"))),
        (status = 400, description = "bad_request, protocol_unknown, signature_invalid", body = ProblemBody),
        (status = 401, description = "token_expired, session_ended", body = ProblemBody),
        (status = 403, description = "forbidden", body = ProblemBody),
        (status = 413, description = "too_large", body = ProblemBody),
        (status = 415, description = "unsupported_media_type", body = ProblemBody),
        (status = 503, description = "busy: again after Retry-After seconds", body = ProblemBody),
    )
)]
#[post("/v1/sync")]
pub async fn sync_phone(state: State, holder: TokenHolder, body: Either<SyncRequest>) -> Answer<HttpResponse> {
    let (TokenHolder(bearer), Either(request, form, _place)) = (holder, body);
    // Who only asks holds no records; who compares heads holds one at a time.
    let held = request.push.len().max(usize::from(request.heads.is_some()));
    let _turn = if held == 0 { None } else { Some(state.turns.take(held).await?) };
    respond(&exchange(state.get_ref(), bearer, request).await?, form)
}
