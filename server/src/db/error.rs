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

    /// Two writers waited for each other, or read what the other changed: trying again helps.
    pub fn is_transient(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        match self {
            Self::Query(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Self::Query(Error::DatabaseError(_, info)) => {
                info.message().contains("deadlock detected") || info.message().contains("database is locked")
            }
            _ => false,
        }
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
