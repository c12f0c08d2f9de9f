//! One offer is taken back by itself: the others stand, nobody accepts it any more, and what the customer accepted at the same moment is for
//! the supervisor.

use super::conflicts::{conflicts, consent, quote, with_offers};
use super::customer_page::page;
use super::links::link;
use schema::edit::Edit;
use schema::gate::Rule;
use schema::id::{EntryId, JobId};
use schema::job::{JobDetail, JobState};
use schema::link::PublicView;
use schema::people::Role;
use schema::problem::Kind;
use schema::record::{How, Quote, Withdrawal};
use serde_json::{Value, json};
use server::state::random;
use tests::{Errand, Person, TestServer, expect_json, expect_ok, expect_problem};

/// Two offers beside each other, by this person.
async fn offers(server: &TestServer, job: JobId, by: &Person) -> [(EntryId, Quote); 2] {
    let now = server.clock.now();
    let offers = [("维修", 8_000), ("更换", 20_000)]
        .map(|(option, minor)| (EntryId::new(random()), quote(option, minor, by.id, now)));
    let edits = offers.iter().map(|(id, quote)| Edit::Quote { id: id.clone(), quote: quote.clone() });
    server.write(job, by.id, edits.collect()).await;
    offers
}

fn path(job: JobId, quote: &EntryId) -> String {
    format!("/v1/jobs/{job}/quotes/{quote}/withdraw")
}

fn withdraw(errand: &mut Errand, quote: &EntryId) -> Result<(), String> {
    let (id, at) = (errand.phone.entry(), errand.phone.at());
    let withdrawal = Withdrawal { quote: quote.clone(), reason: "报错价".to_owned(), by: errand.technician.id, at };
    errand.phone.try_edit(errand.job, vec![Edit::Withdraw { id, withdrawal }]).map_err(|error| format!("{error:?}"))
}

#[actix_web::test]
async fn the_office_takes_one_offer_back_and_the_other_stands() {
    let server = TestServer::start().await;
    let Errand { dispatcher, job, mut phone, .. } = server.errand().await;
    let [(repair, wrong), (replace, right)] = offers(&server, job, &dispatcher).await;
    let agent = server.person(Role::DeskAgent).await;
    let because = json!({"reason": "型号看错"});
    expect_problem(agent.post(&path(job, &repair), &json!({"reason": " "})), Kind::InvalidField).await;
    expect_problem(agent.post(&path(job, &EntryId::new(random())), &because), Kind::NotFound).await;
    expect_json::<JobState>(agent.post(&path(job, &repair), &because), 200).await;
    expect_json::<JobState>(agent.post(&path(job, &repair), &because), 200).await;
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    let withdrawal = detail.record.withdrawals.values().next().unwrap();
    assert_eq!((detail.record.withdrawals.len(), withdrawal.by), (1, agent.id), "taking it back again changes nothing");

    let (_, token) = link(&agent, job, &["accept"]).await;
    let seen: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    assert!(!seen.job.quotes[&repair].open && seen.job.quotes[&replace].open);
    assert!(page(&server, &format!("/c/{token}")).await.contains("已撤回"));
    let accept = |id: &EntryId, total: i64| json!({"quote": id, "quote_hash": seen.job.quotes[id].hash, "total_minor": total, "name": "王女士"});
    let act = format!("/v1/public/{token}/accept");
    expect_problem(server.post(&act, &accept(&repair, wrong.total_minor)), Kind::QuoteChanged).await;
    let by_phone =
        json!({"quote": repair, "quote_hash": seen.job.quotes[&repair].hash, "total_minor": 8_000, "name": "王女士"});
    expect_problem(agent.post(&format!("/v1/jobs/{job}/consents"), &by_phone), Kind::GateClosed).await;
    let text = expect_ok(agent.get(&format!("/v1/jobs/{job}/sheet")).header("accept", "text/plain")).await;
    let text = text.text().await.unwrap();
    assert!(text.contains("报价（已撤回）") && text.contains("型号看错"), "{text}");
    expect_json::<PublicView>(server.post(&act, &accept(&replace, right.total_minor)), 200).await;
    expect_problem(agent.post(&path(job, &replace), &because), Kind::GateClosed).await;
    phone.sync().await;
    assert!(phone.job(job).withdrawal(&repair).is_some(), "the technician's phone knows of it");
    assert_eq!(server.differences().await, []);
}

