//! The state of a job, as a function of its record (`domain.md §7`): never a field that a merge could get wrong.
//!
//! The first line that holds gives the state. "Now" means since the job was last re-opened: re-opening resets what lies before it.
//! Times are those that the record claims. The order never shows a job as less far than its facts: work that somebody did stays
//! done whoever has the job, and a wait that later work shows to be over is over ([`JobRecord::hold_ended_at`]).
//!
//! | # | holds | state |
//! | --- | --- | --- |
//! | 1 | the last decision is to close | closed |
//! | 2 | the last decision is to cancel, and nobody signed off now | cancelled |
//! | 3 | the last decision is that it was solved remotely, and nobody signed off now | solved remotely |
//! | 4 | a hold lasts (the latest of them) | what it waits for |
//! | 5 | signed off now, or declined with a reason | signed |
//! | 6 | testing is done now | tested |
//! | 7 | diagnosed or repaired now, or testing failed or was skipped | working |
//! | 8 | knocked, or any step inside the home, on this trip | on site |
//! | 9 | departed on this trip | en route |
//! | 10 | the customer was reached on the phone for this trip | appointed |
//! | 11 | the technician in force has accepted | accepted |
//! | 12 | assigned now | assigned |
//! | 13 | it was re-opened | re-opened |
//! | 14 | name, phone, address and fault are known | ready |
//! | 15 | otherwise | reported |
//!
//! "This trip": ticks by the technician in force, or made since the assignment, and not from before an absence, a missing part or a
//! stay in the workshop that has ended, nor from before an assignment that followed a hold. An urgent job that was dispatched
//! with data missing is assigned, not reported.

use crate::people::Language;
use crate::record::{Assignment, DecisionKind, HoldKind, JobRecord, MarkKind};
use crate::time::Timestamp;
use crate::word::words;

words! {
    /// Where a job stands.
    Status {
        /// Data is missing; it can't be dispatched.
        Reported = "reported",
        Ready = "ready",
        Assigned = "assigned",
        Accepted = "accepted",
        Appointed = "appointed",
        EnRoute = "en_route",
        OnSite = "on_site",
        Working = "working",
        Tested = "tested",
        Signed = "signed",
        Closed = "closed",
        WaitingPart = "waiting_part",
        WaitingCustomer = "waiting_customer",
        WaitingPrice = "waiting_price",
        InWorkshop = "in_workshop",
        CustomerAbsent = "customer_absent",
        AwaitingProof = "awaiting_proof",
        SolvedRemotely = "solved_remotely",
        Cancelled = "cancelled",
        Reopened = "reopened",
    }
}

