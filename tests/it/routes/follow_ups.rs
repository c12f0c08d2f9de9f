//! Calls back: due from what happened, made until the customer is satisfied.

use super::links::link;
use super::{patient_server, walk};
use schema::call::{FollowUp, FollowUpState};
use schema::edit::Edit;
use schema::followup::CallReason;
use schema::id::JobId;
use schema::job::{JobDetail, JobState};
use schema::link::PublicView;
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::record::{Mark, MarkKind};
use schema::status::Status;
use schema::time::{HOUR, MINUTE, SECOND};
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_problem};

/// A job solved by phone: called back two hours later.
async fn solved(server: &TestServer, agent: &Person) -> (JobId, FollowUp) {
    let job = server.job(agent).await;
    let reason = json!({"reason": "教客户复位"});
    expect_json::<JobState>(agent.post(&format!("/v1/jobs/{job}/solve-remotely"), &reason), 200).await;
    let open: Page<FollowUp> = expect_json(agent.get("/v1/follow-ups"), 200).await;
    let due = open.items.into_iter().find(|due| due.job == job).unwrap();
    assert_eq!((due.reason, due.not_before), (CallReason::SolvedRemotely, server.clock.now().plus(2 * HOUR)));
    (job, due)
}

#[tokio::test]
async fn a_call_is_made_once_its_time_has_come_and_a_satisfied_customer_ends_it() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let (_, due) = solved(&server, &agent).await;
    let path = format!("/v1/follow-ups/{}/calls", due.id);
    let happy = json!({"reached": true, "satisfied": true});
    expect_problem(agent.post(&path, &happy), Kind::Conflict).await;
    let now: Page<FollowUp> = expect_json(agent.get("/v1/follow-ups?due=true"), 200).await;
    assert_eq!(now.items, [], "none is due yet");
    server.clock.advance(2 * HOUR);
    let now: Page<FollowUp> = expect_json(agent.get("/v1/follow-ups?due=true"), 200).await;
    assert!(now.items[0].is_due);
    for wrong in [
        json!({"reached": true}),
        json!({"reached": false, "satisfied": true}),
        json!({"reached": true, "satisfied": false}),
        json!({"reached": true, "satisfied": true, "complaint": true}),
        json!({"satisfied": true}),
    ] {
        expect_problem(agent.post(&path, &wrong), Kind::InvalidField).await;
    }
    let done: FollowUp = expect_json(agent.post(&path, &happy), 201).await;
    assert_eq!((done.state, done.calls.len()), (FollowUpState::Satisfied, 1));
    expect_problem(agent.post(&path, &happy), Kind::Conflict).await;
    let stranger = server.person_at("02", Role::DeskAgent).await;
    expect_problem(stranger.post(&path, &happy), Kind::NotFound).await;
    expect_problem(server.person(Role::Technician).await.get("/v1/follow-ups"), Kind::Forbidden).await;
}

#[tokio::test]
async fn a_customer_who_is_not_satisfied_opens_the_job_again() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let (job, due) = solved(&server, &agent).await;
    server.clock.advance(2 * HOUR);
    let body = json!({"reached": true, "satisfied": false, "remarks": "又坏了"});
    let done: FollowUp = expect_json(agent.post(&format!("/v1/follow-ups/{}/calls", due.id), &body), 201).await;
    assert_eq!(done.state, FollowUpState::Unsatisfied);
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!(detail.job.status, Status::Reopened);
    assert!(detail.record.decisions.values().any(|decision| decision.reason.as_deref() == Some("回访不满意：又坏了")));
    let (job, due) = solved(&server, &agent).await;
    server.clock.advance(2 * HOUR);
    let body = json!({"reached": true, "satisfied": false, "remarks": "态度差", "complaint": true});
    expect_json::<FollowUp>(agent.post(&format!("/v1/follow-ups/{}/calls", due.id), &body), 201).await;
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!((detail.job.status, detail.notes.len()), (Status::SolvedRemotely, 1), "a complaint, no new visit");
}

