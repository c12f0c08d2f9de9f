//! Reports: whole, incomplete, repeated; and what becomes of them.

mod again;
mod corrected;
mod repeated;
pub(super) mod rework;

use super::{patient_server, with_query};
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::report::{CustomerReport, Likeness, ReportState};
use schema::time::{DAY, HOUR};
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_problem, redacted};

fn repair() -> Value {
    json!({
        "class": "B", "channel": "phone", "name": "王芳", "phone": "13812345678", "address": "幸福路 12 号 3-402",
        "fault": "厨房水管爆裂,水流不止", "fault_class": "burst_pipe", "product": "水管", "wanted": "尽快",
        "area": "own", "repeated_back": true,
    })
}

fn with(mut body: Value, changes: Value) -> Value {
    let changes = changes.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(changes);
    body
}

async fn take(person: &Person, body: &Value) -> CustomerReport {
    expect_json(person.post("/v1/reports", body), 201).await
}

fn path(report: &CustomerReport, act: &str) -> String {
    format!("/v1/reports/{}{act}", report.id)
}

#[tokio::test]
async fn a_repair_gets_a_number_an_urgency_and_a_job() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let told: Value = expect_json(agent.post("/v1/reports", &repair()), 201).await;
    insta::assert_json_snapshot!(redacted(told.clone()));
    let read: Value = expect_json(agent.get(&format!("/v1/reports/{}", told["id"].as_str().unwrap())), 200).await;
    assert_eq!(read, told);
    let page: Value = expect_json(agent.get("/v1/reports"), 200).await;
    assert_eq!(page["items"][0]["told"]["phone"], "138****5678");
}

#[tokio::test]
async fn an_incomplete_report_says_what_is_missing_and_is_completed() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let body = json!({"class": "B", "channel": "phone", "name": "王芳", "fault": "没水"});
    let report = take(&agent, &body).await;
    assert!(!report.is_dispatchable);
    let notice = report.notice.clone().unwrap();
    assert_eq!(
        (notice.zh.as_str(), notice.en.as_str()),
        ("不能派工：缺少电话、地址", "not dispatchable: phone, address missing",)
    );
    let patch = json!({"phone": "021-65432109", "address": "和平街 5 弄", "fault_class": "no_water"});
    let whole: Value = expect_json(agent.patch(&path(&report, ""), &patch), 200).await;
    insta::assert_json_snapshot!(redacted(whole));
    let job = report.job.unwrap();
    let row = server.state.db.read(move |conn| Ok(server::db::jobs::find_job(conn, job)?)).await.unwrap().unwrap();
    assert_eq!((row.phone.as_deref(), row.address.as_deref()), (Some("021-65432109"), Some("和平街 5 弄")));
    assert_eq!((row.skill.as_deref(), row.status.as_str()), (Some("plumbing"), "ready"));
    // The same again changes nothing, and says so without an error.
    expect_json::<Value>(agent.patch(&path(&report, ""), &patch), 200).await;
}

#[tokio::test]
async fn missing_data_never_blocks_an_emergency() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let body = json!({"class": "F", "channel": "phone", "address": "和平街 5 弄", "open_job": true});
    let report = take(&agent, &body).await;
    assert!(report.is_dispatchable && !report.missing.is_empty() && report.notice.is_none());
    assert_eq!(report.told.urgency.unwrap().as_str(), "urgent");
}

#[tokio::test]
async fn the_agent_may_say_otherwise_than_the_class_of_the_fault() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let report = take(&agent, &with(repair(), json!({"urgency": "general", "skill": "gas"}))).await;
    assert_eq!((report.told.urgency.unwrap().as_str(), report.told.skill.as_deref()), ("general", Some("gas")));
}

#[tokio::test]
async fn numbers_count_up_on_the_outlets_own_day() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let other = server.person_at("02", Role::DeskAgent).await;
    assert_eq!(take(&agent, &repair()).await.number, "BX-20260302-0001");
    assert_eq!(take(&other, &repair()).await.number, "BX-20260302-0002");
    // 17:00 in London is already the next day in Shanghai.
    server.clock.advance(16 * HOUR);
    assert_eq!(take(&agent, &repair()).await.number, "BX-20260303-0001");
}

