//! Answers kept so that a repeated request is answered, not done, again.

use crate::binary::Hash;
use crate::id::PersonId;
use crate::tables::idempotency;
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency, treat_none_as_default_value = false)]
pub struct IdempotencyRow {
    pub person_id: PersonId,
    pub key: String,
    /// Of method, path and body.
    pub request_hash: Hash,
    pub status: i32,
    pub body: String,
    pub created_at: Timestamp,
}
