//! Sessions that end while the phone is in a cellar: the work goes on, and none of it is lost.

use schema::people::Role;
use schema::record::MarkKind;
use schema::time::DAY;
use sync::client::{ClientError, Credentials};
use tests::{PASSWORD, TestServer, expect_ok};

#[actix_web::test]
async fn a_token_that_ran_out_in_the_cellar_is_renewed_on_the_way_out() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    server.clock.advance(2 * DAY);
    phone.mark(job, "accept", MarkKind::Done);
    let report = phone.sync().await;
    assert_eq!(report.unsent, 0);
    assert_eq!(phone.heads(job), server.heads(job).await);
}

#[actix_web::test]
async fn a_session_that_was_ended_keeps_the_work_until_the_next_log_in() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    let token = phone.handset.replica().session().unwrap().access_token.clone();
    let session = server.client.delete(format!("{}/v1/sessions/current", server.url)).bearer_auth(token);
    expect_ok(session).await;

    phone.mark(job, "accept", MarkKind::Done);
    let refused = phone.try_sync().await;
    assert!(matches!(refused, Err(ClientError::NeedsLogin)), "{refused:?}");
    phone.mark(job, "contact", MarkKind::Done);
    assert_eq!(phone.handset.replica().unsent(), 2, "it works on, and nothing is lost");

    let (login, password) = (technician.login.clone(), PASSWORD.to_owned());
    let credentials = Credentials { login, password, phone_name: "测试手机".to_owned() };
    phone.client.enrol(&mut phone.handset, &mut phone.clocks, &credentials).await.unwrap();
    assert_eq!(phone.sync().await.unsent, 0);
    assert_eq!(phone.heads(job), server.heads(job).await);
}
