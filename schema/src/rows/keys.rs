//! Keys that the service signs with.

use crate::binary::PublicKey;
use crate::tables::signing_keys;
use crate::time::Timestamp;
use crate::word::words;
use diesel::prelude::*;

words! {
    /// What a key signs.
    KeyPurpose {
        /// Access tokens.
        Token = "token",
        /// Receipts for what phones pushed.
        Receipt = "receipt",
    }
}

/// An Ed25519 key. `Debug` is absent, so that no log shows the secret.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys, treat_none_as_default_value = false)]
pub struct SigningKeyRow {
    /// RFC 7638 thumbprint.
    pub kid: String,
    pub purpose: KeyPurpose,
    /// The seed, 32 bytes.
    pub secret: Vec<u8>,
    pub public: PublicKey,
    pub created_at: Timestamp,
    pub retired_at: Option<Timestamp>,
}
