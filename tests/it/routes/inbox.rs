//! The inbox of what was not taken over: shown in words, adopted or rejected under both names, told to the phone.

mod hand_in;

use schema::binary::{Actor, Bytes, Hash};
use schema::edit::Edit;
use schema::id::{EntryId, JobId, PersonId};
use schema::people::Role;
use schema::problem::Kind;
use schema::record::{Decision, DecisionKind, How, Mark, MarkKind, SignOff, SignOffKind};
use schema::wire::{JobPush, RefusalCode};
use serde_json::{Value, json};
use server::db;
use server::domain::records;
use server::state::random;
use tests::{Errand, Person, TestPhone, TestServer, expect_json, expect_problem};

/// A phone that was revoked after it wrote, offline, a tick and a note; what it pushed is refused.
async fn revoked(server: &TestServer) -> Errand {
    let mut errand = server.errand().await;
    errand.phone.mark(errand.job, "accept", MarkKind::Done);
    errand.phone.note(errand.job, "listen", "异响");
    errand.phone.note(errand.job, "listen", "异响，已录音");
    let device = errand.phone.handset.replica().identity().unwrap().device;
    let now = server.clock.now();
    server.state.db.write(move |conn| Ok(db::devices::revoke_device(conn, device, now, None)?)).await.unwrap();
    let report = errand.phone.sync().await;
    assert_eq!((report.refused.len(), report.unsent), (1, 0), "{report:?}");
    errand
}

async fn only_entry(dispatcher: &Person) -> Value {
    let list: Value = expect_json(dispatcher.get("/v1/quarantine?open=true"), 200).await;
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{list}");
    let path = format!("/v1/quarantine/{}", items[0]["id"].as_str().unwrap());
    expect_json(dispatcher.get(&path), 200).await
}

fn path_of(entry: &Value, act: &str) -> String {
    format!("/v1/quarantine/{}/{act}", entry["id"].as_str().unwrap())
}

fn named(item: &Value) -> Value {
    json!({"change": item["change"], "path": item["path"]})
}

fn item<'a>(entry: &'a Value, path: &[&str]) -> &'a Value {
    let items = entry["items"].as_array().unwrap();
    items.iter().find(|item| item["path"] == json!(path)).unwrap_or_else(|| panic!("no {path:?}: {entry}"))
}

#[actix_web::test]
async fn what_a_revoked_phone_sent_is_shown_in_words_and_adopted_under_both_names() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, .. } = revoked(&server).await;
    let entry = only_entry(&dispatcher).await;
    assert_eq!(
        (&entry["code"], &entry["times_are_evidence"], &entry["changes"]),
        (&json!("device_revoked"), &json!(false), &json!(3))
    );
    assert_eq!(entry["items"].as_array().unwrap().len(), 2, "of two notes at one step the last: {entry}");
    let note = item(&entry, &["notes", "listen"]);
    assert_eq!((&note["words"]["zh"], &note["standing"]), (&json!("异响，已录音"), &json!("open")));
    let tick = item(&entry, &["marks", "accept"]);
    assert_eq!((&tick["place"]["zh"], &tick["words"]["zh"]), (&json!("“接活”的勾选"), &json!("完成")));
    assert!(tick["present"].is_null());

    let adopted: Value = expect_json(dispatcher.post(&path_of(&entry, "adopt"), &json!({})), 200).await;
    assert!(adopted["decided_at"].is_string(), "{adopted}");
    let view = server.state.db.read(move |conn| records::load(conn, job)?.view()).await.unwrap();
    assert_eq!(view.notes["listen"], "异响，已录音");
    assert_eq!(view.marks["accept"].by, technician.id);
    let adoptions: Vec<_> = view.adoptions.values().collect();
    assert_eq!(adoptions.len(), 2, "one for each change that something was adopted of");
    for adoption in adoptions {
        assert_eq!((adoption.writer, adoption.by), (technician.id, dispatcher.id));
        assert_eq!(adoption.written_at, adoption.received_at, "what a revoked phone claims is no evidence");
    }
    let history: Value = expect_json(dispatcher.get(&format!("/v1/jobs/{job}/history")), 200).await;
    let last = history["changes"].as_array().unwrap().last().unwrap();
    assert_eq!(last["person"], json!(dispatcher.id));
    assert_eq!(last["adopted"][0]["writer"], json!(technician.id), "{last}");
    assert_eq!(server.differences().await, []);
}

