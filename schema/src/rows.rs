//! Rows as the databases hold them. Behind the feature `db`; what travels over the wire has types of its own.

pub mod background_jobs;
pub mod customers;
pub mod devices;
pub mod escalations;
pub mod follow_ups;
pub mod idempotency;
pub mod job_notes;
pub mod jobs;
pub mod keys;
pub mod links;
pub mod outlets;
pub mod people;
pub mod photos;
pub mod price_lists;
pub mod price_requests;
pub mod promises;
pub mod questions;
pub mod records;
pub mod reports;
pub mod sessions;
pub mod templates;
