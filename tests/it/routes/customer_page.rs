//! The customer's page: forms that work without scripts, and nothing of what people typed that runs.

use super::conflicts::conflicts;
use super::links::link;
use reqwest::redirect::Policy;
use schema::edit::Edit;
use schema::id::JobId;
use schema::job::{Job, JobDetail, JobState};
use schema::link::PublicView;
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::public::Stand;
use schema::record::{Mark, MarkKind};
use schema::time::MINUTE;
use serde_json::json;
use tests::{Person, Setup, TestServer, expect_json, expect_ok, expect_problem};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub async fn page(server: &TestServer, path: &str) -> String {
    let answer = expect_ok(server.get(path)).await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer", "the address is the key");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.text().await.unwrap()
}

/// The value of a hidden field.
pub fn field(page: &str, name: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Posts as a browser does, without following.
pub async fn post(server: &TestServer, path: &str, form: &[(&str, &str)]) -> reqwest::Response {
    let browser = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let encoded = reqwest::Url::parse_with_params("http://server", form).unwrap();
    let body = encoded.query().unwrap_or("").to_owned();
    let request = browser.post(format!("{}{path}", server.url)).body(body);
    request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap()
}

#[tokio::test]
async fn a_customer_accepts_signs_and_rates_without_any_script() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    server.quote(job, &agent, 8_000).await;
    let (_, token) = link(&agent, job, &["view", "accept", "sign", "rate"]).await;
    let path = format!("/c/{token}");
    let shown = page(&server, &path).await;
    assert!(shown.contains("¥80.00") && shown.contains("lang=\"zh-CN\"") && shown.contains("139****0001"));
    let english = page(&server, &format!("{path}?lang=en")).await;
    assert!(english.contains("lang=\"en\"") && english.contains("Accept this quote"));
    let (quote, hash, total) = (field(&shown, "quote"), field(&shown, "quote_hash"), field(&shown, "total_minor"));
    let form = [("quote", quote.as_str()), ("quote_hash", &hash), ("total_minor", &total), ("name", "王女士")];
    let answer = post(&server, &format!("{path}/accept"), &form).await;
    assert_eq!(answer.status(), 303);
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(page(&server, &back).await.contains("您已认可报价"));

    server.clock.advance(1_000_000);
    server.finish_work(job, &agent).await;
    let shown = page(&server, &path).await;
    let (covers, hash) = (field(&shown, "covers"), field(&shown, "sheet_hash"));
    let nameless = [("name", " "), ("covers", covers.as_str()), ("sheet_hash", &hash)];
    let answer = post(&server, &format!("{path}/sign"), &nameless).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("必填"), "the page says what is wrong");
    let form = [("name", "王女士"), ("covers", covers.as_str()), ("sheet_hash", &hash), ("strokes", "")];
    assert_eq!(post(&server, &format!("{path}/sign"), &form).await.status(), 303);
    let shown = page(&server, &path).await;
    assert!(shown.contains("已签字：王女士") && !shown.contains("name=\"covers\""), "signed once is enough");
    let form = [("quality", "5"), ("attitude", "4"), ("remarks", "很好")];
    assert_eq!(post(&server, &format!("{path}/rate"), &form).await.status(), 303);
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!(Stand::from(detail.job.status), Stand::Signed);
    assert_eq!(detail.record.ratings.len(), 1);
    assert_eq!(post(&server, &format!("{path}/revoke"), &[]).await.status(), 200);
    assert_eq!(server.get(&path).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn the_page_offers_to_sign_once_the_signature_would_be_taken_and_says_before_what_is_still_to_be_done() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    server.finish_work(job, &agent).await;
    let (_, token) = link(&agent, job, &["sign"]).await;
    let (path, view) = (format!("/c/{token}"), format!("/v1/public/{token}"));
    let ready = page(&server, &path).await;
    assert!(ready.contains("请您验收签字") && ready.contains("data-keep"));
    let (covers, hash) = (field(&ready, "covers"), field(&ready, "sheet_hash"));
    server.clock.advance(MINUTE);
    let taken_back = Mark { kind: MarkKind::Open, by: agent.id, at: server.clock.now(), reason: None, place: None };
    server.write(job, agent.id, vec![Edit::Mark { step: "cleanup".to_owned(), mark: taken_back }]).await;
    let shown = page(&server, &path).await;
    assert!(shown.contains("签字前还需服务工程师完成：清理现场") && !shown.contains("data-keep"), "{shown}");
    assert!(!shown.contains("请您验收签字") && shown.contains("暂不签字"), "{shown}");
    let english = page(&server, &format!("{path}?lang=en")).await;
    assert!(english.contains("You can sign here once the technician has seen to this: "), "{english}");
    let seen: PublicView = expect_json(server.get(&view), 200).await;
    assert_eq!((seen.job.can_sign, seen.job.stand), (false, Stand::Working));
    assert!(seen.job.before_signing.is_some());
    let form = [("name", "王女士"), ("covers", covers.as_str()), ("sheet_hash", &hash), ("strokes", "")];
    let done = Mark {
        kind: MarkKind::Done,
        by: agent.id,
        at: server.clock.now(),
        reason: Some("补记".to_owned()),
        place: None,
    };
    server.clock.advance(MINUTE);
    server.write(job, agent.id, vec![Edit::Mark { step: "cleanup".to_owned(), mark: done }]).await;
    let seen: PublicView = expect_json(server.get(&view), 200).await;
    assert_eq!((seen.job.can_sign, seen.job.before_signing), (true, None));
    assert_eq!(post(&server, &format!("{path}/sign"), &form).await.status(), 303);
}

