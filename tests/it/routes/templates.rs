//! The checklists, by version: what is shipped, what a company publishes, and what a job begins with.

use schema::job::JobDetail;
use schema::people::Role;
use schema::problem::{Kind, ProblemBody};
use schema::reference::Reference;
use schema::template::{Gate, Template, TemplateCheck, TemplateVersion, find_shipped};
use serde_json::{Value, json};
use tests::checklist::{METER, with_meter};
use tests::{Person, TestServer, expect_json, expect_ok, expect_problem};

async fn versions(person: &Person) -> Vec<(String, u32, bool)> {
    let found: Vec<TemplateVersion> = expect_json(person.get("/v1/templates"), 200).await;
    found.into_iter().map(|known| (known.id, known.version, known.is_newest)).collect()
}

fn row(id: &str, version: u32, is_newest: bool) -> (String, u32, bool) {
    (id.to_owned(), version, is_newest)
}

async fn begun_with(server: &TestServer, agent: &Person, template: Option<&str>) -> (String, u32) {
    let job = server.reported_job(agent, template).await;
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    (detail.record.meta.template, detail.record.meta.template_version)
}

#[tokio::test]
async fn a_version_of_a_checklist_is_read_whole_and_asked_for_again_only_by_its_name() {
    let server = TestServer::start().await;
    let technician = server.person(Role::Technician).await;
    assert_eq!(versions(&technician).await, [row("home_repair", 1, true), row("short_visit", 1, true)]);
    for (id, version, _) in versions(&technician).await {
        let template: Template = expect_json(technician.get(&format!("/v1/templates/{id}/{version}")), 200).await;
        assert_eq!(Some(&template), find_shipped(&id, version), "whole, with playbooks and phrases");
    }
    let path = "/v1/templates/home_repair/1";
    let first = technician.get(path).send().await.unwrap();
    assert_eq!(first.headers()["cache-control"], "private, no-cache");
    let tag = first.headers()["etag"].clone();
    let again = technician.get(path).header("if-none-match", tag).send().await.unwrap();
    assert_eq!((again.status().as_u16(), again.bytes().await.unwrap().len()), (304, 0));
    let other = technician.get(path).header("if-none-match", "\"another\"").send().await.unwrap();
    assert_eq!(other.status().as_u16(), 200);
}

#[tokio::test]
async fn a_checklist_that_there_is_not_is_not_found_and_a_stranger_gets_none() {
    let server = TestServer::start().await;
    let technician = server.person(Role::Technician).await;
    let unknown = ["home_repair/99", "ghost/1", "home_repair/newest", "home_repair/4294967295", "a%00b/1"];
    for path in unknown.map(|name| format!("/v1/templates/{name}")) {
        expect_problem(technician.get(&path), Kind::NotFound).await;
    }
    expect_problem(server.get("/v1/templates/home_repair/1"), Kind::Unauthenticated).await;
}

#[tokio::test]
async fn jobs_begin_with_the_newest_version_and_those_that_have_begun_keep_theirs() {
    let server = TestServer::start().await;
    let (manager, agent) = (server.person(Role::ServiceManager).await, server.person(Role::DeskAgent).await);
    let before = server.reported_job(&agent, None).await;
    let published = server.publish(&manager, &with_meter(2)).await;
    assert_eq!((published.version, published.steps, published.is_newest), (2, 25, true));
    assert_eq!((published.published_by, published.published_by_name), (Some(manager.id), Some(manager.name.clone())));
    let mut inspection = with_meter(1);
    inspection.id = "gas_inspection".to_owned();
    server.publish(&manager, &inspection).await;
    let expected = [
        row("gas_inspection", 1, true),
        row("home_repair", 2, true),
        row("home_repair", 1, false),
        row("short_visit", 1, true),
    ];
    assert_eq!(versions(&agent).await, expected);
    let second: Template = expect_json(agent.get("/v1/templates/home_repair/2"), 200).await;
    assert_eq!(second, with_meter(2));

    let named = |id: &str, version| (id.to_owned(), version);
    assert_eq!(begun_with(&server, &agent, None).await, named("home_repair", 2));
    assert_eq!(begun_with(&server, &agent, Some("short_visit")).await, named("short_visit", 1));
    assert_eq!(begun_with(&server, &agent, Some("gas_inspection")).await, named("gas_inspection", 1));
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{before}")), 200).await;
    assert_eq!(detail.record.meta.template_version, 1);
    assert_eq!(server.differences().await, [], "what stands is what the log makes, by each job's own version");
}

