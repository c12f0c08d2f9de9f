//! A request that comes twice is done once. Shown on outlets; the mechanism is the same for every noun.

use reqwest::{RequestBuilder, Response};
use schema::outlet::Outlet;
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::time::DAY;
use serde_json::json;
use tests::{Person, TestServer, expect_json, expect_ok, expect_problem};

fn found(person: &Person, code: &str, key: &str) -> RequestBuilder {
    let body = json!({"code": code, "name": "网点", "phone": "021-55501234"});
    person.post("/v1/outlets", &body).header("idempotency-key", key)
}

fn is_replayed(response: &Response) -> bool {
    response.headers().contains_key("idempotency-replayed")
}

#[tokio::test]
async fn the_same_request_is_done_once_and_answered_each_time() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let first = expect_ok(found(&administrator, "A1", "k")).await;
    assert!(!is_replayed(&first));
    let again = expect_ok(found(&administrator, "A1", "\"k\"")).await;
    assert!(is_replayed(&again));
    assert_eq!((first.status(), first.text().await.unwrap()), (again.status(), again.text().await.unwrap()));
    let all: Page<Outlet> = expect_json(administrator.get("/v1/outlets"), 200).await;
    assert_eq!(all.items.len(), 2);
}

#[tokio::test]
async fn two_at_the_same_moment_are_done_once() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let (a, b) = tokio::join!(expect_ok(found(&administrator, "A1", "k")), expect_ok(found(&administrator, "A1", "k")));
    assert_eq!(u8::from(is_replayed(&a)) + u8::from(is_replayed(&b)), 1);
    assert_eq!(a.text().await.unwrap(), b.text().await.unwrap());
}

#[tokio::test]
async fn a_key_names_one_request_of_one_person_for_a_day() {
    let server = TestServer::start().await;
    let (mut one, other) = (server.person(Role::Administrator).await, server.person(Role::Administrator).await);
    expect_ok(found(&one, "A1", "k")).await;
    expect_problem(found(&one, "A2", "k"), Kind::IdempotencyConflict).await;
    expect_ok(found(&other, "A3", "k")).await;
    server.clock.advance(DAY);
    server.renew(&mut one).await;
    expect_ok(found(&one, "A4", "k")).await;
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    expect_problem(found(&administrator, "not a code", "k"), Kind::InvalidField).await;
    expect_ok(found(&administrator, "A1", "k")).await;
}

#[tokio::test]
async fn a_key_has_a_length() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    for key in ["", "\"\"", &"x".repeat(101)] {
        expect_problem(found(&administrator, "A1", key), Kind::BadRequest).await;
    }
}
