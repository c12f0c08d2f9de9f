//! The harness keeps its own promises.

use schema::people::Role;
use schema::problem::Kind;
use schema::time::MINUTE;
use serde_json::{Value, json};
use std::sync::Arc;
use tests::{PASSWORD, Setup, TestServer, expect_json, expect_ok, expect_problem};

#[tokio::test]
async fn a_person_of_any_role_is_logged_in_and_can_log_in() {
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let me: Value = expect_json(dispatcher.get("/v1/me"), 200).await;
    assert_eq!(me["role"], "dispatcher");
    let body = json!({"login": dispatcher.login, "password": PASSWORD});
    expect_ok(server.post("/v1/sessions", &body)).await;
    expect_problem(server.get("/v1/me"), Kind::Unauthenticated).await;
}

#[tokio::test]
async fn time_passes_only_when_a_test_says_so() {
    let server = TestServer::start().await;
    let technician = server.person(Role::Technician).await;
    expect_ok(technician.get("/v1/me")).await;
    server.clock.advance(20 * MINUTE);
    expect_problem(technician.get("/v1/me"), Kind::TokenExpired).await;
}

#[tokio::test]
async fn a_server_that_comes_back_knows_its_people_at_the_same_address() {
    let server = TestServer::start().await;
    let desk = server.person(Role::DeskAgent).await;
    let server = server.restart().await;
    expect_ok(desk.get("/v1/me")).await;
    let database = Arc::clone(&server.database);
    let elsewhere = Setup { database, public_url: Some(server.url.clone()), ..Setup::default() };
    let second = TestServer::with(elsewhere).await;
    expect_ok(second.get("/v1/me").bearer_auth(&desk.token)).await;
}

#[tokio::test]
async fn an_address_that_nobody_answers_gets_a_problem_in_the_readers_language() {
    let server = TestServer::start().await;
    let zh = expect_problem(server.get("/v1/nowhere"), Kind::NotFound).await;
    let en = expect_problem(server.get("/v1/nowhere").header("Accept-Language", "en-GB"), Kind::NotFound).await;
    assert_eq!((zh.title.as_str(), en.title.as_str()), ("没有找到", "There is no such thing here"));
    expect_problem(server.post("/health", &json!({})), Kind::MethodNotAllowed).await;
    let answer = server.post("/v1/people/0/devices", &json!({})).send().await.unwrap();
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "GET");
    let zh = expect_problem(server.get("/docs/nope"), Kind::NotFound).await;
    assert_eq!(zh.title, "没有找到", "also where another's service answers");
    expect_ok(server.get("/docs/")).await;
}
