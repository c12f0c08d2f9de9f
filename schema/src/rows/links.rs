//! Customers' links, and what was done by them.

use crate::binary::Hash;
use crate::id::{JobId, LinkId, PersonId};
use crate::link::{LinkAct, LinkScope};
use crate::tables::{link_opens, links};
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = links, treat_none_as_default_value = false)]
pub struct LinkRow {
    pub id: LinkId,
    pub job_id: JobId,
    pub token_hash: Hash,
    /// A list of words as JSON; [`LinkRow::scopes`] reads it.
    pub scope: String,
    pub created_by: PersonId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub revoked_by: Option<PersonId>,
}

impl LinkRow {
    pub fn scopes(&self) -> Vec<LinkScope> {
        serde_json::from_str(&self.scope).unwrap_or_default()
    }

    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = link_opens, treat_none_as_default_value = false)]
pub struct LinkOpenRow {
    pub link_id: LinkId,
    pub opened_at: Timestamp,
    pub act: LinkAct,
    pub address: String,
    pub browser: String,
}
