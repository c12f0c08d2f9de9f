//! Prices of what is not on the list.

use super::{patient_server, walk};
use schema::outlet::Outlet;
use schema::page::Page;
use schema::people::Role;
use schema::price_request::PriceRequest;
use schema::problem::Kind;
use schema::time::MINUTE;
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_problem, redacted};

async fn job(agent: &Person) -> String {
    let body = json!({"class": "B", "channel": "phone", "name": "王芳", "fault": "没水"});
    let report: Value = expect_json(agent.post("/v1/reports", &body), 201).await;
    report["job"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_supervisor_prices_what_is_not_on_the_list() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let supervisor = server.person(Role::EngineeringSupervisor).await;
    let path = format!("/v1/jobs/{}/price-requests", job(&agent).await);
    let asked: PriceRequest = expect_json(agent.post(&path, &json!({"text": "更换进口恒温阀芯"})), 201).await;
    assert_eq!(asked.due_at, server.clock.now().plus(15 * MINUTE));
    let open: Page<PriceRequest> = expect_json(supervisor.get("/v1/price-requests?open=true"), 200).await;
    assert_eq!(open.items, std::slice::from_ref(&asked));
    server.clock.advance(16 * MINUTE);
    let late: Page<PriceRequest> = expect_json(agent.get(&path), 200).await;
    assert!(late.items[0].is_late);
    let answer = format!("/v1/price-requests/{}/answer", asked.id);
    let body =
        json!({"feasible": true, "unit": "个", "price_minor": 26_000, "remark": "含人工", "destroys_data": true});
    expect_problem(agent.post(&answer, &body), Kind::Forbidden).await;
    let answered: Value = expect_json(supervisor.post(&answer, &body), 200).await;
    insta::assert_json_snapshot!(redacted(answered.clone()));
    assert_eq!(expect_json::<Value>(supervisor.post(&answer, &body), 200).await, answered);
    let harmless = json!({"feasible": true, "unit": "个", "price_minor": 26_000, "remark": "含人工"});
    expect_problem(supervisor.post(&answer, &harmless), Kind::Conflict).await;
    let other = json!({"feasible": false, "remark": "停产"});
    expect_problem(supervisor.post(&answer, &other), Kind::Conflict).await;
    let open: Page<PriceRequest> = expect_json(supervisor.get("/v1/price-requests?open=true"), 200).await;
    assert_eq!(open.items, []);
}

#[tokio::test]
async fn an_answer_says_a_price_or_why_not() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let supervisor = server.person(Role::EngineeringSupervisor).await;
    let path = format!("/v1/jobs/{}/price-requests", job(&agent).await);
    let asked: PriceRequest = expect_json(agent.post(&path, &json!({"text": "更换玻璃"})), 201).await;
    let answer = format!("/v1/price-requests/{}/answer", asked.id);
    let mut errors = Vec::new();
    let nothing = json!({"feasible": false, "price_minor": 5, "destroys_data": true});
    for body in [json!({"feasible": true, "price_minor": -1}), nothing] {
        errors.push(expect_problem(supervisor.post(&answer, &body), Kind::InvalidField).await.errors);
    }
    insta::assert_json_snapshot!(errors);
    let stranger = server.person_at("02", Role::EngineeringSupervisor).await;
    let body = json!({"feasible": false, "remark": "停产"});
    expect_problem(stranger.post(&answer, &body), Kind::NotFound).await;
    expect_json::<Value>(supervisor.post(&answer, &body), 200).await;
}

#[tokio::test]
async fn only_those_who_have_the_job_ask_and_none_for_a_closed_one() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let body = json!({"class": "B", "channel": "phone", "name": "王芳", "fault": "没水"});
    let report: Value = expect_json(agent.post("/v1/reports", &body), 201).await;
    let path = format!("/v1/jobs/{}/price-requests", report["job"].as_str().unwrap());
    let asked = json!({"text": "更换玻璃"});
    let technician = server.person(Role::Technician).await;
    expect_problem(technician.post(&path, &asked), Kind::NotFound).await;
    let stranger = server.person_at("02", Role::DeskAgent).await;
    expect_problem(stranger.post(&path, &asked), Kind::NotFound).await;
    expect_problem(stranger.get(&path), Kind::NotFound).await;
    let solved = format!("/v1/reports/{}/solve-remotely", report["id"].as_str().unwrap());
    expect_json::<Value>(agent.post(&solved, &json!({"text": "已开总阀"})), 200).await;
    expect_problem(agent.post(&path, &asked), Kind::JobClosed).await;
}

#[tokio::test]
async fn open_requests_come_first_due_first_and_answered_ones_last_answered_first_page_by_page() {
    let server = patient_server().await;
    let (agent, administrator) = (server.person(Role::DeskAgent).await, server.person(Role::Administrator).await);
    let supervisor = server.person(Role::EngineeringSupervisor).await;
    let mut asked = Vec::new();
    for minutes in [15, 5, 5] {
        let settings = json!({"settings": {"price_request_minutes": minutes}});
        expect_json::<Outlet>(administrator.patch(&format!("/v1/outlets/{}", agent.outlet), &settings), 200).await;
        server.clock.advance(MINUTE);
        let path = format!("/v1/jobs/{}/price-requests", job(&agent).await);
        let one: PriceRequest = expect_json(agent.post(&path, &json!({"text": "更换玻璃"})), 201).await;
        asked.push(one);
    }
    let walked = async |query: &str| {
        let found = walk::<PriceRequest>(&supervisor, &format!("/v1/price-requests{query}"), 1).await;
        found.iter().map(|one| asked.iter().position(|known| known.id == one.id).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(walked("?open=true").await, [1, 2, 0]);
    let answer = async |place: usize| {
        let path = format!("/v1/price-requests/{}/answer", asked[place].id);
        expect_json::<Value>(supervisor.post(&path, &json!({"feasible": false, "remark": "停产"})), 200).await;
    };
    answer(2).await;
    assert_eq!((walked("?open=true").await, walked("?open=false").await), (vec![1, 0], vec![2]));
    server.clock.advance(MINUTE);
    // Two at one moment: the later one stands before the earlier.
    answer(1).await;
    answer(0).await;
    assert_eq!(walked("?open=false").await, [1, 0, 2]);
    assert_eq!(walked("").await, [0, 1, 2]);

    let elsewhere = server.person_at("02", Role::EngineeringSupervisor).await;
    expect_problem(elsewhere.get(&format!("/v1/price-requests?after={}", asked[0].id)), Kind::NotFound).await;
    let others = format!("/v1/jobs/{}/price-requests?after={}", asked[1].job, asked[0].id);
    expect_problem(agent.get(&others), Kind::NotFound).await;
}
