//! Quotes, consents, waivers, charges and payments from the office.

use schema::bill::{Billed, Quoted};
use schema::people::Role;
use schema::problem::Kind;
use schema::time::SECOND;
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_ok, expect_problem};

const LIST: &str = "code,name_zh,name_en,unit,kind,price_fen,valid_from,valid_to
SD-001,更换水龙头,Replace a tap,个,labour,5000,,
SD-002,过期项目,Gone,次,labour,12000,2020-01-01,2020-12-31
PJ-001,角阀,Angle valve,个,part,3500,,
";

pub async fn with_prices(server: &TestServer) -> Person {
    with_list(server, LIST).await
}

/// Prices by this file, imported by the service manager.
pub async fn with_list(server: &TestServer, csv: &'static str) -> Person {
    let manager = server.person(Role::ServiceManager).await;
    let import = manager.request(reqwest::Method::POST, "/v1/price-lists").header("content-type", "text/csv");
    expect_ok(import.body(csv)).await;
    manager
}

#[tokio::test]
async fn the_server_computes_what_a_quote_costs() {
    let server = TestServer::start().await;
    with_prices(&server).await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let path = format!("/v1/jobs/{job}/quotes");
    let lines = json!([{"code": "SD-001", "quantity_milli": 1000}, {"code": "PJ-001", "quantity_milli": 2500}]);
    let quoted: Quoted = expect_json(agent.post(&path, &json!({"lines": lines})), 201).await;
    assert_eq!(quoted.quote.total_minor, 5_000 + 8_750);
    assert_eq!(quoted.quote.price_list, 1);
    server.clock.advance(SECOND);
    let warranty = json!({"kind": "product", "reason": "购机三个月"});
    let mut covered = lines.clone();
    covered[0]["covered"] = json!(false);
    let body = json!({"lines": covered, "warranty": warranty});
    let under: Quoted = expect_json(agent.post(&path, &body), 201).await;
    assert_eq!(under.quote.total_minor, 5_000, "the part is covered, the labour is not");
    for wrong in [
        json!({"lines": []}),
        json!({"lines": [{"code": "SD-002", "quantity_milli": 1000}]}),
        json!({"lines": [{"code": "GHOST", "quantity_milli": 1000}]}),
        json!({"lines": [{"quantity_milli": 1000}]}),
        json!({"lines": [{"code": "SD-001", "quantity_milli": 0}]}),
        json!({"lines": [{"code": "SD-001", "quantity_milli": i64::MAX}]}),
        json!({"lines": [{"code": "SD-001", "quantity_milli": 1000, "unit_minor": 1}]}),
        json!({"lines": lines, "price_list": 99}),
        json!({"lines": lines, "warranty": {"kind": "rework", "reason": ""}}),
    ] {
        expect_problem(agent.post(&path, &wrong), Kind::InvalidField).await;
    }
}

#[tokio::test]
async fn a_consent_by_phone_is_for_exactly_the_quote_that_was_read_out() {
    let server = TestServer::start().await;
    with_prices(&server).await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let quotes = format!("/v1/jobs/{job}/quotes");
    let one = json!({"lines": [{"code": "SD-001", "quantity_milli": 1000}]});
    let quoted: Quoted = expect_json(agent.post(&quotes, &one), 201).await;
    let path = format!("/v1/jobs/{job}/consents");
    let consent = |quoted: &Quoted, total: i64| -> Value {
        json!({"quote": quoted.id, "quote_hash": quoted.quote_hash, "total_minor": total, "name": "王女士"})
    };
    expect_problem(agent.post(&path, &consent(&quoted, 4_000)), Kind::QuoteChanged).await;
    server.clock.advance(SECOND);
    let dearer = json!({"lines": [{"code": "SD-001", "quantity_milli": 2000}]});
    let newer: Quoted = expect_json(agent.post(&quotes, &dearer), 201).await;
    expect_problem(agent.post(&path, &consent(&quoted, 5_000)), Kind::QuoteChanged).await;
    let billed: Billed = expect_json(agent.post(&path, &consent(&newer, 10_000)), 201).await;
    assert_eq!((billed.accepted, billed.due_minor), (Some(newer.id), Some(10_000)));
}

