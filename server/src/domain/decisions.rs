//! What the office decides about a job's course: waits and their ends, cancelling, closing, re-opening, the proof that has come.

use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::jobs::{self, By};
use schema::dispatch::HoldJob;
use schema::edit::Edit;
use schema::id::{EntryId, JobId};
use schema::job::JobState;
use schema::people::Language;
use schema::problem::{FieldError, Kind, Problem};
use schema::record::{Decision, DecisionKind, Hold, HoldKind, JobRecord, Release};
use schema::status::{Status, status};

pub fn hold(conn: &mut Conn, by: &By, job: JobId, input: &HoldJob) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |_, view| {
        jobs::require_open(view)?;
        let mut form = Form::default();
        let reason = form.note("/reason", &input.reason);
        if input.until.is_some_and(|until| until <= by.now) {
            form.wrong("/until", "预计结束时间须在现在之后", "it is expected to end in the future");
        }
        form.finish()?;
        let hold = Hold { kind: input.kind, by: by.caller.person, at: by.now, reason, until: input.until };
        Ok(vec![Edit::Hold { id: by.entry(), hold }])
    })
}

pub fn release(conn: &mut Conn, by: &By, job: JobId, hold: &EntryId) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |_, view| {
        if !view.holds.contains_key(hold) {
            return Err(Problem::new(Kind::NotFound));
        }
        jobs::require_open(view)?;
        if view.hold_ended_at(hold).is_some() {
            return Err(Problem::because(Kind::Conflict, "该等待已结束", "This wait is over already"));
        }
        let release = Release { by: by.caller.person, at: by.now };
        Ok(vec![Edit::Release { hold: hold.clone(), release }])
    })
}

/// Cancels, and ends the customer's links.
pub fn cancel(conn: &mut Conn, by: &By, job: JobId, reason: &str) -> Result<JobState, Problem> {
    let cancelled = jobs::command(conn, by, job, |_, view| {
        jobs::require_open(view)?;
        if status(view) == Status::Signed {
            let (zh, en) = ("客户已验收，不能取消", "The customer has signed; it can't be cancelled");
            return Err(Problem::because(Kind::Conflict, zh, en));
        }
        because(by, DecisionKind::Cancelled, reason)
    })?;
    db::links::revoke_links_of(conn, job, by.caller.person, by.now)?;
    Ok(cancelled)
}

pub fn reopen(conn: &mut Conn, by: &By, job: JobId, reason: &str) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |_, view| {
        let over = matches!(
            status(view),
            Status::Closed | Status::Cancelled | Status::SolvedRemotely | Status::Signed | Status::AwaitingProof
        );
        if !over {
            return Err(Problem::because(Kind::Conflict, "工单尚未结束，无需重新打开", "The job is still open"));
        }
        because(by, DecisionKind::Reopened, reason)
    })
}

/// Solved by phone: nobody needs to come, and the customer is called to see that it holds.
pub fn solve_remotely(conn: &mut Conn, by: &By, job: JobId, reason: &str) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |_, view| {
        require_solvable(view)?;
        because(by, DecisionKind::SolvedRemotely, reason)
    })
}

/// What a customer has signed for was done by a visit.
pub(super) fn require_solvable(view: &JobRecord) -> Result<(), Problem> {
    jobs::require_open(view)?;
    if status(view) == Status::Signed {
        return Err(Problem::because(Kind::Conflict, "客户已验收", "The customer has signed already"));
    }
    Ok(())
}

/// The proof that the trade needs has come, as rain without a leak.
pub fn prove(conn: &mut Conn, by: &By, job: JobId, reason: Option<&str>) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |_, view| {
        jobs::require_open(view)?;
        if !view.lasting_holds().iter().any(|(_, hold)| hold.kind == HoldKind::Proof) {
            return Err(Problem::because(Kind::Conflict, "本单不在待验证状态", "This job awaits no proof"));
        }
        decide(by, DecisionKind::Proved, reason)
    })
}

/// The desk reconciled the job: it is accepted, or was solved by phone, and nothing is awaited.
pub fn close(conn: &mut Conn, by: &By, job: JobId, reason: Option<&str>) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |_, view| {
        let stands = status(view);
        if matches!(stands, Status::Closed | Status::Cancelled) {
            return Err(Problem::new(Kind::JobClosed));
        }
        let missing = missing_to_close(view, stands);
        if !missing.is_empty() {
            let (zh, en) = ("还不能结单", "The job can't be closed yet");
            return Err(Problem { errors: missing, ..Problem::because(Kind::Conflict, zh, en) });
        }
        decide(by, DecisionKind::Closed, reason)
    })
}

fn missing_to_close(view: &JobRecord, stands: Status) -> Vec<FieldError> {
    let mut missing = Vec::new();
    let mut lacks = |at: String, zh: String, en: String| missing.push(FieldError { at, zh, en });
    if view.current_sign_offs().is_empty() && stands != Status::SolvedRemotely {
        let en = "The customer has neither signed nor declined to, and it was not solved by phone".to_owned();
        lacks("/sign_offs".to_owned(), "客户尚未验收签字（或注明拒签），也不是电话解决".to_owned(), en);
    }
    for (id, hold) in view.lasting_holds() {
        let name = |language| waiting(hold.kind).name(language);
        let (zh, en) = (name(Language::Chinese), name(Language::English));
        lacks(format!("/holds/{id}"), format!("{zh}：{}", hold.reason), format!("{en}: {}", hold.reason));
    }
    for (id, receipt) in view.open_receipts().into_iter().filter(|(id, _)| view.out(id).product) {
        let product = &receipt.product;
        lacks(
            format!("/take_backs/{id}"),
            format!("{product}还未归还客户"),
            format!("{product} is not back with the customer"),
        );
    }
    missing
}

const fn waiting(kind: HoldKind) -> Status {
    match kind {
        HoldKind::Part => Status::WaitingPart,
        HoldKind::Customer => Status::WaitingCustomer,
        HoldKind::Price => Status::WaitingPrice,
        HoldKind::Workshop => Status::InWorkshop,
        HoldKind::Absent => Status::CustomerAbsent,
        HoldKind::Proof => Status::AwaitingProof,
    }
}

fn because(by: &By, kind: DecisionKind, reason: &str) -> Result<Vec<Edit>, Problem> {
    let mut form = Form::default();
    let reason = form.note("/reason", reason);
    form.finish()?;
    Ok(vec![decision(by, kind, Some(reason))])
}

fn decide(by: &By, kind: DecisionKind, reason: Option<&str>) -> Result<Vec<Edit>, Problem> {
    let mut form = Form::default();
    let reason = form.optional_note("/reason", reason);
    form.finish()?;
    Ok(vec![decision(by, kind, reason)])
}

fn decision(by: &By, kind: DecisionKind, reason: Option<String>) -> Edit {
    Edit::Decide { id: by.entry(), decision: Decision { kind, by: by.caller.person, at: by.now, reason } }
}
