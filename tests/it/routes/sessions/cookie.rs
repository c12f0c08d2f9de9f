//! The log-in of a browser, whose refresh token no script sees and no other page can use.

use super::{me, refresh};
use reqwest::{RequestBuilder, Response};
use schema::people::Role;
use schema::problem::Kind;
use schema::session::SessionTokens;
use schema::time::{DAY, SECOND};
use serde_json::json;
use tests::{PASSWORD, Person, Setup, TestServer, expect_json, expect_ok, expect_problem};

fn log_in(server: &TestServer, person: &Person, origin: &str) -> RequestBuilder {
    let body = json!({"login": person.login, "password": PASSWORD, "in_cookie": true});
    server.post("/v1/sessions", &body).header("origin", origin)
}

/// As the browser sends it: the cookie along with who asks.
fn renew(server: &TestServer, cookie: &str) -> RequestBuilder {
    let asked = server.post("/v1/sessions/refresh", &json!({})).header("origin", &server.url);
    asked.header("cookie", format!("other=1; {cookie}"))
}

/// What the browser would keep, as `name=value`, and what was said of it.
fn cookie_of(response: &Response) -> (String, Vec<String>) {
    let set: Vec<&str> = response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let [set] = set[..] else { panic!("one cookie, not {set:?}") };
    let mut parts = set.split("; ").map(str::to_owned);
    let kept = parts.next().unwrap();
    let mut said: Vec<String> = parts.collect();
    said.sort();
    (kept, said)
}

async fn opened(request: RequestBuilder) -> (String, Vec<String>, SessionTokens) {
    let response = expect_ok(request).await;
    let (cookie, said) = cookie_of(&response);
    (cookie, said, response.json().await.unwrap())
}

const SAID: [&str; 4] = ["HttpOnly", "Max-Age=5184000", "Path=/v1/sessions/refresh", "SameSite=Strict"];

#[tokio::test]
async fn a_pages_refresh_token_is_in_a_cookie_alone_and_is_replaced_at_each_use() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (first, said, tokens) = opened(log_in(&server, &agent, &server.url)).await;
    assert_eq!((said, tokens.refresh_token.as_str()), (SAID.map(str::to_owned).to_vec(), ""));
    expect_ok(me(&server, &tokens.access_token)).await;
    server.clock.advance(DAY);
    let (second, said, renewed) = opened(renew(&server, &first)).await;
    assert_eq!((said, renewed.refresh_token.as_str()), (SAID.map(str::to_owned).to_vec(), ""));
    assert_eq!(renewed.session, tokens.session);
    assert_ne!(first, second);
    expect_ok(me(&server, &renewed.access_token)).await;
    server.clock.advance(31 * SECOND);
    expect_problem(renew(&server, &first), Kind::SessionEnded).await;
    expect_problem(renew(&server, &second), Kind::SessionEnded).await;
    expect_problem(me(&server, &renewed.access_token), Kind::SessionEnded).await;
}

#[tokio::test]
async fn no_other_page_and_no_program_uses_the_cookie() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (cookie, ..) = opened(log_in(&server, &agent, &server.url)).await;
    let host = server.url.trim_start_matches("http://");
    let (address, port) = host.split_once(':').unwrap();
    let foreign = [
        "https://evil.example".to_owned(),
        format!("https://{host}"),
        format!("http://{address}:1"),
        format!("http://{host}.evil.example"),
        format!("http://evil.example:{port}"),
        "null".to_owned(),
        String::new(),
        "http://".to_owned(),
    ];
    for origin in foreign {
        expect_problem(log_in(&server, &agent, &origin), Kind::Forbidden).await;
        let asked = server.post("/v1/sessions/refresh", &json!({})).header("origin", &origin);
        expect_problem(asked.header("cookie", &cookie), Kind::Forbidden).await;
    }
    let unsaid = server.post("/v1/sessions/refresh", &json!({})).header("cookie", &cookie);
    expect_problem(unsaid, Kind::Forbidden).await;
    for said in ["cross-site", "same-site", "none"] {
        expect_problem(renew(&server, &cookie).header("sec-fetch-site", said), Kind::Forbidden).await;
    }
    // None of that was a use of it.
    expect_ok(renew(&server, &cookie).header("sec-fetch-site", "same-origin")).await;
}

#[tokio::test]
async fn over_a_network_the_cookie_goes_encrypted_only() {
    let public_url = Some("https://service.example".to_owned());
    let server = TestServer::with(Setup { public_url, ..Setup::default() }).await;
    let agent = server.person(Role::DeskAgent).await;
    let (cookie, said, _) = opened(log_in(&server, &agent, "https://service.example")).await;
    assert!(cookie.starts_with("__Secure-refresh="), "{cookie}");
    assert!(said.contains(&"Secure".to_owned()), "{said:?}");
    expect_problem(log_in(&server, &agent, "http://service.example"), Kind::Forbidden).await;
    let by_name = log_in(&server, &agent, "http://service.lan").header("host", "service.lan");
    let refused = expect_problem(by_name, Kind::Forbidden).await;
    assert!(refused.detail.unwrap().contains("https"));
    expect_ok(log_in(&server, &agent, "http://localhost:8080").header("host", "localhost:8080")).await;
    expect_ok(log_in(&server, &agent, "http://[::1]:8080").header("host", "[::1]:8080")).await;
}

#[tokio::test]
async fn logging_out_takes_the_cookie_back() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (cookie, _, tokens) = opened(log_in(&server, &agent, &server.url)).await;
    let current = format!("{}/v1/sessions/current", server.url);
    let out = server.client.delete(current).bearer_auth(&tokens.access_token).header("origin", &server.url);
    let (kept, said) = cookie_of(&expect_ok(out).await);
    assert_eq!((kept.as_str(), said.contains(&"Max-Age=0".to_owned())), ("refresh=", true), "{said:?}");
    expect_problem(renew(&server, &cookie), Kind::SessionEnded).await;
    expect_problem(renew(&server, &kept), Kind::SessionEnded).await;
    expect_problem(renew(&server, "other=2"), Kind::SessionEnded).await;
}

#[tokio::test]
async fn what_the_body_says_goes_before_the_cookie_and_gets_none() {
    let server = TestServer::start().await;
    let (agent, other) = (server.person(Role::DeskAgent).await, server.person(Role::DeskAgent).await);
    let (cookie, ..) = opened(log_in(&server, &agent, &server.url)).await;
    let body = json!({"login": other.login, "password": PASSWORD});
    let tokens: SessionTokens = expect_json(server.post("/v1/sessions", &body).header("cookie", &cookie), 201).await;
    let response = expect_ok(refresh(&server, &tokens.refresh_token).header("cookie", &cookie)).await;
    assert_eq!(response.headers().get("set-cookie"), None);
    let renewed: SessionTokens = response.json().await.unwrap();
    assert_eq!(renewed.session, tokens.session);
    assert_ne!(renewed.refresh_token, "");
    expect_ok(renew(&server, &cookie)).await;
}

#[tokio::test]
async fn a_phone_asks_for_no_cookie() {
    let server = TestServer::start().await;
    let technician = server.person(Role::Technician).await;
    let device = json!({"name": "phone", "public_key": "11".repeat(32)});
    let body = json!({"login": technician.login, "password": PASSWORD, "device": device, "in_cookie": true});
    let asked = server.post("/v1/sessions", &body).header("origin", &server.url);
    let refused = expect_problem(asked, Kind::InvalidField).await;
    assert_eq!(refused.errors[0].at, "/in_cookie");
}
