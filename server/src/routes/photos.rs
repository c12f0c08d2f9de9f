//! Photos as the office, technicians and customers see them, and which ones are owed.

use crate::auth::{Caller, Dispatch, May};
use crate::db::photos::OwedFilter;
use crate::domain::{photos, public};
use crate::photos::{object, picture};
use crate::problem::Answer;
use crate::routes::public::visit;
use crate::state::State;
use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ByteRangeSpec, Header as _, Range};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, web};
use schema::binary::Hash;
use schema::id::{DeviceId, JobId, PersonId};
use schema::page::{Page, rows};
use schema::photo::{JobPhoto, OwedPhoto, PhotoCopies, PhotoReceipt, PhotoSize};
use schema::problem::{Kind, Problem, ProblemBody};
use schema::rows::photos::PhotoRow;
use serde::Deserialize;
use utoipa::IntoParams;

/// A picture runs nothing, wherever it is opened.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// The photos that a job's record names, with what the camera wrote into those that are here.
#[utoipa::path(tag = "photos", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 200, body = Vec<JobPhoto>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
#[get("/v1/jobs/{id}/photos")]
pub async fn list_job_photos(state: State, caller: Caller, id: web::Path<JobId>) -> Answer<web::Json<Vec<JobPhoto>>> {
    let id = *id;
    Ok(web::Json(state.db.read(move |conn| photos::list_of_job(conn, &caller, id)).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PhotoQuery {
    /// Left out: the photo as it was taken; for customers, as it is shown.
    size: Option<PhotoSize>,
}

/// A photo, through a job that names it. Takes `Range`.
#[utoipa::path(tag = "photos", security(("bearer" = [])), params(
    ("id" = String, Path), ("sha256" = String, Path), PhotoQuery,
), responses(
    (status = 200, content_type = "image/*", body = Vec<u8>), (status = 206, content_type = "image/*", body = Vec<u8>),
    (status = 304), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "also where the photo is owed, or has no copies (yet)"), (status = 416, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
#[get("/v1/jobs/{id}/photos/{sha256}")]
pub async fn get_job_photo(
    (state, caller): (State, Caller),
    request: HttpRequest,
    path: web::Path<(JobId, Hash)>,
    query: web::Query<PhotoQuery>,
) -> Answer<HttpResponse> {
    let named = *path;
    let photo = state.db.read(move |conn| photos::held(conn, &caller, named)).await?;
    send(&state, &request, &photo, query.size.unwrap_or(PhotoSize::Original)).await
}

/// The server's signed word that it holds a photo: behind it a phone lets go of its copy.
#[utoipa::path(tag = "photos", security(("bearer" = [])), params(("id" = String, Path), ("sha256" = String, Path)), responses(
    (status = 200, body = PhotoReceipt), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "not here, or not for this caller"),
))]
#[get("/v1/jobs/{id}/photos/{sha256}/receipt")]
pub async fn get_photo_receipt(
    state: State,
    caller: Caller,
    path: web::Path<(JobId, Hash)>,
) -> Answer<web::Json<PhotoReceipt>> {
    let (named, key) = (*path, state.keys.receipt.clone());
    Ok(web::Json(state.db.read(move |conn| photos::receipt(conn, &caller, named, &key)).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OwedQuery {
    #[param(value_type = Option<String>)]
    technician: Option<PersonId>,
    /// The phone.
    #[param(value_type = Option<String>)]
    device: Option<DeviceId>,
    #[param(value_type = Option<String>)]
    job: Option<JobId>,
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 200.
    limit: Option<i64>,
}

/// Photos that records name and that nobody has sent: of which step of which job, on whose phone, since when. The longest owed first.
#[utoipa::path(tag = "photos", security(("bearer" = [])), params(OwedQuery), responses(
    (status = 200, body = Page<OwedPhoto>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
#[get("/v1/photos/owed")]
pub async fn list_owed_photos(
    state: State,
    caller: May<Dispatch>,
    query: web::Query<OwedQuery>,
) -> Answer<web::Json<Page<OwedPhoto>>> {
    let filter =
        OwedFilter { outlet: caller.outlet_filter(), person: query.technician, device: query.device, job: query.job };
    let after = query.after.as_deref().map(|text| place(text).ok_or_else(|| Problem::new(Kind::BadRequest)));
    let (after, limit) = (after.transpose()?, rows(query.limit));
    Ok(web::Json(state.db.read(move |conn| photos::list_owed(conn, filter, after, limit)).await?))
}

fn place(text: &str) -> Option<(JobId, Hash)> {
    let (job, sha256) = text.split_once('.')?;
    Some((job.parse().ok()?, sha256.parse().ok()?))
}

/// A photo that the customer's view names: a copy with nothing in it but the picture.
#[utoipa::path(tag = "customer", params(("token" = String, Path), ("sha256" = String, Path), PhotoQuery), responses(
    (status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 304), (status = 400, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`link_invalid`; `not_found`: her view names no such photo, or it is not ready"),
    (status = 503, body = ProblemBody),
))]
#[get("/v1/public/{token}/photos/{sha256}")]
pub async fn get_public_photo(
    state: State,
    request: HttpRequest,
    path: web::Path<(String, Hash)>,
    query: web::Query<PhotoQuery>,
) -> Answer<HttpResponse> {
    let (token, sha256) = path.into_inner();
    let visit = visit(&state, &request, &token);
    let photo = state.db.read(move |conn| public::photo(conn, &visit, sha256)).await?;
    // Nobody but the office and the crew has the file itself, with all that the camera wrote into it.
    let size = match query.size {
        Some(PhotoSize::Small) => PhotoSize::Small,
        Some(PhotoSize::Original | PhotoSize::Shown) | None => PhotoSize::Shown,
    };
    send(&state, &request, &photo, size).await
}

async fn send(state: &State, request: &HttpRequest, photo: &PhotoRow, size: PhotoSize) -> Answer<HttpResponse> {
    let not_found = || Problem::new(Kind::NotFound);
    let name = object(photo.sha256, size);
    let (media_type, bytes) = match size {
        PhotoSize::Original => (photo.media_type.as_str(), Some(photo.bytes.unsigned_abs())),
        PhotoSize::Shown | PhotoSize::Small if photo.copies != PhotoCopies::Made => return Err(not_found().into()),
        PhotoSize::Shown | PhotoSize::Small => ("image/jpeg", state.photos.store.bytes_of(&name).await?),
    };
    let bytes = bytes.filter(|bytes| *bytes > 0).ok_or_else(not_found)?;
    let tag = format!("\"{}.{size}\"", photo.sha256);
    if super::tags_known(request).contains(&tag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    let Some((range, status)) = range(request, bytes) else {
        return Err(Problem::new(Kind::RangeUnsatisfiable).into());
    };
    let Some(stream) = state.photos.store.stream(&name, range.clone()).await? else {
        return Err(Problem { cause: Some(format!("{name} is gone from the store")), ..not_found() }.into());
    };
    let mut answer = head(status, media_type, photo.sha256);
    answer.insert_header((header::ETAG, tag));
    if status == StatusCode::PARTIAL_CONTENT {
        let last = range.end.saturating_sub(1);
        answer.insert_header((header::CONTENT_RANGE, format!("bytes {}-{last}/{bytes}", range.start)));
    }
    Ok(answer.body(SizedStream::new(range.end.saturating_sub(range.start), stream)))
}

fn head(status: StatusCode, media_type: &str, sha256: Hash) -> HttpResponseBuilder {
    let shown = if picture::is_shown_inline(media_type) { "inline" } else { "attachment" };
    let mut head = HttpResponse::build(status);
    head.content_type(media_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CONTENT_DISPOSITION, format!("{shown}; filename=\"{sha256}\"")))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        // Pictures are packed already, and a range of something packed again is no range.
        .insert_header((header::CONTENT_ENCODING, "identity"));
    head
}

/// The part that is asked for, one at the most; all where what is asked for is not understood. None where there is no such part.
fn range(request: &HttpRequest, bytes: u64) -> Option<(std::ops::Range<u64>, StatusCode)> {
    let all = Some((0..bytes, StatusCode::OK));
    let Ok(Range::Bytes(asked)) = Range::parse(request) else { return all };
    let [one] = asked.as_slice() else { return all };
    let spec: &ByteRangeSpec = one;
    let (first, last) = spec.to_satisfiable_range(bytes)?;
    Some((first..last.saturating_add(1), StatusCode::PARTIAL_CONTENT))
}
