//! Places where two people wrote at once: listed with both names and times, settled by a choice that stays on record; and what is never a
//! choice, on which the supervisor rules.

use schema::edit::Edit;
use schema::id::{EntryId, JobId, PersonId};
use schema::money::Currency;
use schema::people::Role;
use schema::price::quote_hash;
use schema::problem::Kind;
use schema::record::{Consent, How, ItemKind, Quote, QuoteLine, Strokes, Warranty, WarrantyKind};
use schema::time::Timestamp;
use serde_json::{Value, json};
use server::domain::records;
use server::state::random;
use std::collections::BTreeMap;
use tests::{Errand, Person, TestServer, expect_json, expect_ok, expect_problem};

/// The office and the phone wrote one note without knowing of each other.
async fn two_notes(server: &TestServer) -> Errand {
    let mut errand = server.errand().await;
    let note = Edit::Note { step: "listen".to_owned(), text: "客户说漏水".to_owned() };
    server.write(errand.job, errand.dispatcher.id, vec![note]).await;
    errand.phone.note(errand.job, "listen", "现场听到异响");
    errand.phone.sync().await;
    errand
}

pub async fn conflicts(person: &Person, job: JobId) -> Value {
    expect_json(person.get(&format!("/v1/jobs/{job}/conflicts")), 200).await
}

fn value<'a>(conflict: &'a Value, text: &str) -> &'a Value {
    conflict["values"].as_array().unwrap().iter().find(|value| value["value"] == json!(text)).unwrap()
}

fn changes(conflict: &Value) -> Vec<Value> {
    conflict["values"].as_array().unwrap().iter().map(|value| value["change"].clone()).collect()
}

#[actix_web::test]
async fn both_values_are_shown_with_both_names_and_the_choice_stays_on_record() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = two_notes(&server).await;
    let list: Value = expect_json(dispatcher.get("/v1/jobs?conflicts=true"), 200).await;
    assert_eq!((list["items"][0]["id"].clone(), list["items"][0]["conflicts"].clone()), (json!(job), json!(1)));
    let found = conflicts(&dispatcher, job).await;
    let conflict = &found["conflicts"][0];
    assert_eq!(conflict["place"]["zh"], json!("“听取意见”的备注"));
    let (theirs, ours) = (value(conflict, "现场听到异响"), value(conflict, "客户说漏水"));
    assert_eq!(theirs["hand"]["person"]["id"], json!(technician.id));
    assert_eq!(ours["hand"]["person"]["id"], json!(dispatcher.id));
    assert!(theirs["hand"]["device"].is_string() && ours["hand"]["device"].is_null());

    let path = format!("/v1/jobs/{job}/settle");
    let wish = |chosen: &Value, seen: Vec<Value>| json!({"path": ["notes", "listen"], "chosen": chosen, "seen": seen});
    let strange = json!("0".repeat(64));
    expect_problem(dispatcher.post(&path, &wish(&strange, changes(conflict))), Kind::InvalidField).await;
    let mut with_strange = changes(conflict);
    with_strange.push(strange.clone());
    expect_problem(dispatcher.post(&path, &wish(&strange, with_strange)), Kind::Stale).await;
    let half = vec![theirs["change"].clone()];
    expect_problem(dispatcher.post(&path, &wish(&theirs["change"], half)), Kind::Stale).await;
    expect_problem(technician.post(&path, &wish(&theirs["change"], changes(conflict))), Kind::Forbidden).await;

    expect_json::<Value>(dispatcher.post(&path, &wish(&theirs["change"], changes(conflict))), 200).await;
    let after = conflicts(&dispatcher, job).await;
    assert_eq!(after["conflicts"], json!([]));
    let settled = &after["settled"][0];
    assert_eq!(settled["chosen"], theirs["change"], "{settled}");
    assert_eq!(
        (settled["values"].as_array().unwrap().len(), &settled["by"]["person"]["id"]),
        (2, &json!(dispatcher.id))
    );
    // Whoever comes second looks again.
    expect_problem(dispatcher.post(&path, &wish(&ours["change"], changes(conflict))), Kind::Stale).await;
    phone.sync().await;
    assert_eq!(phone.job(job).notes["listen"], "现场听到异响");
    let list: Value = expect_json(dispatcher.get("/v1/jobs?conflicts=true"), 200).await;
    assert_eq!(list["items"], json!([]));
    assert_eq!(server.differences().await, []);
}

#[actix_web::test]
async fn the_phone_knows_whose_values_they_are_and_settles_them() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = two_notes(&server).await;
    let record = phone.handset.replica().held(job).unwrap().record.clone();
    let conflict = record.conflicts().remove(0);
    let theirs = conflict.values.iter().find(|value| value.value == json!("客户说漏水")).unwrap();
    let hand = phone.handset.replica().hand(theirs.change).unwrap();
    assert_eq!(hand.name.as_deref(), Some(dispatcher.name.as_str()));
    let edit = record.settling_edit(&conflict.path, theirs.change).unwrap();
    phone.edit(job, vec![edit]);
    let report = phone.sync().await;
    assert!(report.refused.is_empty() && report.unsent == 0, "{report:?}");
    let after = conflicts(&dispatcher, job).await;
    assert_eq!(after["conflicts"], json!([]));
    assert_eq!(after["settled"][0]["by"]["person"]["id"], json!(technician.id));
    assert_eq!(after["settled"][0]["words"]["zh"], json!("客户说漏水"));
}