#[tokio::test]
async fn the_second_call_about_one_fault_is_noticed() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let first = take(&agent, &repair()).await;
    server.clock.advance(HOUR);
    let call = json!({"class": "B", "channel": "phone", "name": "王先生", "phone": "+86 138-1234-5678", "fault_class": "burst_pipe"});
    let second = take(&agent, &call).await;
    let [suspect] = second.repeats.as_slice() else { panic!("{:?}", second.repeats) };
    assert_eq!((suspect.report, suspect.same.clone()), (first.id, vec![Likeness::Phone, Likeness::FaultClass]));
    assert!(second.job.is_some() && second.job != first.job);
    let verdict = json!({"of": first.id, "verdict": "same"});
    let joined: CustomerReport = expect_json(agent.post(&path(&second, "/repeat"), &verdict), 200).await;
    assert_eq!((joined.job, joined.repeats), (first.job, vec![]));
    assert_eq!(joined.told.address, first.told.address, "what it lacked was told the first time");
    let again: CustomerReport = expect_json(agent.get(&path(&first, "")), 200).await;
    assert_eq!(again.repeated, 1, "counted against the first");
    let own = second.job.unwrap();
    let row = server.state.db.read(move |conn| Ok(server::db::jobs::find_job(conn, own)?)).await.unwrap().unwrap();
    assert_eq!(row.status.as_str(), "cancelled");
    // Said again it is the same; another verdict says why.
    expect_json::<Value>(agent.post(&path(&second, "/repeat"), &verdict), 200).await;
    let new = json!({"of": first.id, "verdict": "new"});
    let refused = expect_problem(agent.post(&path(&second, "/repeat"), &new), Kind::InvalidField).await;
    assert_eq!(refused.errors[0].at, "/reason");
    server.clock.advance(HOUR);
    let new = with(new, json!({"reason": "两处漏水，不是一处"}));
    let parted: CustomerReport = expect_json(agent.post(&path(&second, "/repeat"), &new), 200).await;
    assert_eq!((parted.job, parted.state), (Some(own), ReportState::Job));
    let row = server.state.db.read(move |conn| Ok(server::db::jobs::find_job(conn, own)?)).await.unwrap().unwrap();
    assert_eq!((row.status.as_str(), row.closed_at), ("reopened", None));
    let again: CustomerReport = expect_json(agent.get(&path(&first, "")), 200).await;
    assert_eq!(again.repeated, 0);
    let detail: Value = expect_json(agent.get(&format!("/v1/jobs/{}", first.job.unwrap())), 200).await;
    let note = detail["notes"][0]["text"].as_str().unwrap().to_owned();
    assert!(note.contains("原为“与") && note.contains(&agent.name) && note.contains("两处漏水"), "{note}");
    server.clock.advance(HOUR);
    let back = with(verdict, json!({"reason": "还是同一处"}));
    let joined: CustomerReport = expect_json(agent.post(&path(&second, "/repeat"), &back), 200).await;
    assert_eq!(joined.job, first.job);
}

#[tokio::test]
async fn another_fault_another_customer_and_long_ago_are_no_repeats() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let first = take(&agent, &repair()).await;
    server.clock.advance(HOUR);
    let another = with(repair(), json!({"fault_class": "lighting", "product": "吊灯"}));
    assert_eq!(take(&agent, &another).await.repeats, []);
    let somebody = with(repair(), json!({"phone": "13900000000", "address": "和平街 5 弄", "name": "李强"}));
    assert_eq!(take(&agent, &somebody).await.repeats, []);
    let other = server.person_at("02", Role::DeskAgent).await;
    assert_eq!(take(&other, &repair()).await.repeats, []);
    let solved = json!({"text": "教客户关总阀"});
    expect_json::<Value>(agent.post(&path(&first, "/solve-remotely"), &solved), 200).await;
    server.clock.advance(29 * DAY);
    assert_eq!(take(&agent, &repair()).await.repeats.len(), 1, "closed within the window");
    server.clock.advance(2 * DAY);
    let numbers: Vec<_> = take(&agent, &repair()).await.repeats.into_iter().map(|suspect| suspect.report).collect();
    assert!(!numbers.contains(&first.id), "closed longer ago than the window");
}