#[tokio::test]
async fn an_unknown_checklist_is_refused_by_name_and_opens_nothing() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let report = json!({ "class": "B", "channel": "phone", "fault": "漏水", "template": "gas\u{0}" });
    let problem = expect_problem(agent.post("/v1/reports", &report), Kind::InvalidField).await;
    assert_eq!((problem.errors[0].at.as_str(), problem.errors[0].zh.as_str()), ("/template", "没有流程“gas”"));
    let jobs: Value = expect_json(agent.get("/v1/jobs"), 200).await;
    assert_eq!(jobs["items"], json!([]));
    let question = json!({ "class": "D", "channel": "phone", "fault": "怎么除垢" });
    let asked: Value = expect_json(agent.post("/v1/reports", &question), 201).await;
    let path = format!("/v1/reports/{}/job", asked["id"].as_str().unwrap());
    expect_problem(agent.post(&format!("{path}?template=ghost"), &json!({})), Kind::InvalidField).await;
    let opened: Value = expect_json(agent.post(&format!("{path}?template=short_visit"), &json!({})), 201).await;
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{}", opened["job"].as_str().unwrap())), 200).await;
    assert_eq!(detail.record.meta.template, "short_visit");
}

fn detail(problem: ProblemBody) -> String {
    problem.detail.unwrap_or_default()
}

#[tokio::test]
async fn a_version_is_one_more_than_the_last_and_the_slower_of_two_publishers_is_told_why() {
    let server = TestServer::start().await;
    let manager = server.person(Role::ServiceManager).await;
    let mut late = with_meter(3);
    let refused = expect_problem(manager.post("/v1/templates", &late), Kind::Conflict).await;
    assert!(detail(refused).contains("第 1 版，新版本应为第 2 版"));
    let first = server.publish(&manager, &with_meter(2)).await;
    // The same once more, as after an answer that was lost.
    assert_eq!(server.publish(&manager, &with_meter(2)).await, first);
    late.version = 2;
    late.warranty_months = 12;
    let refused = expect_problem(manager.post("/v1/templates", &late), Kind::Conflict).await;
    assert!(detail(refused).contains("可能有人刚发布过"));
    let refused = expect_problem(manager.post("/v1/templates", &with_meter(3)), Kind::Conflict).await;
    assert_eq!(detail(refused), "与现行第 2 版相同，无需发布");
    let mut strange = with_meter(2);
    strange.id = "gas_inspection".to_owned();
    let refused = expect_problem(manager.post("/v1/templates", &strange), Kind::Conflict).await;
    assert_eq!(detail(refused), "新流程从第 1 版开始");
    assert_eq!(versions(&manager).await.len(), 3);
}

