//! The customer with a phone of her own: the page behind her link, and a browser that keeps nothing.

use reqwest::header::CONTENT_TYPE;
use tests::{TestServer, expect_ok};

/// Opens the page and signs the form that stands there. What the page says then.
pub async fn sign_on_her_phone(server: &TestServer, page: &str, name: &str) -> String {
    let shown = expect_ok(server.get(page)).await.text().await.unwrap();
    assert!(shown.contains("壁挂炉点不着火") && shown.contains("¥266.00"), "{shown}");
    let form = [
        ("name", name),
        ("covers", hidden(&shown, "covers")),
        ("sheet_hash", hidden(&shown, "sheet_hash")),
        ("strokes", "8,30,0 20,12,70|26,14,210 40,36,300"),
        ("quality", "5"),
        ("attitude", "5"),
        ("remarks", "师傅很细心"),
    ];
    let encoded = reqwest::Url::parse_with_params("http://server", form).unwrap();
    let body = encoded.query().unwrap_or("").to_owned();
    let post = server.client.post(format!("{}{page}/sign", server.url)).body(body);
    let answer = expect_ok(post.header(CONTENT_TYPE, "application/x-www-form-urlencoded")).await;
    answer.text().await.unwrap()
}

fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, rest) =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {page}"));
    rest.split('"').next().unwrap()
}
