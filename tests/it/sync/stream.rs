//! The stream that says that something is new, and nothing more.

use schema::people::Role;
use tests::{Person, TestServer};

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
