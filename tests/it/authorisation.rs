//! Who may do what: every operation of the OpenAPI document, asked by everybody, held against a table that people read and review
//! (`authorisation/operations.csv`). Who may write where in a job's record is the gate's own table, `sync/src/admit/tests/places.csv`.

mod callers;
pub mod grounds;
pub mod requests;
mod table;

use callers::Caller;
use grounds::Grounds;
use requests::{Ask, asks};
use reqwest::Response;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use table::Row;
use tests::expect_json;
use tokio::task::JoinSet;

/// Requests under way at once.
const TOGETHER: usize = 8;

/// As in `GET /v1/jobs/{id}`.
async fn operations(grounds: &Grounds) -> BTreeSet<String> {
    let document: Value = expect_json(grounds.server.get("/openapi.json"), 200).await;
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().iter().filter(|(_, operation)| operation["responses"].is_object());
        found.extend(methods.map(|(method, _)| format!("{} {path}", method.to_uppercase())));
    }
    found
}

/// What came of it, in the table's words.
async fn outcome(response: Response, let_in: u16, shows: Option<&str>) -> String {
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
    let is_told = ["application/problem+json", "text/html"].iter().any(|form| kind.starts_with(form));
    if status >= 400 && !is_told {
        return format!("{status} in no form");
    }
    if status != let_in {
        return status.to_string();
    }
    let Some(shows) = shows.filter(|_| status < 300) else { return "yes".to_owned() };
    let body = response.bytes().await.unwrap();
    let is_shown = body.windows(shows.len()).any(|part| part == shows.as_bytes());
    if is_shown { "yes" } else { "none" }.to_owned()
}

/// Asks everything that the table has a row for; answers what was found by operation and caller.
async fn ask_all(
    grounds: &Arc<Grounds>,
    rows: &[Row],
    asks: BTreeMap<&'static str, Ask>,
) -> Vec<(usize, String, String)> {
    // As a browser does not: where a form sends it is the answer.
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let asks = Arc::new(asks);
    let (mut running, mut found) = (JoinSet::new(), Vec::new());
    for (place, row) in rows.iter().enumerate() {
        for number in 0..grounds.callers.len() {
            if running.len() >= TOGETHER {
                found.push(running.join_next().await.unwrap().unwrap());
            }
            let (grounds, asks, client) = (Arc::clone(grounds), Arc::clone(&asks), client.clone());
            let (operation, let_in) = (row.operation.clone(), row.let_in);
            running.spawn(async move {
                let (caller, ask): (&Caller, &Ask) = (&grounds.callers[number], &asks[operation.as_str()]);
                // Each from an address of their own: whoever guesses passwords from one is slowed down.
                let address = format!("10.0.{}.{}", place % 250, number);
                let request =
                    ask.request(&client, &grounds.server.url, &operation, caller).header("x-forwarded-for", address);
                let response = request.send().await.unwrap_or_else(|error| panic!("{operation}: {error}"));
                (place, caller.column.clone(), outcome(response, let_in, ask.shows.as_deref()).await)
            });
        }
    }
    while let Some(one) = running.join_next().await {
        found.push(one.unwrap());
    }
    found
}

#[tokio::test]
async fn every_operation_lets_in_whom_the_table_says_and_nobody_else() {
    let grounds = Arc::new(Grounds::lay().await);
    let (columns, rows) = table::read();
    let named: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
    let callers: BTreeSet<&str> = grounds.callers.iter().map(|caller| caller.column.as_str()).collect();
    assert_eq!((&named, named.len()), (&callers, grounds.callers.len()), "the table's columns and the callers differ");
    let operations = operations(&grounds).await;
    let tabled: BTreeSet<String> = rows.iter().map(|row| row.operation.clone()).collect();
    assert_eq!(tabled.len(), rows.len(), "an operation has two rows");
    let missing: Vec<_> = operations.difference(&tabled).collect();
    assert!(missing.is_empty(), "without a row in operations.csv: {missing:#?}");
    let unknown: Vec<_> = tabled.difference(&operations).collect();
    assert!(unknown.is_empty(), "operations.csv has rows for what the document does not know: {unknown:#?}");
    let asks = asks(&grounds);
    let unasked: Vec<_> = operations.iter().filter(|operation| !asks.contains_key(operation.as_str())).collect();
    assert!(unasked.is_empty(), "authorisation/requests.rs does not say how these are asked: {unasked:#?}");

    let mut wrong = Vec::new();
    for (place, caller, found) in ask_all(&grounds, &rows, asks).await {
        let (row, expected) = (&rows[place], &rows[place].cells[&caller]);
        if *expected != found {
            wrong.push(format!("{} by {caller}: expected {expected}, found {found}", row.operation));
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{} cells of operations.csv are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