#[actix_web::test]
async fn adopting_again_is_harmless_and_whoever_comes_second_is_told_who_was_first() {
    let server = TestServer::start().await;
    let Errand { dispatcher, job, .. } = revoked(&server).await;
    let second = server.person(Role::Dispatcher).await;
    let entry = only_entry(&dispatcher).await;
    let path = path_of(&entry, "adopt");
    let (one, other) = tokio::join!(dispatcher.post(&path, &json!({})).send(), second.post(&path, &json!({})).send());
    let (one, other) = (one.unwrap().status().as_u16(), other.unwrap().status().as_u16());
    assert!(matches!((one, other), (200, 409) | (409, 200)), "{one} {other}");
    let (first, late) = if one == 200 { (&dispatcher, &second) } else { (&second, &dispatcher) };
    let heads = server.heads(job).await;
    expect_json::<Value>(first.post(&path, &json!({})), 200).await;
    let told = expect_problem(late.post(&path, &json!({})), Kind::Conflict).await;
    assert!(told.errors[0].zh.contains(&first.name), "{told:?}");
    expect_problem(late.post(&path_of(&entry, "reject"), &json!({"reason": "重复"})), Kind::Conflict).await;
    assert_eq!(server.heads(job).await, heads, "nothing more was written");
}

#[actix_web::test]
async fn some_is_adopted_some_rejected_and_the_technicians_next_phone_is_told() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, .. } = revoked(&server).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    let entry = only_entry(&dispatcher).await;
    let tick = json!({"items": [named(item(&entry, &["marks", "accept"]))]});
    let part: Value = expect_json(dispatcher.post(&path_of(&entry, "adopt"), &tick), 200).await;
    assert!(part["decided_at"].is_null(), "the note is left: {part}");
    expect_problem(dispatcher.post(&path_of(&entry, "reject"), &json!({"reason": " "})), Kind::InvalidField).await;
    let reason = json!({"reason": "录音无关"});
    expect_json::<Value>(dispatcher.post(&path_of(&entry, "reject"), &reason), 200).await;

    let report = phone.sync().await;
    assert_eq!(report.decided.len(), 1, "{report:?}");
    let parts = &report.decided[0].parts;
    assert_eq!(
        (parts[0].places.as_slice(), parts[0].by.as_str()),
        (["marks/accept".to_owned()].as_slice(), dispatcher.name.as_str())
    );
    assert_eq!(
        (parts[1].places.as_slice(), parts[1].reason.as_deref()),
        (["notes/listen".to_owned()].as_slice(), Some("录音无关"))
    );
    assert_eq!(phone.handset.replica().decisions().count(), 1);
    assert!(phone.sync().await.decided.is_empty(), "told once");
    let record = phone.job(job);
    assert!(record.marks.contains_key("accept") && !record.notes.contains_key("listen"));
    assert_eq!(record.adoptions.len(), 2, "the rejection is on record too");
    let list: Value = expect_json(dispatcher.get("/v1/quarantine?open=true"), 200).await;
    assert_eq!(list["items"], json!([]));
    // A phone that has to compare heads, as after a restore, is told all the same.
    let mut third = server.phone(&technician).await;
    assert_eq!(third.sync().await.decided.len(), 1);
}