/// The prices of what is quoted here, so that nothing but who wrote without knowing of whom is for the supervisor.
pub async fn with_offers(server: &TestServer) {
    let list = "code,name_zh,name_en,unit,kind,price_fen
X-8000,维修,Repair,次,labour,8000
X-20000,更换,Replace,次,labour,20000
X-5000,清洗,Clean,次,labour,5000
";
    let manager = server.person(Role::ServiceManager).await;
    let import = manager.request(reqwest::Method::POST, "/v1/price-lists").header("content-type", "text/csv");
    expect_ok(import.body(list)).await;
}

pub fn quote(option: &str, minor: i64, by: PersonId, at: Timestamp) -> Quote {
    let line = QuoteLine {
        code: Some(format!("X-{minor}")),
        request: None,
        name: option.to_owned(),
        unit: "次".to_owned(),
        kind: ItemKind::Labour,
        quantity_milli: 1_000,
        unit_minor: minor,
        amount_minor: minor,
        risk: None,
        setup: None,
    };
    Quote {
        lines: BTreeMap::from([("01".to_owned(), line)]),
        total_minor: minor,
        currency: Currency::CNY,
        price_list: 1,
        warranty: Warranty { kind: WarrantyKind::None, reason: None, decided_by: None },
        option: Some(option.to_owned()),
        of: None,
        by,
        at,
    }
}

pub fn consent(to: (&EntryId, &Quote), how: How, by: PersonId, at: Timestamp) -> Edit {
    let (id, quote) = to;
    let strokes = (how == How::Phone).then(|| Strokes("12,40,0 30,12,60".to_owned()));
    let consent = Consent {
        quote: id.clone(),
        quote_hash: quote_hash(quote),
        total_minor: quote.total_minor,
        currency: Currency::CNY,
        how,
        name: "王秀英".to_owned(),
        strokes,
        by: Some(by),
        link: None,
        shown: Vec::new(),
        at,
    };
    Edit::Consent { id: EntryId::new(random()), consent }
}

#[actix_web::test]
async fn two_consents_are_no_choice_but_the_supervisor_says_which_counts() {
    let server = TestServer::start().await;
    with_offers(&server).await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    let now = server.clock.now();
    let (repair, replace) = (quote("维修", 8_000, dispatcher.id, now), quote("更换", 20_000, dispatcher.id, now));
    let (one, other) = (EntryId::new(random()), EntryId::new(random()));
    let offers = vec![
        Edit::Quote { id: one.clone(), quote: repair.clone() },
        Edit::Quote { id: other.clone(), quote: replace.clone() },
    ];
    server.write(job, dispatcher.id, offers).await;
    phone.sync().await;
    let at = phone.at();
    phone.edit(job, vec![consent((&one, &repair), How::Phone, technician.id, at)]);
    server.write(job, dispatcher.id, vec![consent((&other, &replace), How::DeskCall, dispatcher.id, now)]).await;
    phone.sync().await;
    let list: Value = expect_json(dispatcher.get("/v1/jobs?matters=true"), 200).await;
    assert_eq!(list["items"][0]["matters"], json!(1), "{list}");
    let found = conflicts(&dispatcher, job).await;
    assert_eq!(found["conflicts"], json!([]), "it is offered to nobody as a choice");
    let matter = &found["matters"][0];
    let ids: Vec<Value> = matter["entries"].as_array().unwrap().iter().map(|entry| entry["id"].clone()).collect();
    assert_eq!((&matter["kind"], ids.len()), (&json!("consent"), 2));
    let settle = json!({"path": ["consents", ids[0]], "chosen": "0".repeat(64), "seen": ["0".repeat(64)]});
    expect_problem(dispatcher.post(&format!("/v1/jobs/{job}/settle"), &settle), Kind::Stale).await;

    let supervisor = server.person(Role::DeskSupervisor).await;
    let path = format!("/v1/jobs/{job}/rulings");
    let view = server.state.db.read(move |conn| records::load(conn, job)?.view()).await.unwrap();
    let counts = view.consents.iter().find(|(_, consent)| consent.quote == one).map(|(id, _)| id.clone()).unwrap();
    let ruling = |counts: &Value, of: &[Value]| json!({"matter": "consent", "counts": counts, "of": of, "reason": "客户来电确认"});
    expect_problem(dispatcher.post(&path, &ruling(&json!(counts), &ids)), Kind::Forbidden).await;
    expect_problem(supervisor.post(&path, &ruling(&json!(EntryId::new(random())), &ids)), Kind::InvalidField).await;
    expect_problem(supervisor.post(&path, &ruling(&json!(counts), &[json!(counts)])), Kind::Stale).await;
    expect_json::<Value>(supervisor.post(&path, &ruling(&json!(counts), &ids)), 201).await;
    expect_problem(supervisor.post(&path, &ruling(&json!(counts), &ids)), Kind::Stale).await;

    phone.sync().await;
    let record = phone.job(job);
    assert_eq!(record.consents.len(), 2, "both stay");
    assert_eq!(record.accepted_quote().map(|(id, _)| id), Some(&one));
    let ruled = record.rulings.values().next().unwrap();
    assert_eq!((ruled.by, ruled.reason.as_str()), (supervisor.id, "客户来电确认"));
    assert_eq!(conflicts(&dispatcher, job).await["matters"], json!([]));
    assert_eq!(server.differences().await, []);
}
