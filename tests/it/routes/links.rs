//! The customer's link: what it allows, what it writes, and when it ends.

mod alternatives;

use super::patient_server;
use schema::id::JobId;
use schema::job::{JobDetail, JobSheet};
use schema::link::{CreatedLink, Link, LinkAct, PublicView};
use schema::people::Role;
use schema::problem::Kind;
use schema::public::Stand;
use schema::record::{How, SignOffKind};
use schema::sheet::Sheet;
use schema::time::{DAY, MINUTE, SECOND, Timestamp};
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_ok, expect_problem};

pub async fn link(agent: &Person, job: JobId, scope: &[&str]) -> (CreatedLink, String) {
    let body = json!({"scope": scope});
    let made: CreatedLink = expect_json(agent.post(&format!("/v1/jobs/{job}/links"), &body), 201).await;
    let token = made.url.rsplit('/').next().unwrap().to_owned();
    (made, token)
}

/// The token of a link that ends so many days from now, whatever its job does.
pub async fn for_days(agent: &Person, job: JobId, days: i64) -> String {
    let body = json!({"scope": ["view", "accept", "sign", "rate"], "expires_in_days": days});
    let made: CreatedLink = expect_json(agent.post(&format!("/v1/jobs/{job}/links"), &body), 201).await;
    made.url.rsplit('/').next().unwrap().to_owned()
}

fn act(token: &str, act: &str) -> String {
    format!("/v1/public/{token}/{act}")
}

/// By how many changes this makes the job's record longer.
async fn changes(server: &TestServer, job: JobId, path: &str, body: &Value) -> i64 {
    let length = async || {
        let record = move |conn: &mut server::db::Conn| Ok(server::db::records::find_record(conn, job)?);
        server.state.db.read(record).await.unwrap().unwrap().length
    };
    let before = length().await;
    expect_json::<PublicView>(server.post(path, body), 200).await;
    length().await - before
}

fn signature(view: &PublicView) -> Value {
    let (heads, hash) = (&view.job.heads, view.job.sheet_hash);
    json!({"name": "王女士", "strokes": "1,2,0 3,4,16|5,6,90", "covers": heads, "sheet_hash": hash,
        "rating": {"quality": 5, "attitude": 5}})
}

#[tokio::test]
async fn a_link_that_does_not_hold_says_nothing_about_why() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let expired = for_days(&agent, job, 14).await;
    server.clock.advance(15 * DAY);
    let (made, revoked) = link(&agent, job, &["view"]).await;
    expect_ok(agent.delete(&format!("/v1/jobs/{job}/links/{}", made.link.id))).await;
    let (_, ended) = link(&agent, job, &["view"]).await;
    expect_ok(server.post(&act(&ended, "revoke"), &json!({}))).await;
    let unknown = "A".repeat(43);
    let mut bodies = Vec::new();
    for token in [&expired, &revoked, &ended, &unknown, "x"] {
        let mut body = expect_problem(server.get(&format!("/v1/public/{token}")), Kind::LinkInvalid).await;
        body.request_id = None;
        bodies.push(body);
        let page = server.get(&format!("/c/{token}")).send().await.unwrap();
        assert_eq!(page.status(), 404);
        for word in ["accept", "sign", "decline", "rate"] {
            let valid = match word {
                "accept" => {
                    json!({"quote": "zzzzzzzzzzzzzzzz", "quote_hash": "00".repeat(32), "total_minor": 1, "name": "x"})
                }
                "sign" => json!({"name": "x", "covers": [], "sheet_hash": "00".repeat(32)}),
                "decline" => json!({"reason": "x"}),
                _ => json!({"quality": 5}),
            };
            expect_problem(server.post(&act(token, word), &valid), Kind::LinkInvalid).await;
        }
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:?}");
}

#[tokio::test]
async fn a_link_allows_what_its_scope_says_and_each_opening_is_kept() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let (quote, _) = server.quote(job, &agent, 8_000).await;
    let (_, token) = link(&agent, job, &["view"]).await;
    let view: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    let shown = &view.job.quotes[&quote];
    let body = json!({"quote": quote, "quote_hash": shown.hash, "total_minor": 8_000, "name": "王女士"});
    expect_problem(server.post(&act(&token, "accept"), &body), Kind::Forbidden).await;
    expect_problem(server.post(&act(&token, "sign"), &signature(&view)), Kind::Forbidden).await;
    expect_problem(server.post(&act(&token, "rate"), &json!({"quality": 5})), Kind::Forbidden).await;
    let links: Vec<Link> = expect_json(agent.get(&format!("/v1/jobs/{job}/links")), 200).await;
    assert_eq!(links[0].opens.len(), 1, "only what the link allowed was done");
    assert_eq!((links[0].opens[0].act, links[0].opens[0].address.as_str()), (LinkAct::View, "127.0.0.1"));
    let stranger = server.person_at("02", Role::DeskAgent).await;
    expect_problem(stranger.get(&format!("/v1/jobs/{job}/links")), Kind::NotFound).await;
    expect_problem(stranger.delete(&format!("/v1/jobs/{job}/links/{}", links[0].id)), Kind::NotFound).await;
    for wrong in [json!({"scope": []}), json!({"scope": ["ghost"]}), json!({"scope": ["view"], "expires_in_days": 0})] {
        expect_problem(agent.post(&format!("/v1/jobs/{job}/links"), &wrong), Kind::InvalidField).await;
    }
}