#[actix_web::test]
async fn a_technician_takes_back_their_own_offer_and_nobody_elses() {
    let server = TestServer::start().await;
    let mut errand = server.errand().await;
    let [(theirs, _), _] = offers(&server, errand.job, &errand.dispatcher).await;
    errand.phone.sync().await;
    let (own, at) = (errand.phone.entry(), errand.phone.at());
    let offer = quote("清洗", 5_000, errand.technician.id, at);
    errand.phone.edit(errand.job, vec![Edit::Quote { id: own.clone(), quote: offer }]);
    let refused = withdraw(&mut errand, &theirs).unwrap_err();
    assert!(refused.contains(&format!("{:?}", Rule::NotYours)), "{refused}");
    withdraw(&mut errand, &own).unwrap();
    let report = errand.phone.sync().await;
    assert!(report.refused.is_empty(), "{report:?}");
    let agent = server.person(Role::DeskAgent).await;
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{}", errand.job)), 200).await;
    assert!(detail.record.withdrawal(&own).is_some() && detail.record.withdrawal(&theirs).is_none());
}

#[actix_web::test]
async fn an_offer_that_is_accepted_while_it_is_taken_back_waits_for_the_supervisor() {
    let server = TestServer::start().await;
    with_offers(&server).await;
    let mut errand = server.errand().await;
    let (own, at) = (errand.phone.entry(), errand.phone.at());
    let offer = quote("清洗", 5_000, errand.technician.id, at);
    errand.phone.edit(errand.job, vec![Edit::Quote { id: own.clone(), quote: offer.clone() }]);
    errand.phone.sync().await;
    withdraw(&mut errand, &own).unwrap();
    let said = consent((&own, &offer), How::DeskCall, errand.dispatcher.id, server.clock.now());
    server.write(errand.job, errand.dispatcher.id, vec![said]).await;
    let report = errand.phone.sync().await;
    assert!(report.refused.is_empty(), "{report:?}");
    let record = errand.phone.job(errand.job);
    assert_eq!((record.withdrawals.len(), record.consents.len()), (1, 1), "both stay");
    assert_eq!(record.due_minor(), Some(5_000), "the customer's word holds until somebody decides");

    let found = conflicts(&errand.dispatcher, errand.job).await;
    let matter = &found["matters"][0];
    let entries = matter["entries"].as_array().unwrap();
    assert_eq!((&matter["kind"], entries.len()), (&json!("withdrawal"), 2));
    assert_eq!(entries[0]["words"]["zh"], json!("撤回报价：报错价"));
    assert_eq!(entries[1]["words"]["zh"], json!("王秀英认可CNY 50.00"));
    let of: Vec<Value> = entries.iter().map(|entry| entry["id"].clone()).collect();
    let supervisor = server.person(Role::DeskSupervisor).await;
    let ruling = json!({"matter": "withdrawal", "counts": of[0], "of": of, "reason": "客户同意另行报价"});
    expect_json::<Value>(supervisor.post(&format!("/v1/jobs/{}/rulings", errand.job), &ruling), 201).await;
    errand.phone.sync().await;
    let record = errand.phone.job(errand.job);
    assert_eq!((record.due_minor(), record.withdrawal(&own).is_some()), (None, true));
    assert_eq!(conflicts(&errand.dispatcher, errand.job).await["matters"], json!([]));
    assert_eq!(server.differences().await, []);
}
