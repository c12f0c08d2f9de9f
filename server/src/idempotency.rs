//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that was sent twice, because its answer was lost, is done
//! once. The answer is kept with the command, in one transaction, for 24 hours.
//!
//! A handler takes its body as [`Once`] instead of `web::Json`, and gives its command to [`Once::create`]:
//!
//! ```text
//! pub async fn create_outlet(state: State, caller: May<ManagePeople>, body: Once<CreateOutlet>) -> Answer<Done<Outlet>> {
//!     let (now, random) = (state.now(), random());
//!     body.create(&state, &caller, move |conn, outlet| outlets::create(conn, outlet, now, random)).await
//! }
//! ```
//!
//! The same key with the same body gets the stored answer (and `Idempotency-Replayed: true`), with another body it is
//! `idempotency_conflict`. A refusal is not stored: nothing was done, so it may be tried again. Without a key the command just runs.
//! What has to happen after the commit, and only once, looks at [`Done::fresh`].
//!
//! Of a key the database holds a hash. An answer that holds a secret is stored without it, and made whole by [`Done::reveal`] each time that
//! it is given, out of what was stored and the key: only who sends the same key again gets it.

use crate::auth::Caller;
use crate::db::{Conn, idempotency};
use crate::json::{json_bytes, read_object};
use crate::problem::{Answer, ApiError};
use crate::state::State;
use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use schema::binary::Hash;
use schema::id::PersonId;
use schema::limits::IDEMPOTENCY_KEY_CHARS_MAX;
use schema::problem::{Kind, Problem};
use schema::rows::idempotency::IdempotencyRow;
use schema::time::{DAY, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;

/// How long an answer is kept.
pub const KEPT_US: i64 = DAY;

/// A JSON body, with the key that its sender gave it.
pub struct Once<T> {
    pub input: T,
    key: Option<Key>,
}

struct Key {
    /// As it was sent.
    secret: String,
    /// What the database knows it by.
    text: String,
    /// Of all that makes the request what it is.
    request: Hash,
}

/// What came of a command, now or when it was first sent.
pub struct Done<R> {
    status: StatusCode,
    body: String,
    result: Option<R>,
}

impl<R> Done<R> {
    /// The result, where the command ran just now; None where an earlier answer is repeated.
    pub fn fresh(&self) -> Option<&R> {
        self.result.as_ref()
    }

    /// Makes what was stored into what is answered.
    pub fn reveal<S: Serialize>(self, whole: impl FnOnce(R) -> S) -> Answer<Done<S>>
    where
        R: DeserializeOwned,
    {
        let stored = serde_json::from_str(&self.body).map_err(Problem::internal)?;
        let whole = whole(stored);
        let body = serde_json::to_string(&whole).map_err(Problem::internal)?;
        Ok(Done { status: self.status, body, result: self.result.map(|_| whole) })
    }
}

impl<T> Once<T> {
    /// What its sender gave it; nothing where they gave it none.
    pub fn key(&self) -> &str {
        self.key.as_ref().map_or("", |key| key.secret.as_str())
    }
}

impl<T: Send + 'static> Once<T> {
    /// Runs a command that makes something: 201.
    pub async fn create<R, F>(self, state: &State, caller: &Caller, command: F) -> Answer<Done<R>>
    where
        R: Serialize + Send + 'static,
        F: FnMut(&mut Conn, &T) -> Result<R, Problem> + Send + 'static,
    {
        self.run(StatusCode::CREATED, state, caller, command).await
    }

    /// Runs a command, unless it ran already.
    pub async fn run<R, F>(self, status: StatusCode, state: &State, caller: &Caller, mut command: F) -> Answer<Done<R>>
    where
        R: Serialize + Send + 'static,
        F: FnMut(&mut Conn, &T) -> Result<R, Problem> + Send + 'static,
    {
        let Self { input, key } = self;
        let (person, now) = (caller.person, state.now());
        let write = move |conn: &mut Conn| {
            if let Some(done) = key.as_ref().map(|key| find(conn, person, key, now)).transpose()?.flatten() {
                return Ok(done);
            }
            if let Some(key) = &key {
                claim(conn, &unanswered(person, key, status, now))?;
            }
            let result = command(conn, &input)?;
            let body = serde_json::to_string(&result).map_err(Problem::internal)?;
            if let Some(key) = &key {
                idempotency::update_body(conn, person, &key.text, &body)?;
            }
            Ok(Done { status, body, result: Some(result) })
        };
        Ok(state.db.write(write).await?)
    }
}

fn find<R>(conn: &mut Conn, person: PersonId, key: &Key, now: Timestamp) -> Result<Option<Done<R>>, Problem> {
    let kept = idempotency::find_answer(conn, person, &key.text)?;
    let Some(row) = kept.filter(|row| now.since(row.created_at) < KEPT_US) else { return Ok(None) };
    if row.request_hash != key.request {
        return Err(Problem::new(Kind::IdempotencyConflict));
    }
    let status = u16::try_from(row.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    Ok(Some(Done { status: status.unwrap_or(StatusCode::OK), body: row.body, result: None }))
}

fn unanswered(person: PersonId, key: &Key, status: StatusCode, now: Timestamp) -> IdempotencyRow {
    IdempotencyRow {
        person_id: person,
        key: key.text.clone(),
        request_hash: key.request,
        status: i32::from(status.as_u16()),
        body: String::new(),
        created_at: now,
    }
}

/// Before the command runs: the same request on another writer waits here for this one, instead of finding half of its work.
fn claim(conn: &mut Conn, row: &IdempotencyRow) -> Result<(), Problem> {
    // Nobody may have tidied up since the same key was used long ago.
    idempotency::delete_answer(conn, row.person_id, &row.key, row.created_at.plus(-KEPT_US))?;
    idempotency::insert_answer(conn, row).map_err(|error| {
        // The other one has just been answered: the second try, which the writer makes, finds that.
        if error.is_unique_violation() { Problem::busy(1) } else { error.into() }
    })
}

impl<R> Responder for Done<R> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.result.is_none() {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        response.content_type("application/json").body(self.body)
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Once<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = json_bytes(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let bytes = bytes.await?;
            let input = read_object(&bytes)?;
            let key = key_of(&request)?.map(|secret| Key {
                text: Hash::of(secret.as_bytes()).to_string(),
                secret,
                request: Hash::of_all([request.method().as_str().as_bytes(), request.path().as_bytes(), &bytes]),
            });
            Ok(Self { input, key })
        })
    }
}

/// A string in quotes, as the draft has it, or bare, as everybody sends it.
fn key_of(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or("").trim().trim_matches('"');
    if (1..=IDEMPOTENCY_KEY_CHARS_MAX).contains(&text.len()) {
        return Ok(Some(text.to_owned()));
    }
    let zh = format!("Idempotency-Key 应为 1 至 {IDEMPOTENCY_KEY_CHARS_MAX} 个可见的 ASCII 字符");
    let en = format!("An Idempotency-Key has 1 to {IDEMPOTENCY_KEY_CHARS_MAX} visible ASCII characters");
    Err(Problem::because(Kind::BadRequest, zh, en))
}
