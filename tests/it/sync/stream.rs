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
