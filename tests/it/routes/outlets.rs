//! Branches: founded and changed by the administrator, seen by their own people.

use super::patient_server;
use schema::call::{FollowUp, FollowUpState};
use schema::id::JobId;
use schema::job::{JobClock, JobState};
use schema::outlet::{Collects, Outlet, OutletSettings};
use schema::page::Page;
use schema::people::Role;
use schema::price_request::PriceRequest;
use schema::problem::Kind;
use schema::report::CustomerReport;
use schema::time::{HOUR, MINUTE};
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_problem};

#[tokio::test]
async fn an_outlet_works_as_usual_until_it_is_told_otherwise() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let body = json!({"code": "pd", "name": "浦东网点", "phone": "021-55501234"});
    let founded: Outlet = expect_json(administrator.post("/v1/outlets", &body), 201).await;
    assert_eq!((founded.code.as_str(), founded.settings.collects), ("PD", Collects::Desk));
    let path = format!("/v1/outlets/{}", founded.id);
    let changed: Outlet =
        expect_json(administrator.patch(&path, &json!({"settings": {"collects": "technician"}})), 200).await;
    assert_eq!((changed.settings.collects, changed.settings.follow_up_percent), (Collects::Technician, 100));
    let read: Outlet = expect_json(administrator.get(&path), 200).await;
    assert_eq!(read, changed);
}

#[tokio::test]
async fn what_is_wrong_with_an_outlet_is_told_by_field() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let body = json!({
        "code": "01", "name": "", "phone": "x", "time_zone": "Mars/Base",
        "settings": {"follow_up_percent": 101},
    });
    let problem = expect_problem(administrator.post("/v1/outlets", &body), Kind::InvalidField).await;
    let at: Vec<&str> = problem.errors.iter().map(|error| error.at.as_str()).collect();
    assert_eq!(at, ["/code", "/name", "/time_zone", "/phone", "/settings/follow_up_percent"]);
    let path = format!("/v1/outlets/{}", administrator.outlet);
    expect_problem(administrator.patch(&path, &json!({"settings": {"unheard_of": 1}})), Kind::InvalidField).await;
    expect_problem(administrator.patch(&path, &json!({"code": "02"})), Kind::InvalidField).await;
}

#[tokio::test]
async fn clocks_and_calls_that_cannot_be_are_told_by_field() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let path = format!("/v1/outlets/{}", administrator.outlet);
    let settings = json!({
        "clocks": {
            "unheard_of": {"off": true},
            "urgent_on_site": {"length": {"micros": 0}},
            "remote_check": {"length": "same_day", "late_after_us": -1},
        },
        "calls": {"normal": {"after_us": -1, "late_after_us": 0}},
        "call_tries": 0,
    });
    let problem = expect_problem(administrator.patch(&path, &json!({"settings": settings})), Kind::InvalidField).await;
    let mut at: Vec<&str> = problem.errors.iter().map(|error| error.at.as_str()).collect();
    at.sort_unstable();
    let expected = [
        "/settings/call_tries",
        "/settings/calls/normal/after_us",
        "/settings/clocks/remote_check/late_after_us",
        "/settings/clocks/remote_check/length",
        "/settings/clocks/unheard_of",
        "/settings/clocks/urgent_on_site/length",
    ];
    assert_eq!(at, expected);
    let unknown = json!({"settings": {"clocks": {"urgent_on_site": {"lenght": "same_day"}}}});
    expect_problem(administrator.patch(&path, &unknown), Kind::InvalidField).await;
    let read: Outlet = expect_json(administrator.get(&path), 200).await;
    assert_eq!(read.settings, OutletSettings::default());
}

/// When the job's repair is due, after its report, in hours.
async fn repair_hours(agent: &Person, job: JobId) -> i64 {
    let clocks: Vec<JobClock> = expect_json(agent.get(&format!("/v1/jobs/{job}/clocks")), 200).await;
    let repair = clocks.into_iter().find(|known| known.clock.rule == "general_repaired").unwrap().clock;
    repair.due_at.since(repair.started_at) / HOUR
}

