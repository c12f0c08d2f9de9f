//! Whether the writer had the job, and the template's gates were open, as far as the change's own base shows. Who wrote without
//! knowing that the job had moved, or was closed, wrote in good faith: that stays, under their name. Who builds on the move did not.

use super::{Fault, Rules, fault};
use crate::record::lay;
use schema::edit::Edit;
use schema::gate::Violation;
use schema::id::PersonId;
use schema::record::{DecisionKind, JobRecord};
use schema::wire::RefusalCode;
use std::sync::Arc;

/// `base` is the record as the author saw it.
pub(crate) fn check(base: &JobRecord, person: PersonId) -> Result<(), Fault> {
    if base.assignment().is_none_or(|assignment| assignment.technician != person) {
        return Err(fault(RefusalCode::JobMoved, "the job was not in this person's hands"));
    }
    match base.last_decision().map(|decision| decision.kind) {
        Some(DecisionKind::Closed | DecisionKind::Cancelled | DecisionKind::SolvedRemotely) => {
            Err(fault(RefusalCode::JobClosed, "the job was closed"))
        }
        Some(DecisionKind::Reopened | DecisionKind::Proved) | None => Ok(()),
    }
}

/// Lays the edits over the base and asks the gates where safety, money or evidence hang on them.
pub(crate) fn pass_gates(rules: &Rules<'_>, view: &mut Arc<JobRecord>, edits: Vec<Edit>) -> Result<(), Fault> {
    let violations = violations(rules, view, edits);
    match violations.first() {
        None => Ok(()),
        Some(first) => Err(broken(first)),
    }
}

pub(crate) fn broken(violation: &Violation) -> Fault {
    fault(RefusalCode::GateClosed, &format!("{}: {}", violation.path.join("/"), violation.en))
}

/// What the edits newly break; the view then holds them all.
pub(crate) fn violations(rules: &Rules<'_>, view: &mut Arc<JobRecord>, edits: Vec<Edit>) -> Vec<Violation> {
    let before = edits.iter().any(is_guarded).then(|| Arc::clone(view));
    let after = Arc::make_mut(view);
    edits.into_iter().for_each(|edit| lay(after, edit));
    before.map_or_else(Vec::new, |before| (rules.gates)(&before, view))
}

fn is_guarded(edit: &Edit) -> bool {
    matches!(
        edit,
        Edit::Mark { .. }
            | Edit::Quote { .. }
            | Edit::Withdraw { .. }
            | Edit::Consent { .. }
            | Edit::Backup { .. }
            | Edit::TakeBack { .. }
            | Edit::HandBack { .. }
            | Edit::Charge { .. }
            | Edit::SignOff { .. }
            // What is wrong in these goes on to the report's row, or to the count of tools.
            | Edit::Correct { .. }
            | Edit::Reading { .. }
    )
}