/// What the customer and the office read of a link's end.
async fn end_of(server: &TestServer, agent: &Person, job: JobId, token: &str) -> Option<Timestamp> {
    let view: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    let links: Vec<Link> = expect_json(agent.get(&format!("/v1/jobs/{job}/links")), 200).await;
    assert_eq!((links[0].expires_at, links[0].is_valid), (view.expires_at, true));
    view.expires_at
}

#[tokio::test]
async fn a_link_holds_through_the_job_and_the_warranty_on_its_repair() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let fixed = for_days(&agent, job, 20).await;
    // The newest is listed first.
    server.clock.advance(SECOND);
    let (_, token) = link(&agent, job, &["view", "sign", "rate"]).await;
    assert_eq!(end_of(&server, &agent, job, &token).await, None, "nobody knows when the job is done");
    server.clock.advance(60 * DAY);
    expect_problem(server.get(&format!("/v1/public/{fixed}")), Kind::LinkInvalid).await;
    server.finish_work(job, &agent).await;
    let shown: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    let signed: PublicView = expect_json(server.post(&act(&token, "sign"), &signature(&shown)), 200).await;
    let warranted = signed.warranty.until.unwrap();
    assert_eq!(end_of(&server, &agent, job, &token).await, Some(warranted), "three months, not fourteen days");
    expect_ok(agent.post(&format!("/v1/jobs/{job}/close"), &json!({}))).await;
    server.clock.advance(80 * DAY);
    let view: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    assert!(view.warranty.may_report && view.expires_at == Some(warranted));
    // What was for the job alone is over with it.
    expect_problem(server.post(&act(&token, "sign"), &signature(&view)), Kind::JobClosed).await;
    server.clock.advance(warranted.since(server.clock.now()) - SECOND);
    expect_ok(server.get(&format!("/c/{token}/sheet.pdf"))).await;
    server.clock.advance(SECOND);
    let mut over = expect_problem(server.get(&format!("/v1/public/{token}")), Kind::LinkInvalid).await;
    let mut unknown = expect_problem(server.get("/v1/public/nobody"), Kind::LinkInvalid).await;
    (over.request_id, unknown.request_id) = (None, None);
    assert_eq!(over, unknown);
    let page = server.get(&format!("/c/{token}/sheet.pdf")).send().await.unwrap();
    assert_eq!(page.status(), 404);
    let later = server.person(Role::DeskAgent).await;
    let links: Vec<Link> = expect_json(later.get(&format!("/v1/jobs/{job}/links")), 200).await;
    assert!(links.iter().all(|link| !link.is_valid));
}

#[tokio::test]
async fn who_looks_again_and_again_is_kept_once_a_minute() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let (_, token) = link(&agent, job, &["view"]).await;
    let look = |browser: &'static str| server.get(&format!("/c/{token}")).header("user-agent", browser);
    for browser in ["one", "one", "two", "one"] {
        expect_ok(look(browser)).await;
        server.clock.advance(SECOND);
    }
    server.clock.advance(MINUTE);
    expect_ok(look("one")).await;
    let links: Vec<Link> = expect_json(agent.get(&format!("/v1/jobs/{job}/links")), 200).await;
    let opens: Vec<&str> = links[0].opens.iter().map(|open| open.browser.as_str()).collect();
    assert_eq!(opens, ["one", "two", "one"]);
}

