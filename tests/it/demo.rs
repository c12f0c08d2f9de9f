//! The demo company: everything that it promises, made by the rules of the house.

use schema::problem::Kind;
use schema::status::Status;
use serde_json::{Value, json};
use server::demo;
use std::collections::BTreeSet;
use tests::{TestServer, expect_json};

#[tokio::test]
async fn an_empty_database_becomes_a_company_at_work_and_a_full_one_stays_as_it_is() {
    let server = TestServer::start().await;
    let (url, now) = (server.state.db.url().clone(), server.clock.now());
    let log_ins = demo::fill(&url, now).unwrap();
    let lines = demo::greeting(&server.url, &log_ins);
    for log_in in &log_ins {
        let body = json!({"login": log_in.login, "password": demo::PASSWORD});
        let session: Value = expect_json(server.post("/v1/sessions", &body), 201).await;
        assert_eq!(session["person"]["role"], log_in.role.as_str());
        assert!(lines.contains(&log_in.login), "{lines}");
    }
    let body = json!({"login": "manager", "password": demo::PASSWORD});
    let session: Value = expect_json(server.post("/v1/sessions", &body), 201).await;
    let token = session["access_token"].as_str().unwrap();
    let jobs: Value = expect_json(server.get("/v1/jobs?limit=200").bearer_auth(token), 200).await;
    let jobs = jobs["items"].as_array().unwrap();
    assert_eq!(jobs.len(), 150);
    let found: BTreeSet<&str> = jobs.iter().map(|job| job["status"].as_str().unwrap()).collect();
    let all: BTreeSet<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
    assert_eq!(found, all);

    let in_workshop = jobs.iter().filter(|job| job["status"] == Status::InWorkshop.as_str());
    for job in in_workshop {
        let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
        let shown: Value = expect_json(server.get(&path).bearer_auth(token), 200).await;
        let receipts = shown["record"]["take_backs"].as_object().unwrap();
        assert!(receipts.values().any(|receipt| receipt["strokes"].is_string()), "{receipts:?}");
    }

    let refused = demo::fill(&url, now).err().unwrap();
    assert_eq!(refused.kind, Kind::Conflict);
    let again: Value = expect_json(server.get("/v1/jobs?limit=200").bearer_auth(token), 200).await;
    assert_eq!(again["items"].as_array().unwrap().len(), 150);
}