#[tokio::test]
async fn rework_starts_a_job_that_names_the_first() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let first = take(&agent, &repair()).await;
    let solved = json!({"text": "教客户关总阀"});
    expect_json::<Value>(agent.post(&path(&first, "/solve-remotely"), &solved), 200).await;
    server.clock.advance(HOUR);
    let again = with(repair(), json!({"repeat": {"of": first.id, "verdict": "same"}}));
    let second = take(&agent, &again).await;
    let job = second.job.unwrap();
    let row = server.state.db.read(move |conn| Ok(server::db::jobs::find_job(conn, job)?)).await.unwrap().unwrap();
    assert_eq!(row.rework_of, first.job);
}

#[tokio::test]
async fn a_question_is_answered_or_turns_into_a_job() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let question = json!({"class": "D", "channel": "letter", "name": "李强", "fault": "保修期多久?"});
    let asked = take(&agent, &question).await;
    assert_eq!((asked.state, asked.job), (ReportState::Open, None));
    let text = json!({"text": "维修后保修三个月。"});
    expect_problem(agent.post(&path(&asked, "/solve-remotely"), &text), Kind::Conflict).await;
    let answered: Value = expect_json(agent.post(&path(&asked, "/answer"), &text), 200).await;
    insta::assert_json_snapshot!(redacted(answered));
    expect_json::<Value>(agent.post(&path(&asked, "/answer"), &text), 200).await;
    expect_problem(agent.post(&path(&asked, "/answer"), &json!({"text": "别的"})), Kind::Conflict).await;
    let turned = take(&agent, &question).await;
    let job: CustomerReport = expect_json(agent.request(reqwest::Method::POST, &path(&turned, "/job")), 201).await;
    assert!(job.job.is_some() && job.state == ReportState::Job);
    expect_problem(agent.request(reqwest::Method::POST, &path(&turned, "/job")), Kind::Conflict).await;
    expect_problem(agent.post(&path(&turned, "/answer"), &text), Kind::Conflict).await;
}

#[tokio::test]
async fn a_job_solved_by_phone_ends_without_a_visit() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let report = take(&agent, &repair()).await;
    let text = json!({"text": "指导客户关闭总阀后自行更换"});
    let solved: CustomerReport = expect_json(agent.post(&path(&report, "/solve-remotely"), &text), 200).await;
    assert_eq!((solved.state, solved.job), (ReportState::SolvedRemotely, report.job));
    expect_json::<Value>(agent.post(&path(&report, "/solve-remotely"), &text), 200).await;
    let other = json!({"text": "别的办法"});
    expect_problem(agent.post(&path(&report, "/solve-remotely"), &other), Kind::JobClosed).await;
}

#[tokio::test]
async fn what_a_customer_has_signed_for_was_not_solved_by_phone() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let report = take(&agent, &repair()).await;
    rework::signed(&server, &agent, report.job.unwrap()).await;
    expect_problem(agent.post(&path(&report, "/solve-remotely"), &json!({"text": "电话指导"})), Kind::Conflict).await;
    let stands: CustomerReport = expect_json(agent.get(&path(&report, "")), 200).await;
    assert_eq!(stands.state, ReportState::Job);
}

#[tokio::test]
async fn a_silent_call_is_recorded_and_leads_to_nothing() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let call = json!({"class": "B", "channel": "phone", "outcome": "silent", "phone": "13812345678"});
    let report = take(&agent, &call).await;
    assert_eq!((report.state, report.job), (ReportState::Void, None));
    let dropped = take(&agent, &with(call, json!({"outcome": "dropped"}))).await;
    assert_eq!((dropped.state, dropped.job), (ReportState::Open, None), "to be called back");
}

