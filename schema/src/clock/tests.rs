use super::*;
use crate::customer::CustomerClass;
use crate::example::{at, finished, id, reported};
use crate::id::PriceRequestId;
use crate::record::{DecisionKind, MarkKind, SignOffKind};
use crate::template::find_shipped;
use crate::time::{HOUR, MINUTE, Window};
use chrono_tz::Asia::Shanghai;

const DONE: MarkKind = MarkKind::Done;
const DAY_MINUTES: i64 = 24 * 60;

fn with_facts(record: &JobRecord, facts: &Facts) -> Vec<Clock> {
    let template = find_shipped("home_repair", 1).unwrap();
    clocks(record, template, facts, &shipped_rules().unwrap(), &WorkCalendar::plain(Shanghai))
}

fn find(record: &JobRecord, rule: &str) -> Vec<Clock> {
    with_facts(record, &Facts::default()).into_iter().filter(|clock| clock.rule == rule).collect()
}

fn one(record: &JobRecord, rule: &str) -> Clock {
    let found = find(record, rule);
    assert_eq!(found.len(), 1, "{rule}: {found:?}");
    found[0].clone()
}

fn general() -> JobRecord {
    let mut record = reported();
    record.report.urgency = Some(Urgency::General);
    record
}

#[test]
fn the_shipped_rules_are_those_of_the_trade() {
    let rules = shipped_rules().unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(
        ids.join(" "),
        "urgent_on_site urgent_repaired general_repaired off_list_price departure_fixed remote_check unsure_fix \
         incomplete_test result_returned warranty"
    );
    assert!(rules.iter().all(|rule| !rule.name.zh.is_empty() && !rule.name.en.is_empty()));
}

#[test]
fn an_urgent_job_is_reached_in_two_hours_and_repaired_in_a_day() {
    let on_site = one(&reported(), "urgent_on_site");
    assert_eq!((on_site.started_at, on_site.due_at), (at(0), at(120)));
    let states = [(0, ClockState::Running), (90, ClockState::Warning), (121, ClockState::Breached)];
    for (minute, state) in states {
        assert_eq!(on_site.state(at(minute)), state, "at {minute}");
    }
    assert_eq!(one(&reported(), "urgent_repaired").due_at, at(DAY_MINUTES));
    assert_eq!(find(&reported(), "general_repaired"), []);
    assert_eq!(one(&general(), "general_repaired").due_at, at(3 * DAY_MINUTES));
    assert_eq!(find(&general(), "urgent_on_site"), []);
}

#[test]
fn facts_stop_a_clock_by_when_they_happened() {
    let record = finished();
    let on_site = one(&record, "urgent_on_site");
    assert_eq!(on_site.stopped_at, Some(at(55)));
    assert_eq!(on_site.state(at(9_999)), ClockState::Kept);
    assert_eq!(one(&record, "urgent_repaired").stopped_at, Some(at(105)));
    let late = reported().with_mark("knock", DONE, 130);
    assert_eq!(one(&late, "urgent_on_site").state(at(9_999)), ClockState::Breached);
}

#[test]
fn a_phone_whose_clock_runs_slow_stops_the_clock_no_earlier_than_it_began() {
    let record = reported().with_mark("knock", DONE, -10);
    assert_eq!(one(&record, "urgent_on_site").stopped_at, Some(at(0)));
}

#[test]
fn waiting_for_the_customer_moves_the_due_time_and_waiting_for_a_part_does_not() {
    let absent = general().with_hold(1, HoldKind::Absent, 60);
    let clock = one(&absent, "general_repaired");
    assert_eq!((clock.paused_since, clock.state(at(9_999))), (Some(at(60)), ClockState::Paused));
    let back = absent.clone().with_release(1, 180);
    let clock = one(&back, "general_repaired");
    assert_eq!((clock.due_at, clock.paused_us), (at(3 * DAY_MINUTES + 120), 120 * MINUTE));
    let overlapping = back.with_hold(2, HoldKind::Price, 120).with_release(2, 240);
    let clock = one(&overlapping, "general_repaired");
    assert_eq!(clock.paused_us, 180 * MINUTE, "what overlaps counts once");
    let part = general().with_hold(1, HoldKind::Part, 60).with_release(1, 180);
    assert_eq!(one(&part, "general_repaired").due_at, at(3 * DAY_MINUTES));
}

