//! The evidence bundle (证据包): one job's whole record in a file that anybody can verify, without the server that made it and without
//! trusting it further than a signature goes. `docs/evidence.md` says what it proves and how to check it with other tools.
//!
//! A bundle is text, one JSON object a line, in this order of kinds: `bundle` (the header), `template`, then any number of `person`,
//! `device`, `lease`, `push`, `change`, `consent`, `backup`, `take_back`, `hand_back`, `sign_off`, `link`, `open`, `photo`, `refused`, and `end`. Field order and
//! spelling are fixed ([`line`]): a line is valid only as [`Writer`] writes it, so that no two files say the same. Each line but the
//! last ends with `"sum"`, the SHA-256 of all bytes of the file before the text `,"sum":`; so the first line that was touched is
//! known. The last line is signed by the server.
//!
//! Both halves stream: the writer holds nothing, the verifier holds the changes, which it needs to make the record again. The
//! verifier takes the file to be hostile: it has a limit on everything, and nothing reaches Automerge that the gate's parser
//! and the log's own order have not passed. Pure: no clock, no network, no server.

pub mod line;
mod log;
mod read;
mod report;
mod signed;
mod text;
mod verify;
mod write;

pub use report::{
    BackupReport, ConsentReport, HandBackReport, LaterChange, RefusedReport, Report, SignOffReport, Statement,
    TakeBackReport, WriterReport,
};
pub use signed::entry_lines;
pub use verify::{Trusted, verify};
pub use write::Writer;

use schema::binary::Hash;
use serde::Serialize;
use std::fmt;

/// The version of the format; another is another file.
pub const FORMAT: u32 = 1;
/// Bytes of a bundle.
pub const FILE_BYTES_MAX: u64 = 256 << 20;
/// Bytes of one line.
pub const LINE_BYTES_MAX: usize = 1 << 20;
/// Lines of a bundle.
pub const LINES_MAX: u64 = 400_000;
/// Changes of a bundle.
pub const CHANGES_MAX: usize = 200_000;
/// Bytes of all changes together.
pub const CHANGES_BYTES_MAX: usize = 64 << 20;
/// Operations of all changes together.
pub const OPS_MAX: usize = 2_000_000;
/// Sign-offs of one record; each needs the record as it stood then.
pub const SIGN_OFFS_MAX: usize = 50;
/// Rows that a report lists of what came after one signature; it counts them all.
pub const LISTED_MAX: usize = 500;
/// Hashes that all pushes name.
pub const PUSHED_MAX: usize = 1_000_000;

const SUM_FIELD: &str = ",\"sum\":\"";

/// What the server signs at the end: the hash of everything before.
pub fn end_message(sha256: Hash) -> Vec<u8> {
    [b"field-service bundle 1\0".as_slice(), sha256.as_slice()].concat()
}

/// The first thing in the file that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Misfit {
    /// Byte of the file, from 0.
    pub offset: u64,
    /// From 1.
    pub line: u64,
    /// The field whose value begins at the offset; none where it is the line as a whole.
    pub field: Option<String>,
    pub zh: String,
    pub en: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}, line {}", self.offset, self.line)?;
        if let Some(field) = &self.field {
            write!(f, ", {field}")?;
        }
        write!(f, ": {}", self.en)
    }
}

/// A bundle was not verified.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Misfit(Misfit),
    #[error("the file can't be read: {0}")]
    Unreadable(#[from] std::io::Error),
}

impl From<Misfit> for Failure {
    fn from(misfit: Misfit) -> Self {
        Self::Misfit(misfit)
    }
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
