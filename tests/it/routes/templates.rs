//! The checklists, by version.

use schema::people::Role;
use schema::problem::Kind;
use schema::template::{Template, TemplateName, find_shipped};
use tests::{TestServer, expect_json, expect_problem};

#[tokio::test]
async fn a_version_of_a_checklist_is_read_once_and_kept() {
    let server = TestServer::start().await;
    let technician = server.person(Role::Technician).await;
    let names: Vec<TemplateName> = expect_json(technician.get("/v1/templates"), 200).await;
    assert!(names.iter().any(|known| (known.id.as_str(), known.version) == ("short_visit", 1)));
    for name in &names {
        let path = format!("/v1/templates/{}/{}", name.id, name.version);
        let template: Template = expect_json(technician.get(&path), 200).await;
        assert_eq!(Some(&template), find_shipped(&name.id, name.version), "whole, with playbooks and phrases");
    }
    let path = "/v1/templates/home_repair/1";
    let first = technician.get(path).send().await.unwrap();
    assert_eq!(first.headers()["cache-control"], "private, max-age=31536000, immutable");
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
    for path in ["/v1/templates/home_repair/99", "/v1/templates/ghost/1", "/v1/templates/home_repair/newest"] {
        expect_problem(technician.get(path), Kind::NotFound).await;
    }
    expect_problem(server.get("/v1/templates/home_repair/1"), Kind::Unauthenticated).await;
}
