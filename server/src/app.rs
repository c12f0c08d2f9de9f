//! The application: middleware, routes, error form, and the OpenAPI document made from the handlers.

use crate::log::ByRoute;
use crate::openapi;
use crate::problem::{self, ApiError};
use crate::routes::{self, faces, uploads};
use crate::state::State;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::{App, Error, HttpRequest, HttpResponse, web};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use schema::photo::TUS_VERSION;
use schema::problem::{Kind, Problem};
use std::sync::OnceLock;
use tracing_actix_web::TracingLogger;
use utoipa::OpenApi as _;
use utoipa_actix_web::AppExt as _;
use utoipa_swagger_ui::SwaggerUi;

/// Everything that answers a request.
pub fn create_app(
    state: State,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let (app, api) = App::new()
        .into_utoipa_app()
        .openapi(routes::Document::openapi())
        .configure(routes::configure)
        .split_for_parts();
    let api = openapi::complete(api);
    app.app_data(state)
        .app_data(web::Data::new(api.clone()))
        .configure(problem::extractors)
        .configure(faces::configure)
        .service(SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", api))
        .default_service(web::to(unknown_route))
        .wrap(Compress::default())
        .wrap(from_fn(problem::render))
        .wrap(from_fn(protect))
        .wrap(TracingLogger::<ByRoute>::new())
}

/// The OpenAPI document, without a server.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, api) = App::new()
        .into_utoipa_app()
        .openapi(routes::Document::openapi())
        .configure(routes::configure)
        .split_for_parts();
    openapi::complete(api)
}

/// An answer is data, not a page: nothing in it runs, and nobody frames it. A page brings a policy of its own.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// The page that shows the OpenAPI document runs its own scripts, and styles itself.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                           connect-src 'self'; frame-ancestors 'none'";

/// Middleware: tells browsers what not to do with an answer. What a handler has said stands.
async fn protect(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if let Some(method) = uploads::method_meant(request.request()) {
        request.head_mut().method = method;
    }
    let is_docs = request.path().starts_with("/docs");
    let is_upload = request.path().starts_with(uploads::PATH);
    let mut response = next.call(request).await?;
    let policy = if is_docs { DOCS_POLICY } else { DATA_POLICY };
    let mut say = |name, value| {
        if !response.headers().contains_key(&name) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    };
    if is_upload {
        say(HeaderName::from_static("tus-resumable"), TUS_VERSION);
        say(HeaderName::from_static("tus-version"), TUS_VERSION);
    }
    say(header::CONTENT_SECURITY_POLICY, policy);
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(header::REFERRER_POLICY, "no-referrer");
    if !is_docs {
        // Answers name customers: they stay out of shared caches and off disks.
        say(header::CACHE_CONTROL, "no-store");
    }
    Ok(response)
}

/// 405 where the address is known under another method, else 404.
async fn unknown_route(
    request: HttpRequest,
    api: web::Data<utoipa::openapi::OpenApi>,
) -> Result<HttpResponse, ApiError> {
    let known = !openapi::methods_at(&api, request.path()).is_empty();
    Err(ApiError(Problem::new(if known { Kind::MethodNotAllowed } else { Kind::NotFound })))
}

/// The recorder of metrics is one a process, however many servers a test starts in it.
pub fn metrics_handle() -> Result<PrometheusHandle, String> {
    static HANDLE: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
    HANDLE.get_or_init(|| PrometheusBuilder::new().install_recorder().map_err(|error| error.to_string())).clone()
}
