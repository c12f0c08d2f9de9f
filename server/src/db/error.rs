//! What can go wrong in the database, and what of it is the user's.

use schema::problem::{Kind, Problem};

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error(transparent)]
    Query(diesel::result::Error),
    #[error("could not connect: {0}")]
    Connect(#[from] diesel::ConnectionError),
    #[error("pool: {0}")]
    Pool(String),
    #[error("migration: {0}")]
    Migration(String),
    #[error("{0}")]
    Url(String),
    #[error("this row holds something unreadable: {0}")]
    Row(String),
}

pub type Result<T> = std::result::Result<T, DbError>;

impl DbError {
    pub(super) fn pool(error: diesel::r2d2::PoolError) -> Self {
        Self::Pool(error.to_string())
    }

    /// The row was there already.
    pub fn is_unique_violation(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        matches!(self, Self::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }

    /// Two writers waited for each other, or read what the other changed, or the database was away: trying again helps.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Query(error) => passes(error),
            Self::Connect(_) => true,
            Self::Pool(_) | Self::Migration(_) | Self::Url(_) | Self::Row(_) => false,
        }
    }
}

fn passes(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind as Kind, Error};
    // Not every way on which a connection breaks has a kind of its own.
    const KNOWN: [&str; 6] = [
        "deadlock detected",
        "database is locked",
        "terminating connection",
        "server closed the connection",
        "connection to the server",
        "could not receive data from server",
    ];
    match error {
        // The database was stopped, or another has taken its place: the next connection may lead to one that works.
        Error::DatabaseError(
            Kind::SerializationFailure | Kind::ClosedConnection | Kind::UnableToSendCommand | Kind::ReadOnlyTransaction,
            _,
        )
        | Error::BrokenTransactionManager => true,
        Error::DatabaseError(_, info) => KNOWN.iter().any(|known| info.message().contains(known)),
        Error::RollbackErrorOnCommit { commit_error, .. } => passes(commit_error),
        _ => false,
    }
}

impl From<diesel::result::Error> for DbError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Query(error)
    }
}

/// Unknown is ours, never the user's: a domain function that expects a violation asks for it by name.
impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        if error.is_transient() {
            return Self { cause: Some(error.to_string()), ..Self::busy(1) };
        }
        if error.is_unique_violation() {
            return Self { cause: Some(error.to_string()), ..Self::new(Kind::Conflict) };
        }
        Self::internal(error)
    }
}
