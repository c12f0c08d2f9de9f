//! Requests for the price of what is not on the list.

use crate::id::{JobId, OutletId, PersonId, PriceRequestId};
use crate::tables::price_requests;
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_requests, treat_none_as_default_value = false)]
pub struct PriceRequestRow {
    pub id: PriceRequestId,
    pub outlet_id: OutletId,
    pub job_id: JobId,
    pub text: String,
    pub asked_by: PersonId,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
    pub answered_by: Option<PersonId>,
    pub answered_at: Option<Timestamp>,
    pub feasible: Option<bool>,
    pub unit: Option<String>,
    pub price_minor: Option<i64>,
    pub currency: Option<String>,
    pub remark: Option<String>,
    /// As the answer says.
    pub destroys_data: bool,
}
