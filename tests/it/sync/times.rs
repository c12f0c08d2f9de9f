//! When something was done, on a phone whose clock is wrong: put right where the evidence tells, flagged where it contradicts, and the
//! same for the company's clocks however late it comes.

use schema::record::MarkKind;
use schema::time::{HOUR, MINUTE, Timestamp};
use serde_json::{Value, json};
use tests::{Errand, Setup, TestServer, expect_json};

async fn detail(errand: &Errand) -> Value {
    expect_json(errand.dispatcher.get(&format!("/v1/jobs/{}", errand.job)), 200).await
}

fn stopped(detail: &Value, rule: &str) -> Value {
    let clock = detail["clocks"].as_array().unwrap().iter().find(|clock| clock["rule"] == json!(rule)).unwrap();
    clock["stopped_at"].clone()
}

/// A server whose tokens outlive a test that moves the clock by hours.
async fn patient() -> TestServer {
    TestServer::with(Setup { flags: vec!["--access-token-s", "10000000"], ..Setup::default() }).await
}

/// Works with a clock that is set so much wrong after the morning's sync, and syncs so much later.
async fn worked(wrong_us: i64, late_us: i64) -> (TestServer, Errand) {
    let server = patient().await;
    let mut errand = server.errand().await;
    server.clock.advance(HOUR);
    errand.phone.clocks.wrong_us = wrong_us;
    errand.phone.mark(errand.job, "farewell", MarkKind::Done);
    errand.phone.mark(errand.job, "return", MarkKind::Done);
    server.clock.advance(late_us);
    let report = errand.phone.sync().await;
    assert_eq!((report.unsent, report.refused.len()), (0, 0), "{report:?}");
    (server, errand)
}

#[actix_web::test]
async fn a_clock_that_was_set_is_flagged_and_the_clocks_go_by_the_monotonic_one() {
    let (server, errand) = worked(-3 * HOUR, 2 * MINUTE).await;
    let shown = detail(&errand).await;
    assert_eq!(shown["job"]["time_flags"], json!(2));
    let doubt = &shown["doubtful_times"][1];
    assert_eq!(doubt["flags"], json!(["clock_jumped", "before_basis", "clock_wrong"]), "{doubt}");
    let claimed = &shown["record"]["marks"]["return"]["at"];
    let stop = stopped(&shown, "result_returned");
    assert!(stop.as_str() > claimed.as_str(), "{stop} {claimed}: what was claimed stays in the record");
    assert_eq!(stop, doubt["written_at"]);
    let history: Value = expect_json(errand.dispatcher.get(&format!("/v1/jobs/{}/history", errand.job)), 200).await;
    let last = history["changes"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["written_at"], last["time_flags"].as_array().unwrap().len()), (&stop, 3));
    assert_eq!(server.differences().await, []);
}

#[actix_web::test]
async fn a_clock_comes_out_the_same_however_late_the_phone_finds_a_network() {
    let mut moments = Vec::new();
    for late_us in [MINUTE, 5 * HOUR] {
        let (_server, errand) = worked(2 * HOUR, late_us).await;
        let shown = detail(&errand).await;
        let start = shown["job"]["reported_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        let stop = stopped(&shown, "result_returned");
        let stop = stop.as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        moments.push((stop - start).num_minutes());
    }
    assert_eq!(moments[0], moments[1]);
    assert_eq!(moments[0], 60);
}

#[actix_web::test]
async fn a_right_clock_is_believed_and_its_error_is_shown() {
    let (_server, errand) = worked(0, HOUR).await;
    let shown = detail(&errand).await;
    assert_eq!((&shown["job"]["time_flags"], &shown["doubtful_times"]), (&json!(0), &json!([])));
    let clock = shown["clocks"].as_array().unwrap().iter().find(|clock| clock["rule"] == json!("result_returned"));
    let error = clock.unwrap()["stopped_error_us"].as_i64().unwrap();
    assert!(error > 0 && error < MINUTE, "{error}");
}

#[actix_web::test]
async fn a_restart_between_contact_and_work_leaves_the_way_back_from_the_receipt() {
    let server = patient().await;
    let mut errand = server.errand().await;
    server.clock.advance(HOUR);
    (errand.phone.clocks.boot, errand.phone.clocks.wrong_us) = (2, 5 * HOUR);
    errand.phone.mark(errand.job, "return", MarkKind::Done);
    server.clock.advance(HOUR);
    errand.phone.sync().await;
    let shown = detail(&errand).await;
    let doubt = &shown["doubtful_times"][0];
    let time = |value: &Value| value.as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let wrong = time(&doubt["claimed_at"]) - time(&doubt["written_at"]);
    assert_eq!(wrong.num_minutes(), 300, "{doubt}");
}

#[actix_web::test]
async fn a_clock_whose_start_may_be_off_says_when_that_decides() {
    let server = patient().await;
    let mut errand = server.errand().await;
    server.clock.advance(HOUR);
    // Restarted before the work and after it: nothing but the contacts on either side tells when it was.
    errand.phone.clocks.boot = 2;
    errand.phone.mark(errand.job, "farewell", MarkKind::Done);
    server.clock.advance(HOUR);
    errand.phone.clocks.boot = 3;
    errand.phone.sync().await;
    let running = async || -> Value {
        let list: Value = expect_json(errand.dispatcher.get("/v1/clocks"), 200).await;
        let mut all = list.as_array().unwrap().iter();
        all.find(|clock| clock["rule"] == json!("result_returned")).unwrap().clone()
    };
    let clock = running().await;
    let (error, due) = (clock["started_error_us"].as_i64().unwrap(), at(&clock["due_at"]));
    assert!((HOUR / 2..2 * HOUR).contains(&error), "{clock}");
    assert_eq!(clock["in_doubt"], json!(false), "there is time enough left: {clock}");
    server.clock.set(due.plus(MINUTE));
    let clock = running().await;
    assert_eq!((&clock["state"], &clock["in_doubt"]), (&json!("breached"), &json!(true)), "it may have begun later");
    let shown = detail(&errand).await;
    let of_job =
        shown["clocks"].as_array().unwrap().iter().find(|one| one["rule"] == json!("result_returned")).unwrap();
    assert_eq!((&of_job["in_doubt"], of_job["started_error_us"].as_i64()), (&json!(true), Some(error)));
    let repair =
        shown["clocks"].as_array().unwrap().iter().find(|one| one["rule"] == json!("general_repaired")).unwrap();
    assert_eq!(
        (&repair["in_doubt"], &repair["started_error_us"]),
        (&json!(false), &json!(null)),
        "the desk's own word"
    );
    server.clock.set(due.plus(error + MINUTE));
    assert_eq!(running().await["in_doubt"], json!(false));
}

fn at(value: &Value) -> Timestamp {
    serde_json::from_value(value.clone()).unwrap()
}