async fn typed_everywhere(server: &TestServer, agent: &Person, text: &str) -> String {
    let job = server.job(agent).await;
    let fields = ["name", "address", "fault", "product", "model", "serial", "wanted"];
    let fields: serde_json::Map<_, _> = fields.iter().map(|field| ((*field).to_owned(), json!(text))).collect();
    let body = json!({"fields": fields});
    expect_json::<JobState>(agent.patch(&format!("/v1/jobs/{job}/report"), &body), 200).await;
    server.finish_work(job, agent).await;
    let edits = vec![Edit::Cause { text: text.to_owned() }, Edit::Measures { text: text.to_owned() }];
    server.write(job, agent.id, edits).await;
    let (_, token) = link(agent, job, &["accept", "sign", "rate"]).await;
    let shown = page(server, &format!("/c/{token}")).await;
    let (covers, hash) = (field(&shown, "covers"), field(&shown, "sheet_hash"));
    let form = [("name", text), ("covers", covers.as_str()), ("sheet_hash", &hash), ("remarks", text)];
    assert_eq!(post(server, &format!("/c/{token}/sign"), &form).await.status(), 303);
    page(server, &format!("/c/{token}")).await
}

#[tokio::test]
async fn scripts_in_every_field_are_only_text() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let evil = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>";
    let shown = typed_everywhere(&server, &agent, evil).await;
    assert!(!shown.contains("<script>alert") && !shown.contains("<img"), "{shown}");
    assert!(shown.matches("&lt;script&gt;alert(1)").count() >= 10, "it is there as it was typed: {shown}");
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_its_assets_are_there() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let (_, token) = link(&agent, job, &["view"]).await;
    let shown = page(&server, &format!("/c/{token}")).await;
    assert!(!shown.contains("http://") && !shown.contains("https://") && !shown.contains(" style="), "{shown}");
    for (asset, kind) in [("/c/assets/sign.js", "text/javascript"), ("/c/assets/customer.css", "text/css")] {
        let (_, named) = shown.split_once(&format!("{asset}?v=")).unwrap();
        let version = named.split('"').next().unwrap();
        let caching = async |path: &str| {
            let answer = expect_ok(server.get(path)).await;
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(kind));
            answer.headers()["cache-control"].to_str().unwrap().to_owned()
        };
        assert_eq!(version.len(), 16, "by its content: {version}");
        assert!(caching(&format!("{asset}?v={version}")).await.contains("immutable"));
        for other in [asset.to_owned(), format!("{asset}?v=0000000000000000")] {
            assert_eq!(caching(&other).await, "no-store", "ours is not kept under another's name: {other}");
        }
    }
}

#[tokio::test]
async fn the_pages_scripts_are_written_for_old_browsers_too() {
    let server = TestServer::start().await;
    let script = expect_ok(server.get("/c/assets/sign.js")).await.text().await.unwrap();
    // One word that a browser does not know, and none of the script runs.
    for new in ["=>", "const ", "let ", "`", "async ", "await ", "?.", "??", "class ", "...", "for (var x of"] {
        let line = script.lines().find(|line| !line.trim_start().starts_with("//") && line.contains(new));
        assert_eq!(line, None, "{new} came with ES2015 or later");
    }
}

