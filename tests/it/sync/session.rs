//! Sessions that end while the phone is in a cellar: the work goes on, and none of it is lost.

use schema::binary::Signature;
use schema::problem::Kind;
use schema::record::MarkKind;
use schema::session::SessionTokens;
use schema::time::{DAY, HOUR};
use sync::client::{ClientError, Credentials};
use tests::{Errand, PASSWORD, TestPhone, TestServer, expect_ok};

#[actix_web::test]
async fn a_token_that_ran_out_in_the_cellar_is_renewed_on_the_way_out() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, .. } = server.errand().await;
    server.clock.advance(2 * DAY);
    phone.mark(job, "accept", MarkKind::Done);
    let report = phone.sync().await;
    assert_eq!(report.unsent, 0);
    assert_eq!(phone.heads(job), server.heads(job).await);
}

#[actix_web::test]
async fn a_session_that_was_ended_keeps_the_work_until_the_next_log_in() {
    let server = TestServer::start().await;
    let Errand { technician, job, mut phone, .. } = server.errand().await;
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

/// The phone's refresh token as it holds it now, and its signature for it.
fn proof(phone: &TestPhone) -> (String, Option<Signature>) {
    let token = phone.handset.replica().session().unwrap().refresh_token.clone();
    let signature = phone.handset.replica().sign_refresh(&token);
    (token, signature)
}

async fn refresh(phone: &TestPhone, (token, signature): &(String, Option<Signature>)) -> Result<SessionTokens, Kind> {
    phone.client.refresh(token, *signature).await.map_err(|error| match error {
        ClientError::Problem(body) => body.slug,
        other => panic!("{other}"),
    })
}

#[actix_web::test]
async fn tokens_that_never_arrived_in_the_cellar_are_given_again_hours_later() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, .. } = server.errand().await;
    for step in ["accept", "contact"] {
        server.clock.advance(HOUR);
        // The server answers each, and no answer comes through.
        for _ in 0..3 {
            refresh(&phone, &proof(&phone)).await.unwrap();
            server.clock.advance(3 * HOUR);
        }
        phone.mark(job, step, MarkKind::Done);
        assert_eq!(phone.sync().await.unsent, 0);
    }
    assert_eq!(phone.heads(job), server.heads(job).await);
}

#[actix_web::test]
async fn an_old_token_with_its_signature_ends_the_session_once_its_successor_was_used() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, .. } = server.errand().await;
    let copied = proof(&phone);
    for _ in 0..2 {
        server.clock.advance(HOUR);
        phone.sync().await;
    }
    phone.mark(job, "accept", MarkKind::Done);
    assert_eq!(refresh(&phone, &copied).await.err(), Some(Kind::SessionEnded));
    assert!(matches!(phone.try_sync().await, Err(ClientError::NeedsLogin)));
    assert_eq!(phone.handset.replica().unsent(), 1, "the work waits for the next log-in");
}

#[actix_web::test]
async fn a_token_without_the_phones_key_is_no_use_and_ends_nothing() {
    let server = TestServer::start().await;
    let Errand { mut phone, .. } = server.errand().await;
    let (token, signature) = proof(&phone);
    let (_, of_another) = proof(&server.errand().await.phone);
    for signature in [None, of_another, Some(Signature([0; 64]))] {
        assert_eq!(refresh(&phone, &(token.clone(), signature)).await.err(), Some(Kind::SignatureInvalid));
    }
    server.clock.advance(HOUR);
    phone.sync().await;
    assert_eq!(refresh(&phone, &(token.clone(), None)).await.err(), Some(Kind::SignatureInvalid));
    assert_eq!(refresh(&phone, &(token, signature)).await.err(), None, "its successor was not used yet");
    server.clock.advance(HOUR);
    phone.sync().await;
}

#[actix_web::test]
async fn a_phone_that_was_shut_out_is_told_so_when_it_has_nothing_to_send_and_becomes_a_new_one() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    assert!(!phone.sync().await.revoked);
    phone.mark(job, "accept", MarkKind::Done);
    phone.sync().await;
    let device = |phone: &TestPhone| phone.handset.replica().identity().unwrap().device;
    let old = device(&phone);
    expect_ok(dispatcher.delete(&format!("/v1/devices/{old}"))).await;
    let report = phone.sync().await;
    assert!(report.revoked, "{report:?}");
    let credentials = Credentials {
        login: technician.login.clone(),
        password: PASSWORD.to_owned(),
        phone_name: "测试手机".to_owned(),
    };
    phone.mark(job, "contact", MarkKind::Done);
    let refused = phone.client.enrol(&mut phone.handset, &mut phone.clocks, &credentials).await.unwrap_err();
    assert!(matches!(refused, ClientError::Problem(body) if body.slug == Kind::DeviceRevoked), "something is unsent");
    assert_eq!(phone.handset.replica().unsent(), 1);
    assert_eq!(phone.sync().await.refused.len(), 1, "dispatch decides about it");
    phone.client.enrol(&mut phone.handset, &mut phone.clocks, &credentials).await.unwrap();
    assert_ne!(device(&phone), old);
    assert!(!phone.sync().await.revoked);
    phone.mark(job, "analyse", MarkKind::Done);
    let report = phone.sync().await;
    assert_eq!((report.refused.len(), report.unsent), (0, 0), "{report:?}");
    assert_eq!(phone.heads(job), server.heads(job).await);
}
