//! Offers that stand beside each other: the customer takes one, and what else was shown is known.

use super::{act, link};
use crate::routes::bills::with_prices;
use crate::routes::customer_page::{field, page, post, refused};
use schema::bill::Quoted;
use schema::id::{EntryId, JobId};
use schema::job::JobDetail;
use schema::link::PublicView;
use schema::people::Role;
use schema::problem::Kind;
use schema::time::SECOND;
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_problem};

async fn offer(server: &TestServer, agent: &Person, job: JobId, (option, code): (&str, &str)) -> EntryId {
    server.clock.advance(SECOND);
    let lines = json!([{"code": "SD-001", "quantity_milli": 1000}, {"code": code, "quantity_milli": 2000}]);
    let body = json!({"option": option, "lines": lines});
    let quoted: Quoted = expect_json(agent.post(&format!("/v1/jobs/{job}/quotes"), &body), 201).await;
    quoted.id
}

/// A job with two offers, and its link.
async fn offered(server: &TestServer, agent: &Person) -> (JobId, [EntryId; 2], String) {
    with_prices(server).await;
    let job = server.job(agent).await;
    let mend = offer(server, agent, job, ("维修", "PJ-001")).await;
    let replace = offer(server, agent, job, ("更换", "SD-001")).await;
    let (_, token) = link(agent, job, &["accept"]).await;
    (job, [mend, replace], token)
}

async fn seen(server: &TestServer, token: &str) -> PublicView {
    expect_json(server.get(&format!("/v1/public/{token}")), 200).await
}

fn acceptance(view: &PublicView, quote: &EntryId, beside: &[&EntryId]) -> Value {
    let shown = &view.job.quotes[quote];
    json!({"quote": quote, "quote_hash": shown.hash, "total_minor": shown.quote.total_minor, "name": "王女士", "beside": beside})
}

#[tokio::test]
async fn nobody_chooses_among_other_offers_than_were_shown() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (job, [mend, replace], token) = offered(&server, &agent).await;
    let accept = act(&token, "accept");
    let shown = seen(&server, &token).await;
    let third = offer(&server, &agent, job, ("只检测", "PJ-001")).await;
    for beside in [vec![], vec![&replace], vec![&replace, &mend, &third]] {
        expect_problem(server.post(&accept, &acceptance(&shown, &mend, &beside)), Kind::QuoteChanged).await;
    }
    let chosen: PublicView =
        expect_json(server.post(&accept, &acceptance(&shown, &mend, &[&third, &replace])), 200).await;
    assert_eq!(chosen.job.accepted.as_ref(), Some(&mend));
    server.clock.advance(SECOND);
    let changed: PublicView =
        expect_json(server.post(&accept, &acceptance(&chosen, &replace, &[&mend, &third])), 200).await;
    assert_eq!(changed.job.accepted.as_ref(), Some(&replace), "the one accepted last holds");
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!(
        (detail.record.quotes.len(), detail.record.consents.len()),
        (3, 2),
        "all that was shown and said is kept"
    );
}

#[tokio::test]
async fn who_accepts_none_of_the_offers_says_so_once() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (job, [mend, replace], token) = offered(&server, &agent).await;
    let ghost = json!({"reason": "都太贵", "quote": mend, "beside": ["zzzzzzzzzzzzzzzz"]});
    expect_problem(server.post(&act(&token, "decline"), &ghost), Kind::QuoteChanged).await;
    let body = json!({"reason": "都太贵", "quote": mend, "beside": [replace, mend]});
    let view: PublicView = expect_json(server.post(&act(&token, "decline"), &body), 200).await;
    assert!(view.job.quotes.values().all(|quote| quote.refused && quote.open));
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!(detail.record.refusals.len(), 2, "each offer by its own entry");
}

#[tokio::test]
async fn the_page_sets_the_offers_side_by_side_and_takes_one_of_them() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (job, [mend, replace], token) = offered(&server, &agent).await;
    let path = format!("/c/{token}");
    let shown = page(&server, &path).await;
    let (_, table) = shown.split_once("class=\"compared\"").unwrap();
    let (table, _) = table.split_once("</table>").unwrap();
    // A tap at 50 in both; two valves at 35 here, two taps more there.
    for cell in
        ["scope=\"col\">维修<", "scope=\"col\">更换<", "scope=\"row\">角阀<", "¥70.00", "¥150.00", "不含", "¥120.00"]
    {
        assert!(table.contains(cell), "{cell}: {table}");
    }
    assert!(table.find("维修") < table.find("更换"), "in the order in which they were offered: {table}");
    assert_eq!(shown.matches("选择此方案").count(), 2);
    assert_eq!(shown.matches("这些方案都不同意").count(), 1);
    let of = |form: &str| {
        [field(form, "quote"), field(form, "quote_hash"), field(form, "total_minor"), field(form, "beside")]
    };
    let (_, second) = shown.split_once("<h3>更换").unwrap();
    let [quote, hash, total, beside] = of(second);
    assert_eq!((quote.as_str(), beside.as_str()), (replace.as_str(), mend.as_str()));
    let form = |beside: &'static str| {
        let form = [("quote", quote.clone()), ("quote_hash", hash.clone()), ("total_minor", total.clone())];
        form.into_iter().chain([("name", "王女士".to_owned()), ("beside", beside.to_owned())]).collect::<Vec<_>>()
    };
    let sent = async |form: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        post(&server, &format!("{path}/accept"), &fields).await
    };
    let garbled = refused(sent(form("x y")).await, 409).await;
    assert!(garbled.contains("value=\"王女士\"") && garbled.contains("<details class=\"act\" open>"), "{garbled}");
    refused(sent(form("")).await, 409).await;
    let mut whole = form("");
    whole.last_mut().unwrap().1 = beside;
    assert_eq!(sent(whole).await.status(), 303);
    let shown = page(&server, &path).await;
    assert!(shown.contains("已认可") && shown.contains("未选用") && shown.contains("改选此方案"), "{shown}");
    assert!(!shown.contains("这些方案都不同意"));
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!(detail.record.consents.values().next().unwrap().quote, replace);
}