/// The page that an act was answered with instead of a redirect.
pub async fn refused(answer: reqwest::Response, status: u16) -> String {
    assert_eq!(answer.status().as_u16(), status);
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8", "people read this");
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_form_that_cannot_be_read_comes_back_as_the_page_with_what_was_typed() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let (quote, _) = server.quote(job, &agent, 8_000).await;
    let quote = quote.to_string();
    let (_, token) = link(&agent, job, &["view", "accept", "sign", "rate"]).await;
    let path = format!("/c/{token}");
    let half = [("name", "王\"女士"), ("quote", quote.as_str()), ("total_minor", "eighty")];
    let shown = refused(post(&server, &format!("{path}/accept"), &half).await, 400).await;
    assert!(shown.contains("请检查后重新提交") && shown.contains("value=\"王&quot;女士\"") && shown.contains("¥80.00"));
    let shown = refused(post(&server, &format!("{path}/accept?lang=en"), &half).await, 400).await;
    assert!(shown.contains("lang=\"en\"") && shown.contains("please check it"));
    let other = [("reason", "太贵了"), ("quote", quote.as_str()), ("ghost", "1")];
    let shown = refused(post(&server, &format!("{path}/decline"), &other).await, 400).await;
    assert!(shown.contains(">太贵了</textarea>") && shown.contains("<details class=\"act\" open>"), "{shown}");
    assert!(!shown.contains("value=\"王"), "each form keeps its own");
    let nothing = refused(post(&server, &format!("{path}/accept"), &[]).await, 400).await;
    assert!(nothing.contains("认可报价，同意维修"), "the form is there to be sent again");
    assert!(nothing.contains("请重新填写") && !nothing.contains("为您保留"), "nothing was typed");
    let huge = "x".repeat(300 << 10);
    let shown = refused(post(&server, &format!("{path}/decline"), &[("reason", &huge)]).await, 413).await;
    assert!(shown.contains("请精简后重新填写") && shown.len() < 100_000);
    let upload = server.client.post(format!("{}{path}/rate", server.url)).header("content-type", "multipart/form-data");
    refused(upload.body("x").send().await.unwrap(), 400).await;
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert!(detail.record.consents.is_empty() && detail.record.refusals.is_empty());
}

#[tokio::test]
async fn a_sheet_that_changed_while_the_customer_typed_keeps_all_but_the_drawing() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    server.finish_work(job, &agent).await;
    let (_, token) = link(&agent, job, &["sign"]).await;
    let path = format!("/c/{token}");
    let covers = field(&page(&server, &path).await, "covers");
    let stale = "00".repeat(32);
    let form = [
        ("name", "王女士"),
        ("covers", covers.as_str()),
        ("sheet_hash", &stale),
        ("strokes", "1,2,0 3,4,16"),
        ("quality", "4"),
        ("remarks", "师傅很细心"),
    ];
    let shown = refused(post(&server, &format!("{path}/sign"), &form).await, 409).await;
    assert!(shown.contains("value=\"王女士\"") && shown.contains(">师傅很细心</textarea>"));
    assert!(shown.contains("name=\"quality\" value=\"4\" checked") && shown.matches(" checked").count() == 1);
    assert!(shown.contains("请重新签写") && !shown.contains("1,2,0"), "a drawing is for what was shown");
    assert_ne!(field(&shown, "sheet_hash"), stale);
}

#[tokio::test]
async fn whatever_goes_wrong_below_the_page_is_told_as_a_page() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let (_, token) = link(&agent, job, &["view"]).await;
    let path = format!("/c/{token}");
    let reloaded = refused(server.get(&format!("{path}/sign?lang=en")).send().await.unwrap(), 405).await;
    assert!(reloaded.contains(&format!("href=\"{path}?lang=en\"")) && reloaded.contains("Back to your repair"));
    let odd = refused(server.get(&format!("{path}?lang=klingon&done=magic")).send().await.unwrap(), 200).await;
    assert!(odd.contains("lang=\"zh-CN\""), "an odd address is no reason not to show it");
    for nowhere in ["/c/nobody", "/c/nobody/", "/c/nobody/x/y"] {
        let shown = refused(server.get(nowhere).send().await.unwrap(), 404).await;
        assert!(shown.contains("链接无效或已过期") && shown.contains("请联系客服"));
    }
    let unknown = post(&server, "/c/nobody/rate", &[("quality", "5")]).await;
    assert!(refused(unknown, 404).await.contains("链接无效或已过期"));
    expect_problem(server.get("/c/assets/nothing.js"), Kind::NotFound).await;
}

