//! What the company decides: validate → decide → write, in the caller's transaction. Knows no HTTP.

pub mod devices;
pub mod form;
pub mod history;
pub mod outlets;
pub mod people;
pub mod quarantine;
pub mod records;
pub mod sessions;
pub mod sync;
pub mod throttles;
