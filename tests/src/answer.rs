//! Sends a request and looks at the answer; a failed expectation shows the whole body.

use reqwest::{RequestBuilder, Response};
use schema::problem::{Kind, ProblemBody};
use serde::de::DeserializeOwned;

/// Sends; the answer must have this status and be JSON of this shape.
#[track_caller]
pub fn expect_json<T: DeserializeOwned>(request: RequestBuilder, status: u16) -> impl Future<Output = T> {
    let asked = format!("asked at {}", std::panic::Location::caller());
    async move {
        let response = send(request, &asked).await;
        let (found, body) = (response.status().as_u16(), response.text().await.unwrap());
        assert_eq!(found, status, "{asked}: {body}");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{asked}: {error}: {body}"))
    }
}

/// Sends; any status below 300 will do, the body is handed on unread.
#[track_caller]
pub fn expect_ok(request: RequestBuilder) -> impl Future<Output = Response> {
    let asked = format!("asked at {}", std::panic::Location::caller());
    async move {
        let response = send(request, &asked).await;
        let status = response.status();
        if !status.is_success() {
            panic!("{asked}: {status}: {}", response.text().await.unwrap());
        }
        response
    }
}

/// Sends; the answer must be this problem, in the one form that problems have.
#[track_caller]
pub fn expect_problem(request: RequestBuilder, kind: Kind) -> impl Future<Output = ProblemBody> {
    let asked = format!("asked at {}", std::panic::Location::caller());
    async move {
        let response = send(request, &asked).await;
        let found = response.status().as_u16();
        let form = response.headers().get("content-type").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = response.text().await.unwrap();
        assert_eq!(form.as_deref(), Some("application/problem+json"), "{asked}: {found}: {body}");
        let problem: ProblemBody =
            serde_json::from_str(&body).unwrap_or_else(|error| panic!("{asked}: {error}: {body}"));
        assert_eq!((found, problem.slug), (kind.status(), kind), "{asked}: {body}");
        assert_eq!((problem.status, problem.client), (kind.status(), kind.remedy()), "{asked}: {body}");
        problem
    }
}

async fn send(request: RequestBuilder, asked: &str) -> Response {
    request.send().await.unwrap_or_else(|error| panic!("{asked}: {error}"))
}