#[tokio::test]
async fn of_many_who_publish_at_once_one_succeeds_and_the_others_are_told() {
    let server = TestServer::start().await;
    let manager = server.person(Role::ServiceManager).await;
    let publish = |months: u32| {
        let mut template = with_meter(2);
        template.warranty_months = months;
        tokio::spawn(manager.post("/v1/templates", &template).send())
    };
    let mut statuses = Vec::new();
    for answer in (4..10).map(publish).collect::<Vec<_>>() {
        statuses.push(answer.await.unwrap().unwrap().status().as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
    assert_eq!(versions(&manager).await.len(), 3);
}

#[tokio::test]
async fn a_body_is_checked_whole_and_what_differs_is_shown_before_anything_is_published() {
    let server = TestServer::start().await;
    let manager = server.person(Role::ServiceManager).await;
    let found: TemplateCheck = expect_json(manager.post("/v1/templates/check", &with_meter(2)), 200).await;
    let difference = found.difference.unwrap();
    assert_eq!((found.version, found.version_due, difference.since), (2, 2, 1));
    assert_eq!(difference.added.iter().map(|step| step.id.as_str()).collect::<Vec<_>>(), [METER]);
    assert!(difference.removed.is_empty() && difference.changed.is_empty());

    let mut wrong = with_meter(2);
    wrong.steps[3].name.en.clear();
    wrong.steps[14].gates.retain(|gate| *gate != Gate::Consent);
    for path in ["/v1/templates/check", "/v1/templates"] {
        let problem = expect_problem(manager.post(path, &wrong), Kind::InvalidField).await;
        let at: Vec<&str> = problem.errors.iter().map(|error| error.at.as_str()).collect();
        assert_eq!(at, ["/steps/3/name/en", "/steps/14/gates"]);
    }
    let mut unknown = serde_json::to_value(with_meter(2)).unwrap();
    unknown["steps"][0]["colour"] = json!("red");
    let problem = expect_problem(manager.post("/v1/templates", &unknown), Kind::InvalidField).await;
    assert_eq!(problem.errors[0].at, "/steps/0");
    assert_eq!(versions(&manager).await.len(), 2, "nothing was published");
}

#[tokio::test]
async fn only_json_of_a_bearable_size_is_taken_from_those_who_may() {
    let server = TestServer::start().await;
    let manager = server.person(Role::ServiceManager).await;
    expect_problem(server.person(Role::Dispatcher).await.post("/v1/templates", &with_meter(2)), Kind::Forbidden).await;
    let post = |kind: &'static str, body: Vec<u8>| {
        manager.request(reqwest::Method::POST, "/v1/templates").header("content-type", kind).body(body)
    };
    expect_problem(post("text/plain", b"{}".to_vec()), Kind::UnsupportedMediaType).await;
    expect_problem(post("application/json", vec![b' '; 1 << 20]), Kind::TooLarge).await;
    let problem = expect_problem(post("application/json", b"{".to_vec()), Kind::InvalidField).await;
    assert!(problem.errors[0].zh.starts_with("不是有效的 JSON"));
}

#[tokio::test]
async fn phones_are_told_that_there_is_something_new_and_carry_what_open_jobs_began_with() {
    let server = TestServer::start().await;
    let (manager, agent) = (server.person(Role::ServiceManager).await, server.person(Role::DeskAgent).await);
    let reference = || expect_json::<Reference>(agent.get("/v1/reference"), 200);
    let carried =
        |reference: &Reference| reference.templates.iter().map(|one| (one.id.clone(), one.version)).collect::<Vec<_>>();
    let named =
        |names: &[(&str, u32)]| names.iter().map(|(id, version)| ((*id).to_owned(), *version)).collect::<Vec<_>>();
    assert_eq!(reference().await.versions["template"], 1);
    let first = server.publish(&manager, &with_meter(2)).await;
    let job = server.reported_job(&agent, None).await;
    let mut third = with_meter(3);
    third.warranty_months = 6;
    // In the same microsecond, and still later.
    let second = server.publish(&manager, &third).await;
    assert!(second.published_at > first.published_at);
    let open = reference().await;
    assert_eq!(open.versions["template"], second.published_at.unwrap().micros());
    assert_eq!(
        carried(&open),
        named(&[("home_repair", 1), ("short_visit", 1), ("home_repair", 2), ("home_repair", 3)])
    );

    let tag = expect_ok(agent.get("/v1/reference")).await.headers()["etag"].clone();
    let known = || agent.get("/v1/reference").header("if-none-match", &tag).send();
    assert_eq!(known().await.unwrap().status(), 304);
    let cancel = json!({ "reason": "客户取消" });
    expect_ok(server.person(Role::Dispatcher).await.post(&format!("/v1/jobs/{job}/cancel"), &cancel)).await;
    assert_eq!(known().await.unwrap().status(), 200, "what nobody needs any more is not carried");
    assert_eq!(carried(&reference().await), named(&[("home_repair", 1), ("short_visit", 1), ("home_repair", 3)]));
}
