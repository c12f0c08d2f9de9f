//! What a phone is told of the jobs in its hands beside their records.

use schema::id::JobId;
use schema::in_hand::JobInHand;
use schema::job::JobDetail;
use schema::people::Role;
use schema::record::MarkKind;
use serde_json::{Value, json};
use tests::{Errand, Person, TestServer, expect_json, expect_ok};

async fn told(technician: &Person) -> Vec<JobInHand> {
    expect_json(technician.get("/v1/jobs-in-hand"), 200).await
}

fn rules(job: &JobInHand) -> Vec<&str> {
    job.limits.iter().map(|limit| limit.rule.as_str()).collect()
}

#[actix_web::test]
async fn a_technician_is_told_which_limits_run_and_hears_of_them_no_more_once_they_are_kept() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    let urgent = json!({"fields": {"urgency": "urgent"}});
    expect_ok(dispatcher.patch(&format!("/v1/jobs/{job}/report"), &urgent)).await;
    let jobs = told(&technician).await;
    let [one] = jobs.as_slice() else { panic!("{jobs:?}") };
    assert_eq!((one.job, one.refuses_calls), (job, false));
    assert_eq!(&rules(one)[..1], ["urgent_on_site"], "the first due first");
    assert!(rules(one).contains(&"urgent_repaired") && !rules(one).contains(&"general_repaired"));
    let limit = &one.limits[0];
    assert!(limit.warn_at < limit.due_at && limit.name.zh == "急修到场", "{limit:?}");
    assert!(told(&server.person(Role::Technician).await).await.is_empty(), "others' jobs are none of theirs");

    phone.sync().await;
    phone.mark(job, "knock", MarkKind::Done);
    phone.sync().await;
    let jobs = told(&technician).await;
    assert!(!rules(&jobs[0]).contains(&"urgent_on_site") && rules(&jobs[0]).contains(&"urgent_repaired"), "{jobs:?}");
}

#[actix_web::test]
async fn a_technician_is_told_that_a_customer_wants_no_calls() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let agent = server.person(Role::DeskAgent).await;
    let known = json!({"name": "王芳", "phone": "13900000009", "address": "上海市徐汇区 1 号"});
    let customer: Value = expect_json(agent.post("/v1/customers", &known), 201).await;
    let taken = json!({
        "class": "B", "channel": "phone", "customer": customer["id"], "name": "王芳", "phone": "13900000009",
        "address": "上海市徐汇区 1 号", "fault": "不点火", "repeated_back": true,
    });
    let report: Value = expect_json(agent.post("/v1/reports", &taken), 201).await;
    let job: JobId = report["job"].as_str().unwrap().parse().unwrap();
    server.assign(job, &dispatcher, &technician).await;
    assert!(!told(&technician).await[0].refuses_calls);
    let path = format!("/v1/customers/{}", customer["id"].as_str().unwrap());
    expect_ok(agent.patch(&path, &json!({"refuses_calls": true}))).await;
    assert!(told(&technician).await[0].refuses_calls);
    let detail: JobDetail = expect_json(dispatcher.get(&format!("/v1/jobs/{job}")), 200).await;
    assert!(detail.refuses_calls, "and so is the desk");
}
