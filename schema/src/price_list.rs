//! Versions of the price list (维修项目收费标准): each is imported whole, and a quote names the one it used. What phones carry of it
//! stands in [`crate::reference`].

use crate::id::PersonId;
use crate::money::Currency;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One imported list, without its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceListVersion {
    pub version: i64,
    pub name: String,
    pub currency: Currency,
    pub valid_from: Timestamp,
    pub imported_by: PersonId,
    pub imported_at: Timestamp,
    pub items: i64,
    /// The list that quotes are made from now.
    pub is_current: bool,
}
