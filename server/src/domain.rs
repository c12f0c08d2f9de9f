//! What the company decides: validate → decide → write, in the caller's transaction. Knows no HTTP.

pub mod form;
pub mod records;
pub mod sessions;
pub mod sync;
pub mod throttles;
