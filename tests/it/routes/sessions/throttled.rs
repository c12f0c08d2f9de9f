//! Whoever guesses passwords waits longer and longer.

use super::log_in;
use schema::people::Role;
use schema::problem::Kind;
use schema::time::{HOUR, SECOND};
use server::domain::throttles::{count_try, forgive};
use tests::{PASSWORD, TestServer, expect_ok, expect_problem};

#[tokio::test]
async fn after_failures_even_the_right_password_waits() {
    let server = TestServer::start().await;
    let (agent, other) = (server.person(Role::DeskAgent).await, server.person(Role::DeskAgent).await);
    for _ in 0..6 {
        expect_problem(log_in(&server, &agent.login, "wrong wrong wrong"), Kind::BadCredentials).await;
    }
    let refused = log_in(&server, &agent.login, PASSWORD).send().await.unwrap();
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (429, "2"));
    expect_ok(log_in(&server, &other.login, PASSWORD)).await;
    server.clock.advance(2 * SECOND);
    expect_ok(log_in(&server, &agent.login, PASSWORD)).await;
    expect_problem(log_in(&server, &agent.login, "wrong wrong wrong"), Kind::BadCredentials).await;
    expect_ok(log_in(&server, &agent.login, PASSWORD)).await;
}

#[tokio::test]
async fn a_name_that_nobody_has_is_slowed_down_alike() {
    let server = TestServer::start().await;
    for _ in 0..6 {
        expect_problem(log_in(&server, "nobody", PASSWORD), Kind::BadCredentials).await;
    }
    expect_problem(log_in(&server, "Nobody ", PASSWORD), Kind::TooManyRequests).await;
}

#[tokio::test]
async fn one_address_that_tries_many_names_is_slowed_down() {
    let server = TestServer::start().await;
    let now = server.clock.now();
    let tries = move |conn: &mut server::db::Conn| {
        (0..31).try_for_each(|name| count_try(conn, &format!("name{name}"), "203.0.113.9", now))?;
        let refused = count_try(conn, "another", "203.0.113.9", now).unwrap_err();
        assert_eq!((refused.kind, refused.retry_after_s), (Kind::TooManyRequests, Some(2)));
        count_try(conn, "another", "203.0.113.10", now)?;
        // A success takes its own try back, not those of others.
        forgive(conn, "name0", "203.0.113.9", now)?;
        count_try(conn, "name0", "203.0.113.9", now)?;
        assert!(count_try(conn, "name1", "203.0.113.9", now).is_err());
        count_try(conn, "name1", "203.0.113.9", now.plus(2 * HOUR))?;
        count_try(conn, "name2", "203.0.113.9", now.plus(2 * HOUR))
    };
    server.state.db.write(tries).await.unwrap();
}

#[tokio::test]
async fn who_logs_in_at_the_same_moment_as_another_does_not_wait() {
    let server = TestServer::start().await;
    let (now, later) = (server.clock.now(), server.clock.now().plus(1));
    // The later by the clock was counted first.
    let both = server.state.db.write(move |conn| {
        count_try(conn, "one", "192.0.2.1", later)?;
        count_try(conn, "two", "192.0.2.1", now)
    });
    assert_eq!(both.await, Ok(()));
}
