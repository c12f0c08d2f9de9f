//! What the company decides: validate → decide → write, in the caller's transaction. Knows no HTTP.

pub mod access;
pub mod customers;
pub mod day;
pub mod devices;
pub mod form;
pub mod history;
pub mod outlets;
pub mod people;
pub mod price_lists;
pub mod price_requests;
pub mod promises;
pub mod quarantine;
pub mod records;
pub mod reports;
pub mod sessions;
pub mod sync;
pub mod throttles;
