//! The sheet on paper, read back from the PDF.

mod tagged;

use super::links::link;
use lopdf::Document;
use schema::edit::Edit;
use schema::id::JobId;
use schema::link::PublicView;
use schema::people::Role;
use schema::time::SECOND;
use serde_json::json;
use tests::{Person, TestServer, expect_json, expect_ok};

/// The bytes, and the text of each page.
pub(super) async fn paper(answer: reqwest::Response) -> (Vec<u8>, Vec<String>) {
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let bytes = answer.bytes().await.unwrap().to_vec();
    let document = Document::load_mem(&bytes).unwrap();
    let texts = document.get_pages().into_keys().map(|page| document.extract_text(&[page]).unwrap()).collect();
    (bytes, texts)
}

/// What is drawn on each page, to the byte.
fn drawn(bytes: &[u8]) -> Vec<Vec<u8>> {
    let document = Document::load_mem(bytes).unwrap();
    document.get_pages().into_values().map(|page| document.get_page_content(page)).collect()
}

/// Without the ends of lines.
pub(super) fn joined(pages: &[String]) -> String {
    pages.concat().split_whitespace().collect()
}

async fn sheet_of(server: &TestServer, token: &str, language: &str) -> (Vec<u8>, Vec<String>) {
    paper(expect_ok(server.get(&format!("/c/{token}/sheet.pdf?lang={language}"))).await).await
}

/// A job whose work is done, and its link.
async fn tested(server: &TestServer, agent: &Person) -> (JobId, String) {
    let job = server.job(agent).await;
    server.finish_work(job, agent).await;
    server.write(job, agent.id, vec![Edit::Cause { text: "点火电极积碳，间隙过大".to_owned() }]).await;
    let (_, token) = link(agent, job, &["view", "sign"]).await;
    (job, token)
}

async fn sign(server: &TestServer, token: &str) -> PublicView {
    let shown: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    let (heads, hash) = (&shown.job.heads, shown.job.sheet_hash);
    let body = json!({"name": "王女士", "strokes": "10,80,0 60,20,90 110,85,180|40,60,400 90,58,460|130,40,700",
        "covers": heads, "sheet_hash": hash, "rating": {"quality": 5, "attitude": 4}});
    expect_json(server.post(&format!("/v1/public/{token}/sign"), &body), 200).await
}

#[tokio::test]
async fn an_unsigned_sheet_is_marked_so_and_its_chinese_can_be_searched() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (job, token) = tested(&server, &agent).await;
    let (bytes, pages) = sheet_of(&server, &token, "zh-CN").await;
    let text = joined(&pages);
    for word in ["维修服务任务单", "未签字", "点火电极积碳，间隙过大", "¥80.00", "上海市徐汇区漕溪北路", "第1页，共"]
    {
        assert!(text.contains(word), "{word} is not in {text}");
    }
    assert!(!text.contains("已签字") && !text.contains("13900000001"), "{text}");
    assert!(bytes.len() < 100_000, "only the letters that are used are in it: {} bytes", bytes.len());
    let (_, english) = sheet_of(&server, &token, "en").await;
    let english = joined(&english);
    assert!(english.contains("notsigned") && english.contains("Servicetasksheet") && english.contains("page1of"));
    let staff = agent.get(&format!("/v1/jobs/{job}/sheet.pdf")).header("accept-language", "zh-CN");
    assert_eq!(paper(expect_ok(staff).await).await.0, bytes, "the same paper for everybody");
}

#[tokio::test]
async fn the_pages_of_a_signed_sheet_stay_as_they_were_when_something_is_changed_later() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (job, token) = tested(&server, &agent).await;
    let unsigned = sheet_of(&server, &token, "zh-CN").await.1;
    let signed = sign(&server, &token).await;
    let (bytes, pages) = sheet_of(&server, &token, "zh-CN").await;
    let text = joined(&pages);
    let hash = signed.job.sheet_hash.to_string();
    assert!(text.contains("已签字") && text.contains("签字人王女士") && text.contains(&hash[..16]), "{text}");
    assert!(!text.contains("未签字") && !text.contains("签字后的变更"), "{text}");
    let strokes = |bytes: &[u8]| drawn(bytes).concat().windows(3).filter(|three| three == b" l\n").count();
    assert!(strokes(&bytes) >= 4, "the signature is drawn with lines");
    assert_ne!(joined(&unsigned), text);

    server.clock.advance(60 * SECOND);
    server.write(job, agent.id, vec![Edit::Cause { text: "阀芯老化".to_owned() }]).await;
    let (later_bytes, later) = sheet_of(&server, &token, "zh-CN").await;
    assert_eq!(later.len(), pages.len() + 1, "what came later stands on a page of its own");
    assert_eq!(drawn(&later_bytes)[..pages.len()], drawn(&bytes)[..], "to the byte");
    let annex = joined(&later[pages.len()..]);
    assert!(
        annex.contains("签字后的变更") && annex.contains("故障原因") && annex.contains("变更后阀芯老化"),
        "{annex}"
    );
    assert!(annex.contains("签字时点火电极积碳"), "{annex}");
}

#[tokio::test]
async fn a_text_longer_than_a_page_goes_on_and_a_character_without_type_is_marked() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (job, token) = tested(&server, &agent).await;
    let long = format!("𬭎{}完", "更换阀芯并试压，".repeat(450));
    server.write(job, agent.id, vec![Edit::Measures { text: long.clone() }]).await;
    let (_, pages) = sheet_of(&server, &token, "zh-CN").await;
    assert!(pages.len() >= 3, "{} pages", pages.len());
    let text = joined(&pages);
    assert_eq!(text.matches('阀').count(), 450, "nothing is lost between the pages");
    assert!(text.contains('〓') && !text.contains('𬭎'));
    assert_eq!(server.get("/c/nobody/sheet.pdf").send().await.unwrap().status(), 404);
}
