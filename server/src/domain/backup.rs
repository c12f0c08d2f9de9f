//! Backups: the whole database as one file that either engine restores. It holds password hashes and signing keys.
//!
//! Each line is 16 hexadecimal digits, a blank, and JSON: the digits begin the SHA-256 of everything before the line and of its JSON,
//! so that damage is known by the row where it lies. A header; for each table its columns, its rows and their number; an end with
//! the whole SHA-256. A restore reads the file to its end before it writes a row, and writes all or nothing.
//!
//! A restored server begins a new epoch: phones notice that it may lack what it once had, and send again; and
//! numbers that customers hold are not given to others ([`crate::domain::day`]).

mod read;
mod write;

pub use read::{Damage, RestoreError, check, restore};
pub use write::write;

use crate::db::backup::Column;
use schema::time::Timestamp;
use serde::{Deserialize, Serialize};

const FORMAT: u32 = 1;
/// Digits of the running sum at the beginning of each line.
const SUM_DIGITS: usize = 16;

/// A line that is no row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mark {
    Backup { format: u32, made_at: Timestamp, version: String },
    Table { name: String, columns: Vec<Column> },
    Rows(u64),
    End { tables: u64, rows: u64, sha256: schema::binary::Hash },
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub made_at: Timestamp,
    /// The newest migration of the database that it was made of.
    pub version: String,
    pub tables: u64,
    pub rows: u64,
}
