//! Dispatch: who could go, who goes, and two dispatchers at once.

use schema::dispatch::{Candidate, CandidateFact};
use schema::job::{JobDetail, JobState};
use schema::people::Role;
use schema::problem::Kind;
use schema::record::MarkKind;
use schema::time::HOUR;
use serde_json::{Value, json};
use tests::{TestServer, expect_json, expect_problem};

#[tokio::test]
async fn two_dispatchers_at_once_do_not_overwrite_each_other_in_silence() {
    let server = TestServer::start().await;
    let (one, other) = (server.person(Role::Dispatcher).await, server.person(Role::Dispatcher).await);
    let (li, zhao) = (server.person(Role::Technician).await, server.person(Role::Technician).await);
    let job = server.job(&one).await;
    let path = format!("/v1/jobs/{job}/assign");
    let to = |person: &tests::Person, instead: Value| json!({"technician": person.id, "instead_of": instead});
    let first = to(&li, Value::Null);
    expect_json::<JobState>(one.post(&path, &first), 200).await;
    let problem = expect_problem(other.post(&path, &to(&zhao, Value::Null)), Kind::Stale).await;
    assert!(problem.detail.unwrap().contains(&li.name), "it says who has the job");
    let again: JobState = expect_json(one.post(&path, &first), 200).await;
    assert_eq!(again.job.technician.unwrap().id, li.id, "the same again changes nothing");
    let moved: JobState = expect_json(other.post(&path, &to(&zhao, json!(li.id))), 200).await;
    assert_eq!(moved.job.technician.unwrap().id, zhao.id);
    let detail: JobDetail = expect_json(one.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!(detail.record.assignments.len(), 2, "both names stay");
    let (a, b) = tokio::join!(
        // Without a reason it would be the same request as the other's, and harmless whichever came first.
        one.post(&path, &json!({"technician": li.id, "instead_of": zhao.id, "reason": "离得近"})).send(),
        other.post(&path, &json!({"technician": li.id, "instead_of": zhao.id, "reason": "顺路"})).send(),
    );
    let mut statuses = [a.unwrap().status().as_u16(), b.unwrap().status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "of two at the same moment one is told to look again");
}

#[tokio::test]
async fn missing_data_blocks_dispatch_also_of_what_is_urgent_but_not_of_an_emergency() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    let clear = json!({"fields": {"phone": null, "address": null}});
    expect_json::<JobState>(dispatcher.patch(&format!("/v1/jobs/{job}/report"), &clear), 200).await;
    let path = format!("/v1/jobs/{job}/assign");
    let body = json!({"technician": technician.id, "instead_of": null});
    let problem = expect_problem(dispatcher.post(&path, &body), Kind::NotDispatchable).await;
    let at: Vec<&str> = problem.errors.iter().map(|error| error.at.as_str()).collect();
    assert_eq!(at, ["/report/phone", "/report/address"]);
    let urgent = json!({"fields": {"urgency": "urgent"}});
    expect_json::<JobState>(dispatcher.patch(&format!("/v1/jobs/{job}/report"), &urgent), 200).await;
    expect_problem(dispatcher.post(&path, &body), Kind::NotDispatchable).await;
    let flood = json!({"class": "F", "channel": "phone", "open_job": true});
    let report: schema::report::CustomerReport = expect_json(dispatcher.post("/v1/reports", &flood), 201).await;
    assert!(report.is_dispatchable && !report.missing.is_empty());
    let path = format!("/v1/jobs/{}/assign", report.job.unwrap());
    expect_json::<JobState>(dispatcher.post(&path, &body), 200).await;
}

#[tokio::test]
async fn a_missing_skill_or_a_clashing_window_needs_an_override_with_a_reason() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let busy = server.job(&dispatcher).await;
    let window = json!({"from": server.clock.now().plus(HOUR), "to": server.clock.now().plus(3 * HOUR)});
    let body = json!({"technician": technician.id, "instead_of": null, "window": window});
    expect_json::<JobState>(dispatcher.post(&format!("/v1/jobs/{busy}/assign"), &body), 200).await;
    let job = server.job(&dispatcher).await;
    let skill = json!({"fields": {"skill": "gas"}});
    expect_json::<JobState>(dispatcher.patch(&format!("/v1/jobs/{job}/report"), &skill), 200).await;
    let query = format!("from={}&to={}", server.clock.now().plus(2 * HOUR), server.clock.now().plus(4 * HOUR));
    let path = format!("/v1/jobs/{job}/candidates?{query}");
    let candidates: Vec<Candidate> = expect_json(dispatcher.get(&path), 200).await;
    let candidate = candidates.iter().find(|candidate| candidate.technician.id == technician.id).unwrap();
    let against: Vec<CandidateFact> =
        candidate.reasons.iter().filter(|reason| reason.is_against).map(|reason| reason.fact).collect();
    assert_eq!(against, [CandidateFact::SkillMissing, CandidateFact::WindowClash]);
    let lacks = &candidate.reasons.iter().find(|reason| reason.fact == CandidateFact::SkillMissing).unwrap().text;
    assert_eq!((lacks.zh.as_str(), lacks.en.as_str()), ("不具备所需技能：燃气", "Lacks the skill that it needs: gas"));
    assert_eq!((candidate.fits, candidate.jobs_that_day, candidate.minutes_that_day), (false, 1, 120));
    let path = format!("/v1/jobs/{job}/assign");
    let problem = expect_problem(dispatcher.post(&path, &body), Kind::Conflict).await;
    assert_eq!(problem.errors.len(), 2, "{problem:?}");
    let mut forced = body.clone();
    forced["override"] = json!(true);
    expect_problem(dispatcher.post(&path, &forced), Kind::InvalidField).await;
    forced["reason"] = json!("客户点名");
    expect_json::<JobState>(dispatcher.post(&path, &forced), 200).await;
}

