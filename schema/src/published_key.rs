//! The keys that the server signs receipts and evidence with, as it publishes them, and as every bundle's first line lists them.

use crate::binary::PublicKey;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An Ed25519 key, in hexadecimal, and when it was in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishedKey {
    pub key: PublicKey,
    pub since: Timestamp,
    /// None: the one in use. What an earlier key signed while it was in use stays good.
    pub until: Option<Timestamp>,
}

/// `GET /.well-known/receipt-keys.json`, the newest key first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishedKeys {
    pub keys: Vec<PublishedKey>,
}