#[tokio::test]
async fn three_tries_at_different_hours_are_enough() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let (_, due) = solved(&server, &agent).await;
    let path = format!("/v1/follow-ups/{}/calls", due.id);
    server.clock.advance(2 * HOUR);
    let nobody = json!({"reached": false});
    for tries in 1..=3 {
        let after: FollowUp = expect_json(agent.post(&path, &nobody), 201).await;
        let state = if tries == 3 { FollowUpState::Unreached } else { FollowUpState::Open };
        assert_eq!((after.state, after.calls.len()), (state, tries));
        expect_problem(agent.post(&path, &nobody), Kind::Conflict).await;
        server.clock.advance(HOUR);
    }
}

#[tokio::test]
async fn calls_to_make_come_the_next_first_and_those_that_ended_last_first_however_they_ended_page_by_page() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let mut due = Vec::new();
    for _ in 0..4 {
        due.push(solved(&server, &agent).await.1);
        server.clock.advance(MINUTE);
    }
    let walked = async |query: &str| {
        let found = walk::<FollowUp>(&agent, &format!("/v1/follow-ups{query}"), 1).await;
        found.iter().map(|one| due.iter().position(|known| known.id == one.id).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((walked("").await, walked("?due=true").await), (vec![0, 1, 2, 3], vec![]));
    server.clock.advance(2 * HOUR - 2 * MINUTE);
    assert_eq!((walked("?open=true").await, walked("?due=true").await), (vec![0, 1, 2, 3], vec![0, 1, 2]));
    let call = async |place: usize, body: Value| {
        let path = format!("/v1/follow-ups/{}/calls", due[place].id);
        expect_json::<FollowUp>(agent.post(&path, &body), 201).await;
    };
    call(1, json!({"reached": true, "satisfied": true})).await;
    server.clock.advance(MINUTE);
    // Two at one moment: the one that was due later stands before the other.
    call(2, json!({"reached": true, "satisfied": false, "remarks": "态度差", "complaint": true})).await;
    call(0, json!({"reached": true, "satisfied": true})).await;
    assert_eq!(walked("").await, [3]);
    assert_eq!(walked("?open=false").await, [2, 0, 1]);
    assert_eq!(walked("?state=satisfied").await, [0, 1]);
    assert_eq!(walked("?state=unsatisfied").await, [2]);
    assert_eq!(walked("?open=true&state=satisfied").await, [0_usize; 0]);

    let elsewhere = server.person_at("02", Role::DeskAgent).await;
    expect_problem(elsewhere.get(&format!("/v1/follow-ups?open=false&after={}", due[0].id)), Kind::NotFound).await;
}

#[tokio::test]
async fn a_test_that_was_skipped_with_a_reason_is_called_about_first_two_hours_after_the_technician_left() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    server.finish_work(job, &agent).await;
    let reason = Some("小区停水，无法试机".to_owned());
    let mark = Mark { kind: MarkKind::Skipped, by: agent.id, at: server.clock.now(), reason, place: None };
    server.write(job, agent.id, vec![Edit::Mark { step: "testing".to_owned(), mark }]).await;
    let (_, token) = link(&agent, job, &["sign"]).await;
    let shown: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    server.clock.advance(SECOND);
    let signature = json!({"name": "王女士", "covers": shown.job.heads, "sheet_hash": shown.job.sheet_hash});
    expect_json::<PublicView>(server.post(&format!("/v1/public/{token}/sign"), &signature), 200).await;
    let left = server.clock.now();
    let open: Page<FollowUp> = expect_json(agent.get("/v1/follow-ups"), 200).await;
    let due: Vec<_> = open.items.iter().map(|due| (due.reason, due.not_before)).collect();
    assert_eq!(due.first(), Some(&(CallReason::IncompleteTest, left.plus(2 * HOUR))));
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    let runs = |rule: &str| detail.clocks.iter().filter(|known| known.clock.rule == rule).count();
    assert_eq!((runs("incomplete_test"), due.len()), (1, 2), "{due:?}");
    assert_eq!(server.differences().await, []);
}