#[test]
fn a_wait_that_began_after_the_breach_does_not_heal_it() {
    let record = general().with_hold(1, HoldKind::Customer, 5_000).with_release(1, 6_000);
    let clock = one(&record, "general_repaired");
    assert_eq!((clock.due_at, clock.state(at(5_500))), (at(3 * DAY_MINUTES), ClockState::Breached));
}

#[test]
fn a_release_that_arrives_days_late_gives_what_it_would_have_given_in_time() {
    let tested = general().with_hold(1, HoldKind::Absent, 60).with_mark("testing", DONE, 3 * DAY_MINUTES + 60);
    let in_time = tested.clone().with_release(1, 180);
    let clock = one(&in_time, "general_repaired");
    assert_eq!((clock.due_at, clock.state(at(99_999))), (at(3 * DAY_MINUTES + 120), ClockState::Kept));
    let mut late = general().with_release(1, 180).with_mark("testing", DONE, 3 * DAY_MINUTES + 60);
    late.holds = tested.holds.clone();
    assert_eq!(one(&late, "general_repaired"), clock);
}

#[test]
fn an_item_off_the_list_is_priced_in_fifteen_minutes_and_repaired_from_its_acceptance() {
    let asked = general().with_hold(1, HoldKind::Price, 30);
    assert_eq!(one(&asked, "off_list_price").due_at, at(45));
    let mut priced = asked.with_release(1, 40).with_quote(1, 50_000, 50);
    assert_eq!(one(&priced, "off_list_price").stopped_at, Some(at(40)));
    let line = priced.quotes.get_mut(&id(1)).unwrap().lines.get_mut("01").unwrap();
    let request = PriceRequestId::new(at(30), [1; 10]);
    line.request = Some(request);
    let answered = Facts { priced: BTreeSet::from([request]), ..Facts::default() };
    let repaired = |record: &JobRecord| -> Vec<Clock> {
        with_facts(record, &answered).into_iter().filter(|clock| clock.rule == "general_repaired").collect()
    };
    assert_eq!(repaired(&priced), [], "nothing runs until the customer accepts");
    let accepted = priced.clone().with_consent(1, 500);
    let clocks = repaired(&accepted);
    assert_eq!((clocks.len(), clocks[0].started_at, clocks[0].due_at), (1, at(500), at(500 + 3 * DAY_MINUTES)));
    for invented in [priced, accepted] {
        let clock = one(&invented, "general_repaired");
        assert_eq!(clock.started_at, at(0), "a request that nobody answered starts no clock anew");
    }
}

#[test]
fn who_left_with_the_test_not_run_in_full_is_called_back_in_two_hours() {
    let signed = |record: JobRecord| record.with_sign_off(1, SignOffKind::Signed, 120).with_mark("farewell", DONE, 130);
    let said = signed(finished().with_play(1, "testing", "test_incomplete", 106));
    let skipped = signed(finished().with_mark("testing", MarkKind::Skipped, 105).with_reason("testing", "停水"));
    let failed = signed(finished().with_mark("testing", MarkKind::Failed, 105));
    for record in [&said, &skipped, &failed] {
        let clock = one(record, "incomplete_test");
        assert_eq!((clock.started_at, clock.not_before_at, clock.due_at), (at(130), Some(at(250)), at(310)));
    }
    assert_eq!(find(&signed(finished()), "incomplete_test"), []);
    let failing = finished().with_mark("testing", MarkKind::Failed, 105).with_mark("farewell", DONE, 130);
    assert_eq!(find(&failing, "incomplete_test"), [], "nobody signed: the work goes on");
    let tested = skipped.clone().with_mark("testing", DONE, 400);
    assert_eq!(find(&tested, "incomplete_test"), [], "run after all");
    assert_eq!(find(&skipped.with_decision(1, DecisionKind::Reopened, 500), "incomplete_test"), []);
}

