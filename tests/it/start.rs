//! Servers that start for the first time, also at the same moment on one new database.

use clap::Parser as _;
use schema::rows::keys::KeyPurpose;
use server::cli::Cli;
use server::db;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Barrier};
use tests::{Setup, TestDatabase, TestServer, free_address};

const SERVERS: usize = 6;

#[test]
fn servers_that_first_start_together_agree_on_keys_and_epoch() {
    let database = Arc::new(TestDatabase::empty());
    let together = Barrier::new(SERVERS);
    let start = || {
        let setup = Setup { database: Arc::clone(&database), ..Setup::default() };
        together.wait();
        TestServer::at(setup, &free_address())
    };
    let servers: Vec<TestServer> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..SERVERS).map(|_| scope.spawn(start)).collect();
        starting.into_iter().map(|server| server.join().unwrap()).collect()
    });
    let signing: BTreeSet<String> =
        servers.iter().map(|server| server.state.keys.receipt.public_key().to_string()).collect();
    let mut conn = db::open(database.url()).unwrap();
    for purpose in [KeyPurpose::Receipt, KeyPurpose::Token] {
        assert_eq!(db::keys::list_keys(&mut conn, purpose).unwrap().len(), 1, "{purpose:?}");
    }
    let kept = db::keys::list_keys(&mut conn, KeyPurpose::Receipt).unwrap().remove(0);
    assert_eq!(signing, BTreeSet::from([kept.public.to_string()]), "each signs with the key that is published");
    assert!(db::meta::find_value(&mut conn, "epoch").unwrap().is_some());
}

#[test]
fn no_second_key_can_be_put_into_use() {
    let server = TestServer::at(Setup::default(), &free_address());
    let mut conn = db::open(server.database.url()).unwrap();
    let mut second = db::keys::list_keys(&mut conn, KeyPurpose::Token).unwrap().remove(0);
    second.kid = "another".to_owned();
    db::keys::ensure_key(&mut conn, &second).unwrap();
    assert!(db::keys::insert_key(&mut conn, &second).unwrap_err().is_unique_violation());
    assert_eq!(db::keys::list_keys(&mut conn, KeyPurpose::Token).unwrap().len(), 1);
}

#[test]
fn the_data_folder_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new").join("data");
    let url = format!("sqlite:{}", data.join("service.db").display());
    let words = ["server", "--data", data.to_str().unwrap(), "--database-url", &url];
    server::prepare(&Cli::try_parse_from(words).unwrap().config).unwrap();
    assert!(data.join("service.db").is_file());
    assert_eq!(data.metadata().unwrap().permissions().mode() & 0o077, 0);
}
