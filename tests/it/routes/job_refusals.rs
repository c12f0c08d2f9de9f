//! Bad requests that every route of a job refuses in the same way.

use reqwest::Method;
use schema::id::JobId;
use schema::people::Role;
use schema::problem::Kind;
use serde_json::{Value, json};
use tests::{TestServer, expect_problem};

const NOBODY: &str = "0195f3a0-0000-7000-8000-0000000000ff";

/// (method, path below the job, a body that is right in its form, who may)
fn routes() -> Vec<(Method, &'static str, Value, Role)> {
    let (post, agent, dispatcher) = (Method::POST, Role::DeskAgent, Role::Dispatcher);
    let hash = "00".repeat(32);
    let quote = "zzzzzzzzzzzzzzzz";
    vec![
        (post.clone(), "breaches", json!({"clock": "x", "cause": "x"}), Role::ServiceManager),
        (post.clone(), "notes", json!({"text": "x"}), agent),
        (Method::PATCH, "report", json!({"fields": {"name": "x"}}), agent),
        (Method::PUT, "steps/listen/note", json!({"text": "x"}), agent),
        (post.clone(), "assign", json!({"technician": NOBODY, "instead_of": null}), dispatcher),
        (post.clone(), "unassign", json!({"reason": "x"}), dispatcher),
        (post.clone(), "holds", json!({"kind": "part", "reason": "x"}), dispatcher),
        (post.clone(), "cancel", json!({"reason": "x"}), dispatcher),
        (post.clone(), "reopen", json!({"reason": "x"}), dispatcher),
        (post.clone(), "solve-remotely", json!({"reason": "x"}), agent),
        (post.clone(), "quotes", json!({"lines": [{"code": "x", "quantity_milli": 1}]}), agent),
        (post.clone(), "consents", json!({"quote": quote, "quote_hash": hash, "total_minor": 1, "name": "x"}), agent),
        (post.clone(), "waivers", json!({"quote": quote, "minor": 1, "reason": "x"}), Role::ServiceManager),
        (post.clone(), "charges", json!({"quote": quote, "due_minor": 1}), agent),
        (post.clone(), "payments", json!({"minor": 1, "method": "cash"}), agent),
        (post, "links", json!({"scope": ["view"]}), agent),
    ]
}

#[tokio::test]
async fn bodies_of_the_wrong_form_are_refused() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let heads = server.heads(job).await;
    for (method, below, body, role) in routes() {
        let person = server.person(role).await;
        let path = format!("/v1/jobs/{job}/{below}");
        let send = |body: Value| person.request(method.clone(), &path).json(&body);
        let mut unknown = body.clone();
        unknown["ghost"] = json!(1);
        expect_problem(send(unknown), Kind::InvalidField).await;
        for field in body.as_object().unwrap().keys() {
            let mut wrong = body.clone();
            wrong[field] = json!({"ghost": 1});
            expect_problem(send(wrong), Kind::InvalidField).await;
        }
        for wrong in [json!({}), json!("text"), json!(null)] {
            expect_problem(send(wrong), Kind::InvalidField).await;
        }
        let raw = |kind: &'static str, text: &'static str| {
            person.request(method.clone(), &path).header("content-type", kind).body(text)
        };
        expect_problem(raw("application/json", "{"), Kind::BadRequest).await;
        expect_problem(raw("text/plain", "{}"), Kind::UnsupportedMediaType).await;
        let huge = person.request(method.clone(), &path).header("content-type", "application/json");
        expect_problem(huge.body(vec![b' '; 10 << 20]), Kind::TooLarge).await;
    }
    assert_eq!(server.heads(job).await, heads, "nothing was half-written");
}

#[tokio::test]
async fn another_outlets_jobs_are_not_there_and_roles_are_asked_first() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let technician = server.person(Role::Technician).await;
    let ids: [JobId; 2] = [job, NOBODY.parse().unwrap()];
    for (method, below, body, role) in routes() {
        // Managers see all outlets: for them only the unknown job is not there.
        let stranger = server.person_at("02", role).await;
        for id in ids.iter().filter(|id| role != Role::ServiceManager || **id != job) {
            let path = format!("/v1/jobs/{id}/{below}");
            expect_problem(stranger.request(method.clone(), &path).json(&body), Kind::NotFound).await;
        }
        let path = format!("/v1/jobs/{job}/{below}");
        expect_problem(technician.request(method.clone(), &path).json(&body), Kind::Forbidden).await;
        let nobody = server.client.request(method.clone(), format!("{}{path}", server.url)).json(&body);
        expect_problem(nobody, Kind::Unauthenticated).await;
        expect_problem(technician.request(Method::DELETE, &path), Kind::MethodNotAllowed).await;
        let no_id = format!("/v1/jobs/ghost/{below}");
        let person = server.person(role).await;
        expect_problem(person.request(method, &no_id).json(&body), Kind::NotFound).await;
    }
    let stranger = server.person_at("02", Role::Dispatcher).await;
    for below in ["", "/clocks", "/sheet", "/candidates", "/links"] {
        for id in ids {
            expect_problem(stranger.get(&format!("/v1/jobs/{id}{below}")), Kind::NotFound).await;
        }
        expect_problem(technician.get(&format!("/v1/jobs/{job}{below}")), Kind::Forbidden).await;
    }
}
