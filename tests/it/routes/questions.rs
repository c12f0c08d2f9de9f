//! Questions that the desk passes upward.

use super::{patient_server, walk};
use schema::outlet::Outlet;
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::question::Question;
use schema::time::MINUTE;
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_problem};

/// A customer's question, taken by this person.
async fn report(taker: &Person) -> String {
    let body =
        json!({"class": "D", "channel": "phone", "name": "李强", "phone": "13812345678", "fault": "旧机能否折价？"});
    let report: Value = expect_json(taker.post("/v1/reports", &body), 201).await;
    report["id"].as_str().unwrap().to_owned()
}

async fn ask(taker: &Person, report: &str) -> Question {
    expect_json(taker.post(&format!("/v1/reports/{report}/questions"), &json!({"text": "旧机能否折价？"})), 201).await
}

#[tokio::test]
async fn a_question_goes_to_the_supervisor_and_its_clock_runs_until_the_customer_was_told() {
    let server = TestServer::start().await;
    let (agent, supervisor) = (server.person(Role::DeskAgent).await, server.person(Role::DeskSupervisor).await);
    let report = report(&agent).await;
    let asked = ask(&agent, &report).await;
    assert_eq!(asked.due_at, server.clock.now().plus(5 * MINUTE));
    let open: Page<Question> = expect_json(supervisor.get("/v1/questions?open=true"), 200).await;
    assert_eq!(open.items, std::slice::from_ref(&asked));
    let (answer, told) = (format!("/v1/questions/{}/answer", asked.id), format!("/v1/questions/{}/told", asked.id));
    let tell = || agent.request(reqwest::Method::POST, &told);
    expect_problem(tell(), Kind::Conflict).await;
    let body = json!({"text": "不做以旧换新，可代为联系回收。"});
    expect_problem(agent.post(&answer, &body), Kind::Forbidden).await;
    let answered: Question = expect_json(supervisor.post(&answer, &body), 200).await;
    assert_eq!(answered.answer.as_ref().unwrap().by.id, supervisor.id);
    assert_eq!((answered.told, answered.is_late), (None, false));
    expect_json::<Question>(supervisor.post(&answer, &body), 200).await;
    expect_problem(supervisor.post(&answer, &json!({"text": "可以"})), Kind::Conflict).await;
    server.clock.advance(6 * MINUTE);
    let waits: Page<Question> = expect_json(agent.get("/v1/questions?open=true"), 200).await;
    assert!(waits.items[0].is_late, "known for minutes, and the customer still waits");
    let done: Question = expect_json(tell(), 200).await;
    assert_eq!((done.told.unwrap().by, done.is_late), (agent.id, true));
    server.clock.advance(MINUTE);
    assert_eq!(expect_json::<Question>(tell(), 200).await, done, "the first telling stands");
    let open: Page<Question> = expect_json(supervisor.get("/v1/questions?open=true"), 200).await;
    assert_eq!(open.items, []);
}

#[tokio::test]
async fn who_answers_may_tell_the_customer_and_an_answered_report_tells_them_too() {
    let server = patient_server().await;
    let (agent, supervisor) = (server.person(Role::DeskAgent).await, server.person(Role::DeskSupervisor).await);
    let administrator = server.person(Role::Administrator).await;
    let settings = json!({"settings": {"question_minutes": 10}});
    expect_json::<Outlet>(administrator.patch(&format!("/v1/outlets/{}", agent.outlet), &settings), 200).await;
    let first = ask(&agent, &report(&agent).await).await;
    assert_eq!(first.due_at, server.clock.now().plus(10 * MINUTE));
    let body = json!({"text": "不做以旧换新。", "told": true});
    let answered: Question =
        expect_json(supervisor.post(&format!("/v1/questions/{}/answer", first.id), &body), 200).await;
    assert_eq!(answered.told.unwrap().by, supervisor.id);
    let second = report(&agent).await;
    ask(&agent, &second).await;
    let text = json!({"text": "已查到：不做以旧换新。"});
    expect_json::<Value>(agent.post(&format!("/v1/reports/{second}/answer"), &text), 200).await;
    let of_report: Page<Question> = expect_json(agent.get(&format!("/v1/reports/{second}/questions")), 200).await;
    let [found] = of_report.items.as_slice() else { panic!("{of_report:?}") };
    assert_eq!((found.told.unwrap().by, &found.answer, found.is_late), (agent.id, &None, false));
    let late = json!({"text": "还能问吗？"});
    expect_problem(agent.post(&format!("/v1/reports/{second}/questions"), &late), Kind::Conflict).await;
}

