//! Waits, cancelling, closing, re-opening.

use super::patient_server;
use schema::job::{JobDetail, JobState};
use schema::link::CreatedLink;
use schema::people::Role;
use schema::problem::Kind;
use schema::status::Status;
use schema::time::{HOUR, SECOND};
use serde_json::json;
use tests::{TestServer, expect_json, expect_problem};

#[tokio::test]
async fn a_wait_is_named_and_ends() {
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let job = server.job(&dispatcher).await;
    let path = format!("/v1/jobs/{job}/holds");
    let body = json!({"kind": "part", "reason": "等主板", "until": server.clock.now().plus(HOUR)});
    let held: JobState = expect_json(dispatcher.post(&path, &body), 201).await;
    assert_eq!(held.job.status, Status::WaitingPart);
    expect_problem(dispatcher.post(&path, &json!({"kind": "part", "reason": " "})), Kind::InvalidField).await;
    let past = json!({"kind": "part", "reason": "等主板", "until": "2020-01-01T00:00:00Z"});
    expect_problem(dispatcher.post(&path, &past), Kind::InvalidField).await;
    let problem = expect_problem(dispatcher.post(&format!("/v1/jobs/{job}/close"), &json!({})), Kind::Conflict).await;
    assert_eq!(problem.errors.len(), 2, "no signature, and a part: {problem:?}");
    let detail: JobDetail = expect_json(dispatcher.get(&format!("/v1/jobs/{job}")), 200).await;
    let hold = detail.record.holds.keys().next().unwrap().clone();
    server.clock.advance(SECOND);
    let release = format!("{path}/{hold}/release");
    let free: JobState = expect_json(dispatcher.request(reqwest::Method::POST, &release), 200).await;
    assert_eq!(free.job.status, Status::Ready);
    expect_problem(dispatcher.request(reqwest::Method::POST, &release), Kind::Conflict).await;
    let ghost = format!("{path}/zzzzzzzzzzzzzzzz/release");
    expect_problem(dispatcher.request(reqwest::Method::POST, &ghost), Kind::NotFound).await;
}

#[tokio::test]
async fn a_cancelled_job_takes_its_customers_links_with_it() {
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let job = server.job(&dispatcher).await;
    let scope = json!({"scope": ["view"]});
    let link: CreatedLink = expect_json(dispatcher.post(&format!("/v1/jobs/{job}/links"), &scope), 201).await;
    let token = link.url.rsplit('/').next().unwrap().to_owned();
    expect_json::<serde_json::Value>(server.get(&format!("/v1/public/{token}")), 200).await;
    let reason = json!({"reason": "客户自行修好"});
    let done: JobState = expect_json(dispatcher.post(&format!("/v1/jobs/{job}/cancel"), &reason), 200).await;
    assert_eq!(done.job.status, Status::Cancelled);
    expect_problem(server.get(&format!("/v1/public/{token}")), Kind::LinkInvalid).await;
    for act in ["cancel", "unassign", "solve-remotely"] {
        expect_problem(dispatcher.post(&format!("/v1/jobs/{job}/{act}"), &reason), Kind::JobClosed).await;
    }
    expect_problem(dispatcher.post(&format!("/v1/jobs/{job}/links"), &scope), Kind::JobClosed).await;
    server.clock.advance(SECOND);
    let again: JobState = expect_json(dispatcher.post(&format!("/v1/jobs/{job}/reopen"), &reason), 200).await;
    assert_eq!(again.job.status, Status::Reopened);
    expect_problem(dispatcher.post(&format!("/v1/jobs/{job}/reopen"), &reason), Kind::Conflict).await;
}

#[tokio::test]
async fn a_job_that_was_solved_by_phone_is_closed_without_a_signature() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let reason = json!({"reason": "教客户复位"});
    expect_problem(agent.post(&format!("/v1/jobs/{job}/cancel"), &reason), Kind::Forbidden).await;
    let solved: JobState = expect_json(agent.post(&format!("/v1/jobs/{job}/solve-remotely"), &reason), 200).await;
    assert_eq!(solved.job.status, Status::SolvedRemotely);
    server.clock.advance(3 * HOUR);
    let closed: JobState = expect_json(agent.post(&format!("/v1/jobs/{job}/close"), &json!({})), 200).await;
    assert_eq!(closed.job.status, Status::Closed);
    expect_problem(agent.post(&format!("/v1/jobs/{job}/close"), &json!({})), Kind::JobClosed).await;
    expect_problem(agent.post(&format!("/v1/jobs/{job}/prove"), &json!({})), Kind::JobClosed).await;
}
