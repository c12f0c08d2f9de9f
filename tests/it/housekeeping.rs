//! What has run out goes, what has not stays, and it takes nobody to ask for it.

use schema::people::Role;
use schema::problem::Kind;
use schema::session::SessionTokens;
use schema::time::{DAY, HOUR};
use serde_json::json;
use server::db;
use server::jobs::housekeeping::{Forgotten, tidy_up};
use std::sync::Arc;
use tests::{PASSWORD, Setup, TestServer, expect_json, expect_ok, expect_problem};

async fn logged_in(server: &TestServer, login: &str) -> SessionTokens {
    expect_json(server.post("/v1/sessions", &json!({"login": login, "password": PASSWORD})), 201).await
}

/// A log-in that ended, a renewed one that lives, an answer kept, and a failed log-in.
async fn traces(server: &TestServer) -> SessionTokens {
    let administrator = server.person(Role::Administrator).await;
    let ended = logged_in(server, &administrator.login).await;
    let log_out = server.client.delete(format!("{}/v1/sessions/current", server.url));
    expect_ok(log_out.bearer_auth(ended.access_token)).await;
    let outlet = json!({"code": "A1", "name": "网点", "phone": "021-55501234"});
    expect_ok(administrator.post("/v1/outlets", &outlet).header("idempotency-key", "k")).await;
    let wrong = json!({"login": "nobody", "password": PASSWORD});
    expect_problem(server.post("/v1/sessions", &wrong), Kind::BadCredentials).await;
    logged_in(server, &administrator.login).await
}

/// Nobody tidies up here but the test, which counts.
const BY_HAND: [&str; 2] = ["--housekeeping-s", "0"];

async fn refreshed(server: &TestServer, tokens: SessionTokens) -> SessionTokens {
    let body = json!({"refresh_token": tokens.refresh_token});
    expect_json(server.post("/v1/sessions/refresh", &body), 200).await
}

#[tokio::test]
async fn what_has_run_out_is_forgotten_and_what_lives_is_not() {
    let server = TestServer::with(Setup { flags: BY_HAND.to_vec(), ..Setup::default() }).await;
    let tokens = traces(&server).await;
    assert_eq!(tidy_up(&server.state).await.unwrap(), Forgotten::default());
    server.clock.advance(2 * HOUR);
    let quiet = tidy_up(&server.state).await.unwrap();
    assert!(quiet.throttles >= 1 && quiet == (Forgotten { throttles: quiet.throttles, ..Forgotten::default() }));
    server.clock.advance(DAY);
    assert_eq!(tidy_up(&server.state).await.unwrap(), Forgotten { answers: 1, ..Forgotten::default() });
    server.clock.advance(50 * DAY);
    let tokens = refreshed(&server, tokens).await;
    server.clock.advance(20 * DAY);
    // The harness's own log-in, the one that ended, and the first token of the one that lives.
    let over = tidy_up(&server.state).await.unwrap();
    assert_eq!(over, Forgotten { sessions: 2, refresh_tokens: 3, ..Forgotten::default() });
    refreshed(&server, tokens).await;
}

#[tokio::test]
async fn two_servers_that_tidy_up_at_once_forget_everything_once() {
    let one = TestServer::with(Setup { flags: BY_HAND.to_vec(), ..Setup::default() }).await;
    traces(&one).await;
    let (database, clock) = (Arc::clone(&one.database), one.clock.clone());
    let setup = Setup { database, clock, flags: BY_HAND.to_vec(), ..Setup::default() };
    let two = TestServer::with(setup).await;
    one.clock.advance(70 * DAY);
    let (a, b) = tokio::join!(tidy_up(&one.state), tidy_up(&two.state));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!((a.sessions + b.sessions, a.refresh_tokens + b.refresh_tokens, a.answers + b.answers), (3, 3, 1));
}

#[tokio::test]
async fn a_server_tidies_up_by_itself_and_finishes_before_it_stops() {
    let server = TestServer::start().await;
    traces(&server).await;
    server.clock.advance(70 * DAY);
    let database = Arc::clone(&server.database);
    // Where it begins anew it tidies up at once; stopped in that moment, it finishes first.
    server.restart().await.stop().await;
    let mut conn = db::open(database.url()).unwrap();
    assert_eq!(db::sessions::delete_sessions(&mut conn, schema::time::Timestamp::from_micros(i64::MAX)).unwrap(), 0);
}
