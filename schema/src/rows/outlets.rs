//! Branches of the company.

use crate::id::OutletId;
use crate::tables::{outlet_settings, outlets};
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

/// How an outlet worked from a moment on.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = outlet_settings, treat_none_as_default_value = false)]
pub struct OutletSettingsRow {
    pub outlet_id: OutletId,
    pub since: Timestamp,
    pub time_zone: String,
    /// [`crate::outlet::OutletSettings`] as JSON.
    pub settings: String,
}