#[tokio::test]
async fn whoever_was_asked_first_keeps_it_until_a_named_person_takes_it_over() {
    let server = patient_server().await;
    let (technician, supervisor) = (server.person(Role::Technician).await, server.person(Role::DeskSupervisor).await);
    let report = take(&technician, &repair()).await;
    assert_eq!(report.owner.id, technician.id);
    server.clock.advance(HOUR);
    let to = json!({"person": supervisor.id});
    let handed: CustomerReport = expect_json(technician.post(&path(&report, "/owner"), &to), 200).await;
    assert_eq!((handed.owner.id, handed.taken_by.id), (supervisor.id, technician.id));
    let had: Vec<_> = handed.owners.iter().map(|owner| owner.person.id).collect();
    assert_eq!(had, [technician.id, supervisor.id]);
    let stranger = server.person_at("02", Role::DeskAgent).await;
    let away = json!({"person": stranger.id});
    expect_problem(supervisor.post(&path(&report, "/owner"), &away), Kind::InvalidField).await;
}

#[tokio::test]
async fn a_technician_sees_only_the_reports_that_they_took() {
    let server = TestServer::start().await;
    let (agent, technician) = (server.person(Role::DeskAgent).await, server.person(Role::Technician).await);
    let (of_agent, own) = (take(&agent, &repair()).await, take(&technician, &repair()).await);
    expect_problem(technician.get(&path(&of_agent, "")), Kind::NotFound).await;
    let page: Value = expect_json(technician.get("/v1/reports"), 200).await;
    let ids: Vec<&str> = page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [own.id.to_string()]);
}

#[tokio::test]
async fn a_known_customers_data_completes_the_report() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let customer = json!({"name": "王芳", "phone": "13812345678", "address": "幸福路 12 号"});
    let customer: Value = expect_json(agent.post("/v1/customers", &customer), 201).await;
    let call = json!({"class": "B", "channel": "phone", "customer": customer["id"], "fault": "没水"});
    let report = take(&agent, &call).await;
    assert!(report.is_dispatchable, "{:?}", report.missing);
    // Found by number and name too; a technician who names them learns nothing more.
    let technician = server.person(Role::Technician).await;
    let names = json!({"class": "B", "channel": "visit", "name": "王芳", "phone": "13812345678", "fault": "没水"});
    let told = take(&technician, &names).await.told;
    assert_eq!((told.address, told.phone.as_deref()), (None, Some("13812345678")));
    let call = json!({"class": "B", "channel": "phone", "name": "王芳", "phone": "138 1234 5678", "fault": "没水"});
    let report = take(&agent, &call).await;
    assert_eq!(json!(report.customer), customer["id"]);
    assert_eq!(report.told.address.as_deref(), Some("幸福路 12 号"));
}

#[tokio::test]
async fn what_a_report_says_wrongly_is_named_field_by_field() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let body = json!({
        "class": "B", "channel": "phone", "phone": "12", "fault_class": "ghost", "purchased_on": "2026-2-31",
        "name": "x".repeat(401), "fault": "a\u{7}b", "outcome": "silent", "open_job": true,
    });
    let problem = expect_problem(agent.post("/v1/reports", &body), Kind::InvalidField).await;
    insta::assert_json_snapshot!(problem.errors);
    let page: Value = expect_json(agent.get("/v1/reports"), 200).await;
    assert_eq!(page["items"], json!([]), "nothing is half written");
}

#[tokio::test]
async fn the_same_report_sent_twice_is_taken_once() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let send = || agent.post("/v1/reports", &repair()).header("Idempotency-Key", "call-7");
    let first: Value = expect_json(send(), 201).await;
    assert_eq!(expect_json::<Value>(send(), 201).await, first);
    let other = agent.post("/v1/reports", &with(repair(), json!({"name": "李强"})));
    expect_problem(other.header("Idempotency-Key", "call-7"), Kind::IdempotencyConflict).await;
}

