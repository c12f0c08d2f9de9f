//! What hostile bytes meet: a function for each target of `tests/fuzz/`, each of which panics where something does not hold that must.
//! `it` gives them every input that was kept, so that a finding stays mended and a target stays alive, on stable Rust.
//!
//! The fuzz crate takes these files in by their paths, most of them without the server: they know nothing of the harness around them,
//! and each other by `super` alone.

pub mod backup;
pub mod bundle;
pub mod checklist;
mod forged;
pub mod gate;
pub mod job;
pub mod kept;
pub mod photo;
pub mod prices;
mod script;
pub mod slim;
mod source;
pub mod store;
pub mod token;
pub mod wire;

use crate::picture;

/// A target: its name, itself, and inputs made of real data.
pub type Target = (&'static str, fn(&[u8]), fn() -> Vec<Vec<u8>>);

pub const TARGETS: [Target; 10] = [
    ("backup", backup::backup, backup::seeds),
    ("bundle", bundle::bundle, bundle::seeds),
    ("checklist", checklist::checklist, checklist::seeds),
    ("gate", gate::gate, gate::seeds),
    ("photo", photo::photo, photo::seeds),
    ("prices", prices::prices, prices::seeds),
    ("slim", slim::slim, slim::seeds),
    ("store", store::store, store::seeds),
    ("token", token::token, token::seeds),
    ("wire", wire::wire, wire::seeds),
];
