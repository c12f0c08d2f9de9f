//! What is taken away for repair: against a receipt that the customer signed on the phone, without network too; home again at the door or over
//! the desk; read by the customer on their page, by the office, and from the evidence.

use super::customer_page::page;
use super::links::link;
use super::sheet_pdf::{joined, paper};
use schema::backup::text_hash;
use schema::edit::Edit;
use schema::example;
use schema::gate::Rule;
use schema::id::EntryId;
use schema::job::JobDetail;
use schema::people::{Language, Role};
use schema::problem::Kind;
use schema::record::{HandBackKind, Hold, HoldKind, JobRecord, TakeBack};
use schema::status::Status;
use schema::take_back::{Out, receipt_text};
use serde_json::{Value, json};
use sync::bundle::verify;
use tests::{Errand, TestServer, expect_json, expect_ok, expect_problem};

fn receipt(errand: &mut Errand) -> (EntryId, TakeBack) {
    let record = errand.phone.job(errand.job);
    let (by, at) = (errand.technician.id, errand.phone.at());
    let day = |days: i64| at.plus(days * schema::time::DAY).to_utc().date_naive().to_string();
    let (taken_on, return_on) = (day(0), day(5));
    let mut receipt = TakeBack { by, at, taken_on, return_on, ..example::take_back(&record, 0) };
    receipt.text = receipt_text(&record.meta.number, &receipt, receipt.language);
    receipt.text_hash = text_hash(&receipt.text);
    (errand.phone.entry(), receipt)
}

async fn detail(errand: &Errand) -> JobDetail {
    expect_json(errand.dispatcher.get(&format!("/v1/jobs/{}", errand.job)), 200).await
}

async fn record(errand: &Errand) -> JobRecord {
    detail(errand).await.record
}

fn ending(receipt: &EntryId, kind: &str) -> Value {
    json!({"receipt": receipt, "kind": kind, "condition": "开机正常", "name": "王女士", "reason": "客户到店自取，纸质凭证已收回"})
}

