//! The OpenAPI document: made from the handlers, complete, and the same as the one that clients were told of.

mod asked;

use serde_json::Value;
use std::collections::BTreeSet;
use tests::{TestServer, expect_json};

fn document() -> Value {
    serde_json::to_value(server::app::openapi()).unwrap()
}

/// (method and path, operation)
fn operations(document: &Value) -> Vec<(String, Value)> {
    let methods = |(path, item): (&String, &Value)| {
        let operations = item.as_object().unwrap().iter().filter(|(_, operation)| operation.get("responses").is_some());
        operations.map(|(method, operation)| (format!("{method} {path}"), operation.clone())).collect::<Vec<_>>()
    };
    document.get("paths").unwrap().as_object().unwrap().iter().flat_map(methods).collect()
}

#[tokio::test]
async fn the_server_hands_out_its_own_description() {
    let server = TestServer::start().await;
    let told: Value = expect_json(server.get("/openapi.json"), 200).await;
    assert_eq!(told, document());
    assert!(told.get("openapi").unwrap().as_str().unwrap().starts_with("3.1"));
}

#[test]
fn every_operation_has_a_name_of_its_own_and_a_tag() {
    let operations = operations(&document());
    let ids: Vec<String> =
        operations.iter().map(|(_, operation)| operation["operationId"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an operation's name is used twice: {ids:?}");
    let untagged: Vec<_> = operations
        .iter()
        .filter(|(_, operation)| operation["tags"].as_array().is_none_or(Vec::is_empty))
        .map(|(at, _)| at)
        .collect();
    assert!(untagged.is_empty(), "without a tag: {untagged:?}");
}

#[test]
fn every_error_that_is_promised_is_a_problem() {
    let document = document();
    let mut wrong = Vec::new();
    for (at, operation) in operations(&document) {
        let responses = operation["responses"].as_object().unwrap().clone();
        let errors = responses.iter().filter(|(status, _)| status.starts_with(['4', '5']));
        for (status, response) in errors {
            let body = response.to_string();
            // A page tells people what is wrong, in words.
            let is_told = body.contains("ProblemBody") || body.contains("text/html");
            if !is_told && !ABOUT_THE_SERVER.contains(&at.as_str()) {
                wrong.push(format!("{at} {status}"));
            }
        }
    }
    assert!(wrong.is_empty(), "these say an error without its body (schema::problem::ProblemBody): {wrong:#?}");
}

#[test]
fn what_stands_in_a_path_is_described_and_what_is_sent_too() {
    let mut silent = Vec::new();
    for (at, operation) in operations(&document()) {
        let told: BTreeSet<String> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect();
        let names = at.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned());
        // An upload begins with headers alone; its 422 is about a photo that came before. A job that is opened names its checklist in the query.
        let bodiless = ["post /v1/uploads", "post /v1/reports/{id}/job"];
        let has_headers_alone = at.starts_with("get ") || bodiless.contains(&at.as_str());
        let takes_body = operation["responses"].get("422").is_some() && !has_headers_alone;
        if told != names.collect() || (takes_body && operation.get("requestBody").is_none()) {
            silent.push(at);
        }
    }
    assert!(silent.is_empty(), "these leave out a part of their path, or their body: {silent:#?}");
}

#[test]
fn words_are_described_as_they_are_written() {
    let schemas = document()["components"]["schemas"].clone();
    assert_eq!(schemas["LinkScope"]["enum"], serde_json::json!(["view", "accept", "sign", "rate"]));
    let kinds: Vec<&str> = schema::problem::Kind::ALL.iter().map(|kind| kind.slug()).collect();
    assert_eq!(schemas["Kind"]["enum"], serde_json::json!(kinds));
}

#[test]
fn whoever_must_log_in_is_told_what_happens_without() {
    let document = document();
    let guarded =
        |operation: &Value| operation.get("security").is_some_and(|security| security.to_string().contains("bearer"));
    let silent: Vec<_> = operations(&document)
        .into_iter()
        .filter(|(_, operation)| guarded(operation) && operation["responses"].get("401").is_none())
        .map(|(at, _)| at)
        .collect();
    assert!(silent.is_empty(), "these need a log-in and document no 401: {silent:#?}");
}

/// A change of the interface is meant, and shows in review: `INSTA_UPDATE=always cargo test -p tests --test it -- openapi` writes
/// the file anew.
#[test]
fn the_description_is_the_one_that_clients_were_told_of() {
    let text = serde_json::to_string_pretty(&document()).unwrap();
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| insta::assert_snapshot!("openapi", text));
}

/// Answered by whatever stands between, when the server can't.
const ABOUT_THE_SERVER: &[&str] = &["get /health"];
