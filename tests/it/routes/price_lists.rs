//! Price lists: imported whole or not at all, and carried by phones.

use super::{patient_server, with_query};
use reqwest::RequestBuilder;
use schema::page::Page;
use schema::people::Role;
use schema::price_list::PriceListVersion;
use schema::problem::Kind;
use schema::reference::{PriceItem, Reference};
use schema::time::DAY;
use serde_json::Value;
use tests::{Person, TestServer, expect_json, expect_ok, expect_problem, redacted};

const LIST: &str = "code,name_zh,name_en,unit,kind,price_fen,valid_from,valid_to
SD-001,更换水龙头,Replace a tap,个,labour,5000,,
SD-002,\"疏通下水管, 5 米内\",\"Clear a drain, up to 5 m\",次,labour,12000,2026-03-01,2026-12-31
PJ-001,角阀,Angle valve,个,part,3500,,
FY-001,上门费,Call-out fee,次,fee,3000,,
";

fn import(person: &Person, csv: impl Into<Vec<u8>>) -> RequestBuilder {
    person.request(reqwest::Method::POST, "/v1/price-lists").header("content-type", "text/csv").body(csv.into())
}

#[tokio::test]
async fn a_list_is_imported_versioned_and_searched() {
    let server = TestServer::start().await;
    let manager = server.person(Role::ServiceManager).await;
    let technician = server.person(Role::Technician).await;
    expect_problem(technician.get("/v1/price-lists/current"), Kind::NotFound).await;
    let made: Value = expect_json(import(&manager, format!("\u{feff}{LIST}")), 201).await;
    insta::assert_json_snapshot!(redacted(made));
    let second: PriceListVersion =
        expect_json(import(&manager, format!("{LIST}X-1,其他,Other,次,fee,0,,\n")), 201).await;
    assert_eq!((second.version, second.items, second.is_current), (2, 5, true));
    let versions: Page<PriceListVersion> = expect_json(technician.get("/v1/price-lists"), 200).await;
    let known: Vec<_> = versions.items.iter().map(|list| (list.version, list.is_current)).collect();
    assert_eq!(known, [(2, true), (1, false)]);
    let current: PriceListVersion = expect_json(technician.get("/v1/price-lists/current"), 200).await;
    assert_eq!(current.version, 2);
    let items: Value = expect_json(technician.get("/v1/price-lists/1/items"), 200).await;
    insta::assert_json_snapshot!(items);
    for (text, codes) in [("水", vec!["SD-001", "SD-002"]), ("PJ", vec!["PJ-001"]), ("%", vec![]), ("_", vec![])] {
        let found = technician.get(&with_query("/v1/price-lists/1/items", &[("q", text)]));
        let found: Page<PriceItem> = expect_json(found, 200).await;
        assert_eq!(found.items.iter().map(|item| item.code.as_str()).collect::<Vec<_>>(), codes, "{text}");
    }
}

#[tokio::test]
async fn a_list_that_begins_later_is_not_yet_current() {
    let server = patient_server().await;
    let manager = server.person(Role::ServiceManager).await;
    expect_ok(import(&manager, LIST)).await;
    let later = server.clock.now().plus(DAY).to_string();
    let path = with_query("/v1/price-lists", &[("valid_from", &later), ("name", "2026 春季")]);
    let next = format!("{LIST}X-1,其他,Other,次,fee,0,,\n");
    expect_ok(manager.request(reqwest::Method::POST, &path).header("content-type", "text/csv").body(next)).await;
    let current = || expect_json::<PriceListVersion>(manager.get("/v1/price-lists/current"), 200);
    assert_eq!(current().await.version, 1);
    server.clock.advance(DAY);
    assert_eq!((current().await.version, current().await.name.as_str()), (2, "2026 春季"));
}

#[tokio::test]
async fn the_same_file_again_names_the_version_that_it_became() {
    let server = TestServer::start().await;
    let manager = server.person(Role::ServiceManager).await;
    expect_ok(import(&manager, LIST)).await;
    let problem = expect_problem(import(&manager, LIST), Kind::Conflict).await;
    assert_eq!(problem.detail.as_deref(), Some("此文件已导入过，版本号 1"));
}

#[tokio::test]
async fn a_wrong_file_is_named_row_by_row_and_nothing_of_it_is_taken() {
    let server = TestServer::start().await;
    let manager = server.person(Role::ServiceManager).await;
    let wrong =
        format!("{LIST}SD-001,更换水龙头,Replace a tap,个,gift,50.00,2026-13-01,\n,,,,,,,\n,无名,,个,part,-5,,\n");
    let problem = expect_problem(import(&manager, wrong), Kind::InvalidField).await;
    insta::assert_json_snapshot!((problem.detail, problem.errors));
    expect_problem(import(&manager, b"code\n\xc8\xcb\n".to_vec()), Kind::InvalidField).await;
    expect_problem(import(&manager, ""), Kind::InvalidField).await;
    let versions: Page<PriceListVersion> = expect_json(manager.get("/v1/price-lists"), 200).await;
    assert_eq!(versions.items, []);
    // The number of a version that failed is not used up.
    let made: PriceListVersion = expect_json(import(&manager, LIST), 201).await;
    assert_eq!(made.version, 1);
}

#[tokio::test]
async fn only_csv_of_a_bearable_size_is_taken_from_those_who_may() {
    let server = TestServer::start().await;
    let manager = server.person(Role::ServiceManager).await;
    let json = manager.post("/v1/price-lists", &serde_json::json!({}));
    expect_problem(json, Kind::UnsupportedMediaType).await;
    expect_problem(import(&server.person(Role::DeskAgent).await, LIST), Kind::Forbidden).await;
    expect_problem(import(&manager, vec![b'x'; 10 << 20]), Kind::TooLarge).await;
}

#[tokio::test]
async fn a_list_of_several_thousand_items_is_imported() {
    let server = TestServer::start().await;
    let manager = server.person(Role::ServiceManager).await;
    let mut csv = String::from("code,name_zh,name_en,unit,kind,price_fen\n");
    (0..5_000).for_each(|row| csv.push_str(&format!("C{row:05},项目{row},Item {row},个,part,{row}\n")));
    let made: PriceListVersion = expect_json(import(&manager, csv), 201).await;
    assert_eq!(made.items, 5_000);
}

#[tokio::test]
async fn a_phone_gets_the_reference_data_once() {
    let server = TestServer::start().await;
    let (manager, technician) = (server.person(Role::ServiceManager).await, server.person(Role::Technician).await);
    let bare: Reference = expect_json(technician.get("/v1/reference"), 200).await;
    assert!(bare.price_list.is_none() && bare.templates.iter().any(|template| template.id == "home_repair"));
    expect_ok(import(&manager, LIST)).await;
    let answer = expect_ok(technician.get("/v1/reference")).await;
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    let reference: Reference = answer.json().await.unwrap();
    assert_eq!(reference.versions["price_list"], 1);
    assert_eq!(reference.price_list.unwrap().items.len(), 4);
    let known = || technician.get("/v1/reference").header("if-none-match", &tag).send();
    assert_eq!(known().await.unwrap().status(), 304);
    expect_ok(import(&manager, format!("{LIST}X-1,其他,Other,次,fee,0,,\n"))).await;
    assert_eq!(known().await.unwrap().status(), 200);
}
