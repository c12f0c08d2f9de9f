//! Jobs: found, seen whole, and amended beside a technician who is offline.

use super::{patient_server, with_query};
use schema::job::{Job, JobClock, JobDetail, JobNote, JobState, RunningClock};
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::time::{HOUR, SECOND, Timestamp};
use serde_json::{Value, json};
use tests::{TestServer, expect_json, expect_ok, expect_problem};

#[tokio::test]
async fn a_job_is_found_by_what_people_say_on_the_phone() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let other = server.person_at("02", Role::DeskAgent).await;
    server.job(&other).await;
    let all: Page<Job> = expect_json(agent.get("/v1/jobs"), 200).await;
    assert_eq!(all.items.iter().map(|row| row.id).collect::<Vec<_>>(), [job], "another outlet's are not there");
    let number = all.items[0].number.clone();
    for q in [number.as_str(), "wx-", "王女士", "139 0000 0001", "漕溪北路", "壁挂炉"] {
        let found: Page<Job> = expect_json(agent.get(&with_query("/v1/jobs", &[("q", q)])), 200).await;
        assert_eq!(found.items.len(), 1, "{q}");
    }
    for (key, value) in [("q", "%"), ("q", "李"), ("status", "closed,cancelled"), ("to", "2020-01-01T00:00:00Z")] {
        let found: Page<Job> = expect_json(agent.get(&with_query("/v1/jobs", &[(key, value)])), 200).await;
        assert_eq!(found.items, [], "{key}={value}");
    }
    let ready: Page<Job> = expect_json(agent.get("/v1/jobs?status=ready,assigned"), 200).await;
    assert_eq!(ready.items[0].phone.as_deref(), Some("139****0001"));
    expect_problem(agent.get("/v1/jobs?status=ghost"), Kind::InvalidField).await;
    expect_problem(agent.get("/v1/jobs?after=ghost"), Kind::BadRequest).await;
    expect_ok(agent.get("/v1/jobs?q=%00")).await;
}

#[tokio::test]
async fn pages_go_on_where_they_ended() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    for _ in 0..3 {
        server.clock.advance(1_000_000);
        server.job(&agent).await;
    }
    let first: Page<Job> = expect_json(agent.get("/v1/jobs?limit=2"), 200).await;
    let next = first.next.unwrap();
    let second: Page<Job> = expect_json(agent.get(&format!("/v1/jobs?limit=2&after={next}")), 200).await;
    assert_eq!((first.items.len(), second.items.len(), second.next), (2, 1, None));
}

#[tokio::test]
async fn a_clock_that_is_missed_shows_as_overdue_and_is_judged_once_it_is() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let manager = server.person(Role::ServiceManager).await;
    let job = server.job(&agent).await;
    let clocks: Vec<JobClock> = expect_json(agent.get(&format!("/v1/jobs/{job}/clocks")), 200).await;
    let repair = clocks.iter().find(|clock| clock.clock.due_at == server.clock.now().plus(72 * HOUR)).unwrap();
    let path = format!("/v1/jobs/{job}/breaches");
    let body = json!({"clock": repair.clock.rule, "cause": "配件晚到"});
    expect_problem(manager.post(&path, &body), Kind::Conflict).await;
    server.clock.advance(73 * HOUR);
    let late: Page<Job> = expect_json(agent.get("/v1/jobs?overdue=true"), 200).await;
    assert!(late.items[0].is_overdue);
    expect_problem(agent.post(&path, &body), Kind::Forbidden).await;
    expect_problem(manager.post(&path, &json!({"clock": "ghost", "cause": "?"})), Kind::InvalidField).await;
    expect_json::<JobState>(manager.post(&path, &body), 201).await;
    let clocks: Vec<JobClock> = expect_json(agent.get(&format!("/v1/jobs/{job}/clocks")), 200).await;
    assert_eq!(clocks.iter().find(|clock| clock.clock.rule == repair.clock.rule).unwrap().causes.len(), 1);
}

#[tokio::test]
async fn the_clock_that_breaks_first_stands_first_with_its_name() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let first = server.job(&agent).await;
    server.clock.advance(HOUR);
    let second = server.job(&agent).await;
    let clocks: Vec<RunningClock> = expect_json(agent.get("/v1/clocks"), 200).await;
    assert!(clocks.is_sorted_by_key(|clock| clock.due_at));
    assert_eq!(clocks[0].job, first);
    assert!(!clocks[0].name.zh.is_empty());
    assert!(clocks.iter().any(|clock| clock.job == second));
    let before = clocks[0].due_at.plus(1);
    let path = format!("/v1/clocks?due_before={before}");
    let soon: Vec<RunningClock> = expect_json(agent.get(&path), 200).await;
    assert!(soon.iter().all(|clock| clock.due_at < before) && !soon.is_empty());
}

#[tokio::test]
async fn a_board_lists_the_jobs_whose_windows_reach_into_its_day() {
    let server = patient_server().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.job(&dispatcher).await;
    let (from, to) = (server.clock.now().plus(2 * HOUR), server.clock.now().plus(4 * HOUR));
    let body =
        json!({"technician": technician.id, "window": {"from": from, "to": to}, "override": true, "reason": "x"});
    expect_json::<JobState>(dispatcher.post(&format!("/v1/jobs/{job}/assign"), &body), 200).await;
    let of = |from: Timestamp, to: Timestamp| format!("/v1/jobs?visit_from={from}&visit_to={to}");
    let board: Page<Job> = expect_json(dispatcher.get(&of(from.plus(HOUR), to.plus(HOUR))), 200).await;
    assert_eq!(board.items.iter().map(|job| job.id).collect::<Vec<_>>(), [job]);
    let later: Page<Job> = expect_json(dispatcher.get(&of(to, to.plus(HOUR))), 200).await;
    assert!(later.items.is_empty());
    expect_problem(dispatcher.get(&of(to, from)), Kind::InvalidField).await;
}

