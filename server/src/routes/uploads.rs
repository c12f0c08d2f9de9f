//! Uploads of photos by tus 1.0 (creation, expiration, checksum, termination): in pieces, resumed at any byte, at any server.
//!
//! `Upload-Metadata` names what is uploaded: `job` (its id) and `sha256` (in hexadecimal), both in base64 as tus has it. A creation
//! that was made before is answered with the upload that is there, and with its `Upload-Offset`.

use crate::auth::Caller;
use crate::domain::photos;
use crate::domain::uploads::{self, Begun, By, Wanted};
use crate::photos::checksum::{ALGORITHMS, Checksum};
use crate::photos::metadata;
use crate::photos::receive::{give_up, receive};
use crate::problem::{Answer, ApiError};
use crate::state::{State, random};
use actix_web::dev::Payload;
use actix_web::http::header::{self, HttpDate};
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, delete, head, options, patch, post, web};
use schema::id::UploadId;
use schema::photo::{TUS_CONTENT, TUS_VERSION};
use schema::problem::{Kind, Problem, ProblemBody};
use schema::rows::photos::UploadRow;
use schema::time::Timestamp;
use std::future::{Ready, ready};
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

/// Below it the answers are tus'.
pub const PATH: &str = "/v1/uploads";
const EXTENSIONS: &str = "creation,expiration,checksum,termination";

/// The caller speaks our version of tus.
pub struct Tus;

impl FromRequest for Tus {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let speaks = text(request, "tus-resumable") == Some(TUS_VERSION);
        ready(if speaks { Ok(Self) } else { Err(Problem::new(Kind::TusVersionUnknown).into()) })
    }
}

/// The method that a client means which can say only `POST`.
pub fn method_meant(request: &HttpRequest) -> Option<Method> {
    let is_post = request.method() == Method::POST && request.path().starts_with(PATH);
    let meant = if is_post { text(request, "x-http-method-override")? } else { return None };
    Method::from_str(meant).ok().filter(|method| matches!(*method, Method::HEAD | Method::PATCH | Method::DELETE))
}

fn text<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// A header that must be there and hold a number of bytes.
fn bytes(request: &HttpRequest, name: &str) -> Result<i64, Problem> {
    let value = text(request, name).and_then(|text| text.parse().ok()).filter(|bytes: &i64| *bytes >= 0);
    value.ok_or_else(|| {
        let (zh, en) = (format!("请求头 {name} 缺失或不正确"), format!("The header {name} is missing or no number"));
        Problem::because(Kind::BadRequest, zh, en)
    })
}

/// What `Upload-Metadata` says under this key.
fn metadata<T: FromStr>(request: &HttpRequest, key: &str) -> Result<T, Problem> {
    text(request, "upload-metadata").and_then(|header| metadata::find(header, key)).ok_or_else(|| {
        let (zh, en) = (format!("Upload-Metadata 中缺少 {key}"), format!("Upload-Metadata does not say {key}"));
        Problem::because(Kind::BadRequest, zh, en)
    })
}

fn by(state: &State, caller: Caller) -> By {
    By { caller, now: state.now(), random: random(), quota: state.photos.quota }
}

/// Where the upload stands.
fn standing(status: StatusCode, row: &UploadRow) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer.insert_header(("upload-offset", row.received.to_string()));
    answer.insert_header(("upload-expires", http_date(row.expires_at)));
    answer
}

fn http_date(at: Timestamp) -> String {
    let since = Duration::from_micros(u64::try_from(at.micros()).unwrap_or(0));
    HttpDate::from(UNIX_EPOCH + since).to_string()
}

/// What is spoken here: versions, extensions, the largest upload.
#[utoipa::path(tag = "photos", responses(
    (status = 204, headers(
        ("tus-version" = String), ("tus-extension" = String), ("tus-max-size" = i64), ("tus-checksum-algorithm" = String),
    )),
))]
#[options("/v1/uploads")]
pub async fn describe_uploads(state: State) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header(("tus-extension", EXTENSIONS))
        .insert_header(("tus-max-size", state.photos.quota.photo_bytes.to_string()))
        .insert_header(("tus-checksum-algorithm", ALGORITHMS))
        .finish()
}

