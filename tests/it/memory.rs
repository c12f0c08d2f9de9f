//! What a service that was attacked holds on to.

use serde_json::json;
use tests::{ServerProcess, TestDatabase};

/// More than the service needs for itself, and far less than forty hashes in memory of their own (760 MiB).
const GROWTH_BYTES_MAX: u64 = 200 << 20;

#[tokio::test]
async fn forty_guesses_at_passwords_do_not_leave_their_memory_behind() {
    let database = TestDatabase::new();
    let (data, url) = (database.folder().to_string_lossy().into_owned(), database.url_text());
    let server =
        ServerProcess::start(["--listen", "127.0.0.1:0", "--data", &data, "--database-url", &url, "--trust-proxy"]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let guess = async |from: usize| {
        let body = json!({"login": format!("nobody{from}"), "password": "a guess of ten letters"});
        let request = client.post(format!("http://{}/v1/sessions", server.address)).json(&body);
        // From many places, or most would be slowed down before their password is looked at.
        let answer = request.header("X-Forwarded-For", format!("203.0.113.{from}")).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 401);
    };
    guess(0).await;
    let before = server.resident_bytes();
    for round in 0..10 {
        tokio::join!(guess(4 * round + 1), guess(4 * round + 2), guess(4 * round + 3), guess(4 * round + 4));
    }
    let grown = server.resident_bytes().saturating_sub(before);
    assert!(grown < GROWTH_BYTES_MAX, "grown by {} MiB", grown >> 20);
}
