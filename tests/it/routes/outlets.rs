//! Branches: founded and changed by the administrator, seen by their own people.

use schema::outlet::{Collects, Outlet};
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use serde_json::json;
use tests::{TestServer, expect_json, expect_problem};

#[tokio::test]
async fn an_outlet_works_as_usual_until_it_is_told_otherwise() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let body = json!({"code": "pd", "name": "浦东网点", "phone": "021-55501234"});
    let founded: Outlet = expect_json(administrator.post("/v1/outlets", &body), 201).await;
    assert_eq!((founded.code.as_str(), founded.settings.collects), ("PD", Collects::Desk));
    let path = format!("/v1/outlets/{}", founded.id);
    let changed: Outlet =
        expect_json(administrator.patch(&path, &json!({"settings": {"collects": "technician"}})), 200).await;
    assert_eq!((changed.settings.collects, changed.settings.follow_up_percent), (Collects::Technician, 100));
    let read: Outlet = expect_json(administrator.get(&path), 200).await;
    assert_eq!(read, changed);
}

#[tokio::test]
async fn what_is_wrong_with_an_outlet_is_told_by_field() {
    let server = TestServer::start().await;
    let administrator = server.person(Role::Administrator).await;
    let body = json!({
        "code": "01", "name": "", "phone": "x", "time_zone": "Mars/Base",
        "settings": {"follow_up_percent": 101},
    });
    let problem = expect_problem(administrator.post("/v1/outlets", &body), Kind::InvalidField).await;
    let at: Vec<&str> = problem.errors.iter().map(|error| error.at.as_str()).collect();
    assert_eq!(at, ["/code", "/name", "/time_zone", "/phone", "/settings/follow_up_percent"]);
    let path = format!("/v1/outlets/{}", administrator.outlet);
    expect_problem(administrator.patch(&path, &json!({"settings": {"unheard_of": 1}})), Kind::InvalidField).await;
    expect_problem(administrator.patch(&path, &json!({"code": "02"})), Kind::InvalidField).await;
}

#[tokio::test]
async fn people_see_their_own_outlet_and_the_centre_sees_all() {
    let server = TestServer::start().await;
    let (here, there) = (server.person(Role::Dispatcher).await, server.person_at("02", Role::Dispatcher).await);
    let seen: Page<Outlet> = expect_json(here.get("/v1/outlets"), 200).await;
    assert_eq!(seen.items.iter().map(|outlet| outlet.id).collect::<Vec<_>>(), [here.outlet]);
    expect_problem(here.get(&format!("/v1/outlets/{}", there.outlet)), Kind::NotFound).await;
    expect_problem(here.patch(&format!("/v1/outlets/{}", here.outlet), &json!({"name": "x"})), Kind::Forbidden).await;
    let centre = server.person(Role::CentreClerk).await;
    let all: Page<Outlet> = expect_json(centre.get("/v1/outlets"), 200).await;
    assert_eq!(all.items.len(), 2);
}
