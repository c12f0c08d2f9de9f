//! The database. Queries stand in `db/<noun>.rs` and take `&mut Conn`, so that they compose in one transaction.
//!
//! Two doors: [`Db::read`] runs on a pool of readers, [`Db::write`] on the writer, which commits queued requests in groups. What is
//! asked all the time by everybody goes through one of them in a lane ([`ReadLane`], [`WriteLane`]). No other place blocks a thread
//! for the database. `diesel` is named here and in `schema::{tables, rows}`, nowhere else.

pub mod background_jobs;
pub mod backup;
mod connect;
pub mod customers;
pub mod devices;
mod error;
pub mod escalations;
pub mod evidence;
pub mod feed;
pub mod follow_ups;
pub mod idempotency;
pub mod job_notes;
pub mod jobs;
mod kept;
pub mod keys;
mod lane;
pub mod links;
pub mod meta;
mod migrate;
pub mod moves;
mod notices;
mod order;
pub mod outlets;
pub mod people;
pub mod photos;
pub mod price_lists;
pub mod price_requests;
pub mod promises;
pub mod quarantine;
pub mod questions;
pub mod records;
pub mod reports;
pub mod sessions;
mod solo;
pub mod templates;
mod text;
pub mod throttles;
pub mod uploads;
pub mod waiting;
mod writer;

pub use connect::{Conn, DatabaseUrl, open};
pub use error::{DbError, Result};
pub use lane::{ReadLane, WriteLane};
pub use migrate::{is_founded, migrate, revert_all};
pub use notices::open_feed;
pub use solo::Solo;

use crate::db::connect::{Manager, ReadPool};
pub(crate) use crate::db::text::lower;
use crate::db::writer::Writer;
use crate::feed::Feed;
use schema::problem::Problem;
use std::sync::Arc;
use std::time::Duration;

/// Runs the same statement on either engine, for the few that the enum of connections can't express (upserts, inserts of many rows).
macro_rules! on_conn {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}
pub(crate) use on_conn;

/// Inserts rows (`&[&Row]`): on PostgreSQL, where each statement is a way over the network and back, many at once; on SQLite one by one,
/// for a statement that stays prepared costs less than a long one.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr) => {
        match $conn {
            $crate::db::Conn::Pg(conn) => {
                // However many: it is read once and needs no plan.
                if !$rows.is_empty() {
                    diesel::copy_from($table).from_insertable($rows.to_vec()).execute(conn)?;
                }
            }
            $crate::db::Conn::Sqlite(conn) => {
                for row in $rows.iter().copied() {
                    diesel::insert_into($table).values(row).execute(conn)?;
                }
            }
        }
    };
}
pub(crate) use insert_rows;

/// How many connections and writers to keep.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    pub readers: u32,
    /// PostgreSQL only: SQLite has one writer.
    pub writers: usize,
    /// Requests that may wait for a writer; more are told that we are busy.
    pub queue: usize,
    /// Requests committed together at the most; 1 commits each by itself (for comparison).
    pub group: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { readers: 4, writers: 4, queue: 4096, group: 256 }
    }
}

/// Both doors to one database.
#[derive(Clone)]
pub struct Db {
    readers: ReadPool,
    writer: Arc<Writer>,
    sizes: Sizes,
    url: DatabaseUrl,
}

impl Db {
    /// Opens pools and starts the writer; the database must be migrated.
    pub fn start(url: &DatabaseUrl, sizes: Sizes, feed: &Feed) -> Result<Self> {
        let readers = diesel::r2d2::Pool::builder()
            .max_size(sizes.readers)
            .test_on_check_out(false)
            .connection_timeout(READER_WITHIN)
            .build(Manager(url.clone()))
            .map_err(DbError::pool)?;
        let writer = Arc::new(Writer::start(url, sizes, feed)?);
        Ok(Self { readers, writer, sizes, url: url.clone() })
    }

    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Runs `query` on a reader, off the async threads.
    pub async fn read<T, F>(&self, query: F) -> std::result::Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> std::result::Result<T, Problem> + Send + 'static,
    {
        let readers = self.readers.clone();
        let read = move || {
            let mut conn = readers.get().map_err(|_| Problem::busy(1))?;
            connect::read_transaction(&mut conn, query)
        };
        actix_web::web::block(read).await.unwrap_or_else(|_| Err(Problem::internal("a reader panicked")))
    }

    /// Runs `command` in a transaction on the writer. Answered only once the commit is durable. It may run a second time, after a
    /// deadlock, so it must not consume what it captured.
    pub async fn write<T, F>(&self, command: F) -> std::result::Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> std::result::Result<T, Problem> + Send + 'static,
    {
        self.writer.submit(command).await
    }

    /// A lane for reads that `handle` answers many at a time.
    pub fn read_lane<I: Send + 'static, O: Send + 'static>(
        &self,
        handle: impl Fn(&mut Conn, &[I]) -> Many<O> + Send + 'static,
    ) -> Result<ReadLane<I, O>> {
        let lane = ReadLane::start(self.readers.clone(), (self.sizes.queue, LANE_ITEMS), handle);
        lane.map_err(|error| DbError::Pool(error.to_string()))
    }

    /// A lane for commands that `handle` runs many at a time.
    pub fn write_lane<I: Send + 'static, O: Send + 'static>(
        &self,
        handle: impl Fn(&mut Conn, &[I]) -> Many<O> + Send + Sync + 'static,
    ) -> WriteLane<I, O> {
        WriteLane::new(Arc::clone(&self.writer), self.sizes.group.clamp(1, LANE_ITEMS), handle)
    }
}

/// What came of each of many; an error stands for all of them.
pub type Many<O> = std::result::Result<Vec<std::result::Result<O, Problem>>, Problem>;

/// How long a request waits for a reader, as when the database is away; then it is told that we are busy.
const READER_WITHIN: Duration = Duration::from_secs(5);

/// Requests that a lane answers together at the most.
const LANE_ITEMS: usize = 256;

/// Runs `command` in a transaction on a connection of its own, and waits: for the command line and the start, never in a request.
pub fn write_now<T>(
    url: &DatabaseUrl,
    command: impl FnOnce(&mut Conn) -> std::result::Result<T, Problem>,
) -> std::result::Result<T, Problem> {
    Ok(Solo::open(url)?.write(command)?.0)
}

/// Runs `query` on one view of the database, on a connection of its own, and waits: for the command line.
pub fn read_now<T>(
    url: &DatabaseUrl,
    query: impl FnOnce(&mut Conn) -> std::result::Result<T, Problem>,
) -> std::result::Result<T, Problem> {
    Solo::open(url)?.read(query)
}