#[tokio::test]
async fn a_form_that_never_arrives_is_answered_with_a_page() {
    let setup = Setup { flags: vec!["--answer-within-s", "1"], ..Setup::default() };
    let server = TestServer::with(setup).await;
    let mut line = TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap();
    let head = "POST /c/ghost/accept?lang=en HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Content-Length: 500\r\n\r\nx";
    line.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !String::from_utf8_lossy(&answer).contains("</html>") {
        let mut part = [0; 4096];
        let count = line.read(&mut part).await.unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend(&part[..count]);
    }
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    assert!(answer.starts_with("http/1.1 503") && answer.contains("content-type: text/html"), "{answer}");
    assert!(answer.contains("retry-after: 5") && answer.contains("lang=\"en\""), "{answer}");
}

#[tokio::test]
async fn the_page_says_where_the_technician_is_by_the_outlets_clock() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let (_, token) = link(&agent, job, &["view"]).await;
    let path = format!("/c/{token}");
    assert_eq!(page(&server, &path).await.matches("class=\"ahead\"").count(), 3, "reported, and nothing else yet");
    for step in ["depart", "knock"] {
        let mark = Mark { kind: MarkKind::Done, by: agent.id, at: server.clock.now(), reason: None, place: None };
        server.write(job, agent.id, vec![Edit::Mark { step: step.to_owned(), mark }]).await;
        let clock = server.clock.now().to_utc().with_timezone(&chrono_tz::Asia::Shanghai).format("%H:%M").to_string();
        let shown = page(&server, &path).await;
        let (_, current) = shown.split_once("aria-current=\"step\"").unwrap();
        let name = if step == "depart" { "在路上" } else { "已到达" };
        assert!(current.starts_with(&format!(">{name}<small>{clock}</small>")), "{current}");
        server.clock.advance(37 * MINUTE);
    }
}

#[tokio::test]
async fn who_declines_to_sign_is_not_thanked_for_signing_and_may_still_sign() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    server.finish_work(job, &agent).await;
    let (_, token) = link(&agent, job, &["sign", "rate"]).await;
    let path = format!("/c/{token}");
    let why = [("reason", "想先用几天再签")];
    assert_eq!(post(&server, &format!("{path}/decline"), &why).await.status(), 303);
    let shown = page(&server, &path).await;
    assert!(shown.contains("已完工，您未签字") && shown.contains("仍可在此签字"), "{shown}");
    assert!(!shown.contains("您已验收") && !shown.contains("暂不签字"), "{shown}");
    let english = page(&server, &format!("{path}?lang=en")).await;
    assert!(english.contains("you did not sign for it") && !english.contains("signed off"), "{english}");
    let listed: Page<Job> = expect_json(agent.get("/v1/jobs"), 200).await;
    assert_eq!((listed.items[0].signed_at, listed.items[0].sign_offs), (None, 1), "lists tell it from a signature");
    let (covers, hash) = (field(&shown, "covers"), field(&shown, "sheet_hash"));
    let form = [("name", "王女士"), ("covers", covers.as_str()), ("sheet_hash", &hash), ("strokes", "")];
    server.clock.advance(MINUTE);
    assert_eq!(post(&server, &format!("{path}/sign"), &form).await.status(), 303);
    let shown = page(&server, &path).await;
    assert!(shown.contains("您已验收") && shown.contains("未签字：") && shown.contains("已签字："), "{shown}");
    let listed: Page<Job> = expect_json(agent.get("/v1/jobs"), 200).await;
    // Both stand. Who signs after having seen that they declined contradicts nothing; the price of the test's quote is on no list.
    assert_eq!((listed.items[0].signed_at.is_some(), listed.items[0].sign_offs, listed.items[0].matters), (true, 2, 1));
    assert_eq!(kinds(&agent, job).await, ["consent"]);
}

/// What waits for the supervisor.
async fn kinds(agent: &Person, job: JobId) -> Vec<String> {
    let found = conflicts(agent, job).await;
    let matters = found["matters"].as_array().unwrap().iter();
    matters.map(|matter| matter["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn who_signs_a_page_of_before_it_was_declined_contradicts_that_and_the_supervisor_says_which_counts() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    server.finish_work(job, &agent).await;
    let (_, token) = link(&agent, job, &["sign"]).await;
    let path = format!("/c/{token}");
    let shown = page(&server, &path).await;
    let (covers, hash) = (field(&shown, "covers"), field(&shown, "sheet_hash"));
    let why = [("reason", "想先用几天再签")];
    assert_eq!(post(&server, &format!("{path}/decline"), &why).await.status(), 303);
    server.clock.advance(MINUTE);
    let form = [("name", "王先生"), ("covers", covers.as_str()), ("sheet_hash", &hash), ("strokes", "")];
    assert_eq!(post(&server, &format!("{path}/sign"), &form).await.status(), 303);
    assert_eq!(kinds(&agent, job).await, ["sign_off", "consent"], "made blind of each other");
}