#[test]
fn a_signature_shows_the_repair_where_the_test_was_skipped_and_not_where_it_failed() {
    let signed = |record: JobRecord| record.with_sign_off(1, SignOffKind::Signed, 120);
    let skipped = finished().with_mark("testing", MarkKind::Skipped, 105).with_reason("testing", "停水");
    assert_eq!(one(&skipped, "urgent_repaired").stopped_at, None, "a test that nobody ran shows nothing");
    assert_eq!(one(&signed(skipped), "urgent_repaired").stopped_at, Some(at(120)));
    let failed = signed(finished().with_mark("testing", MarkKind::Failed, 105));
    assert_eq!(one(&failed, "urgent_repaired").stopped_at, None);
    let reopened = find(&failed.clone().with_decision(1, DecisionKind::Reopened, 500), "urgent_repaired");
    assert_eq!(reopened[0].stopped_at, Some(at(500)), "the first round ends as it ran");
    let closed = failed.with_decision(1, DecisionKind::Closed, 400);
    assert_eq!(one(&closed, "urgent_repaired").stopped_at, Some(at(400)));
    let later = signed(finished()).with_mark("testing", MarkKind::Failed, 200);
    assert_eq!(one(&later, "urgent_repaired").stopped_at, Some(at(120)), "signed while the test had been passed");
}

#[test]
fn the_departure_is_fixed_an_hour_before_it_is_due() {
    let mut record = general().with_assignment(1, 1, 10);
    let window = Window { from: at(600), to: at(720) };
    record.assignments.get_mut(&id(1)).unwrap().window = Some(window);
    let facts = Facts { travel_us: 30 * MINUTE, ..Facts::default() };
    let fixed = |record: &JobRecord| {
        let found = with_facts(record, &facts).into_iter().find(|clock| clock.rule == "departure_fixed");
        found.unwrap()
    };
    let clock = fixed(&record);
    assert_eq!((clock.started_at, clock.due_at), (at(10), at(600 - 30 - 10 - 60)));
    assert_eq!(fixed(&record.with_mark("contact", DONE, 20)).stopped_at, Some(at(20)));
}

#[test]
fn calls_that_must_not_be_made_too_early_have_a_time_and_a_lateness() {
    let record = finished().with_play(1, "testing", "fix_unsure", 106).with_mark("farewell", DONE, 130);
    let clock = one(&record, "unsure_fix");
    assert_eq!((clock.started_at, clock.not_before_at, clock.due_at), (at(130), Some(at(310)), at(370)));
    let states = [(200, ClockState::Running), (310, ClockState::Warning), (371, ClockState::Breached)];
    for (minute, state) in states {
        assert_eq!(clock.state(at(minute)), state, "at {minute}");
    }
    let called = |minute| {
        let facts = Facts { events: BTreeMap::from([(Event::CalledBack, vec![at(minute)])]), ..Facts::default() };
        let clock = with_facts(&record, &facts).into_iter().find(|clock| clock.rule == "unsure_fix").unwrap();
        clock.state(at(320))
    };
    assert_eq!(called(200), ClockState::Warning, "too early: it has to be made again");
    assert_eq!(called(315), ClockState::Kept);
    assert_eq!(find(&finished().with_play(1, "testing", "test_incomplete", 106), "incomplete_test"), [], "still there");
    let remote = general().with_decision(1, DecisionKind::SolvedRemotely, 20);
    assert_eq!(one(&remote, "remote_check").not_before_at, Some(at(140)));
    assert_eq!(one(&remote, "general_repaired").state(at(9_999)), ClockState::Kept);
}

#[test]
fn the_result_is_back_before_the_customers_midnight() {
    let record = finished().with_mark("farewell", DONE, 130);
    let clock = one(&record, "result_returned");
    assert_eq!(clock.due_at, at(15 * 60), "9:00 in Shanghai and 15 hours");
    assert_eq!(one(&record.with_mark("return", DONE, 200), "result_returned").state(at(9_999)), ClockState::Kept);
}

#[test]
fn the_warranty_runs_three_calendar_months_from_the_signature_or_from_the_proof() {
    let signed = finished().with_sign_off(1, SignOffKind::Signed, 120);
    let clock = one(&signed, "warranty");
    assert_eq!(clock.due_at.to_string(), "2027-02-22T03:00:00Z");
    assert_eq!(clock.state(at(200)), ClockState::Running);
    assert_eq!(clock.state(clock.due_at.plus(1)), ClockState::Kept);
    let leak = signed.with_hold(1, HoldKind::Proof, 119);
    assert_eq!(find(&leak, "warranty"), []);
    let proved = leak.with_decision(1, DecisionKind::Proved, 2_000);
    assert_eq!(one(&proved, "warranty").started_at, at(2_000));
}

