//! Branches of the company.

use crate::id::OutletId;
use crate::tables::outlets;
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = outlets, treat_none_as_default_value = false)]
pub struct OutletRow {
    pub id: OutletId,
    /// Short, in numbers that people read.
    pub code: String,
    pub name: String,
    /// As in the IANA database.
    pub time_zone: String,
    pub phone: String,
    /// [`crate::outlet::OutletSettings`] as JSON.
    pub settings: String,
    pub created_at: Timestamp,
}
