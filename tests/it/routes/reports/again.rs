//! "It is broken again": what the customer reports by their link, once a job, within the warranty.

use super::rework::repaired;
use super::{repair, take};
use crate::routes::customer_page::{page, post, refused};
use crate::routes::links::link;
use crate::routes::patient_server;
use schema::job::JobDetail;
use schema::link::{CreatedLink, PublicView};
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::report::{Channel, CustomerReport};
use schema::time::DAY;
use serde_json::json;
use tests::{Person, expect_json, expect_problem};

async fn reports(agent: &Person) -> Vec<CustomerReport> {
    expect_json::<Page<CustomerReport>>(agent.get("/v1/reports?limit=200"), 200).await.items
}

#[tokio::test]
async fn what_broke_again_within_the_warranty_is_reported_by_the_link_once_and_is_rework() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let first = take(&agent, &repair()).await;
    let job = first.job.unwrap();
    repaired(&server, &agent, job).await;
    let (_, token) = link(&agent, job, &["view", "rate"]).await;
    let (_, view_only) = link(&agent, job, &["view"]).await;
    server.clock.advance(5 * DAY);
    let (path, told) = (format!("/c/{token}"), [("fault", "同一处又漏水了")]);
    let shown = page(&server, &path).await;
    assert!(shown.contains("保修至") && shown.contains("又坏了？申请返修"), "{shown}");
    refused(post(&server, &format!("{path}/again"), &[("fault", " ")]).await, 422).await;
    refused(post(&server, &format!("/c/{view_only}/again"), &told).await, 403).await;
    assert!(!page(&server, &format!("/c/{view_only}")).await.contains("name=\"fault\""));
    assert_eq!(reports(&agent).await.len(), 1, "what is refused leaves nothing");
    for _ in 0..2 {
        let answer = post(&server, &format!("{path}/again"), &told).await;
        assert_eq!(answer.status(), 303);
        let back = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(page(&server, &back).await.contains("已登记返修"));
    }
    let all = reports(&agent).await;
    assert_eq!(all.len(), 2, "once is enough");
    let again = &all[0];
    assert_eq!((again.channel, again.told.fault.as_deref()), (Channel::Web, Some("同一处又漏水了")));
    assert_eq!(again.repeat.as_ref().map(|repeat| repeat.of), Some(first.id));
    assert_eq!(again.owner.id, agent.id, "whoever sent the link answers for it");
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{}", again.job.unwrap())), 200).await;
    let rework = detail.rework.unwrap();
    assert!(rework.of == job && rework.is_warranted);
    let shown = page(&server, &path).await;
    assert!(shown.contains("告知又坏了") && !shown.contains("name=\"fault\""), "{shown}");
}

#[tokio::test]
async fn a_program_reports_it_again_as_the_page_does() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = take(&agent, &repair()).await.job.unwrap();
    let (_, token) = link(&agent, job, &["rate"]).await;
    let (_, view_only) = link(&agent, job, &["view"]).await;
    let again = |token: &str, fault: &str| server.post(&format!("/v1/public/{token}/again"), &json!({"fault": fault}));
    expect_problem(again(&token, "又漏水"), Kind::GateClosed).await;
    repaired(&server, &agent, job).await;
    // Later than a link held before it went with its job.
    server.clock.advance(60 * DAY);
    let empty = expect_problem(again(&token, " "), Kind::InvalidField).await;
    assert_eq!(empty.errors[0].at, "/fault");
    expect_problem(again(&view_only, "又漏水"), Kind::Forbidden).await;
    expect_problem(again("nobody", "又漏水"), Kind::LinkInvalid).await;
    let first: PublicView = expect_json(again(&token, "又漏水"), 200).await;
    assert_eq!((first.warranty.reported_at, first.warranty.may_report), (Some(server.clock.now()), false));
    server.clock.advance(DAY);
    let second: PublicView = expect_json(again(&token, "还是漏"), 200).await;
    assert_eq!(second.warranty, first.warranty, "a second time changes nothing");
    let all = reports(&agent).await;
    assert_eq!((all.len(), all[0].told.fault.as_deref()), (2, Some("又漏水")));
}

#[tokio::test]
async fn after_the_warranty_the_page_asks_to_call_instead() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = take(&agent, &repair()).await.job.unwrap();
    repaired(&server, &agent, job).await;
    let body = json!({"scope": ["rate"], "expires_in_days": 300});
    let made: CreatedLink = expect_json(agent.post(&format!("/v1/jobs/{job}/links"), &body), 201).await;
    let path = format!("/c/{}", made.url.rsplit('/').next().unwrap());
    server.clock.advance(120 * DAY);
    assert!(!page(&server, &path).await.contains("name=\"fault\""));
    let shown = refused(post(&server, &format!("{path}/again"), &[("fault", "又漏水")]).await, 409).await;
    assert!(shown.contains("请联系客服报修"), "{shown}");
    let agent = server.person(Role::DeskAgent).await;
    assert_eq!(reports(&agent).await.len(), 1);
}