#[tokio::test]
async fn who_has_the_trade_stands_before_who_has_the_time() {
    let server = TestServer::start().await;
    let (dispatcher, administrator) = (server.person(Role::Dispatcher).await, server.person(Role::Administrator).await);
    let (free, skilled) = (server.person(Role::Technician).await, server.person(Role::Technician).await);
    let skills = json!({"skills": ["gas"]});
    expect_json::<Value>(administrator.patch(&format!("/v1/people/{}", skilled.id), &skills), 200).await;
    let (from, to) = (server.clock.now().plus(HOUR), server.clock.now().plus(3 * HOUR));
    let busy = server.job(&dispatcher).await;
    let body = json!({"technician": skilled.id, "instead_of": null, "window": {"from": from, "to": to}});
    expect_json::<JobState>(dispatcher.post(&format!("/v1/jobs/{busy}/assign"), &body), 200).await;
    let job = server.job(&dispatcher).await;
    let skill = json!({"fields": {"skill": "gas"}});
    expect_json::<JobState>(dispatcher.patch(&format!("/v1/jobs/{job}/report"), &skill), 200).await;
    let path = format!("/v1/jobs/{job}/candidates?from={from}&to={to}");
    let candidates: Vec<Candidate> = expect_json(dispatcher.get(&path), 200).await;
    let order: Vec<_> = candidates.iter().map(|candidate| (candidate.technician.id, candidate.fits)).collect();
    assert_eq!(order, [(skilled.id, false), (free.id, false)], "a window can be moved");
}

#[tokio::test]
async fn only_the_outlets_own_technicians_are_sent() {
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let stranger = server.person_at("02", Role::Technician).await;
    let job = server.job(&dispatcher).await;
    let path = format!("/v1/jobs/{job}/assign");
    for person in [stranger.id, dispatcher.id] {
        let body = json!({"technician": person, "instead_of": null});
        expect_problem(dispatcher.post(&path, &body), Kind::InvalidField).await;
    }
    let backwards = json!({"from": "2026-03-02T05:00:00Z", "to": "2026-03-02T04:00:00Z"});
    let technician = server.person(Role::Technician).await;
    let body = json!({"technician": technician.id, "instead_of": null, "window": backwards});
    expect_problem(dispatcher.post(&path, &body), Kind::InvalidField).await;
    expect_problem(dispatcher.get(&format!("/v1/jobs/{job}/candidates?from=2026-03-02T05:00:00Z")), Kind::InvalidField)
        .await;
}

#[tokio::test]
async fn a_job_moved_while_its_technician_was_offline_shows_both_writers() {
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let (first, second) = (server.person(Role::Technician).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &first).await;
    let mut phone = server.phone(&first).await;
    phone.sync().await;
    phone.mark(job, "accept", MarkKind::Done);
    let body = json!({"technician": second.id, "instead_of": first.id, "reason": "换人"});
    expect_json::<JobState>(dispatcher.post(&format!("/v1/jobs/{job}/assign"), &body), 200).await;
    phone.sync().await;
    let detail: JobDetail = expect_json(dispatcher.get(&format!("/v1/jobs/{job}")), 200).await;
    let writer = detail.writers.iter().find(|writer| writer.person.id == first.id).unwrap();
    assert!(!writer.has_job && writer.devices.len() == 1, "{writer:?}");
    assert_eq!(detail.job.technician.unwrap().id, second.id);
    assert_eq!(detail.record.marks["accept"].by, first.id);
    let taken = json!({"reason": "客户改期"});
    let state: JobState = expect_json(dispatcher.post(&format!("/v1/jobs/{job}/unassign"), &taken), 200).await;
    assert_eq!(state.job.technician, None);
}
