//! A second job for the same fault, found out when its technician has it already.

use super::{path, repair, take, with};
use crate::routes::patient_server;
use schema::job::JobDetail;
use schema::people::Role;
use schema::problem::Kind;
use schema::record::MarkKind;
use schema::report::CustomerReport;
use schema::time::HOUR;
use serde_json::json;
use tests::{expect_json, expect_problem};

#[tokio::test]
async fn a_repeat_that_is_assigned_is_cancelled_before_its_technician_sets_out_and_refused_after() {
    let server = patient_server().await;
    let (agent, technician) = (server.person(Role::DeskAgent).await, server.person(Role::Technician).await);
    let first = take(&agent, &repair()).await;
    server.clock.advance(HOUR);
    let [second, third] = [take(&agent, &repair()).await, take(&agent, &repair()).await];
    let (own, begun) = (second.job.unwrap(), third.job.unwrap());
    server.assign(own, &agent, &technician).await;
    server.assign(begun, &agent, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    phone.mark(begun, "depart", MarkKind::Done);
    phone.sync().await;
    let verdict = json!({"of": first.id, "verdict": "same"});
    let joined: CustomerReport = expect_json(agent.post(&path(&second, "/repeat"), &verdict), 200).await;
    assert_eq!(joined.job, first.job);
    phone.sync().await;
    assert!(!phone.holds(own), "its technician's phone hears of it");
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{own}")), 200).await;
    assert!(detail.record.last_decision().unwrap().reason.as_deref().unwrap().contains(&first.number));
    let refused = expect_problem(agent.post(&path(&third, "/repeat"), &verdict), Kind::Conflict).await;
    assert!(refused.detail.unwrap().contains("请先联系工程师"));
    let stands: CustomerReport = expect_json(agent.get(&path(&third, "")), 200).await;
    assert_eq!((stands.job, stands.repeat), (Some(begun), None), "nothing was recorded that did not happen");
    let nobodys = json!({"repeat": {"of": "01998000-0000-7000-8000-000000000000", "verdict": "same"}});
    let unknown = with(json!({"class": "B", "channel": "phone"}), nobodys);
    let refused = expect_problem(agent.post("/v1/reports", &unknown), Kind::InvalidField).await;
    assert_eq!(refused.errors[0].at, "/repeat/of");
}
