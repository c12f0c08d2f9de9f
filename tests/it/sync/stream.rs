//! The stream that says that something is new, and nothing more.

use schema::people::Role;
use serde_json::json;
use server::db::devices::revoke_device;
use server::feed::Notice;
use std::time::{Duration, Instant};
use tests::{Person, Setup, TestServer, expect_json};

/// What the stream says, up to and including `event`.
async fn listen(server: &TestServer, person: &Person, act: impl AsyncFnOnce(), event: &str) -> String {
    let mut stream = person.get("/v1/feed").send().await.unwrap();
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut heard = String::from_utf8(stream.chunk().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(heard.starts_with("retry:"), "the stream stands at once");
    act().await;
    while !heard.contains(event) {
        let chunk = stream.chunk().await.unwrap().unwrap_or_else(|| panic!("{} ended: {heard}", server.url));
        heard.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    heard
}

#[actix_web::test]
async fn a_technician_hears_that_their_own_feed_moved() {
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let (mine, other) = (server.person(Role::Technician).await, server.person(Role::Technician).await);
    let (first, second) = (server.job(&dispatcher).await, server.job(&dispatcher).await);
    let act = async || {
        server.assign(first, &dispatcher, &other).await;
        server.assign(second, &dispatcher, &mine).await;
    };
    let heard = listen(&server, &mine, act, "event: cursor").await;
    assert!(heard.contains("event: cursor\ndata: 1\n\n"), "{heard}");
    assert_eq!(heard.matches("event:").count(), 1, "nothing of the other's: {heard}");
}

#[actix_web::test]
async fn a_dispatcher_hears_which_job_of_the_outlet_changed() {
    let server = TestServer::start().await;
    let (dispatcher, elsewhere) =
        (server.person(Role::Dispatcher).await, server.person_at("02", Role::Dispatcher).await);
    let (foreign, own) = (server.job(&elsewhere).await, server.job(&dispatcher).await);
    let technician = server.person(Role::Technician).await;
    let far = server.person_at("02", Role::Technician).await;
    let act = async || {
        server.assign(foreign, &elsewhere, &far).await;
        server.assign(own, &dispatcher, &technician).await;
    };
    let heard = listen(&server, &dispatcher, act, "event: job").await;
    assert!(heard.contains(&own.to_string()) && !heard.contains(&foreign.to_string()), "{heard}");
}

#[actix_web::test]
async fn a_desk_hears_of_its_outlets_questions_and_of_no_others() {
    let server = TestServer::start().await;
    let (agent, elsewhere) = (server.person(Role::DeskAgent).await, server.person_at("02", Role::DeskAgent).await);
    let body = serde_json::json!({"class": "D", "channel": "phone", "fault": "旧机能否折价？"});
    let taken = async |person: &Person| -> String {
        let report: serde_json::Value = tests::expect_json(person.post("/v1/reports", &body), 201).await;
        format!("/v1/reports/{}/questions", report["id"].as_str().unwrap())
    };
    let (own, foreign) = (taken(&agent).await, taken(&elsewhere).await);
    let question = serde_json::json!({"text": "旧机能否折价？"});
    let act = async || {
        tests::expect_json::<serde_json::Value>(elsewhere.post(&foreign, &question), 201).await;
        tests::expect_json::<serde_json::Value>(agent.post(&own, &question), 201).await;
    };
    let heard = listen(&server, &agent, act, "event: desk").await;
    assert!(heard.contains(&agent.outlet.to_string()) && !heard.contains(&elsewhere.outlet.to_string()), "{heard}");
    let priced = server.job(&agent).await;
    let act = async || {
        let path = format!("/v1/jobs/{priced}/price-requests");
        tests::expect_json::<serde_json::Value>(agent.post(&path, &question), 201).await;
    };
    let heard = listen(&server, &agent, act, "event: job").await;
    assert!(heard.contains(&priced.to_string()), "a price was asked for: {heard}");
}

/// A server whose streams look every second.
async fn looking() -> TestServer {
    TestServer::with(Setup { flags: vec!["--stream-pause-s", "1"], ..Setup::default() }).await
}

#[actix_web::test]
async fn a_stream_says_that_it_is_alive_however_much_moves_for_others() {
    let server = looking().await;
    let (mine, other) = (server.person(Role::Technician).await, server.person(Role::Technician).await);
    let begun = Instant::now();
    let traffic = async {
        while begun.elapsed() < Duration::from_secs(20) {
            server.state.feed.notify(Notice::Person(other.id, 1));
            expect_json::<serde_json::Value>(other.get("/v1/me"), 200).await;
        }
    };
    tokio::select! {
        heard = listen(&server, &mine, async || {}, ": still here") => assert!(!heard.contains("event:"), "{heard}"),
        () = traffic => panic!("it says nothing while others' things move"),
    }
}

/// Opens a stream, acts, and hears on until it ends; it may say at the most once that it is still there.
async fn ends(server: &TestServer, token: &str, act: impl AsyncFnOnce()) {
    let mut stream = server.get("/v1/feed").bearer_auth(token).send().await.unwrap();
    assert_eq!(stream.status(), 200);
    act().await;
    let mut heard = String::new();
    while let Some(chunk) = stream.chunk().await.unwrap() {
        heard.push_str(std::str::from_utf8(&chunk).unwrap());
        assert!(heard.matches(": still here").count() < 2, "it goes on: {heard}");
    }
}

#[actix_web::test]
async fn a_stream_ends_with_its_session_its_phone_and_its_persons_work_here() {
    let server = TestServer::start().await;
    let (agent, technician) = (server.person(Role::DeskAgent).await, server.person(Role::Technician).await);
    let (administrator, leaver) = (server.person(Role::Administrator).await, server.person(Role::Dispatcher).await);
    let phone = server.bare_phone(&technician).await;
    ends(&server, &agent.token, async || {
        assert_eq!(agent.delete("/v1/sessions/current").send().await.unwrap().status(), 204);
    })
    .await;
    ends(&server, &leaver.token, async || {
        let path = format!("/v1/people/{}", leaver.id);
        expect_json::<serde_json::Value>(administrator.patch(&path, &json!({"disabled": true})), 200).await;
    })
    .await;
    ends(&server, &phone.token, async || {
        let path = format!("/v1/devices/{}", phone.device);
        assert_eq!(technician.delete(&path).send().await.unwrap().status(), 204);
    })
    .await;
}

/// As by the command line, or by a server that dies before it can tell.
#[actix_web::test]
async fn a_stream_that_nobody_told_ends_at_its_next_look() {
    let server = looking().await;
    let technician = server.person(Role::Technician).await;
    let phone = server.bare_phone(&technician).await;
    let (device, now) = (phone.device, server.clock.now());
    ends(&server, &phone.token, async || {
        server.state.db.write(move |conn| Ok(revoke_device(conn, device, now, None)?)).await.unwrap();
    })
    .await;
}
