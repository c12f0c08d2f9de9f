//! A database per test: a copy of a template that was migrated once. Gone when the test ends.

use crate::cluster::Cluster;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use schema::binary::Hash;
use server::db::{self, DatabaseUrl};
use std::path::Path;
use std::sync::OnceLock;
use tempfile::TempDir;

/// Which engine the suite runs on, by `TEST_ENGINE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn of_this_run() -> Self {
        match std::env::var("TEST_ENGINE").as_deref() {
            Err(_) | Ok("sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok(other) => panic!("TEST_ENGINE is sqlite or postgres, not {other}"),
        }
    }

    /// The folder under `migrations/`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// The code's own list of tables and columns: `diesel::table!` can't be asked for it, so its text is read.
pub fn tables_in_code() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/src/tables");
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

/// One test's database, and a folder for whatever else its server keeps.
pub struct TestDatabase {
    url: DatabaseUrl,
    folder: TempDir,
    /// The database to drop, and by way of which; on PostgreSQL.
    dropped: Option<(String, String)>,
}

impl TestDatabase {
    /// Migrated, and otherwise as new.
    pub fn new() -> Self {
        Self::on(Engine::of_this_run())
    }

    /// On this engine, whatever the suite runs on.
    pub fn on(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let database = Self::sqlite();
                std::fs::write(database.folder.path().join(SQLITE_FILE), sqlite_template()).unwrap();
                database
            }
            Engine::Postgres => Self::postgres(Some(postgres_template())),
        }
    }

    /// With nothing in it, for tests of the migrations themselves.
    pub fn empty() -> Self {
        match Engine::of_this_run() {
            Engine::Sqlite => Self::sqlite(),
            Engine::Postgres => Self::postgres(None),
        }
    }

    /// The one database of a cluster of its own, migrated.
    pub fn of_cluster(cluster: &Cluster) -> Self {
        let url = DatabaseUrl::Postgres(cluster.url());
        db::migrate(&url).unwrap();
        Self { url, folder: tempfile::tempdir().unwrap(), dropped: None }
    }

    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// The data folder of the server that runs on it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The URL as the command line takes it.
    pub fn url_text(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }

    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join(SQLITE_FILE));
        Self { url, folder, dropped: None }
    }

    fn postgres(template: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let name = format!("test_{}", uuid::Uuid::from_bytes(rand::random()).simple());
        let template = template.unwrap_or("template0");
        let by_way_of = postgres_url(None);
        let mut admin = PgConnection::establish(&by_way_of).expect("TEST_POSTGRES_URL answers");
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
        let url = DatabaseUrl::Postgres(postgres_url(Some(&name)));
        Self { url, folder, dropped: Some((name, by_way_of)) }
    }
}

impl Default for TestDatabase {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((name, by_way_of)) = &self.dropped else { return };
        // FORCE: the server's own connections may still be closing. A failure must not hide why the test failed.
        if let Ok(mut admin) = PgConnection::establish(by_way_of) {
            drop(admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        }
    }
}

const SQLITE_FILE: &str = "service.db";

/// The bytes of a migrated file: kept in memory, so that nothing is left on the disk when the tests end.
fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let database = TestDatabase::sqlite();
        db::migrate(database.url()).unwrap();
        let path = database.folder.path().join(SQLITE_FILE);
        let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
        // Out of the log and into the file, which is all that is copied.
        conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        std::fs::read(path).unwrap()
    })
}

/// The name of a migrated database. It carries a hash of the migrations, so that a cluster that outlives a run is no trap.
fn postgres_template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/postgres");
        let hash = Hash::of(texts_below(&migrations).as_bytes()).to_string();
        let name = format!("migrated_{}", hash.get(..16).unwrap());
        let mut admin = PgConnection::establish(&postgres_url(None)).expect("TEST_POSTGRES_URL answers");
        // Held until the connection closes: of several test processes one makes the template.
        admin.batch_execute("SELECT pg_advisory_lock(7310)").unwrap();
        let exists = diesel::sql_query("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind::<diesel::sql_types::Text, _>(&name)
            .execute(&mut admin)
            .unwrap();
        if exists == 0 {
            let unfinished = format!("{name}_unfinished");
            admin.batch_execute(&format!("DROP DATABASE IF EXISTS {unfinished}")).unwrap();
            admin.batch_execute(&format!("CREATE DATABASE {unfinished} TEMPLATE template0")).unwrap();
            db::migrate(&DatabaseUrl::Postgres(postgres_url(Some(&unfinished)))).unwrap();
            admin.batch_execute(&format!("ALTER DATABASE {unfinished} RENAME TO {name}")).unwrap();
        }
        name
    })
}

/// All migrations one after the other, in the order of their names.
fn texts_below(folder: &Path) -> String {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| if path.is_dir() { texts_below(path) } else { std::fs::read_to_string(path).unwrap() })
        .collect()
}

/// `TEST_POSTGRES_URL` as it stands, or with another database.
fn postgres_url(database: Option<&str>) -> String {
    let url = std::env::var("TEST_POSTGRES_URL").expect("TEST_ENGINE=postgres needs TEST_POSTGRES_URL (see tests/run)");
    let Some(database) = database else { return url };
    let (server, _) = url.rsplit_once('/').expect("TEST_POSTGRES_URL ends with /DATABASE");
    format!("{server}/{database}")
}
