//! What a phone quoted and the customer accepted, against what somebody had given a price for.

use super::bills::with_prices;
use super::conflicts::{conflicts, consent};
use super::links::link;
use schema::bill::Quoted;
use schema::edit::Edit;
use schema::id::{EntryId, PriceRequestId};
use schema::job::JobDetail;
use schema::link::PublicView;
use schema::people::Role;
use schema::price_request::PriceRequest;
use schema::problem::Kind;
use schema::record::{How, ItemKind, Quote, QuoteLine, Warranty, WarrantyKind};
use schema::time::SECOND;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::{Errand, Person, TestServer, expect_json, expect_ok, expect_problem};

const ITEM: (Option<&str>, &str, &str, i64) = (Some("SD-001"), "更换水龙头", "个", 5_000);

/// One line is quoted on the phone and accepted on it, and sent.
async fn accepted(
    errand: &mut Errand,
    line: (Option<&str>, &str, &str, i64),
    request: Option<PriceRequestId>,
) -> EntryId {
    let (code, name, unit, minor) = line;
    let line = QuoteLine {
        code: code.map(str::to_owned),
        request,
        name: name.to_owned(),
        unit: unit.to_owned(),
        kind: ItemKind::Labour,
        quantity_milli: 1_000,
        unit_minor: minor,
        amount_minor: minor,
        risk: None,
        setup: None,
    };
    let quote = Quote {
        lines: BTreeMap::from([("01".to_owned(), line)]),
        total_minor: minor,
        currency: schema::money::Currency::CNY,
        price_list: 1,
        warranty: Warranty { kind: WarrantyKind::None, reason: None, decided_by: None },
        option: None,
        of: None,
        by: errand.technician.id,
        at: errand.phone.at(),
    };
    let (id, by) = (errand.phone.entry(), errand.technician.id);
    errand.phone.edit(errand.job, vec![Edit::Quote { id: id.clone(), quote: quote.clone() }]);
    let at = errand.phone.at();
    errand.phone.edit(errand.job, vec![consent((&id, &quote), How::Phone, by, at)]);
    let report = errand.phone.sync().await;
    assert!(report.refused.is_empty(), "the customer's word is never thrown away: {report:?}");
    id
}

/// How many matters the job's line has, and what is said of prices.
async fn deviations(errand: &Errand) -> (i64, Vec<String>) {
    let path = format!("/v1/jobs/{}", errand.job);
    let detail: JobDetail = expect_json(errand.dispatcher.get(&path), 200).await;
    let listed: Value = expect_json(errand.dispatcher.get("/v1/jobs?matters=true"), 200).await;
    let is_listed = listed["items"].as_array().unwrap().iter().any(|job| job["id"] == json!(errand.job));
    assert_eq!(is_listed, detail.job.matters > 0);
    let found = conflicts(&errand.dispatcher, errand.job).await;
    let all = found["matters"].as_array().unwrap().iter().flat_map(|matter| matter["deviations"].as_array().unwrap());
    (detail.job.matters, all.map(|deviation| deviation["kind"].as_str().unwrap().to_owned()).collect())
}

async fn asked(errand: &Errand) -> PriceRequest {
    let path = format!("/v1/jobs/{}/price-requests", errand.job);
    expect_json(errand.technician.post(&path, &json!({"text": "换整机"})), 201).await
}

async fn answered(server: &TestServer, errand: &Errand) -> PriceRequest {
    let asked = asked(errand).await;
    let supervisor = server.person(Role::EngineeringSupervisor).await;
    let body = json!({"feasible": true, "unit": "台", "price_minor": 90_000});
    expect_json(supervisor.post(&format!("/v1/price-requests/{}/answer", asked.id), &body), 200).await
}

#[actix_web::test]
async fn a_price_that_nobody_gave_is_kept_and_shown_to_the_supervisor() {
    let server = TestServer::start().await;
    with_prices(&server).await;
    let cases = [
        (ITEM, None),
        ((Some("SD-001"), "更换水龙头", "个", 1), Some("price")),
        ((Some("SD-001"), "换整机", "个", 5_000), Some("described")),
        ((Some("GHOST"), "换整机", "台", 1), Some("not_listed")),
        ((None, "换整机", "台", 1), Some("not_listed")),
    ];
    for (line, kind) in cases {
        let mut errand = server.errand().await;
        accepted(&mut errand, line, None).await;
        let wanted: Vec<String> = kind.into_iter().map(str::to_owned).collect();
        assert_eq!(deviations(&errand).await, (i64::from(kind.is_some()), wanted), "{line:?}");
    }
    assert_eq!(server.differences().await, [], "the projection can be made anew");
}

#[actix_web::test]
async fn a_price_request_counts_for_its_job_and_only_once_it_is_answered() {
    let server = TestServer::start().await;
    let mut errand = server.errand().await;
    let line = |minor| (None, "换整机", "台", minor);
    let invented = PriceRequestId::new(server.clock.now(), [7; 10]);
    accepted(&mut errand, line(1), Some(invented)).await;
    assert_eq!(deviations(&errand).await, (1, vec!["not_priced".to_owned()]));

    let mut other = server.errand().await;
    let given = answered(&server, &other).await;
    accepted(&mut errand, line(90_000), Some(given.id)).await;
    assert_eq!(deviations(&errand).await, (1, vec!["not_priced".to_owned()]), "it was another job's");
    accepted(&mut other, line(9_000), Some(given.id)).await;
    assert_eq!(deviations(&other).await, (1, vec!["price".to_owned()]));
    accepted(&mut other, line(90_000), Some(given.id)).await;
    assert_eq!(deviations(&other).await, (0, Vec::new()), "quoted and accepted anew as it was priced");

    let mut early = server.errand().await;
    let open = asked(&early).await;
    accepted(&mut early, line(90_000), Some(open.id)).await;
    assert_eq!(deviations(&early).await.0, 1, "not answered yet");
    let supervisor = server.person(Role::EngineeringSupervisor).await;
    let body = json!({"feasible": true, "unit": "台", "price_minor": 90_000});
    expect_ok(supervisor.post(&format!("/v1/price-requests/{}/answer", open.id), &body)).await;
    assert_eq!(deviations(&early).await.0, 0);
    assert_eq!(server.differences().await, []);
}