/// Begin an upload, or find the one that this phone has begun. `Upload-Offset` says where to go on; it equals `Upload-Length` where
/// nothing has to be sent.
#[utoipa::path(tag = "photos", security(("bearer" = [])), params(
    ("tus-resumable" = String, Header, description = "`1.0.0`"),
    ("upload-length" = i64, Header),
    ("upload-metadata" = String, Header, description = "`job` and `sha256`, in base64: `job ZGVh…,sha256 YWJj…`"),
), responses(
    (status = 201, headers(("location" = String), ("upload-offset" = i64), ("upload-expires" = String))),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "no record that the caller may see names this photo, and nothing that was refused of one"),
    (status = 412, body = ProblemBody, description = "`tus_version_unknown`"),
    (status = 413, body = ProblemBody, description = "`too_large`; `photos_many`: too much for this job; for good"),
    (status = 422, body = ProblemBody, description = "`photo_refused`: it was sent before, and has too many pixels; for good"),
    (status = 429, body = ProblemBody, description = "`uploads_many`: too many that are not finished"),
))]
#[post("/v1/uploads")]
pub async fn create_upload(state: State, caller: Caller, _tus: Tus, request: HttpRequest) -> Answer<HttpResponse> {
    let wanted = Wanted {
        job: metadata(&request, "job")?,
        sha256: metadata(&request, "sha256")?,
        bytes: bytes(&request, "upload-length")?,
    };
    let by = by(&state, caller);
    let (asking, asked) = (by.caller.clone(), (wanted.job, wanted.sha256));
    let named = state.db.read(move |conn| photos::named(conn, &asking, asked)).await?;
    let row = match state.db.write(move |conn| uploads::create(conn, &by, wanted, &named)).await? {
        Begun::Upload(row) => row,
        Begun::Refused(problem) => return Err(problem.into()),
    };
    let location = format!("{PATH}/{}", row.id);
    Ok(standing(StatusCode::CREATED, &row).insert_header((header::LOCATION, location)).finish())
}

/// Where an upload stands.
#[utoipa::path(tag = "photos", security(("bearer" = [])), params(
    ("id" = String, Path), ("tus-resumable" = String, Header, description = "`1.0.0`"),
), responses(
    (status = 200, headers(("upload-offset" = i64), ("upload-length" = i64), ("upload-expires" = String))),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 410, body = ProblemBody, description = "`upload_gone`"), (status = 412, body = ProblemBody),
))]
#[head("/v1/uploads/{id}")]
pub async fn find_upload(state: State, caller: Caller, _tus: Tus, id: web::Path<UploadId>) -> Answer<HttpResponse> {
    let (by, id) = (by(&state, caller), *id);
    let row = state.db.read(move |conn| uploads::find(conn, &by, id)).await?;
    Ok(standing(StatusCode::OK, &row).insert_header(("upload-length", row.bytes.to_string())).finish())
}

/// Go on with an upload from the byte that the server named. What was answered with is durable; with the last byte the photo is
/// published, if it is the one that its hash names. A broken body is taken as far as it came, unless it has a checksum.
#[utoipa::path(tag = "photos", security(("bearer" = [])), params(
    ("id" = String, Path), ("tus-resumable" = String, Header, description = "`1.0.0`"),
    ("upload-offset" = i64, Header),
    ("upload-checksum" = Option<String>, Header, description = "`sha256 BASE64` or `sha1 BASE64` of this body, of at most 4 MiB"),
), request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"), responses(
    (status = 204, headers(("upload-offset" = i64), ("upload-expires" = String))),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody, description = "`upload_offset`"),
    (status = 410, body = ProblemBody, description = "`upload_gone`"), (status = 412, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "`photo_mismatch`, `photo_refused`: nothing is kept"),
    (status = 460, body = ProblemBody, description = "`checksum_mismatch`"),
    (status = 503, body = ProblemBody, description = "`busy`: no room in memory, a later request goes on with this upload, this person brings more at once than fits, or the store of photos is away"),
))]
#[patch("/v1/uploads/{id}")]
pub async fn append_upload(
    (state, caller, _tus): (State, Caller, Tus),
    request: HttpRequest,
    id: web::Path<UploadId>,
    body: web::Payload,
) -> Answer<HttpResponse> {
    if text(&request, "content-type") != Some(TUS_CONTENT) {
        return Err(Problem::new(Kind::UnsupportedMediaType).into());
    }
    let from = bytes(&request, "upload-offset")?;
    let checksum = text(&request, "upload-checksum").map(Checksum::parse).transpose()?;
    let (by, id) = (by(&state, caller), *id);
    let asking = by.clone();
    let row = state.db.read(move |conn| uploads::find_to_continue(conn, &asking, id)).await?;
    if row.received != from {
        return Err(Problem::new(Kind::UploadOffset).into());
    }
    // A task of its own: a client that goes away would take this handler, and what has arrived, with it.
    let receiving = actix_web::rt::spawn(async move { receive(&state, by, row, body, checksum).await });
    let row = receiving.await.map_err(Problem::internal)??;
    Ok(standing(StatusCode::NO_CONTENT, &row).finish())
}

/// Give an upload up. A photo that was published stays.
#[utoipa::path(tag = "photos", security(("bearer" = [])), params(
    ("id" = String, Path), ("tus-resumable" = String, Header, description = "`1.0.0`"),
), responses(
    (status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 412, body = ProblemBody),
))]
#[delete("/v1/uploads/{id}")]
pub async fn delete_upload(state: State, caller: Caller, _tus: Tus, id: web::Path<UploadId>) -> Answer<HttpResponse> {
    let (by, id) = (by(&state, caller), *id);
    state.db.read(move |conn| uploads::find(conn, &by, id)).await?;
    give_up(&state, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