#[tokio::test]
async fn an_office_edit_made_on_an_older_view_stays_beside_the_technicians() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &technician).await;
    let seen: JobDetail = expect_json(dispatcher.get(&format!("/v1/jobs/{job}")), 200).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    phone.note(job, "listen", "客户:昨晚开始");
    phone.sync().await;
    let path = format!("/v1/jobs/{job}/steps/listen/note");
    let body = json!({"text": "客服:今早开始", "base_heads": seen.heads});
    expect_json::<JobState>(dispatcher.put(&path, &body), 200).await;
    let now: JobDetail = expect_json(dispatcher.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!(now.conflicts.len(), 1);
    let values: Vec<String> = now.conflicts[0].values.iter().map(|value| value.value.to_string()).collect();
    assert!(values.iter().any(|text| text.contains("昨晚")) && values.iter().any(|text| text.contains("今早")));
    assert_eq!(now.job.conflicts, 1);
    assert_eq!(now.writers.len(), 2, "the dispatcher and the technician");
    phone.sync().await;
    assert_eq!(phone.heads(job), server.heads(job).await);
    let unknown = json!({"text": "?", "base_heads": ["00".repeat(32)]});
    expect_problem(dispatcher.put(&path, &unknown), Kind::Stale).await;
    let no_step = format!("/v1/jobs/{job}/steps/ghost/note");
    expect_problem(dispatcher.put(&no_step, &json!({"text": "?"})), Kind::GateClosed).await;
}

#[tokio::test]
async fn the_office_corrects_the_report_field_by_field() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let path = format!("/v1/jobs/{job}/report");
    let body = json!({"fields": {"name": "<script>alert(1)</script>", "address": null, "phone": "13912345678"}});
    let after: JobState = expect_json(agent.patch(&path, &body), 200).await;
    assert_eq!(after.job.name.as_deref(), Some("<script>alert(1)</script>"), "kept as it was typed");
    assert_eq!(after.job.address, None);
    let again: JobState = expect_json(agent.patch(&path, &body), 200).await;
    assert_eq!(again.heads, after.heads, "nothing changed, nothing is written");
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!(detail.missing.len(), 1);
    let text = serde_json::to_string(&detail).unwrap();
    assert!(!text.contains("13912345678") && !text.contains("13900000001"), "no whole number: {text}");
    for wrong in [
        json!({"fields": {}}),
        json!({"fields": {"urgency": "soon"}}),
        json!({"fields": {"purchased_on": "last year"}}),
        json!({"fields": {"phone": "no"}}),
        json!({"fields": {"ghost": "x"}}),
        json!({"fields": {"name": "x".repeat(401)}}),
        json!({"fields": {"name": "a\u{0}b"}}),
        json!({"fields": {"name": "x"}, "base_heads": []}),
    ] {
        expect_problem(agent.patch(&path, &wrong), Kind::InvalidField).await;
    }
}

#[tokio::test]
async fn an_internal_note_is_for_the_staff_alone() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &technician).await;
    let note = json!({"text": "客户投诉过两次"});
    expect_json::<Value>(dispatcher.post(&format!("/v1/jobs/{job}/notes"), &note), 201).await;
    let detail: JobDetail = expect_json(dispatcher.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!((detail.notes[0].text.as_str(), &detail.notes[0].by.name), ("客户投诉过两次", &dispatcher.name));
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    assert!(!format!("{:?}", phone.job(job)).contains("投诉"));
    expect_problem(technician.get(&format!("/v1/jobs/{job}")), Kind::Forbidden).await;
}

#[tokio::test]
async fn a_note_is_corrected_by_another_and_stays_to_be_read() {
    let server = TestServer::start().await;
    let (agent, supervisor) = (server.person(Role::DeskAgent).await, server.person(Role::DeskSupervisor).await);
    let path = format!("/v1/jobs/{}", server.job(&agent).await);
    let notes = format!("{path}/notes");
    let first: JobNote = expect_json(agent.post(&notes, &json!({"text": "门禁码 1234"})), 201).await;
    server.clock.advance(SECOND);
    let better = json!({"text": "门禁码 4321", "corrects": first.id});
    let second: JobNote = expect_json(supervisor.post(&notes, &better), 201).await;
    expect_problem(agent.post(&notes, &json!({"text": "1111", "corrects": first.id})), Kind::Conflict).await;
    let detail: JobDetail = expect_json(agent.get(&path), 200).await;
    assert_eq!(detail.notes, [first, second.clone()]);
    let elsewhere = format!("/v1/jobs/{}/notes", server.job(&agent).await);
    expect_problem(agent.post(&elsewhere, &json!({"text": "x", "corrects": second.id})), Kind::InvalidField).await;
}

#[tokio::test]
async fn the_history_shows_no_whole_phone_number_to_anybody() {
    let server = TestServer::start().await;
    let (agent, inspector) = (server.person(Role::DeskAgent).await, server.person(Role::QualityInspector).await);
    let job = server.job(&agent).await;
    let other = json!({"fields": {"phone": "13900007777", "fault": "不点火"}});
    expect_json::<JobState>(agent.patch(&format!("/v1/jobs/{job}/report"), &other), 200).await;
    for person in [&agent, &inspector] {
        let history = expect_ok(person.get(&format!("/v1/jobs/{job}/history"))).await.text().await.unwrap();
        for number in ["13900000001", "13900007777"] {
            assert!(!history.contains(number), "{number} is in {history}");
        }
        assert!(history.contains("139****0001") && history.contains("139****7777"), "{history}");
    }
}