#[actix_web::test]
async fn an_invented_request_starts_no_clock_anew() {
    let server = TestServer::start().await;
    let mut errand = server.errand().await;
    let repaired = async |errand: &Errand| {
        let path = format!("/v1/jobs/{}", errand.job);
        let detail: JobDetail = expect_json(errand.dispatcher.get(&path), 200).await;
        let mut runs = detail.clocks.into_iter().filter(|known| known.clock.rule == "general_repaired");
        (runs.next().unwrap().clock.started_at, detail.record.meta.reported_at)
    };
    server.clock.advance(5 * 60 * SECOND);
    accepted(&mut errand, (None, "换整机", "台", 1), Some(PriceRequestId::new(server.clock.now(), [7; 10]))).await;
    let (started, reported) = repaired(&errand).await;
    assert_eq!(started, reported);
    let given = answered(&server, &errand).await;
    // The test's phone counts a second for each tap; at the same moment of the server's no tap would be before another.
    server.clock.advance(60 * SECOND);
    accepted(&mut errand, (None, "换整机", "台", 90_000), Some(given.id)).await;
    let (started, reported) = repaired(&errand).await;
    assert!(started > reported, "from the acceptance of what was priced");
}

#[actix_web::test]
async fn the_supervisor_lets_a_price_stand_and_an_unaccepted_offer_hides_none() {
    let server = TestServer::start().await;
    with_prices(&server).await;
    let mut errand = server.errand().await;
    accepted(&mut errand, (Some("SD-001"), "更换水龙头", "个", 1), None).await;
    let manager = server.person(Role::DeskAgent).await;
    server.clock.advance(60 * SECOND);
    let lines = json!({"lines": [{"code": "SD-001", "quantity_milli": 1000}]});
    let path = |end: &str| format!("/v1/jobs/{}/{end}", errand.job);
    expect_json::<Quoted>(manager.post(&path("quotes"), &lines), 201).await;
    assert_eq!(deviations(&errand).await.0, 1);
    let found = conflicts(&errand.dispatcher, errand.job).await;
    let matter = &found["matters"][0];
    let of = json!([matter["entries"][0]["id"]]);
    assert_eq!((&matter["kind"], matter["entries"].as_array().unwrap().len()), (&json!("consent"), 1));
    assert_eq!(matter["deviations"][0]["words"]["zh"], json!("“更换水龙头”报价 CNY 0.01/个，应为 CNY 50.00"));
    let supervisor = server.person(Role::DeskSupervisor).await;
    let ruling = |of: &Value| json!({"matter": "consent", "counts": of[0], "of": of, "reason": "已向客户说明"});
    let strange = json!(["zzzzzzzzzzzzzzzz"]);
    expect_problem(supervisor.post(&path("rulings"), &ruling(&strange)), Kind::Stale).await;
    expect_json::<Value>(supervisor.post(&path("rulings"), &ruling(&of)), 201).await;
    assert_eq!(deviations(&errand).await, (0, Vec::new()));
    errand.phone.sync().await;
    assert!(errand.phone.job(errand.job).valid_consents().next().is_some(), "the customer's word holds");
    assert_eq!(server.differences().await, []);
}

/// A quote, a later one by mistake that is taken back, and how the customer is shown the first.
async fn after_a_slip(server: &TestServer, agent: &Person) -> (schema::id::JobId, String, Value) {
    let job = server.job(agent).await;
    let quotes = format!("/v1/jobs/{job}/quotes");
    let lines = |milli: i64| json!({"lines": [{"code": "SD-001", "quantity_milli": milli}]});
    let right: Quoted = expect_json(agent.post(&quotes, &lines(1_000)), 201).await;
    server.clock.advance(SECOND);
    let slip: Quoted = expect_json(agent.post(&quotes, &lines(100_000)), 201).await;
    let because = json!({"reason": "数量看错"});
    expect_ok(agent.post(&format!("{quotes}/{}/withdraw", slip.id), &because)).await;
    let (_, token) = link(agent, job, &["accept"]).await;
    let seen: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    assert!(seen.job.quotes[&right.id].open);
    let consent = json!({"quote": right.id, "quote_hash": right.quote_hash, "total_minor": 5_000, "name": "王女士"});
    (job, token, consent)
}

#[actix_web::test]
async fn a_quote_before_one_that_was_taken_back_is_accepted_or_refused_like_any_other() {
    let server = TestServer::start().await;
    with_prices(&server).await;
    let agent = server.person(Role::DeskAgent).await;
    let (job, _, consent) = after_a_slip(&server, &agent).await;
    expect_json::<Value>(agent.post(&format!("/v1/jobs/{job}/consents"), &consent), 201).await;
    let (_, token, consent) = after_a_slip(&server, &agent).await;
    expect_json::<PublicView>(server.post(&format!("/v1/public/{token}/accept"), &consent), 200).await;
    let (_, token, consent) = after_a_slip(&server, &agent).await;
    let decline = json!({"quote": consent["quote"], "reason": "太贵"});
    expect_json::<PublicView>(server.post(&format!("/v1/public/{token}/decline"), &decline), 200).await;
}
