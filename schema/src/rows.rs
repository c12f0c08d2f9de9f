//! Rows as the databases hold them. Behind the feature `db`; what travels over the wire has types of its own.

pub mod jobs;
pub mod records;
