//! Promises to customers ("we call you back by 15:00"): each has an owner and a due time, and shows when it is broken.

use crate::id::{JobId, OutletId, PersonId, PromiseId, ReportId};
use crate::people::PersonName;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// `POST /v1/promises`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreatePromise {
    pub text: String,
    pub due_at: Timestamp,
    /// Who keeps it; whoever makes it where nobody is named.
    #[serde(default)]
    pub owner: Option<PersonId>,
    #[serde(default)]
    pub report: Option<ReportId>,
    #[serde(default)]
    pub job: Option<JobId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Promise {
    pub id: PromiseId,
    pub outlet: OutletId,
    pub report: Option<ReportId>,
    pub job: Option<JobId>,
    /// Of the job, else of the report, that it was made about.
    pub number: Option<String>,
    pub owner: PersonName,
    pub text: String,
    pub due_at: Timestamp,
    pub made_by: PersonId,
    pub made_at: Timestamp,
    pub kept_by: Option<PersonId>,
    pub kept_at: Option<Timestamp>,
    /// Not kept in time: late counts as broken.
    pub is_broken: bool,
}

/// Whether a promise was not kept in time, seen from `now`.
pub fn is_broken(due_at: Timestamp, kept_at: Option<Timestamp>, now: Timestamp) -> bool {
    kept_at.unwrap_or(now) > due_at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_kept_late_stays_broken() {
        let at = Timestamp::from_micros;
        assert!(!is_broken(at(10), None, at(10)));
        assert!(is_broken(at(10), None, at(11)));
        assert!(!is_broken(at(10), Some(at(9)), at(99)));
        assert!(is_broken(at(10), Some(at(12)), at(99)));
    }
}
