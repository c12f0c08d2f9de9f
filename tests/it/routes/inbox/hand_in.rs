//! Files of unsent work that the office hands in.

use super::{only_entry, path_of};
use schema::binary::Bytes;
use schema::id::{DeviceId, JobId};
use schema::inbox::{UNSENT_FORMAT, UnsentFile, UnsentJob};
use schema::people::Role;
use schema::problem::Kind;
use schema::record::MarkKind;
use serde_json::{Value, json};
use server::state::random;
use sync::record::Record;
use tests::{Errand, TestPhone, TestServer, expect_json, expect_problem};

fn file_of(phone: &TestPhone) -> UnsentFile {
    let identity = phone.handset.replica().identity().unwrap();
    let job = |(job, changes): (JobId, Vec<Bytes>)| UnsentJob { job, number: String::new(), changes };
    UnsentFile {
        format: UNSENT_FORMAT.to_owned(),
        server: identity.server.clone(),
        device: identity.device,
        person: identity.person,
        login: identity.login.clone(),
        jobs: phone.handset.replica().unsent_changes().into_iter().map(job).collect(),
        photos: Vec::new(),
    }
}

#[actix_web::test]
async fn a_file_of_unsent_work_is_handed_in_once_and_adopted_and_the_phone_may_still_send_it() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    phone.mark(job, "accept", MarkKind::Done);
    phone.note(job, "listen", "异响");
    let file = file_of(&phone);
    let handed: Value = expect_json(dispatcher.post("/v1/quarantine/hand-in", &file), 200).await;
    assert_eq!((handed["entries"].as_array().unwrap().len(), &handed["known"]), (1, &json!(0)), "{handed}");
    assert_eq!(handed["entries"][0]["handed_in_by"]["id"], json!(dispatcher.id));
    let again: Value = expect_json(dispatcher.post("/v1/quarantine/hand-in", &file), 200).await;
    assert_eq!((&again["entries"][0]["id"], &again["known"]), (&handed["entries"][0]["id"], &json!(2)));

    let entry = only_entry(&dispatcher).await;
    assert_eq!((&entry["code"], &entry["person"]), (&json!("handed_in"), &json!(technician.id)));
    expect_json::<Value>(dispatcher.post(&path_of(&entry, "adopt"), &json!({})), 200).await;
    let report = phone.sync().await;
    assert_eq!((report.unsent, report.decided.len()), (0, 1), "{report:?}");
    assert_eq!(phone.heads(job), server.heads(job).await);
    let record: Record = phone.handset.replica().held(job).unwrap().record.clone();
    assert_eq!(record.read().unwrap().notes["listen"], "异响");
    let known: Value = expect_json(dispatcher.post("/v1/quarantine/hand-in", &file), 200).await;
    assert_eq!(known["known"], json!(2), "what the phone sent itself is known");
}

#[actix_web::test]
async fn a_file_that_is_not_what_it_says_is_not_taken() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    phone.note(job, "listen", "异响");
    let file = file_of(&phone);
    let other = UnsentFile { person: dispatcher.id, ..file.clone() };
    expect_problem(dispatcher.post("/v1/quarantine/hand-in", &other), Kind::InvalidField).await;
    let nowhere = UnsentFile { device: DeviceId::new(server.clock.now(), random()), ..file.clone() };
    expect_problem(dispatcher.post("/v1/quarantine/hand-in", &nowhere), Kind::InvalidField).await;
    let strange = UnsentFile { format: "something else".to_owned(), ..file.clone() };
    expect_problem(dispatcher.post("/v1/quarantine/hand-in", &strange), Kind::InvalidField).await;
    let stranger = server.person_at("02", Role::Dispatcher).await;
    expect_problem(stranger.post("/v1/quarantine/hand-in", &file), Kind::InvalidField).await;
    expect_problem(technician.post("/v1/quarantine/hand-in", &file), Kind::Forbidden).await;
}

#[actix_web::test]
async fn a_file_that_names_another_outlets_job_says_as_much_of_it_as_of_none() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, .. } = server.errand().await;
    phone.mark(job, "accept", MarkKind::Done);
    let changes = file_of(&phone).jobs.remove(0).changes;
    phone.sync().await;
    let (stranger, far) =
        (server.person_at("02", Role::Dispatcher).await, server.person_at("02", Role::Technician).await);
    let file = file_of(&server.phone(&far).await);
    let naming = |job| {
        let jobs = vec![UnsentJob { job, number: String::new(), changes: changes.clone() }];
        UnsentFile { jobs, ..file.clone() }
    };
    let elsewhere = naming(job);
    let mut answers = Vec::new();
    for file in [&elsewhere, &naming(JobId::new(server.clock.now(), random()))] {
        let handed: Value = expect_json(stranger.post("/v1/quarantine/hand-in", file), 200).await;
        let entry = &handed["entries"][0];
        let shown = ["job_number", "code", "why", "changes", "detail"].map(|field| entry[field].clone());
        let detail: Value = expect_json(stranger.get(path_of(entry, "").trim_end_matches('/')), 200).await;
        let items: Vec<_> = detail["items"].as_array().unwrap().iter().map(|item| item["place"].clone()).collect();
        answers.push((handed["known"].clone(), handed["entries"].as_array().unwrap().len(), shown, items));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!((&answers[0].0, &answers[0].2[0]), (&json!(0), &Value::Null));
    let again: Value = expect_json(stranger.post("/v1/quarantine/hand-in", &elsewhere), 200).await;
    assert_eq!(again["known"], json!(1), "what was handed in here is known here");
    let list: Value = expect_json(stranger.get("/v1/quarantine"), 200).await;
    assert!(list["items"].as_array().unwrap().iter().all(|entry| entry["job_number"].is_null()), "{list}");
    // It waits for somebody who sees both outlets.
    let manager = server.person(Role::ServiceManager).await;
    let entry = &again["entries"][0];
    let seen: Value = expect_json(manager.get(&format!("/v1/quarantine/{}", entry["id"].as_str().unwrap())), 200).await;
    assert!(seen["job_number"].is_string() && seen["items"][0]["path"] == json!(["marks", "accept"]), "{seen}");
}