#[tokio::test]
async fn a_job_keeps_the_clocks_that_were_in_force_when_it_was_reported() {
    let server = patient_server().await;
    let administrator = server.person(Role::Administrator).await;
    let agent = server.person(Role::DeskAgent).await;
    let before = server.job(&agent).await;
    server.clock.advance(HOUR);
    let path = format!("/v1/outlets/{}", agent.outlet);
    let set = |settings: Value| administrator.patch(&path, &json!({"settings": settings}));
    let day = json!({"clocks": {"general_repaired": {"length": {"micros": 24 * HOUR}}, "remote_check": {"length": {"micros": 5 * HOUR}}}});
    expect_json::<Outlet>(set(day.clone()), 200).await;
    expect_json::<Outlet>(set(day), 200).await;
    let after = server.job(&agent).await;
    assert_eq!((repair_hours(&agent, before).await, repair_hours(&agent, after).await), (72, 24));
    server.clock.advance(HOUR);
    let off = json!({"clocks": {"general_repaired": {"off": true}}, "price_request_minutes": 20});
    expect_json::<Outlet>(set(off), 200).await;
    for job in [before, after] {
        let reason = json!({"reason": "教客户复位"});
        expect_json::<JobState>(agent.post(&format!("/v1/jobs/{job}/solve-remotely"), &reason), 200).await;
    }
    assert_eq!((repair_hours(&agent, before).await, repair_hours(&agent, after).await), (72, 24));
    let calls: Page<FollowUp> = expect_json(agent.get("/v1/follow-ups"), 200).await;
    let called = |job: JobId| {
        let call = calls.items.iter().find(|call| call.job == job).unwrap();
        call.not_before.since(server.clock.now()) / HOUR
    };
    assert_eq!((called(before), called(after)), (2, 5));
    let last = server.job(&agent).await;
    let clocks: Vec<JobClock> = expect_json(agent.get(&format!("/v1/jobs/{last}/clocks")), 200).await;
    assert!(clocks.iter().all(|known| known.clock.rule != "general_repaired"));
    let asked = json!({"text": "更换玻璃"});
    let asked: PriceRequest = expect_json(agent.post(&format!("/v1/jobs/{last}/price-requests"), &asked), 201).await;
    assert_eq!(asked.due_at, server.clock.now().plus(20 * MINUTE));
    assert_eq!(server.differences().await, [], "a rebuild comes out the same, whatever was set since");
}

#[tokio::test]
async fn a_class_of_customers_has_its_own_limits_and_a_job_keeps_the_class() {
    let server = patient_server().await;
    let administrator = server.person(Role::Administrator).await;
    let agent = server.person(Role::DeskAgent).await;
    let by_class = json!({"clocks": {"general_repaired": {"by_class": {"key": {"micros": 12 * HOUR}}}}});
    let path = format!("/v1/outlets/{}", agent.outlet);
    expect_json::<Outlet>(administrator.patch(&path, &json!({"settings": by_class})), 200).await;
    let key = json!({"name": "王芳", "phone": "13812345678", "address": "幸福路 12 号", "class": "key"});
    let customer: Value = expect_json(agent.post("/v1/customers", &key), 201).await;
    let body = json!({"class": "B", "channel": "phone", "fault": "门锁不灵", "customer": customer["id"]});
    let report: CustomerReport = expect_json(agent.post("/v1/reports", &body), 201).await;
    let (job, other) = (report.job.unwrap(), server.job(&agent).await);
    assert_eq!((repair_hours(&agent, job).await, repair_hours(&agent, other).await), (12, 72));
    let customer = format!("/v1/customers/{}", customer["id"].as_str().unwrap());
    expect_json::<Value>(agent.patch(&customer, &json!({"class": "ordinary"})), 200).await;
    assert_eq!(repair_hours(&agent, job).await, 12);
    assert_eq!(server.differences().await, []);
}

#[tokio::test]
async fn an_outlet_says_how_often_a_customer_is_tried() {
    let server = patient_server().await;
    let administrator = server.person(Role::Administrator).await;
    let agent = server.person(Role::DeskAgent).await;
    let settings = json!({"settings": {"call_tries": 1}});
    expect_json::<Outlet>(administrator.patch(&format!("/v1/outlets/{}", agent.outlet), &settings), 200).await;
    let job = server.job(&agent).await;
    let reason = json!({"reason": "教客户复位"});
    expect_json::<JobState>(agent.post(&format!("/v1/jobs/{job}/solve-remotely"), &reason), 200).await;
    server.clock.advance(2 * HOUR);
    let due: Page<FollowUp> = expect_json(agent.get("/v1/follow-ups?due=true"), 200).await;
    let path = format!("/v1/follow-ups/{}/calls", due.items[0].id);
    let after: FollowUp = expect_json(agent.post(&path, &json!({"reached": false})), 201).await;
    assert_eq!(after.state, FollowUpState::Unreached);
}

#[tokio::test]
async fn people_see_their_own_outlet_and_the_centre_sees_all() {
    let server = TestServer::start().await;
    let (here, there) = (server.person(Role::Dispatcher).await, server.person_at("02", Role::Dispatcher).await);
    let seen: Page<Outlet> = expect_json(here.get("/v1/outlets"), 200).await;
    assert_eq!(seen.items.iter().map(|outlet| outlet.id).collect::<Vec<_>>(), [here.outlet]);
    expect_problem(here.get(&format!("/v1/outlets/{}", there.outlet)), Kind::NotFound).await;
    expect_problem(here.patch(&format!("/v1/outlets/{}", here.outlet), &json!({"name": "x"})), Kind::Forbidden).await;
    let centre = server.person(Role::CentreClerk).await;
    let all: Page<Outlet> = expect_json(centre.get("/v1/outlets"), 200).await;
    assert_eq!(all.items.len(), 2);
}
