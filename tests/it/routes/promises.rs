//! Promises: made, kept, broken.

use super::{patient_server, walk};
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::promise::Promise;
use schema::time::{HOUR, MINUTE};
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_problem, redacted};

async fn broken(person: &Person, broken: bool) -> Vec<String> {
    let page: Page<Promise> = expect_json(person.get(&format!("/v1/promises?broken={broken}")), 200).await;
    page.items.into_iter().map(|promise| promise.text).collect()
}

#[tokio::test]
async fn a_promise_has_an_owner_and_a_due_time() {
    let server = patient_server().await;
    let (agent, supervisor) = (server.person(Role::DeskAgent).await, server.person(Role::DeskSupervisor).await);
    let due = server.clock.now().plus(2 * HOUR);
    let body = json!({"text": "15 点前回电", "due_at": due, "owner": supervisor.id});
    let made: Value = expect_json(agent.post("/v1/promises", &body), 201).await;
    insta::assert_json_snapshot!(redacted(made.clone()));
    let kept = format!("/v1/promises/{}/keep", made["id"].as_str().unwrap());
    let first: Promise = expect_json(supervisor.request(reqwest::Method::POST, &kept), 200).await;
    server.clock.advance(HOUR);
    let again: Promise = expect_json(agent.request(reqwest::Method::POST, &kept), 200).await;
    assert_eq!(again, first, "the first keeping stands");
}

#[tokio::test]
async fn a_promise_that_was_not_kept_in_time_is_broken_for_ever() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let mut ids = Vec::new();
    for (text, minutes) in [("kept", 10), ("late", 20), ("open", 30), ("never", 5)] {
        let body = json!({"text": text, "due_at": server.clock.now().plus(minutes * MINUTE)});
        let promise: Promise = expect_json(agent.post("/v1/promises", &body), 201).await;
        ids.push(promise.id);
    }
    let keep = |id| agent.request(reqwest::Method::POST, &format!("/v1/promises/{id}/keep"));
    server.clock.advance(6 * MINUTE);
    expect_json::<Promise>(keep(ids[0]), 200).await;
    assert_eq!(broken(&agent, true).await, ["never"]);
    server.clock.advance(15 * MINUTE);
    assert!(expect_json::<Promise>(keep(ids[1]), 200).await.is_broken);
    assert_eq!(broken(&agent, true).await, ["late", "never"], "the last due first");
    assert_eq!(broken(&agent, false).await, ["kept", "open"]);
}

#[tokio::test]
async fn promises_to_keep_come_first_due_first_kept_ones_last_kept_first_and_broken_ones_last_due_first_page_by_page() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let mut made = Vec::new();
    for minutes in [30, 10, 20, 10, 40] {
        let body = json!({"text": "回电", "due_at": server.clock.now().plus(minutes * MINUTE)});
        made.push(expect_json::<Promise>(agent.post("/v1/promises", &body), 201).await.id);
    }
    // Of those due at one moment the ids decide; within one millisecond chance decides those.
    let (first, last) = if made[1] < made[3] { (1, 3) } else { (3, 1) };
    let walked = async |query: &str| {
        let found = walk::<Promise>(&agent, &format!("/v1/promises{query}"), 1).await;
        found.iter().map(|one| made.iter().position(|id| *id == one.id).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(walked("?open=true").await, [first, last, 2, 0, 4]);
    let keep = async |place: usize| {
        let path = format!("/v1/promises/{}/keep", made[place]);
        expect_json::<Promise>(agent.request(reqwest::Method::POST, &path), 200).await;
    };
    keep(4).await;
    server.clock.advance(15 * MINUTE);
    keep(1).await;
    keep(3).await;
    assert_eq!(walked("?open=true").await, [2, 0]);
    assert_eq!(walked("?open=false").await, [last, first, 4]);
    server.clock.advance(10 * MINUTE);
    assert_eq!(walked("?broken=true").await, [2, last, first]);
    assert_eq!(walked("?broken=true&open=true").await, [2]);
    assert_eq!(walked("?broken=true&open=false").await, [last, first]);
    assert_eq!(walked("?broken=false").await, [0, 4]);
    assert_eq!(walked("").await, [first, last, 2, 0, 4]);

    let elsewhere = server.person_at("02", Role::DeskAgent).await;
    expect_problem(elsewhere.get(&format!("/v1/promises?after={}", made[0])), Kind::NotFound).await;
}

#[tokio::test]
async fn a_promise_hangs_on_a_report_or_a_job_that_its_maker_may_know_of() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let report = json!({"class": "B", "channel": "phone", "name": "王芳", "fault": "没水"});
    let report: Value = expect_json(agent.post("/v1/reports", &report), 201).await;
    let due = server.clock.now().plus(HOUR);
    let body = json!({"text": "回电", "due_at": due, "report": report["id"], "job": report["job"]});
    let promise: Promise = expect_json(agent.post("/v1/promises", &body), 201).await;
    assert_eq!(json!([promise.report, promise.job]), json!([report["id"], report["job"]]));
    let of_job = format!("/v1/promises?job={}", report["job"].as_str().unwrap());
    let found: Page<Promise> = expect_json(agent.get(&of_job), 200).await;
    assert_eq!(found.items, std::slice::from_ref(&promise));
    assert!(promise.number.is_some_and(|number| number.starts_with("WX-")), "one sees which job it is");
    let none: Page<Promise> = expect_json(agent.get(&format!("/v1/promises?job={}", promise.id)), 200).await;
    assert_eq!(none.items, []);
    let other = server.person_at("02", Role::DeskAgent).await;
    expect_problem(other.post("/v1/promises", &body), Kind::NotFound).await;
    let technician = server.person(Role::Technician).await;
    let of_job = json!({"text": "回电", "due_at": due, "job": report["job"]});
    expect_problem(technician.post("/v1/promises", &of_job), Kind::NotFound).await;
    let kept = format!("/v1/promises/{}/keep", promise.id);
    expect_problem(other.request(reqwest::Method::POST, &kept), Kind::NotFound).await;
    expect_problem(technician.request(reqwest::Method::POST, &kept), Kind::NotFound).await;
    let past = json!({"text": " ", "due_at": server.clock.now()});
    let problem = expect_problem(agent.post("/v1/promises", &past), Kind::InvalidField).await;
    insta::assert_json_snapshot!(problem.errors);
}

#[tokio::test]
async fn who_only_sees_a_promise_does_not_say_that_it_was_kept() {
    let server = TestServer::start().await;
    let (agent, reader) = (server.person(Role::DeskAgent).await, server.person(Role::QualityInspector).await);
    let body = json!({"text": "15 点前回电", "due_at": server.clock.now().plus(HOUR)});
    let made: Promise = expect_json(agent.post("/v1/promises", &body), 201).await;
    let seen: Page<Promise> = expect_json(reader.get("/v1/promises"), 200).await;
    assert_eq!(seen.items, std::slice::from_ref(&made));
    let kept = format!("/v1/promises/{}/keep", made.id);
    expect_problem(reader.request(reqwest::Method::POST, &kept), Kind::Forbidden).await;
    let seen: Page<Promise> = expect_json(reader.get("/v1/promises?open=true"), 200).await;
    assert_eq!(seen.items, [made]);
}
