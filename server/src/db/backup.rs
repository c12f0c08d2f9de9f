//! Every table as rows of JSON, and back: without a list of tables that somebody could forget to extend. What there is says the
//! database's own catalogue; values travel as JSON because both engines read and write it, and a 64-bit number stays one.
//!
//! Bytes are hexadecimal. A column of a type that is not known here is an error, not a gap.

use crate::db::{Conn, DbError, Result};
use diesel::connection::{DefaultLoadingMode, SimpleConnection as _};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// What a column holds, the same on both engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    Text,
    Integer,
    Boolean,
    Bytes,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(QueryableByName)]
struct CatalogueRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

#[derive(QueryableByName)]
struct JsonRow {
    #[diesel(sql_type = Text)]
    row: String,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct ConstraintRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
}

const SQLITE_CATALOGUE: &str = "SELECT m.name AS table_name, c.name AS column_name, c.type AS kind \
    FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name <> '__diesel_schema_migrations' \
    ORDER BY m.name, c.cid";

const POSTGRES_CATALOGUE: &str = "SELECT c.table_name::text, c.column_name::text, c.data_type::text AS kind \
    FROM information_schema.columns AS c JOIN information_schema.tables AS t USING (table_schema, table_name) \
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
      AND c.table_name <> '__diesel_schema_migrations' \
    ORDER BY c.table_name COLLATE \"C\", c.ordinal_position";

/// Every table but the list of migrations, in the order of names.
pub fn list_tables(conn: &mut Conn) -> Result<Vec<Table>> {
    let rows: Vec<CatalogueRow> = match conn {
        Conn::Pg(conn) => diesel::sql_query(POSTGRES_CATALOGUE).load(conn)?,
        Conn::Sqlite(conn) => diesel::sql_query(SQLITE_CATALOGUE).load(conn)?,
    };
    let mut tables: Vec<Table> = Vec::new();
    for row in rows {
        let column = Column { kind: kind_of(&row)?, name: row.column_name };
        match tables.last_mut() {
            Some(table) if table.name == row.table_name => table.columns.push(column),
            _ => tables.push(Table { name: row.table_name, columns: vec![column] }),
        }
    }
    Ok(tables)
}

fn kind_of(row: &CatalogueRow) -> Result<ColumnKind> {
    match row.kind.to_ascii_lowercase().as_str() {
        "text" => Ok(ColumnKind::Text),
        "bigint" | "integer" => Ok(ColumnKind::Integer),
        "boolean" => Ok(ColumnKind::Boolean),
        "bytea" | "blob" => Ok(ColumnKind::Bytes),
        other => Err(DbError::Row(format!("{}.{} has the unknown type {other}", row.table_name, row.column_name))),
    }
}

/// The newest migration that was run.
pub fn find_version(conn: &mut Conn) -> Result<String> {
    let query = diesel::sql_query("SELECT max(version) AS row FROM __diesel_schema_migrations");
    Ok(query.get_result::<JsonRow>(conn)?.row)
}

pub fn count_rows(conn: &mut Conn, table: &Table) -> Result<i64> {
    Ok(diesel::sql_query(format!("SELECT count(*) AS count FROM {}", table.name)).get_result::<CountRow>(conn)?.count)
}

/// Calls `visit` with each row as a JSON array, one in memory at a time. SQLite's booleans come as 0 and 1.
pub fn visit_rows<E: From<DbError>>(
    conn: &mut Conn,
    table: &Table,
    mut visit: impl FnMut(&str) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let text = |error: diesel::result::Error| E::from(DbError::Query(error));
    match conn {
        Conn::Pg(conn) => {
            let query = diesel::sql_query(select(table, "json_build_array", |column| match column.kind {
                ColumnKind::Bytes => format!("encode({}, 'hex')", column.name),
                _ => column.name.clone(),
            }));
            let rows = query.load_iter::<JsonRow, PgRowByRowLoadingMode>(conn).map_err(text)?;
            rows.into_iter().try_for_each(|row| visit(&row.map_err(text)?.row))
        }
        Conn::Sqlite(conn) => {
            let query = diesel::sql_query(select(table, "json_array", |column| match column.kind {
                // hex(NULL) is an empty text.
                ColumnKind::Bytes => format!("CASE WHEN {0} IS NULL THEN NULL ELSE lower(hex({0})) END", column.name),
                _ => column.name.clone(),
            }));
            let rows = query.load_iter::<JsonRow, DefaultLoadingMode>(conn).map_err(text)?;
            rows.into_iter().try_for_each(|row| visit(&row.map_err(text)?.row))
        }
    }
}