#[tokio::test]
async fn the_customer_accepts_the_quote_that_was_shown_and_no_other() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let (quote, _) = server.quote(job, &agent, 8_000).await;
    let (_, token) = link(&agent, job, &["accept"]).await;
    let view: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    let old =
        json!({"quote": quote, "quote_hash": view.job.quotes[&quote].hash, "total_minor": 8_000, "name": "王女士"});
    let refused: PublicView =
        expect_json(server.post(&act(&token, "decline"), &json!({"reason": "太贵", "quote": quote})), 200).await;
    assert!(refused.job.quotes[&quote].refused);
    let again = json!({"reason": "太贵", "quote": quote});
    assert_eq!(changes(&server, job, &act(&token, "decline"), &again).await, 0, "said again it changes nothing");
    server.clock.advance(SECOND);
    let (newer, _) = server.quote(job, &agent, 6_000).await;
    expect_problem(server.post(&act(&token, "accept"), &old), Kind::QuoteChanged).await;
    let view: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    let body = |total: i64| json!({"quote": newer, "quote_hash": view.job.quotes[&newer].hash, "total_minor": total, "name": "王女士"});
    expect_problem(server.post(&act(&token, "accept"), &body(5_000)), Kind::QuoteChanged).await;
    let mut nameless = body(6_000);
    nameless["name"] = json!(" ");
    expect_problem(server.post(&act(&token, "accept"), &nameless), Kind::InvalidField).await;
    let view: PublicView = expect_json(server.post(&act(&token, "accept"), &body(6_000)), 200).await;
    assert_eq!(view.job.accepted.as_ref(), Some(&newer));
    expect_json::<PublicView>(server.post(&act(&token, "accept"), &body(6_000)), 200).await;
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!(detail.record.consents.len(), 1, "accepting twice is accepting once");
    let consent = detail.record.consents.values().next().unwrap();
    assert_eq!((consent.how, consent.by), (How::Link, None));
}

#[tokio::test]
async fn a_signature_covers_what_was_shown_and_later_changes_show_as_such() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    server.finish_work(job, &agent).await;
    let (made, token) = link(&agent, job, &["sign", "rate"]).await;
    let shown: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    assert_eq!(shown.job.stand, Stand::ReadyToSign);
    // Somebody writes a cause while the customer reads: it is not covered, and does not stop her.
    let cause = schema::edit::Edit::Cause { text: "阀芯老化".to_owned() };
    server.write(job, agent.id, vec![cause]).await;
    server.clock.advance(SECOND);
    let mut forged = signature(&shown);
    forged["sheet_hash"] = json!("00".repeat(32));
    expect_problem(server.post(&act(&token, "sign"), &forged), Kind::SheetChanged).await;
    let mut elsewhere = signature(&shown);
    elsewhere["covers"] = json!(["00".repeat(32)]);
    expect_problem(server.post(&act(&token, "sign"), &elsewhere), Kind::SheetChanged).await;
    let mut five = signature(&shown);
    five["rating"] = json!({"quality": 6});
    expect_problem(server.post(&act(&token, "sign"), &five), Kind::GateClosed).await;
    let signed: PublicView = expect_json(server.post(&act(&token, "sign"), &signature(&shown)), 200).await;
    assert_eq!(signed.job.stand, Stand::Signed);
    expect_json::<PublicView>(server.post(&act(&token, "sign"), &signature(&shown)), 200).await;
    let sheet: JobSheet = expect_json(agent.get(&format!("/v1/jobs/{job}/sheet?as_signed")), 200).await;
    let fact = sheet.as_signed.clone().unwrap();
    assert!(fact.is_intact && !fact.covers_now && fact.link == Some(made.link.id), "{fact:?}");
    assert_eq!(sheet.sheet, shown.job.sheet, "the sheet as she saw it");
    let changed: Vec<&str> = sheet.changed_after.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(changed, ["/cause"]);
    let text = expect_ok(agent.get(&format!("/v1/jobs/{job}/sheet?as_signed")).header("accept", "text/plain")).await;
    let text = text.text().await.unwrap();
    assert!(text.contains("王女士") && text.contains("/cause"), "{text}");
    let now: JobSheet = expect_json(agent.get(&format!("/v1/jobs/{job}/sheet")), 200).await;
    assert_eq!(now.sheet.cause.as_deref(), Some("阀芯老化"));
    expect_problem(agent.get(&format!("/v1/jobs/{job}/sheet?sign_off=zzzzzzzzzzzzzzzz")), Kind::NotFound).await;
    server.clock.advance(SECOND);
    let rated: PublicView = expect_json(server.post(&act(&token, "rate"), &json!({"quality": 2})), 200).await;
    assert_eq!(rated.job.rating.unwrap().quality, Some(2));
    expect_problem(server.post(&act(&token, "rate"), &json!({})), Kind::GateClosed).await;
}

#[tokio::test]
async fn nobody_signs_for_a_price_that_changed_since_it_was_shown() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    server.finish_work(job, &agent).await;
    let (_, token) = link(&agent, job, &["sign"]).await;
    let shown: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    server.clock.advance(SECOND);
    server.quote(job, &agent, 60_000).await;
    expect_problem(server.post(&act(&token, "sign"), &signature(&shown)), Kind::SheetChanged).await;
    let reason = json!({"reason": "价格变了"});
    let declined: PublicView = expect_json(server.post(&act(&token, "decline"), &reason), 200).await;
    assert_eq!(declined.job.sign_offs.values().next().unwrap().kind, SignOffKind::Declined);
    assert_eq!(changes(&server, job, &act(&token, "decline"), &reason).await, 0, "said again it changes nothing");
    let other = json!({"reason": "再想想"});
    assert_eq!(changes(&server, job, &act(&token, "decline"), &other).await, 1);
}

