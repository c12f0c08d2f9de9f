//! Connections: which engine a URL names, how a connection is set up, the pool of readers.

use crate::db::error::{DbError, Result};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, R2D2Connection};
use diesel::{Connection, PgConnection, SqliteConnection};
use schema::problem::Problem;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A connection to either engine. Most queries are written once, against this.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Pg(PgConnection),
    Sqlite(SqliteConnection),
}

/// Where the data lies. The scheme decides the engine: a typo must not create an empty file.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH`
    Sqlite(PathBuf),
    /// `postgres://…`
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = DbError;
    fn from_str(text: &str) -> Result<Self> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))),
            _ => Err(DbError::Url(
                "the database URL begins with sqlite: or postgres://, as in sqlite:./data/service.db".to_owned(),
            )),
        }
    }
}

/// Without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => match (url.find("://"), url.rfind('@')) {
                (Some(scheme), Some(at)) => {
                    write!(f, "{}://***{}", url.get(..scheme).unwrap_or(""), url.get(at..).unwrap_or(""))
                }
                _ => f.write_str(url),
            },
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// The busy timeout comes first: switching to WAL itself can meet a lock. FULL: an acknowledged commit survives a power loss. What undoes
// a savepoint is of no use after a crash, so it need not go to a file.
const SQLITE_PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;";

// Where the database or the role has it off, an acknowledged commit could be lost with a crash. What waits for replicas stays.
const POSTGRES_SETTINGS: &str = "SELECT set_config('synchronous_commit', 'on', false) \
     WHERE current_setting('synchronous_commit') = 'off'";

/// Opens one connection.
pub fn open(url: &DatabaseUrl) -> Result<Conn> {
    match url {
        DatabaseUrl::Postgres(url) => {
            let mut conn = PgConnection::establish(url)?;
            conn.batch_execute(POSTGRES_SETTINGS)?;
            Ok(Conn::Pg(conn))
        }
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
            conn.batch_execute(SQLITE_PRAGMAS)?;
            Ok(Conn::Sqlite(conn))
        }
    }
}

pub(super) type ReadPool = Pool<Manager>;

pub(super) struct Manager(pub DatabaseUrl);

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = DbError;

    fn connect(&self) -> Result<Conn> {
        open(&self.0)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<()> {
        conn.ping().map_err(DbError::from)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.is_broken()
    }
}

/// One consistent view over several queries.
pub(super) fn read_transaction<T>(
    conn: &mut Conn,
    query: impl FnOnce(&mut Conn) -> std::result::Result<T, Problem>,
) -> std::result::Result<T, Problem> {
    begin(conn, "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    let outcome = query(conn);
    // Nothing was written: how it ends makes no difference, but that it ends does.
    rollback(conn)?;
    outcome
}

pub(super) fn begin_write(conn: &mut Conn) -> Result<()> {
    // A deferred BEGIN that reads and later writes fails at once with "database is locked".
    begin(conn, "BEGIN IMMEDIATE", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
}

fn begin(conn: &mut Conn, sqlite: &str, postgres: &str) -> Result<()> {
    match conn {
        Conn::Pg(conn) => AnsiTransactionManager::begin_transaction_sql(conn, postgres)?,
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, sqlite)?,
    }
    Ok(())
}

pub(super) fn commit(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Pg(conn) => <AnsiTransactionManager as TransactionManager<PgConnection>>::commit_transaction(conn)?,
        Conn::Sqlite(conn) => {
            <AnsiTransactionManager as TransactionManager<SqliteConnection>>::commit_transaction(conn)?
        }
    }
    Ok(())
}

pub(super) fn rollback(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Pg(conn) => <AnsiTransactionManager as TransactionManager<PgConnection>>::rollback_transaction(conn)?,
        Conn::Sqlite(conn) => {
            <AnsiTransactionManager as TransactionManager<SqliteConnection>>::rollback_transaction(conn)?;
        }
    }
    Ok(())
}
