//! Customers: found while typing, their numbers shown only to those who need them.

use super::with_query;
use diesel::prelude::*;
use schema::customer::Customer;
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::tables::phone_looks;
use schema::time::SECOND;
use serde_json::{Value, json};
use server::db::Conn;
use tests::{Person, TestServer, expect_json, expect_problem, redacted};

async fn add(agent: &Person, name: &str, phone: &str, address: &str) -> Customer {
    let body = json!({"name": name, "phone": phone, "address": address});
    expect_json(agent.post("/v1/customers", &body), 201).await
}

#[tokio::test]
async fn a_customer_is_written_down_shown_and_changed() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let body = json!({
        "name": " 王芳 ", "phone": "+86 138 1234 5678", "address": "幸福路 12 号 3-402", "class": "contract",
        "latitude_e6": 31_230_416, "longitude_e6": 121_473_701,
    });
    let made: Value = expect_json(agent.post("/v1/customers", &body), 201).await;
    insta::assert_json_snapshot!(redacted(made.clone()));
    let path = format!("/v1/customers/{}", made["id"].as_str().unwrap());
    assert_eq!(expect_json::<Value>(agent.get(&path), 200).await, made);
    let patch = json!({"address": "幸福路 14 号", "refuses_calls": true});
    let changed: Customer = expect_json(agent.patch(&path, &patch), 200).await;
    assert_eq!((changed.address.as_str(), changed.refuses_calls), ("幸福路 14 号", true));
    assert_eq!(changed.name, "王芳");
}

#[tokio::test]
async fn customers_are_found_by_part_of_a_number_a_name_or_an_address() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let wang = add(&agent, "王芳", "138 1234 5678", "幸福路 12 号,3-B 室").await;
    server.clock.advance(SECOND);
    let li = add(&agent, "李强", "021-65432109", "和平街 5 弄").await;
    let asked = [
        ("1381234", vec![wang.id]),
        ("138-1234", vec![wang.id]),
        ("5432", vec![li.id]),
        ("王", vec![wang.id]),
        ("幸福路12", vec![wang.id]),
        ("3-b室", vec![wang.id]),
        ("5 弄", vec![li.id]),
        ("", vec![wang.id, li.id]),
        ("%", vec![]),
        ("没有", vec![]),
    ];
    for (text, found) in asked {
        let page: Page<Customer> = expect_json(agent.get(&with_query("/v1/customers", &[("q", text)])), 200).await;
        assert_eq!(page.items.iter().map(|customer| customer.id).collect::<Vec<_>>(), found, "{text}");
    }
}

#[tokio::test]
async fn a_list_masks_numbers_and_a_look_by_those_who_need_them_does_not() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let id = add(&agent, "王芳", "13812345678", "幸福路 12 号").await.id;
    let page: Page<Customer> = expect_json(agent.get("/v1/customers"), 200).await;
    assert_eq!((page.items[0].phone.as_str(), page.items[0].phone_is_masked), ("138****5678", true));
    let inspector = server.person(Role::QualityInspector).await;
    let seen: Customer = expect_json(inspector.get(&format!("/v1/customers/{id}")), 200).await;
    assert_eq!(seen.phone, "138****5678");
    let dispatcher = server.person(Role::Dispatcher).await;
    let seen: Customer = expect_json(dispatcher.get(&format!("/v1/customers/{id}")), 200).await;
    assert_eq!(seen.phone, "13812345678");
    let count = |conn: &mut Conn| Ok(phone_looks::table.count().get_result::<i64>(conn).unwrap());
    assert_eq!(
        server.state.db.read(count).await.unwrap(),
        1,
        "the inspector saw no number, the dispatcher's look is logged"
    );
}

#[tokio::test]
async fn another_outlets_customers_are_not_there() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let path = format!("/v1/customers/{}", add(&agent, "王芳", "13812345678", "幸福路 12 号").await.id);
    let other = server.person_at("02", Role::DeskAgent).await;
    expect_problem(other.get(&path), Kind::NotFound).await;
    expect_problem(other.patch(&path, &json!({"name": "李强"})), Kind::NotFound).await;
    assert_eq!(expect_json::<Page<Customer>>(other.get("/v1/customers"), 200).await.items, []);
    let technician = server.person(Role::Technician).await;
    expect_problem(technician.get(&path), Kind::Forbidden).await;
}

#[tokio::test]
async fn pages_of_customers_end() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    for number in 0..5 {
        add(&agent, &format!("客户{number}"), "13812345678", "幸福路").await;
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let next: String = after.map(|after: String| format!("&after={after}")).unwrap_or_default();
        let request = agent.get(&format!("/v1/customers?limit=2{next}"));
        let page: Page<Customer> = expect_json(request, 200).await;
        seen.extend(page.items.into_iter().map(|customer| customer.name));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    seen.sort();
    assert_eq!(seen, ["客户0", "客户1", "客户2", "客户3", "客户4"]);
}

#[tokio::test]
async fn what_is_filled_in_wrongly_is_named_field_by_field() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let body = json!({"name": "", "phone": "没有", "address": "a\u{0}b", "latitude_e6": 1});
    let problem = expect_problem(agent.post("/v1/customers", &body), Kind::InvalidField).await;
    insta::assert_json_snapshot!(problem.errors);
}

#[tokio::test]
async fn who_reads_customers_for_the_sake_of_their_work_does_not_write_them() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let customer = add(&agent, "王芳", "13812345678", "幸福路 12 号").await;
    let path = format!("/v1/customers/{}", customer.id);
    for role in [Role::QualityInspector, Role::Administrator, Role::GeneralManager] {
        let reader = server.person(role).await;
        expect_json::<Customer>(reader.get(&path), 200).await;
        expect_problem(reader.patch(&path, &json!({"phone": "13800000000"})), Kind::Forbidden).await;
        let other = json!({"name": "李强", "phone": "13900000000", "address": "平安路"});
        expect_problem(reader.post("/v1/customers", &other), Kind::Forbidden).await;
    }
}
