//! Migrations, embedded; the same folder names for both engines.

use crate::db::connect::{Conn, DatabaseUrl, open};
use crate::db::error::{DbError, Result};
use diesel::RunQueryDsl;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Any number that only we use: two servers that start together migrate one after the other.
const LOCK: i64 = 0x6669_656c_6400;

/// Whether this is a database of ours, of whatever version. Asking makes none where there is a file or a server.
pub fn is_founded(url: &DatabaseUrl) -> Result<bool> {
    let mut conn = open(url)?;
    let catalogue = match &conn {
        Conn::Sqlite(_) => "SELECT name AS name FROM sqlite_master WHERE name = '__diesel_schema_migrations'",
        Conn::Pg(_) => {
            "SELECT table_name::text AS name FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = '__diesel_schema_migrations'"
        }
    };
    let found: Vec<TableName> = match &mut conn {
        Conn::Sqlite(conn) => diesel::sql_query(catalogue).load(conn)?,
        Conn::Pg(conn) => diesel::sql_query(catalogue).load(conn)?,
    };
    Ok(found.first().is_some_and(|table| !table.name.is_empty()))
}

#[derive(diesel::QueryableByName)]
struct TableName {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

/// Brings the database to this version; says which migrations ran.
pub fn migrate(url: &DatabaseUrl) -> Result<Vec<String>> {
    migrate_on(&mut open(url)?)
}

pub(super) fn migrate_on(conn: &mut Conn) -> Result<Vec<String>> {
    let ran = match conn {
        // All in one transaction, which a second server waits for: each by itself, both would begin the first one.
        Conn::Sqlite(conn) => conn.immediate_transaction(|conn| names(conn.run_pending_migrations(SQLITE))),
        Conn::Pg(conn) => {
            diesel::sql_query(format!("SELECT pg_advisory_lock({LOCK})")).execute(conn)?;
            let ran = names(conn.run_pending_migrations(POSTGRES));
            diesel::sql_query(format!("SELECT pg_advisory_unlock({LOCK})")).execute(conn)?;
            ran
        }
    };
    ran.map_err(|error| DbError::Migration(error.to_string()))
}

/// Takes every migration back; the data is gone. For tests of the way down.
pub fn revert_all(url: &DatabaseUrl) -> Result<Vec<String>> {
    let ran = match open(url)? {
        Conn::Sqlite(mut conn) => names(conn.revert_all_migrations(SQLITE)),
        Conn::Pg(mut conn) => names(conn.revert_all_migrations(POSTGRES)),
    };
    ran.map_err(|error| DbError::Migration(error.to_string()))
}

type Outcome<'a> = diesel::migration::Result<Vec<diesel::migration::MigrationVersion<'a>>>;

fn names(ran: Outcome<'_>) -> diesel::migration::Result<Vec<String>> {
    Ok(ran?.iter().map(ToString::to_string).collect())
}
