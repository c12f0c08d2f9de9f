//! Both doors on one connection and one thread: for the command line, and for a simulation that runs everything in one order.

use crate::db::connect::{Conn, DatabaseUrl, begin_write, commit, open, read_transaction, rollback};
use crate::db::error::Result;
use crate::db::migrate::migrate_on;
use crate::feed::{Notice, Posted};
use schema::problem::Problem;

/// One connection with nobody beside it.
pub struct Solo {
    conn: Conn,
}

impl Solo {
    pub fn open(url: &DatabaseUrl) -> Result<Self> {
        Ok(Self { conn: open(url)? })
    }

    /// A new database of this version that lies in memory and goes with its connection.
    pub fn in_memory() -> Result<Self> {
        let mut conn = open(&DatabaseUrl::Sqlite(":memory:".into()))?;
        migrate_on(&mut conn)?;
        Ok(Self { conn })
    }

    /// Runs `query` on one view of the database.
    pub fn read<T>(
        &mut self,
        query: impl FnOnce(&mut Conn) -> std::result::Result<T, Problem>,
    ) -> std::result::Result<T, Problem> {
        read_transaction(&mut self.conn, query)
    }

    /// Runs `command` in a transaction; once it is committed answers what came of it, and what is new to whom.
    pub fn write<T>(
        &mut self,
        command: impl FnOnce(&mut Conn) -> std::result::Result<T, Problem>,
    ) -> std::result::Result<(T, Vec<Notice>), Problem> {
        begin_write(&mut self.conn)?;
        let done = command(&mut self.conn).and_then(|done| {
            Posted::settle(&mut self.conn)?;
            Ok(done)
        });
        let posted = Posted::take();
        match done {
            Ok(done) => {
                commit(&mut self.conn)?;
                Ok((done, posted))
            }
            Err(problem) => {
                rollback(&mut self.conn)?;
                Err(problem)
            }
        }
    }
}
