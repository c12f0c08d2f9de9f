//! The pages as files: what they may do, who keeps them, and that every address below one is that page.

use reqwest::{Response, StatusCode};
use tests::TestServer;

async fn get(server: &TestServer, path: &str) -> Response {
    server.get(path).send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// The page's own script, as its page names it.
async fn script_of(server: &TestServer, face: &str) -> String {
    let page = get(server, face).await.text().await.unwrap();
    let (_, after) = page.split_once("src=\"/assets/").unwrap();
    format!("/assets/{}", after.split('"').next().unwrap())
}

#[tokio::test]
async fn every_address_below_a_face_is_its_page() {
    let server = TestServer::start().await;
    for (face, deep) in [("/desk/", "/desk/jobs/0198-x/history"), ("/phone/", "/phone/jobs/a")] {
        let (shallow, deep) = (get(&server, face).await, get(&server, deep).await);
        assert_eq!((shallow.status(), deep.status()), (StatusCode::OK, StatusCode::OK));
        assert!(header(&shallow, "content-type").starts_with("text/html"));
        assert_eq!(shallow.text().await.unwrap(), deep.text().await.unwrap());
    }
    let beside = get(&server, "/phone/worker.js").await;
    assert!(header(&beside, "content-type").starts_with("text/javascript"));
}

#[tokio::test]
async fn nothing_runs_in_a_page_but_its_own_scripts() {
    let server = TestServer::start().await;
    let page = get(&server, "/phone/").await;
    let policy = header(&page, "content-security-policy").to_owned();
    for wanted in ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'"] {
        assert!(policy.contains(wanted), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    let text = page.text().await.unwrap();
    assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains(" onload="), "{text}");
}

#[tokio::test]
async fn what_changes_its_name_with_its_content_is_kept_for_ever_and_the_rest_is_asked_for_again() {
    let server = TestServer::start().await;
    let script = get(&server, &script_of(&server, "/desk/").await).await;
    assert_eq!(script.status(), StatusCode::OK);
    assert!(header(&script, "cache-control").contains("immutable"));
    let page = get(&server, "/desk/").await;
    assert_eq!(header(&page, "cache-control"), "no-cache");
    let tag = header(&page, "etag").to_owned();
    let again = server.get("/desk/").header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_browser_that_takes_brotli_gets_the_same_bytes_in_fewer() {
    let server = TestServer::start().await;
    let path = script_of(&server, "/phone/").await;
    let plain = server.get(&path).header("accept-encoding", "identity").send().await.unwrap();
    assert_eq!(header(&plain, "content-encoding"), "");
    let packed = server.get(&path).header("accept-encoding", "gzip, deflate, br").send().await.unwrap();
    assert_eq!(header(&packed, "content-encoding"), "br");
    assert!(packed.bytes().await.unwrap().len() < plain.bytes().await.unwrap().len());
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_like_anywhere() {
    let server = TestServer::start().await;
    for path in ["/assets/no-such.js", "/assets/..%2fdesk%2findex.html", "/icon-1.png", "/phonebook"] {
        let answer = get(&server, path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(header(&answer, "content-type"), "application/problem+json", "{path}");
    }
}
