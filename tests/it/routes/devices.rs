//! Phones that enrol, and phones that are lost.

use reqwest::RequestBuilder;
use schema::binary::PublicKey;
use schema::people::Role;
use schema::problem::Kind;
use schema::session::{Device, SessionTokens, refresh_message};
use serde_json::{Value, json};
use sync::seal::DeviceKey;
use tests::{PASSWORD, Person, Setup, TestServer, expect_json, expect_ok, expect_problem};

/// The key of one of a person's phones.
fn key(number: u8) -> DeviceKey {
    DeviceKey::from_seed([number; 32]).unwrap()
}

fn enrol(server: &TestServer, person: &Person, number: u8) -> RequestBuilder {
    let device = json!({"name": "手机", "public_key": key(number).public_key()});
    server.post("/v1/sessions", &json!({"login": person.login, "password": PASSWORD, "device": device}))
}

#[tokio::test]
async fn a_phone_enrols_with_its_log_in_and_is_known_by_its_key() {
    let server = TestServer::start().await;
    let technician = server.person(Role::Technician).await;
    let first: SessionTokens = expect_json(enrol(&server, &technician, 1), 201).await;
    let again: SessionTokens = expect_json(enrol(&server, &technician, 1), 201).await;
    let other: SessionTokens = expect_json(enrol(&server, &technician, 2), 201).await;
    assert!(first.device.is_some() && first.device == again.device && first.device != other.device);
    let phones: Vec<Device> = expect_json(technician.get(&format!("/v1/people/{}/devices", technician.id)), 200).await;
    assert_eq!(phones.len(), 2);
    assert!(phones.iter().any(|phone| Some(phone.id) == first.device && phone.public_key == key(1).public_key()));
}

#[tokio::test]
async fn who_has_many_phones_gives_one_up_before_the_next() {
    let server = TestServer::with(Setup { flags: vec!["--phones-per-person", "2"], ..Setup::default() }).await;
    let (technician, colleague) = (server.person(Role::Technician).await, server.person(Role::Technician).await);
    let first: SessionTokens = expect_json(enrol(&server, &technician, 1), 201).await;
    expect_ok(enrol(&server, &technician, 2)).await;
    let refused = expect_problem(enrol(&server, &technician, 3), Kind::Conflict).await;
    assert_eq!(refused.detail.unwrap(), "名下已有 2 部手机，请先由本人或调度停用不再使用的手机");
    let refused = enrol(&server, &technician, 3).header("accept-language", "en");
    assert!(expect_problem(refused, Kind::Conflict).await.detail.unwrap().starts_with("You have 2 phones already"));
    expect_ok(enrol(&server, &technician, 2)).await;
    expect_ok(enrol(&server, &colleague, 4)).await;
    expect_ok(technician.delete(&format!("/v1/devices/{}", first.device.unwrap()))).await;
    expect_ok(enrol(&server, &technician, 3)).await;
}

#[tokio::test]
async fn who_carries_no_phone_enrols_none() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    expect_problem(enrol(&server, &agent, 1), Kind::Forbidden).await;
    let technician = server.person(Role::Technician).await;
    let enrol = |device: Value| {
        server.post("/v1/sessions", &json!({"login": technician.login, "password": PASSWORD, "device": device}))
    };
    let key = PublicKey([1; 32]);
    expect_problem(enrol(json!({"name": "手机", "public_key": "00ff"})), Kind::InvalidField).await;
    expect_problem(enrol(json!({"name": " ", "public_key": key})), Kind::InvalidField).await;
    expect_problem(enrol(json!({"name": "x".repeat(500), "public_key": key})), Kind::InvalidField).await;
    expect_problem(enrol(json!({"name": "手机"})), Kind::InvalidField).await;
}

#[tokio::test]
async fn a_lost_phone_is_shut_out_and_may_only_hand_in_what_it_wrote() {
    let server = TestServer::start().await;
    let (technician, dispatcher) = (server.person(Role::Technician).await, server.person(Role::Dispatcher).await);
    let phone: SessionTokens = expect_json(enrol(&server, &technician, 1), 201).await;
    let path = format!("/v1/devices/{}", phone.device.unwrap());
    expect_ok(dispatcher.delete(&path)).await;
    expect_ok(dispatcher.delete(&path)).await;
    expect_problem(server.get("/v1/me").bearer_auth(&phone.access_token), Kind::DeviceRevoked).await;
    expect_problem(enrol(&server, &technician, 1), Kind::DeviceRevoked).await;
    // Its log-in can be renewed, because the sync takes its late pushes into quarantine; nothing else takes it.
    let signature = key(1).sign(&refresh_message(phone.device.unwrap(), &phone.refresh_token));
    let body = json!({"refresh_token": phone.refresh_token, "signature": signature});
    let renewed = server.post("/v1/sessions/refresh", &body);
    let renewed: SessionTokens = expect_json(renewed, 200).await;
    expect_problem(server.get("/v1/me").bearer_auth(&renewed.access_token), Kind::DeviceRevoked).await;
    expect_ok(technician.get("/v1/me")).await;
    let phones: Vec<Device> = expect_json(dispatcher.get(&format!("/v1/people/{}/devices", technician.id)), 200).await;
    assert_eq!(phones[0].revoked_by, Some(dispatcher.id));
}

#[tokio::test]
async fn phones_of_others_are_for_those_who_send_them_out() {
    let server = TestServer::start().await;
    let technician = server.person(Role::Technician).await;
    let phone: SessionTokens = expect_json(enrol(&server, &technician, 1), 201).await;
    let (list, one) =
        (format!("/v1/people/{}/devices", technician.id), format!("/v1/devices/{}", phone.device.unwrap()));
    let colleague = server.person(Role::Technician).await;
    expect_problem(colleague.get(&list), Kind::Forbidden).await;
    expect_problem(colleague.delete(&one), Kind::Forbidden).await;
    let elsewhere = server.person_at("02", Role::Dispatcher).await;
    expect_problem(elsewhere.get(&list), Kind::NotFound).await;
    expect_problem(elsewhere.delete(&one), Kind::NotFound).await;
    expect_problem(elsewhere.delete("/v1/devices/x"), Kind::NotFound).await;
    expect_ok(technician.delete(&one)).await;
}
