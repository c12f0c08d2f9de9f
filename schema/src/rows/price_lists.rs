//! Price lists and their items.

use crate::binary::Hash;
use crate::id::PersonId;
use crate::record::ItemKind;
use crate::tables::{price_items, price_lists};
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_lists, treat_none_as_default_value = false)]
pub struct PriceListRow {
    pub version: i64,
    pub name: String,
    pub currency: String,
    pub valid_from: Timestamp,
    /// Of the file as it was sent.
    pub sha256: Hash,
    pub imported_by: PersonId,
    pub imported_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_items, treat_none_as_default_value = false)]
pub struct PriceItemRow {
    pub version: i64,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub unit: String,
    pub kind: ItemKind,
    pub price_minor: i64,
    pub valid_from: Option<Timestamp>,
    pub valid_to: Option<Timestamp>,
    pub barcode: Option<String>,
    pub destroys_data: bool,
    pub setup: bool,
}