#[test]
fn a_reopened_job_runs_its_clocks_anew_and_the_first_round_stays_as_it_ended() {
    let first = finished().with_sign_off(1, SignOffKind::Signed, 120).with_decision(1, DecisionKind::Closed, 130);
    let again = first.with_decision(2, DecisionKind::Reopened, 5_000).with_mark("testing", DONE, 5_600);
    let runs = find(&again, "urgent_repaired");
    assert_eq!(runs.len(), 2);
    assert_eq!(
        runs[0].state(at(9_999)),
        ClockState::Kept,
        "its test was ticked again, but the signature is still there"
    );
    assert_eq!((runs[1].started_at, runs[1].stopped_at), (at(5_000), Some(at(5_600))));
    assert_eq!(runs[1].run, 1);
}

#[test]
fn a_company_sets_lengths_otherwise_and_may_have_a_class_of_customers_with_its_own() {
    let by_class = BTreeMap::from([(CustomerClass::Key, Length::Micros(HOUR / 2))]);
    let length = Some(Length::Micros(HOUR));
    let setting = ClockSetting { length, by_class, warn_before_us: Some(0), ..ClockSetting::default() };
    let off = ClockSetting { off: true, ..ClockSetting::default() };
    let settings = BTreeMap::from([("urgent_on_site".to_owned(), setting), ("warranty".to_owned(), off)]);
    let rules = with_settings(shipped_rules().unwrap(), &settings);
    assert!(rules.iter().all(|rule| rule.id != "warranty"));
    let due = |class: Option<&str>| -> Vec<Timestamp> {
        let facts = Facts { customer_class: class.map(str::to_owned), ..Facts::default() };
        let template = find_shipped("home_repair", 1).unwrap();
        let found = clocks(&reported(), template, &facts, &rules, &WorkCalendar::plain(Shanghai));
        found.iter().filter(|clock| clock.rule == "urgent_on_site").map(|clock| clock.due_at).collect()
    };
    assert_eq!((due(None), due(Some("key")), due(Some("ordinary"))), (vec![at(60)], vec![at(30)], vec![at(60)]));
}

#[test]
fn the_table_holds_complaints_and_counts_working_days() {
    let rule = serde_json::json!({
        "id": "major_complaint", "name": { "zh": "重大投诉", "en": "Major complaint" }, "kind": "deadline",
        "from": "complaint_taken", "to": ["complaint_answered"], "length": { "working_days": 2 }
    });
    let rules: Vec<ClockRule> = vec![serde_json::from_value(rule).unwrap()];
    // 2026-11-27 is a Friday.
    let taken = at(5 * DAY_MINUTES);
    let facts = Facts { events: BTreeMap::from([(Event::ComplaintTaken, vec![taken])]), ..Facts::default() };
    let due = |calendar: &WorkCalendar| {
        clocks(&reported(), find_shipped("home_repair", 1).unwrap(), &facts, &rules, calendar)[0].due_at
    };
    let mut calendar = WorkCalendar::plain(Shanghai);
    assert_eq!(due(&calendar), at(9 * DAY_MINUTES), "Tuesday at the same time");
    calendar.worked_weekends.insert(NaiveDate::from_ymd_opt(2026, 11, 28).unwrap());
    assert_eq!(due(&calendar), at(8 * DAY_MINUTES), "a Saturday worked in exchange counts");
    calendar.holidays.insert(NaiveDate::from_ymd_opt(2026, 11, 30).unwrap());
    assert_eq!(due(&calendar), at(9 * DAY_MINUTES));
}

#[test]
fn who_can_not_be_sure_whether_a_clock_was_kept_says_so() {
    let running = one(&reported(), "urgent_on_site");
    let error = |minutes: i64| Some(minutes * MINUTE);
    assert!(!running.is_in_doubt(at(119), None, None), "the desk knows when it took the report");
    assert!(running.is_in_doubt(at(119), error(1), None) && !running.is_in_doubt(at(118), error(1), None));
    let stopped = Clock { stopped_at: Some(at(125)), ..running.clone() };
    assert!(!stopped.is_in_doubt(at(500), None, error(4)) && stopped.is_in_doubt(at(500), None, error(5)));
    assert!(stopped.is_in_doubt(at(500), error(2), error(3)), "both may be off");
    let waits = Clock { paused_since: Some(at(100)), ..running };
    assert!(!waits.is_in_doubt(at(120), error(60), None), "a wait has put its due time off");
}
