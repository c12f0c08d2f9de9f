//! Customers' links, and what was done by them.

use crate::binary::Hash;
use crate::id::{JobId, LinkId, PersonId};
use crate::link::{LinkAct, LinkScope};
use crate::record::JobRecord;
use crate::status::{Status, status};
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
    /// Where it goes with its job: at the earliest.
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub revoked_by: Option<PersonId>,
    /// Holds through the job and the warranty on its repair.
    pub with_job: bool,
}

impl LinkRow {
    pub fn scopes(&self) -> Vec<LinkScope> {
        serde_json::from_str(&self.scope).unwrap_or_default()
    }

    /// `ends_at`: see [`LinkRow::ends_at`].
    pub fn is_valid(&self, ends_at: Option<Timestamp>, now: Timestamp) -> bool {
        self.revoked_at.is_none() && ends_at.is_none_or(|ends_at| now < ends_at)
    }

    /// When it runs out, as its job stands now; none while that is under way and nobody can say. Of use are: the job; then the time to read
    /// and to rate, as long as it was given at first; and the warranty.
    pub fn ends_at(&self, job: &JobRecord, warranty_until: Option<Timestamp>) -> Option<Timestamp> {
        if !self.with_job {
            return Some(self.expires_at);
        }
        let over_at = match status(job) {
            Status::Closed | Status::SolvedRemotely | Status::Cancelled => job.last_decision().map(|last| last.at),
            Status::Signed => job.current_sign_offs().last().map(|(_, sign_off)| sign_off.at),
            _ => None,
        };
        let to_read = self.expires_at.since(self.created_at);
        over_at.map(|at| at.plus(to_read).max(self.expires_at).max(warranty_until.unwrap_or(at)))
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
