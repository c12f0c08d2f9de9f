//! The pages that people work with, as the crate `web` carries them: `/phone/` for technicians, `/desk/` for everybody else in the
//! company. They are files: what they show they ask of the operations of the OpenAPI document, under the same permissions as anybody.

use crate::problem::ApiError;
use ::web as pages;
use actix_web::http::header::{self, AcceptEncoding, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};
use schema::binary::Hash;
use schema::problem::{Kind, Problem};

/// Our own scripts, styles and pictures, and the WebAssembly that keeps the record; pictures that the page itself made (`blob:`). Nothing
/// written into a page runs, nobody frames it, and text never becomes a script by mistake, but for the one address of the phone's worker.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; \
                      connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; \
                      frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types worker";
/// What a page may ask of its device.
const PERMISSIONS: &str = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()";
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

pub fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(|| async { redirect("/desk/") }))
        .route("/desk", web::get().to(|| async { redirect("/desk/") }))
        .route("/phone", web::get().to(|| async { redirect("/phone/") }))
        .route("/{face:desk|phone}/{rest:.*}", web::get().to(show_face))
        .route("/assets/{name}", web::get().to(show_file))
        .route("/{name:icon[-.][a-z0-9.]+}", web::get().to(show_file));
}

fn redirect(to: &'static str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish()
}

/// Every address below a face is its page, which finds out what to show; but for the files that lie there.
async fn show_face(request: HttpRequest, at: web::Path<(String, String)>) -> Result<HttpResponse, ApiError> {
    let (face, rest) = at.into_inner();
    let asset = pages::find(&format!("{face}/{rest}")).or_else(|| pages::find(&format!("{face}/index.html")));
    answer(&request, asset)
}

async fn show_file(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    answer(&request, pages::find(request.path().trim_start_matches('/')))
}

fn answer(request: &HttpRequest, asset: Option<&'static pages::Asset>) -> Result<HttpResponse, ApiError> {
    let asset = asset.ok_or_else(|| ApiError(Problem::new(Kind::NotFound)))?;
    let tag = EntityTag::new_strong(Hash::of(asset.bytes).to_string());
    let mut head = HttpResponse::Ok();
    head.insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header(("Permissions-Policy", PERMISSIONS))
        .insert_header((header::CACHE_CONTROL, if asset.is_immutable() { IMMUTABLE } else { "no-cache" }))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header(ETag(tag.clone()))
        .content_type(asset.content_type());
    if let Ok(IfNoneMatch::Items(known)) = IfNoneMatch::parse(request)
        && known.iter().any(|known| known.weak_eq(&tag))
    {
        return Ok(head.status(actix_web::http::StatusCode::NOT_MODIFIED).finish());
    }
    let takes_brotli = AcceptEncoding::parse(request)
        .is_ok_and(|accepted| accepted.ranked().iter().any(|coding| coding.to_string().eq_ignore_ascii_case("br")));
    Ok(match asset.brotli {
        Some(brotli) if takes_brotli => head.insert_header((header::CONTENT_ENCODING, "br")).body(brotli),
        _ => head.body(asset.bytes),
    })
}
