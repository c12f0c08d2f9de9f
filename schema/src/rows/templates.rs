//! Published checklists, each version a row that never changes.

use crate::binary::Hash;
use crate::id::PersonId;
use crate::tables::templates;
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = templates, treat_none_as_default_value = false)]
pub struct TemplateRow {
    pub id: String,
    pub version: i32,
    pub name_zh: String,
    pub name_en: String,
    pub steps: i32,
    /// JSON, as this program writes it.
    pub body: String,
    /// Of the body.
    pub sha256: Hash,
    pub published_by: PersonId,
    /// Later than every other's: phones learn by it that there is something new.
    pub published_at: Timestamp,
}

/// The same without its body, for lists.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = templates)]
pub struct TemplateHeadRow {
    pub id: String,
    pub version: i32,
    pub name_zh: String,
    pub name_en: String,
    pub steps: i32,
    pub sha256: Hash,
    pub published_by: PersonId,
    pub published_at: Timestamp,
}
