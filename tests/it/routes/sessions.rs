//! Logging in, staying logged in, and what is no log-in.

mod cookie;
mod forged;
mod throttled;

use reqwest::RequestBuilder;
use schema::people::Role;
use schema::problem::Kind;
use schema::session::{Me, Session, SessionTokens};
use schema::time::{DAY, MINUTE, SECOND};
use serde_json::{Value, json};
use tests::{PASSWORD, Person, TestServer, expect_json, expect_ok, expect_problem};

fn log_in(server: &TestServer, login: &str, password: &str) -> RequestBuilder {
    server.post("/v1/sessions", &json!({"login": login, "password": password}))
}

fn refresh(server: &TestServer, token: &str) -> RequestBuilder {
    server.post("/v1/sessions/refresh", &json!({"refresh_token": token}))
}

fn me(server: &TestServer, access_token: &str) -> RequestBuilder {
    server.get("/v1/me").bearer_auth(access_token)
}

async fn logged_in(server: &TestServer, person: &Person) -> SessionTokens {
    expect_json(log_in(server, &person.login, PASSWORD), 201).await
}

#[tokio::test]
async fn who_logs_in_is_known_from_then_on() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let login = format!(" {} ", agent.login.to_uppercase());
    let tokens: SessionTokens = expect_json(log_in(&server, &login, PASSWORD), 201).await;
    assert_eq!((tokens.person.id, tokens.person.role, tokens.device), (agent.id, Role::DeskAgent, None));
    let known: Me = expect_json(me(&server, &tokens.access_token), 200).await;
    assert_eq!(known, tokens.person);
    let sessions: Vec<Session> = expect_json(server.get("/v1/sessions").bearer_auth(&tokens.access_token), 200).await;
    let current: Vec<_> = sessions.iter().filter(|session| session.current).map(|session| session.id).collect();
    assert_eq!((sessions.len(), current), (2, vec![tokens.session]), "the harness's own and this one");
}

#[tokio::test]
async fn a_wrong_password_and_a_name_that_nobody_has_are_answered_alike() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let wrong = expect_problem(log_in(&server, &agent.login, "not the password"), Kind::BadCredentials).await;
    let unknown = expect_problem(log_in(&server, "nobody", PASSWORD), Kind::BadCredentials).await;
    let long = expect_problem(log_in(&server, &agent.login, &"x".repeat(100_000)), Kind::BadCredentials).await;
    assert_eq!((wrong.title, wrong.detail.clone()), (unknown.title, unknown.detail));
    assert_eq!(wrong.detail, long.detail);
}

#[tokio::test]
async fn an_access_token_runs_out() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let tokens = logged_in(&server, &agent).await;
    server.clock.advance(tokens.expires_in_s * SECOND);
    expect_ok(me(&server, &tokens.access_token)).await;
    server.clock.advance(10 * SECOND);
    expect_problem(me(&server, &tokens.access_token), Kind::TokenExpired).await;
    let renewed: SessionTokens = expect_json(refresh(&server, &tokens.refresh_token), 200).await;
    assert_eq!(renewed.session, tokens.session);
    expect_ok(me(&server, &renewed.access_token)).await;
}

#[tokio::test]
async fn a_refresh_whose_answer_was_lost_can_be_repeated() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let tokens = logged_in(&server, &agent).await;
    let lost: SessionTokens = expect_json(refresh(&server, &tokens.refresh_token), 200).await;
    server.clock.advance(30 * SECOND);
    let again: SessionTokens = expect_json(refresh(&server, &tokens.refresh_token), 200).await;
    assert_ne!(lost.refresh_token, again.refresh_token);
    server.clock.advance(DAY);
    expect_ok(refresh(&server, &again.refresh_token)).await;
}

#[tokio::test]
async fn of_two_who_go_on_with_one_refresh_token_the_second_is_found_out() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let tokens = logged_in(&server, &agent).await;
    let own: SessionTokens = expect_json(refresh(&server, &tokens.refresh_token), 200).await;
    let stolen: SessionTokens = expect_json(refresh(&server, &tokens.refresh_token), 200).await;
    let latest: SessionTokens = expect_json(refresh(&server, &stolen.refresh_token), 200).await;
    expect_problem(refresh(&server, &own.refresh_token), Kind::SessionEnded).await;
    for access_token in [own.access_token, stolen.access_token, latest.access_token] {
        expect_problem(me(&server, &access_token), Kind::SessionEnded).await;
    }
    expect_problem(refresh(&server, &latest.refresh_token), Kind::SessionEnded).await;
}

