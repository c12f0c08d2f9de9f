//! Bad requests that every route of the desk refuses in the same way.

use reqwest::Method;
use schema::limits::JSON_BODY_BYTES_MAX;
use schema::people::Role;
use schema::problem::Kind;
use serde_json::{Value, json};
use tests::{TestServer, expect_problem};

/// An id that nothing has.
const NOBODY: &str = "0195f3a0-0000-7000-8000-0000000000ff";

/// Routes that take a JSON body, with one that is right but for what it names.
fn bodies() -> Vec<(Method, String, Value)> {
    let at = |path: &str| path.replace("{id}", NOBODY);
    vec![
        (Method::POST, at("/v1/customers"), json!({"name": "王芳", "phone": "13812345678", "address": "幸福路"})),
        (Method::PATCH, at("/v1/customers/{id}"), json!({"name": "王芳"})),
        (Method::POST, at("/v1/reports"), json!({"class": "B", "channel": "phone"})),
        (Method::PATCH, at("/v1/reports/{id}"), json!({"name": "王芳"})),
        (Method::POST, at("/v1/reports/{id}/repeat"), json!({"of": NOBODY, "verdict": "same"})),
        (Method::POST, at("/v1/reports/{id}/solve-remotely"), json!({"text": "好了"})),
        (Method::POST, at("/v1/reports/{id}/answer"), json!({"text": "好了"})),
        (Method::POST, at("/v1/reports/{id}/owner"), json!({"person": NOBODY})),
        (Method::POST, at("/v1/promises"), json!({"text": "回电", "due_at": "2030-01-01T00:00:00Z"})),
        (Method::POST, at("/v1/jobs/{id}/price-requests"), json!({"text": "换玻璃"})),
        (Method::POST, at("/v1/price-requests/{id}/answer"), json!({"feasible": false, "remark": "停产"})),
    ]
}

fn role_for(path: &str) -> Role {
    if path.contains("/price-requests/") { Role::EngineeringSupervisor } else { Role::DeskAgent }
}

#[tokio::test]
async fn bodies_of_the_wrong_form_are_refused() {
    let server = TestServer::start().await;
    for (method, path, body) in bodies() {
        let person = server.person(role_for(&path)).await;
        let send = |body: Value| person.request(method.clone(), &path).json(&body);
        let mut unknown = body.clone();
        unknown["ghost"] = json!(1);
        expect_problem(send(unknown), Kind::InvalidField).await;
        for field in body.as_object().unwrap().keys() {
            let mut wrong = body.clone();
            wrong[field] = json!({"ghost": 1});
            expect_problem(send(wrong), Kind::InvalidField).await;
        }
        if method == Method::POST {
            expect_problem(send(json!({})), Kind::InvalidField).await;
        }
        expect_problem(send(json!("text")), Kind::InvalidField).await;
        expect_problem(send(json!([null, null])), Kind::InvalidField).await;
        let raw = |kind: &'static str, text: &'static str| {
            person.request(method.clone(), &path).header("content-type", kind).body(text)
        };
        expect_problem(raw("application/json", "{"), Kind::BadRequest).await;
        expect_problem(raw("text/plain", "{}"), Kind::UnsupportedMediaType).await;
        let huge = person.request(method.clone(), &path).header("content-type", "application/json");
        expect_problem(huge.body(vec![b' '; 10 << 20]), Kind::TooLarge).await;
        // Less than a sync may send, more than a form is.
        let large = person.request(method.clone(), &path).header("content-type", "application/json");
        expect_problem(large.body(vec![b' '; JSON_BODY_BYTES_MAX + 1]), Kind::TooLarge).await;
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_token_or_with_a_forged_one() {
    let server = TestServer::start().await;
    let asked: Vec<(Method, String)> = bodies().into_iter().map(|(method, path, _)| (method, path)).collect();
    let reads =
        ["/v1/customers", "/v1/reports", "/v1/promises", "/v1/price-lists", "/v1/price-requests", "/v1/reference"];
    let reads = reads.iter().map(|path| (Method::GET, (*path).to_owned()));
    for (method, path) in asked.into_iter().chain(reads) {
        let url = format!("{}{path}", server.url);
        let send = || server.client.request(method.clone(), &url).json(&json!({}));
        expect_problem(send(), Kind::Unauthenticated).await;
        let forged = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.";
        let problem = send().bearer_auth(forged).send().await.unwrap();
        assert_eq!(problem.status(), 401, "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_a_wrong_method_is_named() {
    let server = TestServer::start().await;
    for (method, path, body) in bodies() {
        let person = server.person(role_for(&path)).await;
        if path.contains(NOBODY) {
            expect_problem(person.request(method, &path).json(&body), Kind::NotFound).await;
            let no_id = path.replace(NOBODY, "ghost");
            expect_problem(
                person.post(&no_id, &body),
                if path.ends_with(NOBODY) { Kind::MethodNotAllowed } else { Kind::NotFound },
            )
            .await;
        }
        expect_problem(person.delete(&path), Kind::MethodNotAllowed).await;
    }
    let agent = server.person(Role::DeskAgent).await;
    for path in ["/v1/customers", "/v1/reports"] {
        expect_problem(agent.get(&format!("{path}/{NOBODY}")), Kind::NotFound).await;
    }
    for act in ["promises/{id}/keep", "reports/{id}/job"] {
        let path = format!("/v1/{}", act.replace("{id}", NOBODY));
        expect_problem(agent.request(Method::POST, &path), Kind::NotFound).await;
    }
    for path in ["/v1/price-lists/7", "/v1/price-lists/7/items", "/v1/price-lists/x"] {
        expect_problem(agent.get(path), Kind::NotFound).await;
    }
}

#[tokio::test]
async fn queries_that_can_t_be_read_are_refused() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let wrong = [
        "/v1/customers?limit=many",
        "/v1/customers?after=ghost",
        "/v1/customers?ghost=1",
        "/v1/reports?state=ghost",
        "/v1/reports?owner=1",
        "/v1/promises?broken=perhaps",
        "/v1/price-lists?after=x",
        "/v1/price-requests?open=1",
    ];
    for path in wrong {
        expect_problem(agent.get(path), Kind::BadRequest).await;
    }
    for path in
        ["/v1/customers?q=%00", "/v1/reports?phone=%00", "/v1/customers?limit=-5", "/v1/customers?limit=9999999"]
    {
        tests::expect_ok(agent.get(path)).await;
    }
}