#[actix_web::test]
async fn items_named_in_any_order_and_twice_make_one_entry_a_change() {
    let server = TestServer::start().await;
    let mut errand = server.errand().await;
    let two = ["listen", "diagnose"].map(|step| Edit::Note { step: step.to_owned(), text: "异响".to_owned() });
    errand.phone.edit(errand.job, two.to_vec());
    errand.phone.mark(errand.job, "accept", MarkKind::Done);
    let device = errand.phone.handset.replica().identity().unwrap().device;
    let now = server.clock.now();
    server.state.db.write(move |conn| Ok(db::devices::revoke_device(conn, device, now, None)?)).await.unwrap();
    errand.phone.sync().await;
    let (dispatcher, job) = (errand.dispatcher, errand.job);
    let entry = only_entry(&dispatcher).await;
    let [first, second, tick] =
        [["notes", "listen"], ["notes", "diagnose"], ["marks", "accept"]].map(|path| named(item(&entry, &path)));
    let wish = json!({"items": [first, tick, second, first]});
    let adopted: Value = expect_json(dispatcher.post(&path_of(&entry, "adopt"), &wish), 200).await;
    assert!(adopted["decided_at"].is_string(), "{adopted}");
    let view = server.state.db.read(move |conn| records::load(conn, job)?.view()).await.unwrap();
    let mut places: Vec<usize> = view.adoptions.values().map(|adoption| adoption.places.len()).collect();
    places.sort_unstable();
    assert_eq!(places, [1, 2], "each place once, in one entry for each change");
}

#[actix_web::test]
async fn only_dispatch_decides_and_only_in_its_own_outlet() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, .. } = revoked(&server).await;
    let entry = only_entry(&dispatcher).await;
    let stranger = server.person_at("02", Role::Dispatcher).await;
    for (who, kind) in [(&technician, Kind::Forbidden), (&stranger, Kind::NotFound)] {
        expect_problem(who.post(&path_of(&entry, "adopt"), &json!({})), kind).await;
        expect_problem(who.post(&path_of(&entry, "reject"), &json!({"reason": "x"})), kind).await;
    }
    let unknown = json!({"items": [{"change": entry["change"], "path": ["decisions", "x"]}]});
    expect_problem(dispatcher.post(&path_of(&entry, "adopt"), &unknown), Kind::InvalidField).await;
}

/// Closes the job oneself, which only the office may.
fn overstep(phone: &mut TestPhone, job: JobId, by: PersonId) {
    let decision = Decision { kind: DecisionKind::Closed, by, at: phone.at(), reason: None };
    let note = Edit::Note { step: "listen".to_owned(), text: "已修好".to_owned() };
    phone.edit(job, vec![note, Edit::Decide { id: EntryId::new(random()), decision }]);
}

#[actix_web::test]
async fn what_only_the_office_decides_is_shown_and_never_adopted() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    overstep(&mut phone, job, technician.id);
    phone.sync().await;
    let entry = only_entry(&dispatcher).await;
    assert_eq!(item(&entry, &["notes", "listen"])["standing"], json!("in_record"), "the server saved it at once");
    let barred = entry["items"].as_array().unwrap().iter().find(|item| item["standing"] == json!("barred")).unwrap();
    assert_eq!(barred["words"]["zh"], json!("结单"));
    let wish = json!({"items": [named(barred)]});
    expect_problem(dispatcher.post(&path_of(&entry, "adopt"), &wish), Kind::Conflict).await;
    let done: Value =
        expect_json(dispatcher.post(&path_of(&entry, "reject"), &json!({"reason": "结单由客服办理"})), 200).await;
    assert!(done["decided_at"].is_string());
    let report = phone.sync().await;
    assert_eq!(report.decided[0].parts[0].reason.as_deref(), Some("结单由客服办理"));
    let notice = phone.handset.replica().notices()[0].clone();
    assert!(phone.handset.replica().decision_about(&notice).is_some());
}

