//! Servers that start for the first time, also at the same moment on one new database.

use clap::Parser as _;
use schema::people::Role;
use schema::rows::keys::KeyPurpose;
use server::cli::Cli;
use server::db;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Barrier};
use tests::{Setup, TestClock, TestDatabase, TestServer, expect_ok, free_address, program};

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

/// Why a server does not start with this font.
fn refusal(font: &std::path::Path) -> String {
    let database = TestDatabase::empty();
    let (data, url) = (database.folder().to_string_lossy().into_owned(), database.url_text());
    let words = ["server", "--data", &data, "--database-url", &url, "--pdf-font", font.to_str().unwrap()];
    let config = Cli::try_parse_from(words).unwrap().config;
    server::open(config, TestClock::default().as_clock()).err().unwrap().to_string()
}

#[tokio::test]
async fn papers_are_set_in_the_companys_own_font_and_one_that_is_none_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert!(refusal(&at("missing.ttf")).contains("missing.ttf"));
    std::fs::write(at("text.ttf"), "no font").unwrap();
    assert!(refusal(&at("text.ttf")).contains("text.ttf") && refusal(&at("text.ttf")).contains("TrueType"));
    let built_in =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src/pdf/font/NotoSansSC-GB2312.ttf");
    std::fs::write(at("own.ttf"), renamed(std::fs::read(built_in).unwrap())).unwrap();
    let own: &'static str = at("own.ttf").to_str().unwrap().to_owned().leak();
    let server = TestServer::with(Setup { flags: vec!["--pdf-font", own], ..Setup::default() }).await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let sheet = expect_ok(agent.get(&format!("/v1/jobs/{job}/sheet.pdf"))).await.bytes().await.unwrap();
    assert!(String::from_utf8_lossy(&sheet).contains("+OwnoSansSC"), "the letters are out of this font");
}

/// The same font under another name, as it stands in the font's own table.
fn renamed(mut font: Vec<u8>) -> Vec<u8> {
    let (old, new) = ("NotoSansSC", "OwnoSansSC");
    let wide = |name: &str| -> Vec<u8> { name.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    for (old, new) in [(old.as_bytes().to_vec(), new.as_bytes().to_vec()), (wide(old), wide(new))] {
        let places: Vec<usize> = (0..font.len() - old.len()).filter(|at| font[*at..].starts_with(&old)).collect();
        places.into_iter().for_each(|at| font[at..at + old.len()].copy_from_slice(&new));
    }
    font
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

/// What a command says when it fails, of `server` with these words.
async fn failure(words: &[&str]) -> String {
    let given = Cli::try_parse_from(std::iter::once(&"server").chain(words)).unwrap();
    server::cli::main(given).await.err().unwrap().to_string()
}

#[actix_web::test]
async fn a_typo_makes_no_database_and_writes_over_no_backup() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (typo, kept) = (at("dtaa"), at("kept"));
    let commands: [&[&str]; 8] = [
        &["user", "list"],
        &["user", "disable", "li"],
        &["rebuild"],
        &["new-epoch"],
        &["export", "WX-1"],
        &["key", "list"],
        &["check-photos"],
        &["backup", &kept],
    ];
    for command in commands {
        let said = failure(&[&["--data", &typo], command].concat()).await;
        assert!(said.contains(&typo), "{command:?} says where it looked: {said}");
        assert!(!folder.path().join("dtaa").exists() && !folder.path().join("kept").exists(), "{command:?}");
    }
    // A file that holds nothing of ours is none either.
    std::fs::write(folder.path().join("empty.db"), "").unwrap();
    let empty = format!("sqlite:{}", at("empty.db"));
    assert!(failure(&["--database-url", &empty, "user", "list"]).await.contains("empty.db"));
    let database = TestDatabase::new();
    let url = database.url_text();
    std::fs::write(folder.path().join("kept"), "the only good backup").unwrap();
    assert!(failure(&["--database-url", &url, "backup", &kept]).await.contains(&kept));
    assert_eq!(std::fs::read_to_string(folder.path().join("kept")).unwrap(), "the only good backup");
    assert!(failure(&["--database-url", &url, "backup", "/nonexistent/x"]).await.contains("/nonexistent/x"));
    let missing = at("no file");
    assert!(failure(&["--data", &typo, "restore", &missing]).await.contains(&missing));
    assert!(!folder.path().join("dtaa").exists(), "nothing to restore, so nothing to restore into");
}

#[test]
fn the_first_start_and_the_first_person_make_the_database() {
    let folder = tempfile::tempdir().unwrap();
    for (name, words) in
        [("migrated", vec!["migrate"]), ("staffed", vec!["user", "add", "--login", "li", "--name", "李"])]
    {
        let data = folder.path().join(name);
        let mut command = std::process::Command::new(program("server"));
        command.env_clear().arg("--data").arg(&data).args(&words);
        if name == "staffed" {
            command.arg("--password-stdin");
        }
        let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"a long password\n").unwrap();
        assert!(child.wait().unwrap().success(), "{name}");
        assert!(data.join("service.db").is_file());
    }
}