fn select(table: &Table, array: &str, value: impl Fn(&Column) -> String) -> String {
    let values: Vec<String> = table.columns.iter().map(value).collect();
    format!("SELECT CAST({array}({}) AS TEXT) AS row FROM {}", values.join(", "), table.name)
}

/// Inserts rows; `rows` is a JSON array of arrays, as [`visit_rows`] gave them.
pub fn insert_rows(conn: &mut Conn, table: &Table, rows: &str) -> Result<usize> {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let (name, names) = (&table.name, names.join(", "));
    let columns = table.columns.iter().enumerate();
    Ok(match conn {
        Conn::Pg(conn) => {
            let values: Vec<String> = columns
                .map(|(at, column)| match column.kind {
                    ColumnKind::Text => format!("r ->> {at}"),
                    ColumnKind::Integer => format!("(r ->> {at})::bigint"),
                    ColumnKind::Boolean => format!("(r ->> {at})::boolean"),
                    ColumnKind::Bytes => format!("decode(r ->> {at}, 'hex')"),
                })
                .collect();
            let values = values.join(", ");
            let sql = format!("INSERT INTO {name} ({names}) SELECT {values} FROM json_array_elements($1::json) AS r");
            diesel::sql_query(sql).bind::<Text, _>(rows).execute(conn)?
        }
        Conn::Sqlite(conn) => {
            let values: Vec<String> = columns
                .map(|(at, column)| match column.kind {
                    ColumnKind::Bytes => format!("unhex(json_extract(value, '$[{at}]'))"),
                    _ => format!("json_extract(value, '$[{at}]')"),
                })
                .collect();
            let sql = format!("INSERT INTO {name} ({names}) SELECT {} FROM json_each($1)", values.join(", "));
            diesel::sql_query(sql).bind::<Text, _>(rows).execute(conn)?
        }
    })
}

pub fn delete_rows(conn: &mut Conn, table: &Table) -> Result<()> {
    diesel::sql_query(format!("DELETE FROM {}", table.name)).execute(conn)?;
    Ok(())
}

const FOREIGN_KEYS: &str = "SELECT t.relname::text AS table_name, c.conname::text AS name \
    FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace \
    WHERE c.contype = 'f' AND n.nspname = current_schema()";

/// Lets rows come in any order until [`check_references`], in this transaction.
pub fn defer_references(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(conn) => conn.batch_execute("PRAGMA defer_foreign_keys = ON")?,
        Conn::Pg(conn) => {
            for ConstraintRow { table_name, name } in diesel::sql_query(FOREIGN_KEYS).load::<ConstraintRow>(conn)? {
                conn.batch_execute(&format!(
                    "ALTER TABLE {table_name} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"
                ))?;
            }
        }
    }
    Ok(())
}

/// All references lead somewhere; from here on they are checked at each statement again.
pub fn check_references(conn: &mut Conn) -> Result<()> {
    match conn {
        // SQLite does it at the commit, and forgets the pragma with it.
        Conn::Sqlite(_) => {}
        Conn::Pg(conn) => {
            conn.batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
            for ConstraintRow { table_name, name } in diesel::sql_query(FOREIGN_KEYS).load::<ConstraintRow>(conn)? {
                conn.batch_execute(&format!("ALTER TABLE {table_name} ALTER CONSTRAINT {name} NOT DEFERRABLE"))?;
            }
        }
    }
    Ok(())
}
