//! How much waits at the desk, by who asks.

use super::patient_server;
use schema::people::Role;
use schema::time::{HOUR, MINUTE};
use schema::waiting::{Waiting, Waits};
use serde_json::{Value, json};
use tests::{Person, expect_json};

async fn waiting(person: &Person) -> Waiting {
    expect_json(person.get("/v1/waiting"), 200).await
}

fn waits(count: i64, late: i64) -> Option<Waits> {
    Some(Waits { count, late })
}

#[tokio::test]
async fn everybody_is_told_how_much_waits_of_what_they_may_see() {
    let server = patient_server().await;
    let (agent, engineer) = (server.person(Role::DeskAgent).await, server.person(Role::EngineeringSupervisor).await);
    let (dispatcher, elsewhere) =
        (server.person(Role::Dispatcher).await, server.person_at("02", Role::DeskAgent).await);
    let job = server.job(&agent).await;
    let none = waits(0, 0);
    let nothing = Waiting {
        refused: None,
        differing: None,
        prices: none,
        questions: none,
        promises: none,
        follow_ups: none,
        escalations: none,
    };
    assert_eq!(waiting(&agent).await, nothing);
    for number in 0..120 {
        let body = json!({"text": format!("换第 {number} 块玻璃")});
        expect_json::<Value>(agent.post(&format!("/v1/jobs/{job}/price-requests"), &body), 201).await;
    }
    let due = server.clock.now().plus(HOUR);
    let promise = json!({"text": "回电", "due_at": due, "job": job});
    expect_json::<Value>(agent.post("/v1/promises", &promise), 201).await;
    let solved = server.job(&agent).await;
    let reason = json!({"reason": "教客户复位"});
    expect_json::<Value>(agent.post(&format!("/v1/jobs/{solved}/solve-remotely"), &reason), 200).await;
    assert_eq!(
        waiting(&agent).await,
        Waiting { prices: waits(120, 0), ..nothing },
        "all of them, and what is not due is not"
    );
    server.clock.advance(31 * MINUTE);
    let soon = Waiting { prices: waits(120, 120), promises: waits(1, 0), ..nothing };
    assert_eq!(waiting(&agent).await, soon);
    server.clock.advance(90 * MINUTE);
    let called = Waiting { promises: waits(1, 1), follow_ups: waits(1, 0), ..soon };
    assert_eq!(waiting(&agent).await, called);
    assert_eq!(waiting(&engineer).await, Waiting { follow_ups: None, ..called });
    let inbox = Waiting { refused: none, differing: none, follow_ups: None, ..called };
    assert_eq!(waiting(&dispatcher).await, inbox);
    assert_eq!(waiting(&elsewhere).await, nothing, "another outlet's is nobody else's");
}