impl Status {
    /// As staff read it on a board.
    pub const fn name(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::Reported => ("待补资料", "Reported, data missing"),
            Self::Ready => ("待派工", "Ready"),
            Self::Assigned => ("已派工", "Assigned"),
            Self::Accepted => ("已接单", "Accepted"),
            Self::Appointed => ("已预约", "Appointed"),
            Self::EnRoute => ("上门途中", "En route"),
            Self::OnSite => ("已到达", "On site"),
            Self::Working => ("维修中", "Working"),
            Self::Tested => ("已试机", "Tested"),
            Self::Signed => ("已验收", "Signed off"),
            Self::Closed => ("已结单", "Closed"),
            Self::WaitingPart => ("待配件", "Waiting for a part"),
            Self::WaitingCustomer => ("待客户", "Waiting for the customer"),
            Self::WaitingPrice => ("待核价", "Waiting for a price"),
            Self::InWorkshop => ("拉修中", "In the workshop"),
            Self::CustomerAbsent => ("客户不在家", "Customer absent"),
            Self::AwaitingProof => ("待验证", "Awaiting proof"),
            Self::SolvedRemotely => ("电话解决", "Solved remotely"),
            Self::Cancelled => ("已取消", "Cancelled"),
            Self::Reopened => ("重新打开", "Re-opened"),
        };
        match language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

/// Steps that are only ticked at the customer's.
pub(crate) const ON_SITE_STEPS: &[&str] = &["knock", "introduce", "badge", "shoe_covers", "lay_out", "listen"];
/// Steps whose tick says where the technician is on this trip, furthest first.
const TRIP: [(Status, &[&str]); 3] =
    [(Status::OnSite, ON_SITE_STEPS), (Status::EnRoute, &["depart", "en_route"]), (Status::Appointed, &["contact"])];
/// Steps whose tick says that work has begun, on whatever trip and by whomever.
const WORK: [&str; 3] = ["diagnose", "repair", "before_service"];
const TESTING: &str = "testing";
const ACCEPT: &str = "accept";

/// Where the job stands.
pub fn status(record: &JobRecord) -> Status {
    let signed = !record.current_sign_offs().is_empty();
    match record.last_decision().map(|decision| decision.kind) {
        Some(DecisionKind::Closed) => return Status::Closed,
        Some(DecisionKind::Cancelled) if !signed => return Status::Cancelled,
        Some(DecisionKind::SolvedRemotely) if !signed => return Status::SolvedRemotely,
        _ => {}
    }
    if let Some((_, hold)) = record.lasting_holds().last() {
        return waits(hold.kind);
    }
    if signed {
        return Status::Signed;
    }
    let assignment = record.assignment();
    work(record)
        .or_else(|| assignment.and_then(|assignment| trip(record, assignment)))
        .or_else(|| assignment.filter(|a| record.is_current(a.at)).map(|_| Status::Assigned))
        .unwrap_or_else(|| unassigned(record))
}

const fn waits(hold: HoldKind) -> Status {
    match hold {
        HoldKind::Part => Status::WaitingPart,
        HoldKind::Customer => Status::WaitingCustomer,
        HoldKind::Price => Status::WaitingPrice,
        HoldKind::Workshop => Status::InWorkshop,
        HoldKind::Absent => Status::CustomerAbsent,
        HoldKind::Proof => Status::AwaitingProof,
    }
}

fn work(record: &JobRecord) -> Option<Status> {
    let begun = || WORK.iter().any(|step| is_done(record, step));
    match record.current_mark(TESTING).map(|mark| mark.kind) {
        Some(MarkKind::Done) => Some(Status::Tested),
        Some(MarkKind::Failed | MarkKind::Skipped) => Some(Status::Working),
        _ => begun().then_some(Status::Working),
    }
}

fn is_done(record: &JobRecord, step: &str) -> bool {
    record.current_mark(step).is_some_and(|mark| mark.kind == MarkKind::Done)
}

/// How far the technician in force has come.
fn trip(record: &JobRecord, assignment: &Assignment) -> Option<Status> {
    let from = trip_from(record, assignment);
    let ticked = |step: &&str, from: Option<Timestamp>| {
        record.current_mark(step).is_some_and(|mark| {
            mark.kind == MarkKind::Done
                && (mark.by == assignment.technician || mark.at >= assignment.at)
                && from.is_none_or(|from| mark.at >= from)
        })
    };
    let reached = TRIP.iter().find(|(_, steps)| steps.iter().any(|step| ticked(step, from)));
    reached.map(|(status, _)| *status).or_else(|| ticked(&ACCEPT, None).then_some(Status::Accepted))
}

/// Where this trip begins: after the last wait that sent the technician away.
fn trip_from(record: &JobRecord, assignment: &Assignment) -> Option<Timestamp> {
    let sends_away = |kind| matches!(kind, HoldKind::Absent | HoldKind::Part | HoldKind::Workshop);
    let away = record.holds.iter().filter(|(_, hold)| sends_away(hold.kind));
    let ended = away.filter_map(|(id, _)| record.hold_ended_at(id));
    let moved = record.holds.values().filter(|hold| hold.at < assignment.at).map(|_| assignment.at);
    ended.chain(moved).max()
}

fn unassigned(record: &JobRecord) -> Status {
    if record.reopened_at().is_some() {
        Status::Reopened
    } else if record.missing_to_dispatch().is_empty() {
        Status::Ready
    } else {
        Status::Reported
    }
}

#[cfg(test)]
mod tests;
