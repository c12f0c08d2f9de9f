//! What a technician is told of earlier visits to the customer of a job in their hands, and what they are not.

use super::patient_server;
use super::reports::rework::repaired;
use schema::earlier_visit::EarlierVisits;
use schema::edit::Edit;
use schema::id::EntryId;
use schema::people::Role;
use schema::record::{OldPart, Part, ReportField};
use schema::time::DAY;
use serde_json::{Value, json};
use server::state::random;
use tests::{expect_json, expect_ok};

#[tokio::test]
async fn a_technician_learns_what_was_done_for_the_same_customer_before_and_nothing_of_others() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let technician = server.person(Role::Technician).await;
    let first = server.job(&agent).await;
    let at = server.clock.now();
    let part = Part {
        code: "PJ-001".to_owned(),
        name: "点火电极".to_owned(),
        quantity_milli: 1_000,
        serial: Some("E-77".to_owned()),
        old_part: OldPart::Returned,
        by: agent.id,
        at,
        undoes: None,
    };
    let taken_back = Part { undoes: None, name: "电池".to_owned(), ..part.clone() };
    let wrong = EntryId::new(random());
    let undo = Part { undoes: Some(wrong.clone()), ..taken_back.clone() };
    let edits = vec![
        Edit::SetReport { field: ReportField::Model, value: Some("JSQ-16".to_owned()) },
        Edit::Cause { text: "电极积碳".to_owned() },
        Edit::Measures { text: "更换电极".to_owned() },
        Edit::Part { id: EntryId::new(random()), part },
        Edit::Part { id: wrong, part: taken_back },
        Edit::Part { id: EntryId::new(random()), part: undo },
    ];
    server.write(first, agent.id, edits).await;
    expect_ok(agent.post(&format!("/v1/jobs/{first}/notes"), &json!({"text": "客户难缠"}))).await;
    let signed_at = repaired(&server, &agent, first).await;
    // A neighbour behind the same door, who has another number.
    let neighbour = server.job(&agent).await;
    let other_number = Edit::SetReport { field: ReportField::Phone, value: Some("13900000002".to_owned()) };
    server.write(neighbour, agent.id, vec![other_number]).await;
    repaired(&server, &agent, neighbour).await;

    server.clock.advance(DAY);
    let today = server.job(&agent).await;
    server
        .write(today, agent.id, vec![Edit::SetReport { field: ReportField::Model, value: Some("jsq-16 ".to_owned()) }])
        .await;
    server.assign(today, &agent, &technician).await;
    let told: Vec<EarlierVisits> = expect_json(technician.get("/v1/earlier-visits"), 200).await;
    let [EarlierVisits { job, visits }] = told.as_slice() else { panic!("{told:?}") };
    let [visit] = visits.as_slice() else { panic!("{visits:?}") };
    assert_eq!(*job, today);
    assert_eq!((visit.cause.as_deref(), visit.measures.as_deref()), (Some("电极积碳"), Some("更换电极")));
    assert_eq!(visit.parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["点火电极"]);
    assert_eq!(visit.ended_at, Some(signed_at));
    assert!(visit.is_same_product && visit.technician.is_some());
    assert!(visit.warranted_until.is_some_and(|until| until > signed_at));

    let words: Value = expect_json(technician.get("/v1/earlier-visits"), 200).await;
    let words = words.to_string();
    for hidden in ["13900000001", "客户难缠", "8000", "王芳"] {
        assert!(!words.contains(hidden), "{hidden} in {words}");
    }
}

#[tokio::test]
async fn what_comes_later_or_is_not_finished_is_no_earlier_visit() {
    let server = patient_server().await;
    let agent = server.person(Role::DeskAgent).await;
    let technician = server.person(Role::Technician).await;
    let open = server.job(&agent).await;
    server.clock.advance(DAY);
    let today = server.job(&agent).await;
    server.assign(today, &agent, &technician).await;
    server.clock.advance(DAY);
    let later = server.job(&agent).await;
    repaired(&server, &agent, later).await;
    let told: Vec<EarlierVisits> = expect_json(technician.get("/v1/earlier-visits"), 200).await;
    assert_eq!(told, [EarlierVisits { job: today, visits: Vec::new() }], "{open} is still open");
    let idle = server.person(Role::Technician).await;
    assert_eq!(expect_json::<Vec<EarlierVisits>>(idle.get("/v1/earlier-visits"), 200).await, []);
}