#[tokio::test]
async fn fault_classes_say_their_urgency_and_skill() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let classes: Value = expect_json(agent.get("/v1/fault-classes"), 200).await;
    let burst = classes.as_array().unwrap().iter().find(|class| class["id"] == "burst_pipe").unwrap();
    let told = json!({
        "id": "burst_pipe", "name": {"zh": "水管爆裂", "en": "Burst pipe"}, "urgency": "urgent", "skill": "plumbing",
    });
    assert_eq!(burst, &told);
}

/// A report that is changed or solved changes or ends its job: that takes what it takes to do so to the job itself.
#[tokio::test]
async fn reading_a_report_is_not_enough_to_change_it_or_to_end_its_job() {
    let server = TestServer::start().await;
    let (agent, owner) = (server.person(Role::DeskAgent).await, server.person(Role::QualityInspector).await);
    let report = take(&agent, &repair()).await;
    let later = take(&agent, &with(repair(), json!({"phone": "13812345679"}))).await;
    let job = report.job.unwrap();
    let heads = server.heads(job).await;
    let acts = [
        ("/repeat", json!({"of": report.id, "verdict": "same"})),
        ("/solve-remotely", json!({"text": "好了"})),
        ("/answer", json!({"text": "好了"})),
        ("/owner", json!({"person": owner.id})),
        ("/job", json!({})),
        ("/questions", json!({"text": "问"})),
    ];
    for role in [Role::QualityInspector, Role::Administrator, Role::TechnicalSection, Role::ProjectManager] {
        let reader = server.person(role).await;
        expect_json::<Value>(reader.get(&path(&report, "")), 200).await;
        expect_problem(reader.patch(&path(&report, ""), &json!({"fault": "改了"})), Kind::Forbidden).await;
        for (act, body) in &acts {
            expect_problem(reader.post(&path(&later, act), body), Kind::Forbidden).await;
        }
        let price = format!("/v1/jobs/{job}/price-requests");
        expect_problem(reader.post(&price, &json!({"text": "换玻璃"})), Kind::Forbidden).await;
    }
    assert_eq!(server.heads(job).await, heads);
    // Whoever it was handed to may, whatever their role.
    expect_json::<CustomerReport>(agent.post(&path(&later, "/owner"), &json!({"person": owner.id})), 200).await;
    let solved: CustomerReport =
        expect_json(owner.post(&path(&later, "/solve-remotely"), &json!({"text": "好了"})), 200).await;
    assert_eq!(solved.state, ReportState::SolvedRemotely);
}

#[tokio::test]
async fn a_report_is_found_by_what_is_broken_however_it_is_written() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let report = take(&agent, &with(repair(), json!({"product": "Haier 空调", "fault": "不制冷，显示 E4_"}))).await;
    for q in ["haier", "制冷", "e4_", report.number.as_str(), &report.number.to_lowercase()] {
        let found: Page<CustomerReport> = expect_json(agent.get(&with_query("/v1/reports", &[("q", q)])), 200).await;
        assert_eq!(found.items.iter().map(|found| found.id).collect::<Vec<_>>(), [report.id], "{q}");
        let jobs: Page<Value> = expect_json(agent.get(&with_query("/v1/jobs", &[("q", q)])), 200).await;
        assert_eq!(jobs.items.is_empty(), q.to_uppercase().contains("BX-"), "a job's number is another: {q}");
    }
    for q in ["%", "E4%", "美的"] {
        let none: Page<CustomerReport> = expect_json(agent.get(&with_query("/v1/reports", &[("q", q)])), 200).await;
        assert_eq!(none.items, [], "{q}");
    }
    let stranger = server.person_at("02", Role::DeskAgent).await;
    let none: Page<CustomerReport> = expect_json(stranger.get("/v1/reports?q=haier"), 200).await;
    assert_eq!(none.items, []);
}
