//! Prices of what is not on the list: asked by the technician or the desk, answered by the engineering supervisor within 15 minutes.

use crate::id::{JobId, OutletId, PriceRequestId};
use crate::money::Currency;
use crate::people::PersonName;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// `POST /v1/jobs/{id}/price-requests`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreatePriceRequest {
    /// What is to be done or fitted.
    pub text: String,
}

/// `POST /v1/price-requests/{id}/answer`. What is feasible needs a unit and a price; what is not needs a remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerPriceRequest {
    pub feasible: bool,
    #[serde(default)]
    pub unit: Option<String>,
    /// For one unit, in minor units of the job's currency.
    #[serde(default)]
    pub price_minor: Option<i64>,
    #[serde(default)]
    pub remark: Option<String>,
    /// The work can destroy data: the customer signs a backup consent before it begins.
    #[serde(default)]
    pub destroys_data: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceRequest {
    pub id: PriceRequestId,
    pub outlet: OutletId,
    pub job: JobId,
    /// The job's number, and the currency that it is priced in.
    pub number: String,
    pub currency: Currency,
    pub text: String,
    pub asked_by: PersonName,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
    /// Not answered in time.
    pub is_late: bool,
    /// None while it is open.
    pub answer: Option<PriceAnswer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceAnswer {
    pub feasible: bool,
    pub unit: Option<String>,
    pub price_minor: Option<i64>,
    pub currency: Option<Currency>,
    pub remark: Option<String>,
    #[serde(default)]
    pub destroys_data: bool,
    pub by: PersonName,
    pub at: Timestamp,
}
