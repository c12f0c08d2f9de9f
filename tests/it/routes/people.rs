//! The staff: hired, changed, disabled, and what colleagues see of each other.

use super::{walk, with_query};
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::session::SessionTokens;
use schema::staff::Person as Seen;
use serde_json::{Value, json};
use tests::{PASSWORD, Person, TestServer, expect_json, expect_ok, expect_problem};

fn new_person(administrator: &Person, login: &str) -> Value {
    json!({
        "outlet_id": administrator.outlet, "login": login, "password": "a password of mine", "name": "李伟",
        "phone": "138 1234 5678", "role": "technician", "skills": ["plumbing", "电工", "plumbing"],
    })
}

#[tokio::test]
async fn who_is_hired_can_log_in_and_has_a_number_of_their_own() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let hired: Seen = expect_json(administrator.post("/v1/people", &new_person(&administrator, "Li.Wei")), 201).await;
    assert_eq!((hired.login.as_deref(), hired.staff_number.as_str()), (Some("li.wei"), "0002"));
    assert_eq!(hired.skills, ["plumbing", "电工"]);
    let next: Seen = expect_json(administrator.post("/v1/people", &new_person(&administrator, "li.na")), 201).await;
    assert_eq!(next.staff_number, "0003");
    let log_in = json!({"login": "li.wei", "password": "a password of mine"});
    let tokens: SessionTokens = expect_json(server.post("/v1/sessions", &log_in), 201).await;
    assert_eq!(tokens.person.id, hired.id);
}

#[tokio::test]
async fn what_is_wrong_with_a_new_person_is_told_by_field() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let wrong = async |change: Value| -> Vec<String> {
        let mut body = new_person(&administrator, "li.wei");
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let problem = expect_problem(administrator.post("/v1/people", &body), Kind::InvalidField).await;
        problem.errors.into_iter().map(|error| error.at).collect()
    };
    assert_eq!(wrong(json!({"login": administrator.login, "staff_number": "0001"})).await, ["/login", "/staff_number"]);
    assert_eq!(wrong(json!({"login": "李伟", "name": " ", "phone": "12"})).await, ["/login", "/name", "/phone"]);
    assert_eq!(wrong(json!({"skills": ["a b"]})).await, ["/skills"]);
    assert_eq!(wrong(json!({"skills": vec!["x"; 51]})).await, ["/skills"]);
    assert_eq!(wrong(json!({"password": "short"})).await, ["/password"]);
    assert_eq!(wrong(json!({"outlet_id": administrator.id})).await, ["/outlet_id"]);
    assert!(wrong(json!({"role": "wizard"})).await.is_empty());
    assert!(wrong(json!({"disabled": true})).await.is_empty());
}

#[tokio::test]
async fn only_who_manages_people_hires_or_changes_them() {
    let server = TestServer::start().await;
    let (manager, technician) = (server.person(Role::ServiceManager).await, server.person(Role::Technician).await);
    expect_problem(manager.post("/v1/people", &new_person(&manager, "li.wei")), Kind::Forbidden).await;
    let path = format!("/v1/people/{}", technician.id);
    expect_problem(technician.patch(&path, &json!({"role": "administrator"})), Kind::Forbidden).await;
    expect_problem(server.get("/v1/people"), Kind::Unauthenticated).await;
}

#[tokio::test]
async fn colleagues_see_a_number_in_full_only_where_they_need_it() {
    let server = TestServer::start().await;
    let technician = server.person(Role::Technician).await;
    let path = format!("/v1/people/{}", technician.id);
    for (role, in_full, login) in [
        (Role::Technician, false, false),
        (Role::DeskAgent, false, false),
        (Role::Dispatcher, true, false),
        (Role::Administrator, true, true),
    ] {
        let seen: Seen = expect_json(server.person(role).await.get(&path), 200).await;
        assert_eq!((!seen.phone_is_masked, seen.login.is_some()), (in_full, login), "{role}: {seen:?}");
        assert_eq!(seen.phone.contains('*'), !in_full, "{role}: {seen:?}");
    }
    let oneself: Seen = expect_json(technician.get(&path), 200).await;
    assert!(!oneself.phone_is_masked);
}

#[tokio::test]
async fn people_of_another_outlet_are_not_found() {
    let server = TestServer::start().await;
    let (here, there) = (server.person(Role::Dispatcher).await, server.person_at("02", Role::Dispatcher).await);
    expect_problem(here.get(&format!("/v1/people/{}", there.id)), Kind::NotFound).await;
    expect_problem(here.get(&format!("/v1/people?outlet={}", there.outlet)), Kind::NotFound).await;
    let seen: Page<Seen> = expect_json(here.get("/v1/people"), 200).await;
    assert_eq!(seen.items.iter().map(|person| person.id).collect::<Vec<_>>(), [here.id]);
    let centre = server.person(Role::CentreClerk).await;
    expect_ok(centre.get(&format!("/v1/people/{}", there.id))).await;
}