#[tokio::test]
async fn what_is_waived_charged_and_paid_adds_up() {
    let server = TestServer::start().await;
    let manager = with_prices(&server).await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let at = |what: &str| format!("/v1/jobs/{job}/{what}");
    let pay = |minor: i64| json!({"minor": minor, "method": "cash", "receipt": "SJ-001"});
    expect_problem(agent.post(&at("payments"), &pay(100)), Kind::InvalidField).await;
    let body = json!({"lines": [{"code": "SD-001", "quantity_milli": 1000}]});
    let quoted: Quoted = expect_json(agent.post(&at("quotes"), &body), 201).await;
    let charge = |due: i64| json!({"quote": quoted.id, "due_minor": due});
    expect_problem(agent.post(&at("charges"), &charge(5_000)), Kind::GateClosed).await;
    let consent = json!({"quote": quoted.id, "quote_hash": quoted.quote_hash, "total_minor": 5_000, "name": "王女士"});
    expect_json::<Billed>(agent.post(&at("consents"), &consent), 201).await;
    let waive = |minor: i64| json!({"quote": quoted.id, "minor": minor, "reason": "老客户"});
    expect_problem(agent.post(&at("waivers"), &waive(1_000)), Kind::Forbidden).await;
    let billed: Billed = expect_json(manager.post(&at("waivers"), &waive(1_000)), 201).await;
    assert_eq!(billed.due_minor, Some(4_000));
    for minor in [0, -1, 4_001, i64::MAX] {
        expect_problem(manager.post(&at("waivers"), &waive(minor)), Kind::InvalidField).await;
    }
    expect_problem(agent.post(&at("charges"), &charge(5_000)), Kind::GateClosed).await;
    expect_json::<Billed>(agent.post(&at("charges"), &charge(4_000)), 201).await;
    let paid: Billed = expect_json(agent.post(&at("payments"), &pay(3_000)), 201).await;
    assert_eq!(paid.paid_minor, 3_000);
    for minor in [0, -5, 1_001] {
        expect_problem(agent.post(&at("payments"), &pay(minor)), Kind::InvalidField).await;
    }
    let twice = || agent.post(&at("payments"), &pay(1_000)).header("idempotency-key", "tap-1");
    let first: Billed = expect_json(twice(), 201).await;
    let second: Billed = expect_json(twice(), 201).await;
    assert_eq!((first.paid_minor, second), (4_000, first.clone()), "one payment from two taps");
}

#[tokio::test]
async fn a_technician_takes_money_only_where_the_outlet_lets_them_and_against_a_receipt() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let agent = server.person(Role::DeskAgent).await;
    let technician = server.person(Role::Technician).await;
    let job = server.job(&agent).await;
    server.assign(job, &agent, &technician).await;
    server.finish_work(job, &agent).await;
    let path = format!("/v1/jobs/{job}/payments");
    let cash = |receipt: Option<&str>| json!({"minor": 1_000, "method": "cash", "receipt": receipt});
    let told = expect_problem(technician.post(&path, &cash(Some("SJ-1"))), Kind::Forbidden).await;
    assert_eq!(told.detail.as_deref(), Some("本网点不由您的岗位收款"));
    expect_json::<Billed>(agent.post(&path, &cash(None)), 201).await;
    let outlet = format!("/v1/outlets/{}", agent.outlet);
    let collects = |how: &str| administrator.patch(&outlet, &json!({"settings": {"collects": how}}));
    expect_ok(collects("technician")).await;
    let problem = expect_problem(technician.post(&path, &cash(None)), Kind::InvalidField).await;
    assert_eq!(problem.errors[0].at, "/receipt");
    let billed: Billed = expect_json(technician.post(&path, &cash(Some("SJ-2"))), 201).await;
    assert_eq!(billed.paid_minor, 2_000);
    let other = server.person(Role::Technician).await;
    expect_problem(other.post(&path, &cash(Some("SJ-3"))), Kind::NotFound).await;
    expect_problem(server.person(Role::Dispatcher).await.post(&path, &cash(Some("SJ-3"))), Kind::Forbidden).await;
    expect_ok(collects("collector")).await;
    expect_problem(technician.post(&path, &cash(Some("SJ-3"))), Kind::Forbidden).await;
    expect_problem(agent.post(&path, &cash(None)), Kind::InvalidField).await;
    expect_json::<Billed>(agent.post(&path, &cash(Some("SJ-4"))), 201).await;
}
