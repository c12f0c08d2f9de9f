use super::*;
use crate::example::{at, finished, reported};
use crate::record::ReportField;
use crate::record::{Correction, SignOffKind};

const DONE: MarkKind = MarkKind::Done;

fn assigned() -> JobRecord {
    reported().with_assignment(1, 1, 5)
}

#[test]
fn a_job_without_an_address_is_only_reported_until_somebody_finds_it_out() {
    let mut record = reported();
    record.report.address = Some("  ".to_owned());
    assert_eq!(status(&record), Status::Reported);
    assert_eq!(record.missing_to_dispatch(), vec![ReportField::Address]);
    let value = "幸福路12号".to_owned();
    let correction = Correction { field: ReportField::Address, value, by: crate::example::person(100), at: at(2) };
    record.corrections.insert(crate::example::id(1), correction);
    assert_eq!(status(&record), Status::Ready);
}

#[test]
fn an_emergency_sent_out_with_data_missing_is_assigned_all_the_same() {
    let mut record = assigned();
    record.report.phone = None;
    assert_eq!(status(&record), Status::Assigned);
}

#[test]
fn each_tick_of_the_visit_takes_the_job_further() {
    let ticks = [
        ("accept", Status::Accepted),
        ("contact", Status::Appointed),
        ("depart", Status::EnRoute),
        ("knock", Status::OnSite),
        ("diagnose", Status::Working),
        ("repair", Status::Working),
        ("testing", Status::Tested),
    ];
    let mut record = assigned();
    for (minute, (step, expected)) in (10..).zip(ticks) {
        record = record.with_mark(step, DONE, minute);
        assert_eq!(status(&record), expected, "after {step}");
    }
    let record = record.with_sign_off(1, SignOffKind::Signed, 30);
    assert_eq!(status(&record), Status::Signed);
    assert_eq!(status(&record.with_decision(1, DecisionKind::Closed, 40)), Status::Closed);
}

#[test]
fn steps_ticked_out_of_order_count_by_the_furthest() {
    let record = assigned().with_mark("testing", DONE, 50).with_mark("accept", DONE, 60);
    assert_eq!(status(&record), Status::Tested);
}

#[test]
fn a_test_that_failed_is_work_and_no_test() {
    let record = finished().with_mark("testing", MarkKind::Failed, 106);
    assert_eq!(status(&record), Status::Working);
    assert_eq!(status(&finished().with_mark("testing", MarkKind::Skipped, 106)), Status::Working);
    assert_eq!(status(&finished().with_mark("testing", MarkKind::Open, 106)), Status::Working);
}

#[test]
fn a_declined_signature_is_a_valid_end() {
    assert_eq!(status(&finished().with_sign_off(1, SignOffKind::Declined, 120)), Status::Signed);
}

#[test]
fn the_latest_hold_that_lasts_says_what_the_job_waits_for() {
    let kinds = [
        (HoldKind::Part, Status::WaitingPart),
        (HoldKind::Customer, Status::WaitingCustomer),
        (HoldKind::Price, Status::WaitingPrice),
        (HoldKind::Workshop, Status::InWorkshop),
        (HoldKind::Absent, Status::CustomerAbsent),
        (HoldKind::Proof, Status::AwaitingProof),
    ];
    for (kind, expected) in kinds {
        let record = assigned().with_mark("diagnose", DONE, 20).with_hold(1, kind, 30);
        assert_eq!(status(&record), expected);
        assert_eq!(status(&record.with_release(1, 40)), Status::Working);
    }
    let both = assigned().with_hold(1, HoldKind::Price, 20).with_hold(2, HoldKind::Part, 30);
    assert_eq!(status(&both), Status::WaitingPart);
    assert_eq!(status(&both.with_release(2, 40)), Status::WaitingPrice);
}

#[test]
fn work_done_later_shows_that_the_wait_was_over() {
    let waiting = assigned().with_hold(1, HoldKind::Part, 20);
    assert_eq!(status(&waiting.clone().with_mark("cleanup", DONE, 25)), Status::WaitingPart);
    assert_eq!(status(&waiting.with_mark("repair", DONE, 90)), Status::Working);
}

#[test]
fn a_knock_at_a_door_that_nobody_opens_is_no_arrival() {
    let absent = assigned().with_hold(1, HoldKind::Absent, 30).with_mark("knock", DONE, 31);
    assert_eq!(status(&absent), Status::CustomerAbsent);
    let moved = absent.with_assignment(2, 1, 60);
    assert_eq!(status(&moved), Status::Assigned);
    assert_eq!(status(&moved.with_mark("depart", DONE, 90)), Status::EnRoute);
}

#[test]
fn what_is_tested_in_the_workshop_stays_there_until_it_is_brought_back() {
    let record = finished().with_hold(1, HoldKind::Workshop, 66);
    assert_eq!(status(&record), Status::InWorkshop);
    assert_eq!(status(&record.with_release(1, 200)), Status::Tested);
}

#[test]
fn a_sealed_leak_awaits_proof_after_the_signature_until_the_rain_has_passed() {
    let record = finished().with_sign_off(1, SignOffKind::Signed, 120).with_hold(1, HoldKind::Proof, 119);
    assert_eq!(status(&record), Status::AwaitingProof);
    assert_eq!(status(&record.with_decision(1, DecisionKind::Proved, 500)), Status::Signed);
}

#[test]
fn a_new_technician_does_not_inherit_where_the_first_one_stood_but_the_work_stays_done() {
    let moved = assigned().with_mark("accept", DONE, 10).with_mark("knock", DONE, 30).with_assignment(2, 2, 40);
    assert_eq!(status(&moved), Status::Assigned);
    assert_eq!(status(&moved.clone().with_mark_by(2, "accept", DONE, 45)), Status::Accepted);
    assert_eq!(status(&moved.with_mark("repair", DONE, 35)), Status::Working);
}

#[test]
fn a_job_taken_out_of_everybodys_hands_is_ready_again() {
    let mut record = assigned().with_mark("accept", DONE, 10);
    record.assigned = None;
    assert_eq!(status(&record), Status::Ready);
}

#[test]
fn cancelled_and_solved_remotely_give_way_to_a_signature_only() {
    for (kind, expected) in
        [(DecisionKind::Cancelled, Status::Cancelled), (DecisionKind::SolvedRemotely, Status::SolvedRemotely)]
    {
        let record = finished().with_decision(1, kind, 60);
        assert_eq!(status(&record), expected);
        assert_eq!(status(&record.with_sign_off(1, SignOffKind::Signed, 120)), Status::Signed);
    }
}

#[test]
fn reopening_resets_what_lies_before_it() {
    let record = finished()
        .with_hold(1, HoldKind::Part, 60)
        .with_sign_off(1, SignOffKind::Signed, 120)
        .with_decision(1, DecisionKind::Closed, 130)
        .with_decision(2, DecisionKind::Reopened, 200);
    assert_eq!(status(&record), Status::Reopened);
    assert_eq!(status(&record.clone().with_mark("knock", DONE, 210)), Status::OnSite);
    let again = record.with_assignment(2, 1, 220);
    assert_eq!(status(&again), Status::Assigned);
    assert_eq!(status(&again.with_decision(3, DecisionKind::Cancelled, 230)), Status::Cancelled);
}
