//! Work that can destroy data waits for a signed backup consent: on the technician's phone, on the customer's own page, in the evidence.

use super::bills::with_list;
use super::conflicts::{conflicts, consent};
use super::customer_page::{field, page, post};
use super::links::link;
use schema::backup::{text, text_hash};
use schema::bill::Quoted;
use schema::edit::Edit;
use schema::gate::Rule;
use schema::id::{EntryId, JobId};
use schema::job::JobDetail;
use schema::link::PublicView;
use schema::people::{Language, Role};
use schema::price_request::PriceRequest;
use schema::problem::Kind;
use schema::record::{BackupConsent, BackupCopy, How, JobRecord, MarkKind, Quote, Risk, Strokes};
use schema::time::SECOND;
use serde_json::{Value, json};
use sync::bundle::verify;
use tests::{Errand, TestServer, expect_json, expect_ok, expect_problem};

const LIST: &str = "code,name_zh,name_en,unit,kind,price_fen,destroys_data
C002,系统重装,Reinstall the system,台,labour,8000,yes
C001,电脑检测,Diagnose a computer,台,labour,5000,
";

/// A job whose customer has accepted these items on the technician's phone, made offers of by the office.
async fn accepted(server: &TestServer, codes: &[&str]) -> (Errand, EntryId, Quote) {
    with_list(server, LIST).await;
    let mut errand = server.errand().await;
    let lines: Vec<Value> = codes.iter().map(|code| json!({"code": code, "quantity_milli": 1_000})).collect();
    let path = format!("/v1/jobs/{}/quotes", errand.job);
    let quoted: Quoted = expect_json(errand.dispatcher.post(&path, &json!({"lines": lines})), 201).await;
    errand.phone.sync().await;
    let (by, at) = (errand.technician.id, errand.phone.at());
    errand.phone.edit(errand.job, vec![consent((&quoted.id, &quoted.quote), How::Phone, by, at)]);
    (errand, quoted.id, quoted.quote)
}

fn signed(errand: &mut Errand, (id, quote): (&EntryId, &Quote), copy: BackupCopy) -> Edit {
    let record = errand.phone.job(errand.job);
    let text = text(&record.meta.number, quote, copy, Language::Chinese).unwrap();
    let backup = BackupConsent {
        quote: id.clone(),
        copy,
        text_hash: text_hash(&text),
        text,
        language: Language::Chinese,
        how: How::Phone,
        name: "王女士".to_owned(),
        strokes: Some(Strokes("10,12,0 14,18,16".to_owned())),
        by: Some(errand.technician.id),
        link: None,
        at: errand.phone.at(),
    };
    Edit::Backup { id: errand.phone.entry(), backup }
}

fn repair(errand: &mut Errand) -> Result<(), String> {
    let (by, at) = (errand.technician.id, errand.phone.at());
    let mark = schema::record::Mark { kind: MarkKind::Done, by, at, reason: None, place: None };
    let edit = Edit::Mark { step: "repair".to_owned(), mark };
    errand.phone.try_edit(errand.job, vec![edit]).map_err(|error| format!("{error:?}"))
}

async fn record(errand: &Errand, job: JobId) -> JobRecord {
    let detail: JobDetail = expect_json(errand.dispatcher.get(&format!("/v1/jobs/{job}")), 200).await;
    detail.record
}

