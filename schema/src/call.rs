//! Calls back to customers (回访, `domain.md §8`): the desk's list and what came of each call. What is due stands in [`crate::followup`].

use crate::followup::CallReason;
use crate::id::{CallId, FollowUpId, JobId, OutletId};
use crate::people::PersonName;
use crate::time::Timestamp;
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    FollowUpState {
        Open = "open",
        Satisfied = "satisfied",
        /// The job was re-opened, or a complaint flagged.
        Unsatisfied = "unsatisfied",
        /// Three tries at different hours.
        Unreached = "unreached",
        /// The customer wants no calls.
        Refused = "refused",
    }
}

/// A call that is due, or was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowUp {
    pub id: FollowUpId,
    pub outlet: OutletId,
    pub job: JobId,
    pub number: String,
    pub name: Option<String>,
    pub reason: CallReason,
    pub state: FollowUpState,
    /// The call is made once this time has passed.
    pub not_before: Timestamp,
    pub due_at: Timestamp,
    /// 0 is called first.
    pub rank: i64,
    pub is_due: bool,
    pub is_late: bool,
    /// Oldest first.
    pub calls: Vec<Call>,
    pub closed_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Call {
    pub id: CallId,
    pub by: PersonName,
    pub at: Timestamp,
    pub reached: bool,
    pub satisfied: Option<bool>,
    pub remarks: Option<String>,
}

/// `POST /v1/follow-ups/{id}/calls`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateCall {
    pub reached: bool,
    /// Needed where the customer was reached, unless they refuse to be called.
    #[serde(default)]
    pub satisfied: Option<bool>,
    /// Needed where the customer is not satisfied.
    #[serde(default)]
    pub remarks: Option<String>,
    /// Not satisfied, but not with the work: noted as a complaint instead of re-opening the job.
    #[serde(default)]
    pub complaint: bool,
    /// The customer wants no such calls, now or later.
    #[serde(default)]
    pub refuses_calls: bool,
}