#[actix_web::test]
async fn what_was_taken_is_shown_to_everybody_until_it_is_home_and_proved_afterwards() {
    let server = TestServer::start().await;
    let mut errand = server.errand().await;
    errand.phone.sync().await;
    let (by, at) = (errand.technician.id, errand.phone.at());
    // A technician at the door is never stopped: the hold is written before anybody signed, and what is owed is shown.
    let hold = Hold { kind: HoldKind::Workshop, by, at, reason: "现场查不清原因".to_owned(), until: None };
    let id = errand.phone.entry();
    errand.phone.edit(errand.job, vec![Edit::Hold { id, hold }]);
    errand.phone.sync().await;
    assert!(record(&errand).await.receipt_owed());
    let (id, taken) = receipt(&mut errand);
    errand.phone.edit(errand.job, vec![Edit::TakeBack { id: id.clone(), take_back: Box::new(taken.clone()) }]);
    assert!(errand.phone.sync().await.refused.is_empty());
    assert!(!record(&errand).await.receipt_owed());
    let (_, token) = link(&errand.dispatcher, errand.job, &["view"]).await;
    let shown = page(&server, &format!("/c/{token}")).await;
    assert!(shown.contains(&format!("约定归还日期：<strong>{}", taken.return_on)), "{shown}");
    assert!(shown.contains("您正在使用的周转机：笔记本电脑") && shown.contains("未经我同意，不得清除"), "{shown}");

    let close = errand.dispatcher.post(&format!("/v1/jobs/{}/close", errand.job), &json!({}));
    let refused = expect_problem(close, Kind::Conflict).await;
    assert!(format!("{refused:?}").contains("台式电脑还未归还客户"), "{refused:?}");

    // The product is home at the door; the loaner is forgotten, and comes back over the desk when the job is over.
    let mut end = example::hand_back(&errand.phone.job(errand.job), 0, HandBackKind::Product, 0);
    (end.receipt, end.by, end.at) = (id.clone(), errand.technician.id, errand.phone.at());
    end.text = schema::take_back::hand_back_text(&errand.phone.job(errand.job).meta.number, &taken, &end, end.language);
    end.text_hash = text_hash(&end.text);
    let entry = errand.phone.entry();
    errand.phone.edit(errand.job, vec![Edit::HandBack { id: entry, hand_back: end }]);
    assert!(errand.phone.sync().await.refused.is_empty());
    let found = detail(&errand).await;
    assert_ne!(found.job.status, Status::InWorkshop, "it is with the customer again");
    assert_eq!(found.record.out(&id), Out { product: false, loaner: true });
    let shown = page(&server, &format!("/c/{token}")).await;
    assert!(shown.contains("您正在使用的周转机：") && !shown.contains("约定归还日期：<strong>"), "{shown}");
    let over = json!({"reason": "客户不修了"});
    expect_ok(errand.dispatcher.post(&format!("/v1/jobs/{}/cancel", errand.job), &over)).await;
    let path = format!("/v1/jobs/{}/hand-backs", errand.job);
    expect_problem(errand.dispatcher.post(&path, &ending(&id, "both")), Kind::InvalidField).await;
    let _: Value = expect_json(errand.dispatcher.post(&path, &ending(&id, "loaner")), 201).await;
    assert!(!record(&errand).await.out(&id).is_open());
    expect_problem(errand.dispatcher.post(&path, &ending(&id, "loaner")), Kind::InvalidField).await;
    let found = detail(&errand).await;
    assert!(found.people.iter().any(|person| person.id == errand.dispatcher.id), "who took it in is named");

    let sheet =
        expect_ok(errand.dispatcher.get(&format!("/v1/jobs/{}/sheet", errand.job)).header("accept", "text/plain"));
    let sheet = sheet.await.text().await.unwrap();
    assert!(sheet.contains("周转机：笔记本电脑（已收回）") && sheet.contains("未签字：客户到店自取"), "{sheet}");
    let printed =
        errand.dispatcher.get(&format!("/v1/jobs/{}/sheet.pdf", errand.job)).header("accept-language", "zh-CN");
    let printed = joined(&paper(expect_ok(printed).await).await.1);
    for line in taken.text.lines() {
        let line: String = line.split_whitespace().collect();
        assert!(printed.contains(&line), "{line} is not in {printed}");
    }
    assert!(printed.contains("笔记本电脑（已收回）") && printed.contains("未签字：客户到店自取"), "{printed}");
    let history = expect_ok(errand.dispatcher.get(&format!("/v1/jobs/{}/history", errand.job))).await;
    let history = history.text().await.unwrap();
    assert!(history.contains("take_backs") && history.contains("hand_backs"));
    assert_eq!(server.differences().await, []);

    let manager = server.person(Role::ServiceManager).await;
    let bytes = expect_ok(manager.get(&format!("/v1/jobs/{}/bundle", errand.job))).await.bytes().await.unwrap();
    let report = verify(bytes.as_ref(), None).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!((report.take_backs.len(), report.hand_backs.len()), (1, 2));
    assert!(report.take_backs[0].written.device.is_some(), "signed by the phone");
    let signed: Vec<bool> = report.hand_backs.iter().map(|end| end.entry.is_signed).collect();
    assert!(signed.contains(&true) && signed.contains(&false), "{signed:?}");
    assert!(report.to_text(Language::Chinese).contains("  | 取走时状况：外壳左侧有划痕"));
}

#[actix_web::test]
async fn a_receipt_in_other_words_and_a_hand_back_of_nothing_are_not_taken() {
    let server = TestServer::start().await;
    let mut errand = server.errand().await;
    errand.phone.sync().await;
    let (id, taken) = receipt(&mut errand);
    let milder = TakeBack { condition: "完好".to_owned(), ..taken.clone() };
    let unsigned = TakeBack { strokes: None, ..taken.clone() };
    for (bent, rule) in [(milder, Rule::ReceiptChanged), (unsigned, Rule::SignatureMissing)] {
        let edit = Edit::TakeBack { id: id.clone(), take_back: Box::new(bent) };
        let refused = errand.phone.try_edit(errand.job, vec![edit]).unwrap_err();
        assert!(format!("{refused:?}").contains(&format!("{rule:?}")), "{refused:?}");
    }
    let path = format!("/v1/jobs/{}/hand-backs", errand.job);
    expect_problem(errand.dispatcher.post(&path, &ending(&id, "product")), Kind::InvalidField).await;
    let mut empty = ending(&id, "product");
    (empty["condition"], empty["reason"]) = (json!(" "), json!(""));
    expect_problem(errand.dispatcher.post(&path, &empty), Kind::InvalidField).await;
    let clerk = server.person(Role::Technician).await;
    expect_problem(clerk.post(&path, &ending(&id, "product")), Kind::Forbidden).await;
}
