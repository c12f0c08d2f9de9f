//! Log-ins, and the refresh tokens that keep them alive.

use crate::binary::Hash;
use crate::id::{DeviceId, PersonId, SessionId};
use crate::tables::{refresh_tokens, sessions};
use crate::time::Timestamp;
use crate::word::words;
use diesel::prelude::*;

words! {
    /// Why a session ended.
    SessionEnd {
        LogOut = "log_out",
        /// By the person from elsewhere, by a new password, or because the person was disabled.
        Revoked = "revoked",
        /// A refresh token came a second time: somebody else may have it.
        Reused = "reused",
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct SessionRow {
    pub id: SessionId,
    pub person_id: PersonId,
    pub device_id: Option<DeviceId>,
    /// What the client calls itself.
    pub client: String,
    pub created_at: Timestamp,
    pub used_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub ended_why: Option<SessionEnd>,
    /// The refresh token that came last.
    pub refreshed_with: Option<Hash>,
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
pub struct RefreshTokenRow {
    /// SHA-256 of the token; the token itself is not kept.
    pub hash: Hash,
    pub session_id: SessionId,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    /// The token that it was given for; none where it came with the log-in.
    pub parent_hash: Option<Hash>,
}