#[tokio::test]
async fn a_list_of_people_comes_in_pages() {
    let server = TestServer::start().await;
    let manager = server.person(Role::ServiceManager).await;
    for _ in 0..3 {
        server.person(Role::Technician).await;
    }
    let people = walk::<Seen>(&manager, "/v1/people?role=technician", 2).await;
    let seen: Vec<_> = people.into_iter().map(|person| person.id).collect();
    assert_eq!(seen.len(), 3);
    assert!(seen.is_sorted());
    expect_problem(manager.get("/v1/people?after=x"), Kind::BadRequest).await;
    expect_problem(manager.get("/v1/people?with_disabled=true"), Kind::Forbidden).await;
}

#[tokio::test]
async fn people_are_found_by_what_the_asker_sees_of_them() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let (dispatcher, agent) = (server.person(Role::Dispatcher).await, server.person(Role::DeskAgent).await);
    let mut body = new_person(&administrator, "wei_100");
    body["name"] = json!("Li Wei 李伟");
    body["phone"] = json!("13912345678");
    let hired: Seen = expect_json(administrator.post("/v1/people", &body), 201).await;
    let elsewhere = server.person_at("02", Role::DeskAgent).await;
    let finds = async |person: &Person, part: &str| {
        let path = with_query("/v1/people", &[("q", part)]);
        let found: Page<Seen> = expect_json(person.get(&path), 200).await;
        found.items.iter().any(|found| found.id == hired.id)
    };
    for part in ["李", "li wei", " WEI ", hired.staff_number.as_str(), ""] {
        assert!(finds(&agent, part).await, "{part}");
        assert!(!finds(&elsewhere, part).await, "{part}");
    }
    for part in ["王", "%", "_", "Wei%李"] {
        assert!(!finds(&agent, part).await, "{part}");
    }
    for (part, by) in [("91234", [false, true, true]), ("Wei_1", [false, false, true])] {
        let found = [finds(&agent, part).await, finds(&dispatcher, part).await, finds(&administrator, part).await];
        assert_eq!(found, by, "{part}");
    }
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once_and_may_come_back() {
    let server = TestServer::start().await;
    let (administrator, agent) = (server.person(Role::Administrator).await, server.person(Role::DeskAgent).await);
    let path = format!("/v1/people/{}", agent.id);
    let disabled: Seen = expect_json(administrator.patch(&path, &json!({"disabled": true})), 200).await;
    assert_eq!(disabled.disabled_at, Some(server.clock.now()));
    expect_problem(agent.get("/v1/me"), Kind::SessionEnded).await;
    let log_in = json!({"login": agent.login, "password": PASSWORD});
    expect_problem(server.post("/v1/sessions", &log_in), Kind::BadCredentials).await;
    let there: Page<Seen> = expect_json(administrator.get("/v1/people"), 200).await;
    assert!(there.items.iter().all(|person| person.id != agent.id));
    expect_ok(administrator.patch(&path, &json!({"disabled": false}))).await;
    expect_problem(agent.get("/v1/me"), Kind::SessionEnded).await;
    expect_ok(server.post("/v1/sessions", &log_in)).await;
}

#[tokio::test]
async fn a_phone_of_who_left_is_revoked() {
    let server = TestServer::start().await;
    let (administrator, technician) = (server.person(Role::Administrator).await, server.person(Role::Technician).await);
    let device = json!({"name": "手机", "public_key": schema::binary::PublicKey([1; 32])});
    let log_in = json!({"login": technician.login, "password": PASSWORD, "device": device});
    let phone: SessionTokens = expect_json(server.post("/v1/sessions", &log_in), 201).await;
    expect_ok(administrator.patch(&format!("/v1/people/{}", technician.id), &json!({"disabled": true}))).await;
    expect_problem(technician.get("/v1/me"), Kind::SessionEnded).await;
    expect_problem(server.get("/v1/me").bearer_auth(&phone.access_token), Kind::DeviceRevoked).await;
}

#[tokio::test]
async fn a_change_of_role_holds_at_once_and_nobody_changes_their_own() {
    let server = TestServer::start().await;
    let (administrator, agent) = (server.person(Role::Administrator).await, server.person(Role::DeskAgent).await);
    expect_ok(administrator.patch(&format!("/v1/people/{}", agent.id), &json!({"role": "administrator"}))).await;
    expect_ok(agent.get("/v1/people?with_disabled=true")).await;
    let own = format!("/v1/people/{}", administrator.id);
    expect_problem(administrator.patch(&own, &json!({"role": "desk_agent"})), Kind::Conflict).await;
    expect_problem(administrator.patch(&own, &json!({"disabled": true})), Kind::Conflict).await;
    expect_ok(administrator.patch(&own, &json!({"name": "王芳", "role": "administrator"}))).await;
}

#[tokio::test]
async fn a_password_set_by_the_administrator_logs_its_owner_out() {
    let server = TestServer::start().await;
    let (administrator, agent) = (server.person(Role::Administrator).await, server.person(Role::DeskAgent).await);
    let path = format!("/v1/people/{}", agent.id);
    let named = json!({"password": format!("{} and more", agent.login)});
    expect_problem(administrator.patch(&path, &named), Kind::InvalidField).await;
    expect_ok(administrator.patch(&path, &json!({"password": "a password of mine"}))).await;
    expect_problem(agent.get("/v1/me"), Kind::SessionEnded).await;
    let log_in = json!({"login": agent.login, "password": "a password of mine"});
    expect_ok(server.post("/v1/sessions", &log_in)).await;
}
