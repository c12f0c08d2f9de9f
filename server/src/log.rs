//! What the log says of a request: its method, its route, where it came from, how it ended, and its id. Never its address: that of a
//! customer's link is the key to her job, a search names people, and logs are read by more people than either is for.

use crate::auth::address::address;
use crate::state::State;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage as _};
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::{RequestId, RootSpanBuilder};
use tracing_subscriber::EnvFilter;

/// What goes into the log, as the environment wants it; else what is worth knowing. Automerge opens a span for each column of each change
/// that it reads, which is written out though nobody sees it and took a tenth of the server's CPU in a storm. It speaks where it is named.
pub fn filter(wanted: Option<&str>) -> EnvFilter {
    let wanted = wanted.filter(|wanted| !wanted.is_empty()).unwrap_or("info");
    let quiet = EnvFilter::try_new(format!("automerge=off,{wanted}"));
    quiet.unwrap_or_else(|_| EnvFilter::new("automerge=off,info"))
}

/// The span around a request.
pub struct ByRoute;

impl RootSpanBuilder for ByRoute {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let route = request.match_pattern().unwrap_or_else(|| "unknown".to_owned());
        let request_id = request.extensions().get::<RequestId>().map(RequestId::to_string).unwrap_or_default();
        let trusts_proxy = request.app_data::<State>().is_some_and(|state| state.config.trust_proxy);
        tracing::info_span!(
            "request",
            http.method = %request.method(),
            http.route = route,
            http.client_ip = address(request.request(), trusts_proxy),
            http.status_code = Empty,
            request_id
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status =
            outcome.as_ref().map_or_else(|error| error.as_response_error().status_code(), ServiceResponse::status);
        span.record("http.status_code", status.as_u16());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::StatusCode;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse, web};
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};
    use tracing_actix_web::TracingLogger;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn automerge_opens_no_spans_unless_it_is_asked_to() {
        let opens = |wanted: Option<&str>| {
            let log = tracing_subscriber::fmt().with_env_filter(filter(wanted)).with_writer(std::io::sink).finish();
            tracing::subscriber::with_default(log, || {
                let column = tracing::info_span!(target: "automerge::storage::columns", "parse2");
                [column.is_disabled(), tracing::info_span!("request").is_disabled()].map(|is_disabled| !is_disabled)
            })
        };
        assert_eq!(opens(None), [false, true]);
        assert_eq!(opens(Some("debug")), [false, true]);
        assert_eq!(opens(Some("no filter=at all=")), [false, true]);
        assert_eq!(opens(Some("warn")), [false, false]);
        assert_eq!(opens(Some("warn,automerge=info")), [true, false]);
    }

    #[actix_web::test]
    async fn the_log_names_the_route_and_neither_a_customers_link_nor_what_was_searched() {
        let paper = Paper::default();
        let pen = paper.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || pen.clone()).finish();
        let _writing = tracing::subscriber::set_default(subscriber);
        let answer = || async {
            tracing::info!("refused");
            HttpResponse::NotFound().finish()
        };
        let app = App::new().wrap(TracingLogger::<ByRoute>::new());
        let app = init_service(app.route("/v1/public/{token}", web::get().to(answer))).await;
        for address in ["/v1/public/the-key?q=13800001234", "/nowhere/the-key?q=13800001234"] {
            let answer = call_service(&app, TestRequest::get().uri(address).to_request()).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        }
        let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        assert!(written.contains("/v1/public/{token}") && written.contains("refused"), "{written}");
        assert!(!written.contains("the-key") && !written.contains("13800001234"), "{written}");
    }
}
