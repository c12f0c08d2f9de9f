//! Questions passed upward: what the desk can't answer goes to the desk supervisor, and the customer hears within five minutes
//! (domain.md §2, §3). The clock runs until the customer was told, not until somebody knows the answer.

use crate::id::{OutletId, PersonId, QuestionId, ReportId};
use crate::people::PersonName;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// `POST /v1/reports/{id}/questions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateQuestion {
    /// What the customer wants to know.
    pub text: String,
}

/// `POST /v1/questions/{id}/answer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerQuestion {
    pub text: String,
    /// Who answers has told the customer themselves.
    #[serde(default)]
    pub told: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Question {
    pub id: QuestionId,
    pub outlet: OutletId,
    /// The report of the customer who waits; its number stands beside it.
    pub report: ReportId,
    pub number: String,
    pub text: String,
    pub asked_by: PersonName,
    pub asked_at: Timestamp,
    /// The customer has heard by then.
    pub due_at: Timestamp,
    /// The customer was not told in time.
    pub is_late: bool,
    /// None while the supervisor has said nothing, or where the desk found the answer itself.
    pub answer: Option<QuestionAnswer>,
    /// When the customer was told, and by whom; none while they wait.
    pub told: Option<Told>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuestionAnswer {
    pub text: String,
    pub by: PersonName,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Told {
    pub by: PersonId,
    pub at: Timestamp,
}
