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

/// Requests under way at once. All that write stand in one of the lanes: of two who write to one job at the same moment PostgreSQL lets
/// one come again, which says nothing of who may.
const LANES: usize = 8;

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

/// The cells, by row and caller, in the lanes in which they are asked.
fn lanes(grounds: &Grounds, rows: &[Row]) -> Vec<Vec<(usize, usize)>> {
    let mut lanes = vec![Vec::new(); LANES];
    for (place, row) in rows.iter().enumerate() {
        let is_read = ["GET ", "HEAD ", "OPTIONS "].iter().any(|method| row.operation.starts_with(method));
        for number in 0..grounds.callers.len() {
            let lane = if is_read { 1 + number % (LANES - 1) } else { 0 };
            lanes[lane].push((place, number));
        }
    }
    lanes
}

/// Asks everything that the table has a row for; answers what was found in each cell.
async fn ask_all(
    grounds: &Arc<Grounds>,
    rows: &Arc<Vec<Row>>,
    asks: BTreeMap<&'static str, Ask>,
) -> Vec<((usize, usize), String)> {
    // As a browser does not: where a form sends it is the answer.
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let asks = Arc::new(asks);
    let mut running = JoinSet::new();
    for lane in lanes(grounds, rows) {
        let (grounds, rows, asks) = (Arc::clone(grounds), Arc::clone(rows), Arc::clone(&asks));
        let client = client.clone();
        running.spawn(async move {
            let mut found = Vec::new();
            for (place, number) in lane {
                let (row, caller): (&Row, &Caller) = (&rows[place], &grounds.callers[number]);
                let ask = &asks[row.operation.as_str()];
                // Each from an address of their own: whoever guesses passwords from one is slowed down.
                let address = format!("10.0.{place}.{number}");
                let request = ask.request(&client, &grounds.server.url, &row.operation, caller);
                let response = request.header("x-forwarded-for", address).send().await;
                let response = response.unwrap_or_else(|error| panic!("{}: {error}", row.operation));
                found.push(((place, number), outcome(response, row.let_in, ask.shows.as_deref()).await));
            }
            found
        });
    }
    running.join_all().await.concat()
}

#[tokio::test]
async fn every_operation_lets_in_whom_the_table_says_and_nobody_else() {
    let grounds = Arc::new(Grounds::lay().await);
    let (columns, rows) = table::read();
    let rows = Arc::new(rows);
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
    let commands = table::commands();
    let unknown: Vec<_> = commands.iter().filter(|command| !operations.contains(*command)).collect();
    assert!(unknown.is_empty() && !commands.is_empty(), "places.csv names operations that there are not: {unknown:#?}");
    let asks = asks(&grounds);
    let unasked: Vec<_> = operations.iter().filter(|operation| !asks.contains_key(operation.as_str())).collect();
    assert!(unasked.is_empty(), "authorisation/requests.rs does not say how these are asked: {unasked:#?}");

    let mut wrong = Vec::new();
    for ((place, number), found) in ask_all(&grounds, &rows, asks).await {
        let (row, caller) = (&rows[place], &grounds.callers[number].column);
        let expected = &row.cells[caller];
        if *expected != found {
            wrong.push(format!("{} by {caller}: expected {expected}, found {found}", row.operation));
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{} cells of operations.csv are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