#[tokio::test]
async fn a_refresh_token_that_comes_back_later_ends_the_session() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let tokens = logged_in(&server, &agent).await;
    let renewed: SessionTokens = expect_json(refresh(&server, &tokens.refresh_token), 200).await;
    server.clock.advance(31 * SECOND);
    expect_problem(refresh(&server, &tokens.refresh_token), Kind::SessionEnded).await;
    expect_problem(refresh(&server, &renewed.refresh_token), Kind::SessionEnded).await;
    expect_problem(me(&server, &renewed.access_token), Kind::SessionEnded).await;
    expect_ok(agent.get("/v1/me")).await;
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let tokens = logged_in(&server, &agent).await;
    for token in ["", "x", "!!", &"A".repeat(43), &"A".repeat(100_000), &tokens.access_token] {
        expect_problem(refresh(&server, token), Kind::SessionEnded).await;
    }
    server.clock.advance(60 * DAY);
    expect_problem(refresh(&server, &tokens.refresh_token), Kind::SessionEnded).await;
}

#[tokio::test]
async fn who_logs_out_is_out_and_nobody_logs_others_out() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let other = server.person(Role::Administrator).await;
    let tokens = logged_in(&server, &agent).await;
    let path = format!("/v1/sessions/{}", tokens.session);
    expect_problem(other.delete(&path), Kind::NotFound).await;
    expect_problem(other.delete("/v1/sessions/not-an-id"), Kind::NotFound).await;
    expect_ok(me(&server, &tokens.access_token)).await;
    expect_ok(agent.delete(&path)).await;
    expect_problem(me(&server, &tokens.access_token), Kind::SessionEnded).await;
    expect_problem(refresh(&server, &tokens.refresh_token), Kind::SessionEnded).await;
    expect_ok(agent.delete("/v1/sessions/current")).await;
    expect_problem(agent.get("/v1/me"), Kind::SessionEnded).await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let here = logged_in(&server, &agent).await;
    let change = |old: &str, new: &str| {
        server
            .client
            .put(format!("{}/v1/me/password", server.url))
            .bearer_auth(&here.access_token)
            .json(&json!({"old": old, "new": new}))
    };
    let wrong = expect_problem(change("not the password", "a new password"), Kind::InvalidField).await;
    assert_eq!(wrong.errors[0].at, "/old");
    let short = expect_problem(change(PASSWORD, "short"), Kind::InvalidField).await;
    assert_eq!(short.errors[0].at, "/new");
    expect_ok(agent.get("/v1/me")).await;
    expect_ok(change(PASSWORD, "a new password")).await;
    expect_ok(me(&server, &here.access_token)).await;
    expect_problem(agent.get("/v1/me"), Kind::SessionEnded).await;
    expect_problem(log_in(&server, &agent.login, PASSWORD), Kind::BadCredentials).await;
    expect_ok(log_in(&server, &agent.login, "a new password")).await;
}

#[tokio::test]
async fn a_rotated_key_is_believed_until_its_tokens_have_run_out() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let published = async || -> Vec<String> {
        let set: Value = expect_json(server.get("/.well-known/jwks.json"), 200).await;
        set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    };
    let old = published().await;
    server.clock.advance(SECOND);
    let (now, seed) = (server.clock.now(), [7; 32]);
    let purpose = schema::rows::keys::KeyPurpose::Token;
    let new = server.state.db.write(move |conn| server::auth::keys::rotate(conn, purpose, now, seed)).await.unwrap();
    assert_eq!(published().await, [new.clone(), old[0].clone()]);
    server.clock.advance(MINUTE);
    let tokens = logged_in(&server, &agent).await;
    assert_eq!(server::auth::token::kid_of(&tokens.access_token), Some(new.clone()));
    expect_ok(me(&server, &tokens.access_token)).await;
    expect_ok(agent.get("/v1/me")).await;
    server.clock.advance(17 * MINUTE);
    assert_eq!(published().await, [new]);
}

#[tokio::test]
async fn whatever_else_comes_as_a_log_in_is_a_problem_of_the_table() {
    let server = TestServer::start().await;
    let url = format!("{}/v1/sessions", server.url);
    let raw = |body: &str| server.client.post(&url).header("content-type", "application/json").body(body.to_owned());
    expect_problem(raw("{"), Kind::BadRequest).await;
    expect_problem(raw(""), Kind::BadRequest).await;
    for body in ["[]", "{}", "null", r#"{"login": 1, "password": "x"}"#, r#"{"login": "a"}"#] {
        expect_problem(raw(body), Kind::InvalidField).await;
    }
    let extra = json!({"login": "a", "password": "b", "role": "administrator"});
    expect_problem(server.post("/v1/sessions", &extra), Kind::InvalidField).await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    expect_problem(raw(&deep), Kind::InvalidField).await;
    expect_problem(server.client.post(&url).body("login=a"), Kind::UnsupportedMediaType).await;
    expect_problem(raw(&format!("\"{}\"", "x".repeat(400_000))), Kind::TooLarge).await;
    expect_problem(server.client.patch(&url), Kind::MethodNotAllowed).await;
    expect_problem(log_in(&server, "a\0b", "c\0d"), Kind::BadCredentials).await;
}
