//! The one integration test binary. Each file is a noun or a promise; tests are sentences.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test asks of its own set-up must hold"
)]

mod authorisation;
mod background_jobs;
mod backup;
mod bundle;
mod crash;
mod db;
mod demo;
mod fuzz;
mod harness;
mod housekeeping;
#[cfg(target_os = "linux")]
mod memory;
mod migrations;
mod openapi;
mod phone;
mod photos;
mod routes;
mod several;
mod sim;
mod start;
mod sync;
mod tidy;
mod vectors;
mod walkthrough;
mod wire_vectors;
