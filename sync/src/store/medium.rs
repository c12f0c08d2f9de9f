//! The little that the log asks of a disk. The real one is a folder ([`super::file`]); the one in memory fails on demand.

use std::io;

/// Named files. A call that fails may have done a part of its work; what an earlier `sync` or `replace` returned for stays.
pub trait Medium {
    /// The whole file; None where there is none.
    fn read(&mut self, name: &str) -> io::Result<Option<Vec<u8>>>;
    /// Adds bytes at the end, making the file where there is none. Not durable before `sync`.
    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;
    /// Makes durable what was appended.
    fn sync(&mut self, name: &str) -> io::Result<()>;
    /// Cuts the file to `bytes`, durably.
    fn truncate(&mut self, name: &str, bytes: u64) -> io::Result<()>;
    /// Puts a whole new file in place, durably: after a crash the old one or the new one is there.
    fn replace(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;
    /// Deletes the file, if there is one.
    fn remove(&mut self, name: &str) -> io::Result<()>;
}
