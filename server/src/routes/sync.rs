//! The sync of one phone, and the stream that tells it when to sync.

use crate::auth::token::Bearer;
use crate::auth::{SyncCaller, TokenHolder, admit};
use crate::body::{Either, respond};
use crate::db::Conn;
use crate::domain::price_lists::reference_versions;
use crate::domain::records;
use crate::domain::sync::{self, Committed, Phone, Pulled};
use crate::problem::Answer;
use crate::state::State;
use actix_web::{HttpResponse, post};
use schema::binary::Actor;
use schema::people::Permission;
use schema::problem::{Kind, Problem, ProblemBody};
use schema::time::Timestamp;
use schema::wire::{Ack, PROTOCOL_VERSION, Receipt, Refused, SyncRequest, SyncResponse};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::oneshot;

/// How often a push is judged again because others wrote to its jobs meanwhile. More is a storm: the phone tries again.
const TRIES: usize = 8;

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
    let Either(request, form) = body;
    if request.protocol != PROTOCOL_VERSION {
        return Err(Problem::new(Kind::ProtocolUnknown).into());
    }
    let TokenHolder(bearer) = holder;
    if request.push.is_empty() {
        // One transaction for everything; when nothing is new, no job is read.
        let request = Arc::new(request);
        let asked = Arc::clone(&request);
        let now = state.now();
        let pulled = state.db.read(move |conn| {
            let caller = admit(conn, bearer)?;
            let phone = phone(&caller)?;
            pull(conn, &caller, &phone, &asked, now)
        });
        return respond(&answer(&state, pulled.await?, Pushed::default()), form);
    }
    let request = Arc::new(request);
    let (phone, pushed) = push(&state, bearer, &request).await?;
    let now = state.now();
    let pulled = state.db.read(move |conn| Ok((sync::pull(conn, &phone, &request)?, reference_versions(conn, now)?)));
    let pulled = pulled.await?;
    respond(&answer(&state, pulled, pushed), form)
}

/// What the phone is told: news of jobs, and the newest version of each kind of reference data.
type News = (Pulled, BTreeMap<String, i64>);

/// What is new, where nothing was pushed.
fn pull(
    conn: &mut Conn,
    caller: &SyncCaller,
    phone: &Phone,
    request: &SyncRequest,
    now: Timestamp,
) -> Result<News, Problem> {
    let reference = reference_versions(conn, now)?;
    let epoch = records::epoch(conn)?;
    if sync::is_idle(request, epoch, caller.feed) {
        return Ok((Pulled { cursor: request.cursor, more: false, resync: false, jobs: Vec::new() }, reference));
    }
    Ok((sync::pull(conn, phone, request)?, reference))
}

/// The phone behind the caller: a role that carries one, logged in from an enrolled device.
fn phone(caller: &SyncCaller) -> Result<Phone, Problem> {
    caller.caller.require(Permission::CarryPhone)?;
    let (Some(device), Some(public_key)) = (caller.caller.device, caller.device_key) else {
        return Err(Problem::because(
            Kind::Forbidden,
            "请在手机上登录后再同步",
            "Only a log-in from an enrolled phone can sync",
        ));
    };
    let (person, outlet, revoked) = (caller.caller.person, caller.caller.outlet, caller.device_revoked);
    Ok(Phone { person, outlet, device, public_key, revoked })
}

#[derive(Default)]
struct Pushed {
    acks: Vec<Ack>,
    refused: Vec<Refused>,
    receipt: Option<Receipt>,
}

/// Judges and commits what was pushed; again where the records moved meanwhile.
async fn push(state: &State, bearer: Bearer, request: &Arc<SyncRequest>) -> Result<(Phone, Pushed), Problem> {
    let mut elsewhere: BTreeSet<Actor> = BTreeSet::new();
    for _ in 0..TRIES {
        let (asked, app, known) = (Arc::clone(request), state.clone().into_inner(), elsewhere.clone());
        let (phone, loaded) = state
            .db
            .read(move |conn| {
                let phone = phone(&admit(conn, bearer)?)?;
                Ok((phone, sync::load(conn, &app.records, &phone, &asked, known)?))
            })
            .await?;
        let (asked, (done, judged)) = (Arc::clone(request), oneshot::channel());
        let work = move || sync::judge(loaded, &phone, &asked);
        state.gate.submit(work, |judged| drop(done.send(judged))).map_err(|_| Problem::busy(1))?;
        let judged = Arc::new(judged.await.map_err(|_| Problem::internal("the gate's work panicked"))??);
        let proven = Arc::clone(&judged);
        let (asked, app, now) = (Arc::clone(request), state.clone().into_inner(), state.now());
        let committed =
            state.db.write(move |conn| match sync::commit(conn, &phone, &asked, &judged, (&app.keys.receipt, now))? {
                Committed::Stale => Err(Problem::new(Kind::Stale)),
                done => Ok(done),
            });
        match committed.await {
            Ok(Committed::Done { acks, refused, receipt }) => {
                proven.keep_in(&state.records);
                return Ok((phone, Pushed { acks, refused, receipt: Some(receipt) }));
            }
            Ok(Committed::Elsewhere(actors)) => elsewhere.extend(actors),
            Ok(Committed::Stale) => {}
            // Another request wrote to one of the jobs: judge again on what stands now.
            Err(problem) if matches!(problem.kind, Kind::Stale | Kind::Conflict) => {}
            Err(problem) => return Err(problem),
        }
    }
    Err(Problem::busy(1))
}

fn answer(state: &State, (pulled, reference): News, pushed: Pushed) -> SyncResponse {
    SyncResponse {
        cursor: pulled.cursor,
        more: pulled.more,
        server_time: state.now(),
        acks: pushed.acks,
        receipt: pushed.receipt,
        refused: pushed.refused,
        jobs: pulled.jobs,
        resync: pulled.resync,
        // Until photos have a transport, none is asked for.
        photos_owed: Vec::new(),
        reference,
    }
}
