//! What each route answers, to good requests and bad ones; a file a noun.

mod assignments;
mod backups;
mod bills;
mod conflicts;
mod customer_page;
mod customers;
mod decisions;
mod delays;
mod devices;
mod earlier_visits;
mod escalations;
mod faces;
mod follow_ups;
mod hand_backs;
mod idempotency;
mod in_hand;
mod inbox;
mod job_refusals;
mod jobs;
pub mod links;
mod outlets;
mod people;
mod price_lists;
mod price_requests;
mod promises;
mod questions;
mod quotes;
mod refusals;
mod reports;
mod sessions;
mod setup;
mod sheet_pdf;
mod templates;
pub mod together;
mod waiting;
mod ways;
mod withdrawals;

use schema::page::Page;
use serde::de::DeserializeOwned;
use tests::{Person, Setup, TestServer, expect_json};

/// A server whose tokens outlive a test that moves the clock by weeks.
async fn patient_server() -> TestServer {
    TestServer::with(Setup { flags: vec!["--access-token-s", "10000000"], ..Setup::default() }).await
}

/// All that a list holds, asked for in pages of so many rows.
async fn walk<T: DeserializeOwned>(person: &Person, path: &str, rows: usize) -> Vec<T> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let mark = if path.contains('?') { '&' } else { '?' };
        let asked = format!("{path}{mark}limit={rows}{after}");
        let Page { items, next } = expect_json::<Page<T>>(person.get(&asked), 200).await;
        assert!(next.is_none() || items.len() == rows, "{asked}: only the last page may be short");
        found.extend(items);
        let Some(next) = next else { return found };
        after = format!("&after={next}");
    }
}

/// The path with these parameters, as a browser would write them.
fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let url = reqwest::Url::parse_with_params(&format!("http://server{path}"), query).unwrap();
    format!("{}?{}", url.path(), url.query().unwrap_or(""))
}
