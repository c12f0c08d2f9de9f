//! What is corrected on a job, and what the desk corrects after it.

use super::{path, repair, take, with};
use crate::routes::patient_server;
use schema::edit::Edit;
use schema::id::JobId;
use schema::page::Page;
use schema::people::Role;
use schema::record::{Correction, ReportField};
use schema::report::CustomerReport;
use schema::time::{HOUR, SECOND};
use serde_json::{Value, json};
use tests::{Person, TestPhone, TestServer, expect_json};

/// A job of the agent's report in a technician's phone.
async fn on_the_phone(server: &TestServer, agent: &Person, report: &CustomerReport) -> (JobId, TestPhone) {
    let (job, technician) = (report.job.unwrap(), server.person(Role::Technician).await);
    server.assign(job, agent, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    (job, phone)
}

fn correct(phone: &mut TestPhone, job: JobId, field: ReportField, value: &str) {
    let correction = Correction { field, value: value.to_owned(), by: phone.person, at: phone.at() };
    let id = phone.entry();
    phone.edit(job, vec![Edit::Correct { id, correction }]);
}

#[tokio::test]
async fn what_is_corrected_on_the_job_is_what_reports_are_found_and_compared_by() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let first = take(&agent, &repair()).await;
    let (job, mut phone) = on_the_phone(&server, &agent, &first).await;
    correct(&mut phone, job, ReportField::Phone, "13511112222");
    correct(&mut phone, job, ReportField::Address, "和平街 5 弄 3 号");
    phone.sync().await;
    let body = json!({"fields": {"name": "李强", "model": "KFR-35"}});
    expect_json::<Value>(agent.patch(&format!("/v1/jobs/{job}/report"), &body), 200).await;
    let read: CustomerReport = expect_json(agent.get(&path(&first, "")), 200).await;
    let told = |text: &str| Some(text.to_owned());
    assert_eq!((read.told.phone, read.told.address), (told("13511112222"), told("和平街 5 弄 3 号")));
    assert_eq!((read.told.name, read.told.model), (told("李强"), told("KFR-35")));
    assert_eq!(read.fault_class, first.fault_class, "what the record does not know stays");
    let found: Page<CustomerReport> = expect_json(agent.get("/v1/reports?phone=13511112222"), 200).await;
    assert_eq!(found.items.iter().map(|report| report.id).collect::<Vec<_>>(), [first.id]);
    server.clock.advance(HOUR);
    let neighbour = with(repair(), json!({"phone": "13900000000", "address": "和平街5弄3号", "name": "赵敏"}));
    let suspects: Vec<_> = take(&agent, &neighbour).await.repeats.into_iter().map(|suspect| suspect.report).collect();
    assert_eq!(suspects, [first.id], "the address as the technician found it");
    assert_eq!(server.differences().await, []);
}

#[tokio::test]
async fn the_desks_later_word_holds_against_a_correction_made_on_the_job() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let report = take(&agent, &repair()).await;
    let (job, mut phone) = on_the_phone(&server, &agent, &report).await;
    correct(&mut phone, job, ReportField::Phone, "13511112222");
    correct(&mut phone, job, ReportField::Product, "热水器");
    phone.sync().await;
    // Not advanced: the phone's clock is seconds ahead of the desk's.
    let patched: CustomerReport =
        expect_json(agent.patch(&path(&report, ""), &json!({"phone": "13700001111", "product": null})), 200).await;
    assert_eq!((patched.told.phone.as_deref(), patched.told.product), (Some("13700001111"), None));
    let read: CustomerReport = expect_json(agent.get(&path(&report, "")), 200).await;
    assert_eq!((read.told.phone.as_deref(), read.told.product), (Some("13700001111"), None));
    let row = server.state.db.read(move |conn| Ok(server::db::jobs::find_job(conn, job)?)).await.unwrap().unwrap();
    assert_eq!((row.phone.as_deref(), row.product), (Some("13700001111"), None));
    phone.sync().await;
    let kept: Vec<_> = phone.job(job).corrections.into_values().map(|correction| correction.value).collect();
    assert_eq!(kept.len(), 4, "both the technician's and the desk's: {kept:?}");
    // Of two corrections in the same microsecond either may hold.
    server.clock.advance(SECOND);
    let amend = json!({"fields": {"phone": "13511112222"}});
    expect_json::<Value>(agent.patch(&format!("/v1/jobs/{job}/report"), &amend), 200).await;
    let read: CustomerReport = expect_json(agent.get(&path(&report, "")), 200).await;
    assert_eq!(read.told.phone.as_deref(), Some("13511112222"));
}
