//! Files of unsent work that the office hands in.

use super::{only_entry, path_of};
use schema::binary::{Bytes, Hash};
use schema::id::{DeviceId, JobId};
use schema::inbox::{UNSENT_FORMAT, UnsentFile, UnsentJob};
use schema::people::Role;
use schema::photo::JobPhoto;
use schema::problem::Kind;
use schema::record::MarkKind;
use serde_json::{Value, json};
use server::state::random;
use sync::record::Record;
use tests::{Errand, Person, TestPhone, TestServer, expect_json, expect_ok, expect_problem, jpeg};

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

async fn photos_of(person: &Person, job: JobId) -> Vec<JobPhoto> {
    expect_json(person.get(&format!("/v1/jobs/{job}/photos")), 200).await
}

#[actix_web::test]
async fn a_photo_that_only_a_file_names_is_taken_in_seen_and_the_jobs_once_it_is_adopted() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    let photo = jpeg(8, 8, 1);
    let sha256 = phone.name_photo(job, "diagnose", &photo);
    let begin = |who: &Person| who.begin_upload(job, sha256, photo.len());
    expect_problem(begin(&dispatcher), Kind::NotFound).await;
    expect_ok(dispatcher.post("/v1/quarantine/hand-in", &file_of(&phone))).await;

    let (colleague, stranger) = (server.person(Role::Technician).await, server.person_at("02", Role::Dispatcher).await);
    for other in [&colleague, &stranger] {
        expect_problem(begin(other), Kind::NotFound).await;
        expect_problem(other.photo(job, sha256), Kind::NotFound).await;
    }
    let unnamed = jpeg(8, 8, 2);
    expect_problem(dispatcher.begin_upload(job, Hash::of(&unnamed), unnamed.len()), Kind::NotFound).await;
    expect_problem(dispatcher.photo(job, sha256), Kind::NotFound).await;

    dispatcher.send_photo(job, &photo).await;
    let seen = expect_ok(dispatcher.photo(job, sha256)).await.bytes().await.unwrap();
    assert_eq!(seen, photo, "whoever decides sees it");
    assert!(photos_of(&dispatcher, job).await.is_empty(), "the record names none yet");
    expect_ok(technician.get(&format!("/v1/jobs/{job}/photos/{sha256}/receipt"))).await;

    let entry = only_entry(&dispatcher).await;
    expect_json::<Value>(dispatcher.post(&path_of(&entry, "adopt"), &json!({})), 200).await;
    let photos = photos_of(&dispatcher, job).await;
    let [named] = photos.as_slice() else { panic!("{photos:?}") };
    assert_eq!((named.sha256, named.by, named.owed_since), (sha256, technician.id, None));
    assert!(named.received_at.is_some() && server.differences().await.is_empty());
}

#[actix_web::test]
async fn a_photo_of_what_was_rejected_is_kept_and_its_phone_need_not_keep_it() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    let photo = jpeg(8, 8, 1);
    let sha256 = phone.name_photo(job, "diagnose", &photo);
    expect_ok(dispatcher.post("/v1/quarantine/hand-in", &file_of(&phone))).await;
    let entry = only_entry(&dispatcher).await;
    let reason = json!({"reason": "拍错了"});
    expect_json::<Value>(dispatcher.post(&path_of(&entry, "reject"), &reason), 200).await;
    technician.send_photo(job, &photo).await;
    expect_ok(technician.get(&format!("/v1/jobs/{job}/photos/{sha256}/receipt"))).await;
    assert!(photos_of(&dispatcher, job).await.is_empty());
    expect_ok(dispatcher.photo(job, sha256)).await;
}
