//! Rework: the same fault again, after the first job was over.

use super::{path, repair, take};
use crate::routes::patient_server;
use schema::edit::Edit;
use schema::id::{EntryId, JobId};
use schema::job::{JobDetail, JobSheet};
use schema::people::Role;
use schema::record::{How, SignOff, SignOffKind, Strokes};
use schema::report::CustomerReport;
use schema::sheet::sheet;
use schema::template::find_shipped;
use schema::time::{DAY, HOUR, Timestamp};
use serde_json::{Value, json};
use server::domain::records;
use server::state::random;
use tests::{Person, TestServer, expect_json};

/// Repaired, signed by the customer and closed.
pub(in crate::routes) async fn repaired(server: &TestServer, agent: &Person, job: JobId) -> Timestamp {
    let at = signed(server, agent, job).await;
    expect_json::<Value>(agent.post(&format!("/v1/jobs/{job}/close"), &json!({})), 200).await;
    at
}

/// Repaired, and signed by the customer.
pub(in crate::routes) async fn signed(server: &TestServer, agent: &Person, job: JobId) -> Timestamp {
    server.assign(job, agent, &server.person(Role::Technician).await).await;
    server.finish_work(job, agent).await;
    let stored = server.state.db.read(move |conn| records::load(conn, job)).await.unwrap();
    let at = server.clock.now();
    let sign_off = SignOff {
        kind: SignOffKind::Signed,
        how: How::Phone,
        name: "王芳".to_owned(),
        reason: None,
        strokes: Some(Strokes("10,12,0 14,18,16".to_owned())),
        rating: None,
        remarks: None,
        covers: stored.heads(),
        sheet_hash: sheet(&stored.view().unwrap(), find_shipped("home_repair", 1).unwrap()).hash(),
        by: Some(agent.id),
        link: None,
        at,
    };
    server.write(job, agent.id, vec![Edit::SignOff { id: EntryId::new(random()), sign_off }]).await;
    at
}

async fn detail(agent: &Person, job: JobId) -> JobDetail {
    expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await
}

#[tokio::test]
async fn a_verdict_given_while_the_second_job_is_under_way_makes_it_rework() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let first = take(&agent, &repair()).await;
    let completed = repaired(&server, &agent, first.job.unwrap()).await;
    server.clock.advance(5 * DAY);
    let second = take(&agent, &repair()).await;
    let job = second.job.unwrap();
    let technician = server.person(Role::Technician).await;
    server.assign(job, &agent, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    assert_eq!((detail(&agent, job).await.rework, phone.job(job).rework_of()), (None, None));
    let verdict = json!({"of": first.id, "verdict": "same"});
    let decided: CustomerReport = expect_json(agent.post(&path(&second, "/repeat"), &verdict), 200).await;
    assert_eq!(decided.job, second.job, "somebody is on the way: it stays a job of its own");
    expect_json::<CustomerReport>(agent.post(&path(&second, "/repeat"), &verdict), 200).await;
    let seen = detail(&agent, job).await;
    assert_eq!(seen.job.rework_of, first.job);
    let rework = seen.rework.unwrap();
    assert_eq!((Some(rework.of), rework.warranted_from), (first.job, Some(completed)));
    assert!(rework.is_warranted && rework.warranted_until > Some(server.clock.now()));
    assert_eq!(rework.fault, first.told.fault);
    phone.sync().await;
    assert_eq!(phone.job(job).rework_of(), first.job, "the technician knows before quoting");
    let shown: JobSheet = expect_json(agent.get(&format!("/v1/jobs/{job}/sheet")), 200).await;
    assert_eq!(shown.sheet.rework_of, first.job);
    assert_eq!(server.differences().await, []);
}

#[tokio::test]
async fn rework_reported_after_the_warranty_is_rework_all_the_same_and_says_so() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let first = take(&agent, &repair()).await;
    repaired(&server, &agent, first.job.unwrap()).await;
    server.clock.advance(100 * DAY);
    let second = take(&agent, &repair()).await;
    let job = second.job.unwrap();
    repaired(&server, &agent, job).await;
    server.clock.advance(HOUR);
    let verdict = json!({"of": first.id, "verdict": "same"});
    expect_json::<CustomerReport>(agent.post(&path(&second, "/repeat"), &verdict), 200).await;
    let rework = detail(&agent, job).await.rework.unwrap();
    assert_eq!((Some(rework.of), rework.is_warranted), (first.job, false));
    let signed: JobSheet = expect_json(agent.get(&format!("/v1/jobs/{job}/sheet?as_signed=true")), 200).await;
    assert_eq!(signed.sheet.rework_of, None, "what was signed stays as it was signed");
    assert!(!signed.changed_after.is_empty(), "and what is known since is shown as later");
}

#[tokio::test]
async fn a_report_found_to_repeat_a_finished_job_opens_its_own_as_rework() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let first = take(&agent, &repair()).await;
    repaired(&server, &agent, first.job.unwrap()).await;
    server.clock.advance(DAY);
    let mut call = repair();
    call["open_job"] = json!(false);
    let second = take(&agent, &call).await;
    let verdict = json!({"of": first.id, "verdict": "same"});
    expect_json::<CustomerReport>(agent.post(&path(&second, "/repeat"), &verdict), 200).await;
    let opened: CustomerReport = expect_json(agent.request(reqwest::Method::POST, &path(&second, "/job")), 201).await;
    assert_eq!(detail(&agent, opened.job.unwrap()).await.job.rework_of, first.job);
}
