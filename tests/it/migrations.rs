//! Migrations go up, down and up again on the engine of this run, and lead to the tables that `schema::tables` names.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use server::db::{self, Conn, DatabaseUrl};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tests::{Engine, TestDatabase, tables_in_code};

/// One column as a database and `schema::tables` both describe it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    column_type: String,
    #[diesel(sql_type = Bool)]
    is_nullable: bool,
}

const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name AS column_name, c.type AS column_type, \
     c.\"notnull\" = 0 AS is_nullable FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> '__diesel_schema_migrations' ORDER BY t.name, c.cid";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text AS column_type, \
     is_nullable = 'YES' AS is_nullable FROM information_schema.columns \
     WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations' ORDER BY table_name, ordinal_position";

#[derive(QueryableByName)]
struct Definition {
    #[diesel(sql_type = Text)]
    text: String,
}

const SQLITE_DEFINITIONS: &str = "SELECT name || ': ' || coalesce(sql, '') AS text FROM sqlite_schema \
     WHERE name <> '__diesel_schema_migrations' AND name NOT LIKE 'sqlite_%' ORDER BY name";
const POSTGRES_DEFINITIONS: &str = "SELECT indexname || ': ' || indexdef AS text FROM pg_indexes \
     WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations' \
     UNION ALL SELECT conname || ': ' || pg_get_constraintdef(oid) FROM pg_constraint \
     WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE '\\_\\_diesel%' ORDER BY 1";

fn columns(conn: &mut Conn) -> Vec<Column> {
    let query = if matches!(conn, Conn::Pg(_)) { POSTGRES_COLUMNS } else { SQLITE_COLUMNS };
    diesel::sql_query(query).load(conn).unwrap()
}

/// Columns, indexes and constraints: all that the way down must undo.
fn everything(url: &DatabaseUrl) -> (Vec<Column>, Vec<String>) {
    let mut conn = db::open(url).unwrap();
    let query = if matches!(conn, Conn::Pg(_)) { POSTGRES_DEFINITIONS } else { SQLITE_DEFINITIONS };
    let definitions: Vec<Definition> = diesel::sql_query(query).load(&mut conn).unwrap();
    (columns(&mut conn), definitions.into_iter().map(|definition| definition.text).collect())
}

#[test]
fn migrations_go_up_down_and_up_again() {
    let database = TestDatabase::empty();
    let up = db::migrate(database.url()).unwrap();
    let first = everything(database.url());
    assert!(!first.0.is_empty() && !first.1.is_empty());
    let down = db::revert_all(database.url()).unwrap();
    assert_eq!(down.len(), up.len());
    assert_eq!(everything(database.url()), (Vec::new(), Vec::new()));
    assert_eq!(db::migrate(database.url()).unwrap(), up);
    assert_eq!(everything(database.url()), first);
    assert_eq!(db::migrate(database.url()).unwrap(), Vec::<String>::new());
}

#[test]
fn both_engines_have_the_same_migrations_with_a_way_up_and_down() {
    let [sqlite, postgres] = ["sqlite", "postgres"].map(|engine| files_below(&migrations().join(engine)));
    assert_eq!(sqlite, postgres);
    for folder in sqlite.iter().filter_map(|file| file.strip_suffix("/up.sql")) {
        assert!(sqlite.contains(&format!("{folder}/down.sql")), "{folder} has no way down");
    }
}

#[test]
fn the_tables_in_the_code_are_those_in_the_database() {
    let database = TestDatabase::new();
    let engine = Engine::of_this_run();
    let found: Vec<Column> = columns(&mut db::open(database.url()).unwrap());
    assert_eq!(by_table(found), by_table(named_in_code(engine)));
}

/// One line a column, in the order of the table: a difference then reads well.
fn by_table(columns: Vec<Column>) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    for column in columns {
        let null = if column.is_nullable { "" } else { " not null" };
        let line = format!("{} {}{null}", column.column_name, column.column_type.to_lowercase());
        tables.entry(column.table_name).or_default().push(line);
    }
    tables
}

fn named_in_code(engine: Engine) -> Vec<Column> {
    let text = tables_in_code();
    let mut table = String::new();
    let mut columns = Vec::new();
    for line in text.lines() {
        if let Some((name, _)) = line.strip_prefix("    ").and_then(|line| line.split_once(" (")) {
            table = name.to_owned();
        }
        let column = line.strip_prefix("        ").and_then(|line| line.trim_end_matches(',').split_once(" -> "));
        let Some((name, written)) = column else { continue };
        let inner = written.strip_prefix("Nullable<").and_then(|inner| inner.strip_suffix('>'));
        columns.push(Column {
            table_name: table.clone(),
            column_name: name.to_owned(),
            column_type: sql_type(engine, inner.unwrap_or(written)).to_owned(),
            is_nullable: inner.is_some(),
        });
    }
    columns
}

fn sql_type(engine: Engine, diesel: &str) -> &'static str {
    match (diesel, engine) {
        ("Binary", Engine::Sqlite) => "blob",
        ("Binary", Engine::Postgres) => "bytea",
        ("BigInt", _) => "bigint",
        ("Integer", _) => "integer",
        ("Text", _) => "text",
        ("Bool", _) => "boolean",
        (other, _) => panic!("{other} is no portable column (see schema::tables)"),
    }
}

fn migrations() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations"))
}

/// `FOLDER/FILE`, for each migration.
fn files_below(folder: &Path) -> BTreeSet<String> {
    let names = |path: &Path| -> Vec<String> {
        std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let files =
        |name: &String| names(&folder.join(name)).into_iter().map(|file| format!("{name}/{file}")).collect::<Vec<_>>();
    names(folder).iter().flat_map(files).collect()
}