#[tokio::test]
async fn work_that_was_not_begun_is_neither_declined_nor_rated() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let (_, token) = link(&agent, job, &["sign", "rate"]).await;
    let view: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    for (word, body) in
        [("decline", json!({"reason": "不要了"})), ("rate", json!({"quality": 5})), ("sign", signature(&view))]
    {
        expect_problem(server.post(&act(&token, word), &body), Kind::GateClosed).await;
    }
    for (word, body) in [("sign", json!({"name": "x"})), ("rate", json!({"quality": "best"})), ("decline", json!({}))] {
        expect_problem(server.post(&act(&token, word), &body), Kind::InvalidField).await;
    }
    expect_problem(server.get(&act(&token, "sign")), Kind::MethodNotAllowed).await;
}

#[tokio::test]
async fn two_signatures_made_without_knowing_of_each_other_both_stay_and_are_shown_as_such() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let technician = server.person(Role::Technician).await;
    let job = server.job(&agent).await;
    server.finish_work(job, &agent).await;
    server.assign(job, &agent, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    let (_, token) = link(&agent, job, &["sign"]).await;
    let shown: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    expect_json::<PublicView>(server.post(&act(&token, "sign"), &signature(&shown)), 200).await;
    // In the cellar the technician's phone knows nothing of it.
    let (id, at, covers) = (phone.entry(), phone.at(), phone.heads(job));
    let sheet: Sheet = schema::sheet::sheet(&phone.job(job), schema::template::find_shipped("home_repair", 1).unwrap());
    let sign_off = schema::record::SignOff {
        kind: SignOffKind::Signed,
        how: How::Phone,
        name: "王先生".to_owned(),
        reason: None,
        strokes: Some(schema::record::Strokes("1,1,0 2,2,9".to_owned())),
        rating: None,
        remarks: None,
        covers,
        sheet_hash: sheet.hash(),
        by: Some(technician.id),
        link: None,
        at,
    };
    phone.edit(job, vec![schema::edit::Edit::SignOff { id, sign_off }]);
    let report = phone.sync().await;
    assert!(report.refused.is_empty(), "{report:?}");
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!((detail.sign_offs.len(), detail.job.sign_offs), (2, 2));
    for fact in &detail.sign_offs {
        assert_eq!(fact.unaware_of.len(), 1, "{fact:?}");
        assert!(fact.is_intact, "{fact:?}");
        assert_eq!(fact.device.is_some(), fact.link.is_none(), "one by the phone, one by the link");
    }
}

#[tokio::test]
async fn the_same_marks_again_are_no_news() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    server.finish_work(job, &agent).await;
    let (_, token) = link(&agent, job, &["rate"]).await;
    let (path, marks) = (act(&token, "rate"), json!({"quality": 5, "attitude": 4}));
    assert_eq!(changes(&server, job, &path, &marks).await, 1);
    assert_eq!(changes(&server, job, &path, &marks).await, 0);
    server.clock.advance(SECOND);
    assert_eq!(changes(&server, job, &path, &json!({"quality": 1})).await, 1);
    server.clock.advance(SECOND);
    assert_eq!(changes(&server, job, &path, &marks).await, 1, "changed back");
}

#[tokio::test]
async fn a_link_that_is_asked_for_twice_is_the_same_and_stands_nowhere_in_the_database() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let make = || {
        let request = agent.post(&format!("/v1/jobs/{job}/links"), &json!({"scope": ["view"]}));
        request.header("idempotency-key", "b1946ac9-2d8c-4f0a-9a51-0e1f0c6d4b77")
    };
    let made: CreatedLink = expect_json(make(), 201).await;
    let again: CreatedLink = expect_json(make(), 201).await;
    assert_eq!(made, again);
    let token = made.url.rsplit('/').next().unwrap();
    expect_json::<PublicView>(server.get(&format!("/v1/public/{token}")), 200).await;
    let mut file = Vec::new();
    let now = server.clock.now();
    let write = |conn: &mut server::db::Conn| server::domain::backup::write(conn, now, &mut file);
    server::db::read_now(server.database.url(), write).unwrap();
    let kept = String::from_utf8(file).unwrap();
    assert!(kept.contains(&made.link.id.to_string()), "the answer is kept");
    assert!(!kept.contains(token) && !kept.contains("b1946ac9"), "but neither the link nor the key that it is made of");
}
