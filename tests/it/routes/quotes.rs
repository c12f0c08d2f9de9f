//! Offers, and what the customer says to them.

use super::bills::with_prices;
use super::links::link;
use schema::bill::Quoted;
use schema::link::PublicView;
use schema::people::Role;
use schema::time::SECOND;
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_ok};

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
