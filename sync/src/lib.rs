//! The engine that phone and server share: the job record, the gate before it, both halves of a sync, and the phone's memory.
//!
//! Reads no clock and no randomness but in `client` and the phone for the terminal.

pub mod admit;
pub mod bundle;
#[cfg(feature = "client")]
pub mod client;
pub mod exchange;
pub mod handset;
pub mod record;
pub mod replica;
pub mod seal;
pub mod slim;
pub mod store;
