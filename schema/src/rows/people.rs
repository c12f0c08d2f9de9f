//! People on the staff.

use crate::binary::Hash;
use crate::id::{OutletId, PersonId};
use crate::people::{Language, Role};
use crate::tables::people;
use crate::time::Timestamp;
use diesel::prelude::*;

/// Disabled, never deleted: what they did names them. `Debug` is absent, so that no log shows the password's hash.
#[derive(Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
pub struct PersonRow {
    pub id: PersonId,
    pub outlet_id: OutletId,
    /// Lower case.
    pub login: String,
    pub staff_number: String,
    pub name: String,
    pub phone: String,
    pub role: Role,
    /// A list of words as JSON; [`PersonRow::skill_list`] reads it.
    pub skills: String,
    pub language: Language,
    /// In PHC form.
    pub password_hash: String,
    pub feed_seq: i64,
    pub feed_digest: Hash,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
}

impl PersonRow {
    /// What the person can do, as jobs ask for it (`Report::skill`).
    pub fn skill_list(&self) -> Vec<String> {
        serde_json::from_str(&self.skills).unwrap_or_default()
    }
}