#[actix_web::test]
async fn the_repair_waits_for_the_signature_and_both_that_were_made_apart_stay() {
    let server = TestServer::start().await;
    let (mut errand, id, quote) = accepted(&server, &["C001", "C002"]).await;
    assert_eq!(quote.lines.values().map(|line| line.risk).collect::<Vec<_>>(), [None, Some(Risk::Data)]);
    let refused = repair(&mut errand).unwrap_err();
    assert!(refused.contains(&format!("{:?}", Rule::BackupConsent)), "{refused}");
    errand.phone.sync().await;
    let (_, token) = link(&errand.dispatcher, errand.job, &["accept"]).await;

    // Without network on the phone; and on the customer's own page at the same time.
    let edit = signed(&mut errand, (&id, &quote), BackupCopy::Technician);
    errand.phone.edit(errand.job, vec![edit]);
    repair(&mut errand).unwrap();
    let shown = page(&server, &format!("/c/{token}")).await;
    assert!(shown.contains("系统重装（1 台）") && shown.contains("动手前请先确认数据备份"), "{shown}");
    let form = [
        ("quote", id.as_str()),
        ("quote_hash", &field(&shown, "quote_hash")),
        ("copy", "none"),
        ("language", "zh-CN"),
        ("name", "王先生"),
        ("strokes", ""),
    ];
    assert_eq!(post(&server, &format!("/c/{token}/backup"), &form).await.status(), 303);
    assert_eq!(post(&server, &format!("/c/{token}/backup"), &form).await.status(), 303, "again changes nothing");
    let shown = page(&server, &format!("/c/{token}")).await;
    assert!(shown.contains("已签字：") && !shown.contains("动手前请先确认数据备份"), "{shown}");
    let report = errand.phone.sync().await;
    assert!(report.refused.is_empty(), "{report:?}");

    let record = record(&errand, errand.job).await;
    let mut copies: Vec<BackupCopy> = record.backup_consents.values().map(|backup| backup.copy).collect();
    copies.sort();
    assert_eq!(copies, [BackupCopy::Technician, BackupCopy::None], "two made apart both stay");
    assert!(conflicts(&errand.dispatcher, errand.job).await["matters"].as_array().unwrap().is_empty());
    let sheet =
        expect_ok(errand.dispatcher.get(&format!("/v1/jobs/{}/sheet", errand.job)).header("accept", "text/plain"));
    let sheet = sheet.await.text().await.unwrap();
    assert!(sheet.contains("数据备份确认：王女士") && sheet.contains("数据备份确认：王先生"), "{sheet}");
    let history = expect_ok(errand.dispatcher.get(&format!("/v1/jobs/{}/history", errand.job))).await;
    assert!(history.text().await.unwrap().contains("backup_consents"));
    assert_eq!(server.differences().await, []);

    let manager = server.person(Role::ServiceManager).await;
    let bytes = expect_ok(manager.get(&format!("/v1/jobs/{}/bundle", errand.job))).await.bytes().await.unwrap();
    let report = verify(bytes.as_ref(), None).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(report.backups.len(), 2);
    assert_eq!(report.backups.iter().filter(|backup| backup.written.device.is_some()).count(), 1);
    assert_eq!(report.backups.iter().map(|backup| backup.opens.len()).max(), Some(2), "looked, and signed");
    assert!(report.to_text(Language::Chinese).contains("可能的后果"));
}

#[actix_web::test]
async fn nothing_is_asked_where_nothing_can_be_lost_and_a_page_of_another_offer_signs_nothing() {
    let server = TestServer::start().await;
    let (mut errand, id, quote) = accepted(&server, &["C001"]).await;
    repair(&mut errand).unwrap();
    errand.phone.sync().await;
    let (_, token) = link(&errand.dispatcher, errand.job, &["accept"]).await;
    let seen: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    assert_eq!(seen.job.backup, None);
    let hash = schema::price::quote_hash(&quote);
    let sign = |hash| json!({"quote": id, "quote_hash": hash, "copy": "none", "language": "en", "name": "Wang"});
    let act = format!("/v1/public/{token}/backup");
    expect_problem(server.post(&act, &sign(hash)), Kind::GateClosed).await;
    expect_problem(server.post(&act, &sign(schema::binary::Hash::ZERO)), Kind::QuoteChanged).await;
    let (_, signing) = link(&errand.dispatcher, errand.job, &["sign"]).await;
    expect_problem(server.post(&format!("/v1/public/{signing}/backup"), &sign(hash)), Kind::Forbidden).await;
}

