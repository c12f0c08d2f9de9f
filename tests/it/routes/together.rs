//! The office writes to one job by many hands at the same moment: each builds on what the one before it has left, and only what really
//! contradicts is refused.

use schema::id::JobId;
use schema::people::Role;
use schema::problem::Kind;
use schema::time::HOUR;
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json};

const HANDS: usize = 20;

/// Twenty commands of several kinds at once, by turns at each of these servers; all of them are done.
pub async fn write_at_once(person: &Person, servers: &[&TestServer], job: JobId) {
    let before: Value = expect_json(person.get(&format!("/v1/jobs/{job}")), 200).await;
    let asks = (0..HANDS).map(|number| {
        let server = servers[number % servers.len()];
        let (below, body) = match number % 4 {
            0 => ("holds", json!({"kind": "part", "reason": format!("等配件 {number}")})),
            1 => ("report", json!({"fields": {"fault": format!("不点火 {number}")}})),
            2 => ("delays", json!({"arrives_at": server.clock.now().plus(HOUR)})),
            _ => ("steps/listen/note", json!({"text": format!("客户补充 {number}")})),
        };
        let path = format!("{}/v1/jobs/{job}/{below}", server.url);
        let request = match below {
            "report" => person.client.patch(path),
            "steps/listen/note" => person.client.put(path),
            _ => person.client.post(path),
        };
        tokio::spawn(request.bearer_auth(&person.token).json(&body).send())
    });
    let mut refused = Vec::new();
    for asked in asks.collect::<Vec<_>>() {
        let answer = asked.await.unwrap().unwrap();
        // Nobody has set out, so nobody can be late: that is a contradiction, and the only one.
        if answer.status().as_u16() >= 400 {
            refused.push((answer.status().as_u16(), answer.text().await.unwrap()));
        }
    }
    let said = |text: &str| text.contains("没有工程师在等待上门");
    assert!(refused.iter().all(|(status, text)| *status == 409 && said(text)), "{refused:?}");
    assert_eq!(refused.len(), HANDS / 4);
    let after: Value = expect_json(person.get(&format!("/v1/jobs/{job}")), 200).await;
    assert_eq!(after["record"]["holds"].as_object().map_or(0, |holds| holds.len()), HANDS / 4);
    assert_eq!((&after["job"]["conflicts"], before["job"]["conflicts"].as_i64()), (&json!(0), Some(0)));
    let history: Value = expect_json(person.get(&format!("/v1/jobs/{job}/history")), 200).await;
    assert_eq!(history["changes"].as_array().unwrap().len(), 1 + 3 * HANDS / 4, "each is in the log once");
}

#[actix_web::test]
async fn twenty_hands_of_the_office_write_to_one_job_at_the_same_moment() {
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let job = server.job(&dispatcher).await;
    write_at_once(&dispatcher, &[&server], job).await;
    assert_eq!(server.differences().await, []);
}

#[actix_web::test]
async fn of_twenty_who_assign_one_job_at_once_one_does_and_the_others_hear_of_it() {
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let job = server.job(&dispatcher).await;
    let mut asked = Vec::new();
    for _ in 0..HANDS {
        let technician = server.person(Role::Technician).await;
        let body = json!({"technician": technician.id, "instead_of": null});
        asked.push(tokio::spawn(dispatcher.post(&format!("/v1/jobs/{job}/assign"), &body).send()));
    }
    let mut statuses = Vec::new();
    for one in asked {
        statuses.push(one.await.unwrap().unwrap().status().as_u16());
    }
    let (done, refused): (Vec<u16>, Vec<u16>) = statuses.into_iter().partition(|status| *status < 400);
    assert_eq!((done.len(), refused), (1, vec![Kind::Stale.status(); HANDS - 1]), "they named whom they saw: nobody");
}