#[tokio::test]
async fn a_technician_asks_for_the_reports_they_took_and_strangers_see_nothing() {
    let server = TestServer::start().await;
    let (technician, agent) = (server.person(Role::Technician).await, server.person(Role::DeskAgent).await);
    let (own, other) = (report(&technician).await, report(&agent).await);
    let asked = ask(&technician, &own).await;
    let text = json!({"text": "能否上门？"});
    expect_problem(technician.post(&format!("/v1/reports/{other}/questions"), &text), Kind::NotFound).await;
    expect_problem(technician.get("/v1/questions"), Kind::Forbidden).await;
    for wrong in [json!({"text": " "}), json!({}), json!({"text": "x", "ghost": 1})] {
        expect_problem(agent.post(&format!("/v1/reports/{other}/questions"), &wrong), Kind::InvalidField).await;
    }
    let stranger = server.person_at("02", Role::DeskSupervisor).await;
    expect_problem(stranger.post(&format!("/v1/questions/{}/answer", asked.id), &text), Kind::NotFound).await;
    expect_problem(stranger.get(&format!("/v1/reports/{own}/questions")), Kind::NotFound).await;
    let told = format!("/v1/questions/{}/told", asked.id);
    expect_problem(stranger.request(reqwest::Method::POST, &told), Kind::NotFound).await;
    let seen: Page<Question> = expect_json(stranger.get("/v1/questions"), 200).await;
    assert_eq!(seen.items, []);
}

/// A supervisor answers, and tells the customer or leaves that to the desk.
async fn answer(supervisor: &Person, question: &Question, told: bool) {
    let body = json!({"text": "不做以旧换新。", "told": told});
    expect_json::<Question>(supervisor.post(&format!("/v1/questions/{}/answer", question.id), &body), 200).await;
}

#[tokio::test]
async fn open_questions_come_first_due_first_and_told_ones_last_told_first_page_by_page() {
    let server = patient_server().await;
    let (agent, supervisor) = (server.person(Role::DeskAgent).await, server.person(Role::DeskSupervisor).await);
    let administrator = server.person(Role::Administrator).await;
    let mut asked = Vec::new();
    for minutes in [10, 5, 5, 5] {
        let settings = json!({"settings": {"question_minutes": minutes}});
        expect_json::<Outlet>(administrator.patch(&format!("/v1/outlets/{}", agent.outlet), &settings), 200).await;
        asked.push(ask(&agent, &report(&agent).await).await);
        server.clock.advance(MINUTE);
    }
    let walked = async |query: &str| {
        let found = walk::<Question>(&supervisor, &format!("/v1/questions{query}"), 1).await;
        found.iter().map(|one| asked.iter().position(|known| known.id == one.id).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(walked("?open=true").await, [1, 2, 3, 0]);
    assert_eq!(walked("?open=false").await, [0_usize; 0]);
    answer(&supervisor, &asked[3], false).await;
    answer(&supervisor, &asked[2], true).await;
    assert_eq!(walked("?open=true&answered=false").await, [1, 0]);
    assert_eq!(walked("?open=true&answered=true").await, [3]);
    server.clock.advance(MINUTE);
    // Two at one moment: the later one stands before the earlier.
    answer(&supervisor, &asked[1], true).await;
    answer(&supervisor, &asked[0], true).await;
    assert_eq!(walked("?open=false").await, [1, 0, 2]);
    assert_eq!(walked("").await, [0, 1, 2, 3]);

    let elsewhere = server.person_at("02", Role::DeskSupervisor).await;
    expect_problem(elsewhere.get(&format!("/v1/questions?after={}", asked[0].id)), Kind::NotFound).await;
    let others = format!("/v1/reports/{}/questions?after={}", asked[1].report, asked[0].id);
    expect_problem(agent.get(&others), Kind::NotFound).await;
}