/// What phones wrote on top of a change of the office's that a restore from a backup lost.
#[actix_web::test]
async fn work_on_top_of_what_the_server_lost_is_read_and_adopted() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, .. } = server.errand().await;
    let mut record = server.state.db.read(move |conn| Ok(records::load(conn, job)?.record)).await.unwrap();
    let now = server.clock.now();
    let lost = Edit::Note { step: "listen".to_owned(), text: "后台补充".to_owned() };
    record.write(Actor([9; 16]), now, &[lost]).unwrap();
    let mark = Mark { kind: MarkKind::Done, by: technician.id, at: now, reason: None, place: None };
    let edits = [
        Edit::Mark { step: "accept".to_owned(), mark },
        Edit::Note { step: "listen".to_owned(), text: "现场补充".to_owned() },
    ];
    let change = record.write(Actor([7; 16]), now, &edits).unwrap();
    let phone = server.bare_phone(&technician).await;
    let request = phone.request(
        Default::default(),
        vec![JobPush { job, clocks: Vec::new(), slim: None, changes: vec![change.bytes] }],
    );
    let answer = phone.sync(&request).await;
    assert_eq!(answer.refused[0].code, RefusalCode::Gap);
    let entry = only_entry(&dispatcher).await;
    assert_eq!(item(&entry, &["notes", "listen"])["words"]["zh"], json!("现场补充"));
    expect_json::<Value>(dispatcher.post(&path_of(&entry, "adopt"), &json!({})), 200).await;
    let view = server.state.db.read(move |conn| records::load(conn, job)?.view()).await.unwrap();
    assert_eq!((view.notes["listen"].as_str(), view.marks["accept"].by), ("现场补充", technician.id));
}

#[actix_web::test]
async fn a_signature_is_not_adopted_without_what_it_covers() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, .. } = server.errand().await;
    let mut record = server.state.db.read(move |conn| Ok(records::load(conn, job)?.record)).await.unwrap();
    let now = server.clock.now();
    let lost = Edit::Note { step: "listen".to_owned(), text: "后台补充".to_owned() };
    let lost = record.write(Actor([9; 16]), now, &[lost]).unwrap();
    let sign_off = SignOff {
        kind: SignOffKind::Declined,
        how: How::Phone,
        name: "王秀英".to_owned(),
        reason: Some("赶时间".to_owned()),
        strokes: None,
        rating: None,
        remarks: None,
        covers: vec![lost.hash],
        sheet_hash: Hash([1; 32]),
        by: Some(technician.id),
        link: None,
        at: now,
    };
    let id = EntryId::new(random());
    let change = record.write(Actor([7; 16]), now, &[Edit::SignOff { id: id.clone(), sign_off }]).unwrap();
    let phone = server.bare_phone(&technician).await;
    let push = vec![JobPush { job, clocks: Vec::new(), slim: None, changes: vec![change.bytes] }];
    phone.sync(&phone.request(Default::default(), push)).await;
    let entry = only_entry(&dispatcher).await;
    let signature = item(&entry, &["sign_offs", id.as_str()]);
    assert_eq!(signature["standing"], json!("barred"), "{signature}");
    let wish = json!({"items": [named(signature)]});
    expect_problem(dispatcher.post(&path_of(&entry, "adopt"), &wish), Kind::Conflict).await;
}

#[actix_web::test]
async fn what_can_not_be_read_is_named_and_settled_by_a_rejection() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, .. } = server.errand().await;
    let phone = server.bare_phone(&technician).await;
    let elsewhere = JobId::new(server.clock.now(), random());
    let push = vec![
        JobPush { job, clocks: Vec::new(), slim: None, changes: vec![Bytes(vec![1, 2, 3])] },
        JobPush { clocks: Vec::new(), slim: None, job: elsewhere, changes: vec![Bytes(vec![4, 5, 6])] },
    ];
    phone.sync(&phone.request(Default::default(), push)).await;
    let list: Value = expect_json(dispatcher.get("/v1/quarantine?open=true"), 200).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 2, "{list}");
    for entry in list["items"].as_array().unwrap() {
        let entry: Value =
            expect_json(dispatcher.get(&format!("/v1/quarantine/{}", entry["id"].as_str().unwrap())), 200).await;
        assert_eq!(item(&entry, &[])["standing"], json!("barred"));
        let nothing: Value = expect_json(dispatcher.post(&path_of(&entry, "adopt"), &json!({})), 200).await;
        assert!(nothing["decided_at"].is_null(), "there is nothing to adopt");
        let done: Value =
            expect_json(dispatcher.post(&path_of(&entry, "reject"), &json!({"reason": "请重新填写"})), 200).await;
        assert!(done["decided_at"].is_string(), "{done}");
    }
}