#[actix_web::test]
async fn a_consent_in_other_words_than_the_offers_work_asks_for_is_not_taken() {
    let server = TestServer::start().await;
    let (mut errand, id, quote) = accepted(&server, &["C002"]).await;
    let Edit::Backup { id: entry, mut backup } = signed(&mut errand, (&id, &quote), BackupCopy::None) else { panic!() };
    backup.text = "没有任何风险。".to_owned();
    backup.text_hash = text_hash(&backup.text);
    let refused = errand.phone.try_edit(errand.job, vec![Edit::Backup { id: entry, backup }]).unwrap_err();
    assert!(format!("{refused:?}").contains("QuoteChanged"), "{refused:?}");
}

/// What is on no list, priced as work that can destroy data, and offered by the office.
async fn priced_as_risky(server: &TestServer, errand: &Errand) -> Quote {
    let path = format!("/v1/jobs/{}/price-requests", errand.job);
    let asked: PriceRequest = expect_json(errand.technician.post(&path, &json!({"text": "换主板"})), 201).await;
    let supervisor = server.person(Role::EngineeringSupervisor).await;
    let body = json!({"feasible": true, "unit": "块", "price_minor": 90_000, "destroys_data": true});
    let answered: PriceRequest =
        expect_json(supervisor.post(&format!("/v1/price-requests/{}/answer", asked.id), &body), 200).await;
    assert!(answered.answer.unwrap().destroys_data);
    let lines = json!([{"request": asked.id, "quantity_milli": 1_000}]);
    let path = format!("/v1/jobs/{}/quotes", errand.job);
    let quoted: Quoted = expect_json(errand.dispatcher.post(&path, &json!({"lines": lines})), 201).await;
    quoted.quote
}

/// Quoted on the phone, accepted on it, and sent.
async fn accepted_on_the_phone(errand: &mut Errand, risk: Option<Risk>, quote: &Quote) -> (EntryId, Quote) {
    let (id, by, at) = (errand.phone.entry(), errand.technician.id, errand.phone.at());
    let mut quote = Quote { by, at, ..quote.clone() };
    quote.lines.values_mut().for_each(|line| line.risk = risk);
    errand.phone.edit(errand.job, vec![Edit::Quote { id: id.clone(), quote: quote.clone() }]);
    let at = errand.phone.at();
    errand.phone.edit(errand.job, vec![consent((&id, &quote), How::Phone, by, at)]);
    let report = errand.phone.sync().await;
    assert!(report.refused.is_empty(), "{report:?}");
    (id, quote)
}

#[actix_web::test]
async fn work_on_no_list_that_its_price_is_given_for_as_risky_waits_for_the_signature() {
    let server = TestServer::start().await;
    let mut errand = server.errand().await;
    let offered = priced_as_risky(&server, &errand).await;
    assert_eq!(offered.lines["00"].risk, Some(Risk::Data), "the office's offer says so");
    server.clock.advance(SECOND);
    errand.phone.sync().await;

    // A phone of before knows nothing of it: the customer's word is kept, and the supervisor sees it.
    accepted_on_the_phone(&mut errand, None, &offered).await;
    let found = conflicts(&errand.dispatcher, errand.job).await;
    assert_eq!(found["matters"][0]["deviations"][0]["kind"], json!("described"), "{found}");

    let (id, quote) = accepted_on_the_phone(&mut errand, Some(Risk::Data), &offered).await;
    assert!(conflicts(&errand.dispatcher, errand.job).await["matters"].as_array().unwrap().is_empty());
    assert!(repair(&mut errand).unwrap_err().contains(&format!("{:?}", Rule::BackupConsent)));
    let edit = signed(&mut errand, (&id, &quote), BackupCopy::None);
    errand.phone.edit(errand.job, vec![edit]);
    repair(&mut errand).unwrap();
    assert!(errand.phone.sync().await.refused.is_empty());
    assert_eq!(server.differences().await, []);
}
