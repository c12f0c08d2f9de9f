//! Backups of a database at work, on either engine into either engine; and projections made again from the log.

use clap::Parser as _;
use diesel::prelude::*;
use schema::people::Role;
use schema::problem::Problem;
use schema::record::MarkKind;
use schema::tables::{follow_ups, jobs, throttles};
use schema::template::{Template, WHOLE_VISIT};
use schema::time::{DAY, HOUR, SECOND, Timestamp};
use server::cli::Cli;
use server::db::quarantine::EntryFilter;
use server::db::{self, DatabaseUrl, read_now, write_now};
use server::domain::backup::{RestoreError, check, restore, write};
use server::domain::records::rebuild;
use server::domain::{day, epochs, outlets};
use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use sync::client::Client;
use tests::checklist::with_meter;
use tests::{Setup, TestDatabase, TestPhone, TestServer, expect_json, expect_ok, program, tables_in_code};

/// A job under way, with a phone that has synced.
async fn story(server: &TestServer) -> (schema::id::JobId, TestPhone) {
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    server.job(&dispatcher).await;
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    phone.mark(job, "accept", MarkKind::Done);
    phone.note(job, "listen", "引号 \" 反斜杠 \\ 换行\n 表情 🚰");
    phone.sync().await;
    (job, phone)
}

fn backup(url: &DatabaseUrl) -> Vec<u8> {
    let mut file = Vec::new();
    read_now(url, |conn| write(conn, Timestamp::from_micros(0), &mut file)).unwrap();
    file
}

fn restore_into(url: &DatabaseUrl, file: &[u8]) -> Result<(), String> {
    restore_at(url, file, Timestamp::from_micros(0))
}

fn restore_at(url: &DatabaseUrl, file: &[u8], now: Timestamp) -> Result<(), String> {
    let restored = write_now(url, |conn| restore(conn, file, 77, now).map_err(Problem::from));
    restored.map(drop).map_err(|problem| problem.to_string())
}

/// The rows of each table in some order, without what a new epoch begins with; engines keep their rows in orders of their own.
fn rows(file: &[u8]) -> BTreeSet<(String, String)> {
    let mut table = String::new();
    let mut found = BTreeSet::new();
    for line in std::str::from_utf8(file).unwrap().lines() {
        let json: serde_json::Value = serde_json::from_str(&line[17..]).unwrap();
        if let Some(begun) = json.get("table") {
            table = begun["name"].as_str().unwrap().to_owned();
        } else if json.is_array() && json[0] != "epoch" && json[0] != "numbers_parted" {
            found.insert((table.clone(), json.to_string()));
        }
    }
    found
}

fn sqlite(folder: &Path, name: &str) -> DatabaseUrl {
    let url = DatabaseUrl::Sqlite(folder.join(name));
    db::migrate(&url).unwrap();
    url
}

#[actix_web::test]
async fn a_backup_restores_into_either_engine_row_for_row() {
    let server = TestServer::start().await;
    story(&server).await;
    let file = backup(server.database.url());
    let summary = check(file.as_slice()).unwrap();
    assert!(summary.rows > 30, "{summary:?}");
    // Into SQLite whatever this run's engine is, and from there into this run's engine.
    let aside = sqlite(server.database.folder(), "aside.db");
    restore_into(&aside, &file).unwrap();
    let copy = backup(&aside);
    assert_eq!(rows(&copy), rows(&file));
    let fresh = TestDatabase::new();
    restore_into(fresh.url(), &copy).unwrap();
    assert_eq!(rows(&backup(fresh.url())), rows(&file));
    let epoch = read_now(fresh.url(), |conn| Ok(db::meta::find_value(conn, "epoch")?)).unwrap();
    assert_eq!(epoch.as_deref(), Some("77"), "phones must notice");
    // References are checked again as before.
    let orphan = write_now(fresh.url(), |conn| {
        let table = db::backup::list_tables(conn)?.into_iter().find(|table| table.name == "grants").unwrap();
        let ids = "00".repeat(16);
        Ok(db::backup::insert_rows(conn, &table, &format!("[[\"{ids}\",\"{ids}\",1]]"))?)
    });
    assert!(orphan.is_err());
}

#[test]
fn every_table_that_we_know_is_in_a_backup() {
    let database = TestDatabase::new();
    let tables = read_now(database.url(), |conn| Ok(db::backup::list_tables(conn)?)).unwrap();
    let found: BTreeSet<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let text = tables_in_code();
    let known: BTreeSet<&str> =
        text.split("diesel::table! {").skip(1).map(|table| table.split_whitespace().next().unwrap()).collect();
    assert_eq!(found, known);
}

#[actix_web::test]
async fn damage_anywhere_is_named_and_nothing_is_restored() {
    let server = TestServer::start().await;
    story(&server).await;
    let file = backup(server.database.url());
    let damage = |file: &[u8]| match check(file) {
        Err(RestoreError::Damage(damage)) => damage,
        other => panic!("{other:?}"),
    };
    for at in (0..file.len()).step_by(1 + file.len() / 400) {
        let mut bent = file.clone();
        bent[at] ^= 1;
        let found = damage(&bent);
        let line_begin = file[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        assert_eq!(found.offset, u64::try_from(line_begin).unwrap(), "byte {at}: {found}");
    }
    let ends = file.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    for end in ends.filter(|end| *end < file.len()) {
        assert_eq!(damage(&file[..end]).offset, u64::try_from(end).unwrap());
    }
    damage(&[file.as_slice(), b"0000000000000000 {}\n"].concat());
    let fresh = TestDatabase::new();
    let empty = rows(&backup(fresh.url()));
    assert!(restore_into(fresh.url(), &file[..file.len() / 2]).unwrap_err().contains("damaged at byte"));
    assert_eq!(rows(&backup(fresh.url())), empty, "nothing half-restored");
}

#[actix_web::test]
async fn a_backup_goes_into_an_empty_database_only() {
    let server = TestServer::start().await;
    story(&server).await;
    let file = backup(server.database.url());
    let refused = restore_into(server.database.url(), &file).unwrap_err();
    assert!(refused.contains("not empty"), "{refused}");
    assert_eq!(rows(&backup(server.database.url())), rows(&file));
}

/// Writes to the database once the backup has begun.
struct Meanwhile<'a> {
    file: &'a mut Vec<u8>,
    url: &'a DatabaseUrl,
    written: bool,
}

impl Write for Meanwhile<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if !std::mem::replace(&mut self.written, true) {
            write_now(self.url, |conn| {
                // Until the end of days: what has run out is deleted in the background.
                let row = (throttles::key.eq("meanwhile"), throttles::failures.eq(1), throttles::until.eq(i64::MAX));
                Ok(diesel::insert_into(throttles::table).values(row).execute(conn).unwrap())
            })
            .unwrap();
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[actix_web::test]
async fn a_backup_shows_one_moment_though_the_service_goes_on() {
    let server = TestServer::start().await;
    let (url, mut file) = (server.database.url(), Vec::new());
    let mut meanwhile = Meanwhile { file: &mut file, url, written: false };
    read_now(url, |conn| write(conn, server.clock.now(), &mut meanwhile)).unwrap();
    let is_there = |file: &[u8]| rows(file).iter().any(|(_, row)| row.contains("meanwhile"));
    assert!(!is_there(&file));
    assert!(is_there(&backup(url)));
}

/// Another server with what the backup holds, which the phone takes for the first.
async fn put_back(server: TestServer, file: &[u8], phone: &mut TestPhone) -> TestServer {
    let clock = server.clock.clone();
    drop(server);
    let database = Arc::new(TestDatabase::new());
    restore_into(database.url(), file).unwrap();
    let restored = TestServer::with(Setup { database, clock, ..Setup::default() }).await;
    phone.client = Client::new(&restored.url, schema::people::Language::English).unwrap();
    restored
}

#[actix_web::test]
async fn a_server_restored_from_an_old_backup_gets_back_what_it_lost() {
    let server = TestServer::start().await;
    let (job, mut phone) = story(&server).await;
    let file = backup(server.database.url());
    phone.mark(job, "contact", MarkKind::Done);
    phone.sync().await;
    let heads = server.heads(job).await;
    let restored = put_back(server, &file, &mut phone).await;
    assert_ne!(restored.heads(job).await, heads);
    phone.sync().await;
    assert_eq!(restored.heads(job).await, heads);
}

#[actix_web::test]
async fn a_version_that_a_restore_took_away_is_another_one_when_it_is_published_anew() {
    let server = TestServer::start().await;
    let (manager, agent) = (server.person(Role::ServiceManager).await, server.person(Role::DeskAgent).await);
    let technician = server.person(Role::Technician).await;
    server.publish(&manager, &with_meter(2)).await;
    let job = server.reported_job(&agent, None).await;
    server.assign(job, &agent, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    let file = backup(server.database.url());
    let (mut lost, mut anew) = (with_meter(3), with_meter(3));
    (lost.warranty_months, anew.warranty_months) = (6, 12);
    server.publish(&manager, &lost).await;
    phone.sync().await;
    phone.note(job, WHOLE_VISIT, "还原前");
    let restored = put_back(server, &file, &mut phone).await;
    let (manager, agent) = (restored.person(Role::ServiceManager).await, restored.person(Role::DeskAgent).await);
    let kept: Template = expect_json(manager.get("/v1/templates/home_repair/2"), 200).await;
    assert_eq!(kept, with_meter(2));
    phone.sync().await;
    assert_eq!(phone.heads(job), restored.heads(job).await);
    restored.clock.advance(SECOND);
    restored.publish(&manager, &anew).await;
    let next = restored.reported_job(&agent, None).await;
    restored.assign(next, &agent, &technician).await;
    phone.sync().await;
    let replica = phone.handset.replica();
    let of = |job| replica.template_of(&phone.job(job)).unwrap();
    assert_eq!((of(job), of(next)), (&with_meter(2), &anew), "the phone held another third version before");
}

#[actix_web::test]
async fn a_number_that_a_customer_holds_is_given_to_no_other_job_after_a_restore() {
    let server = TestServer::start().await;
    let (outlet, now) = (server.person(Role::DeskAgent).await.outlet, server.clock.now());
    let next = |url: &DatabaseUrl, now| {
        let number = write_now(url, |conn| {
            let outlet = outlets::load(conn, outlet)?;
            day::next_number(conn, &outlet, "WX", now)
        });
        number.unwrap()
    };
    let url = server.database.url();
    let before = next(url, now);
    let file = backup(url);
    let mut given = BTreeSet::from([before, next(url, now)]);
    // Twice from the same file, so that nothing in it can tell the two apart; and a failover besides.
    for hours in [1, 2] {
        let (fresh, now) = (TestDatabase::new(), now.plus(hours * HOUR));
        restore_at(fresh.url(), &file, now).unwrap();
        let [one, two] = [next(fresh.url(), now), next(fresh.url(), now)];
        assert!(one.ends_with("-0001") && given.insert(one) && given.insert(two), "{given:?}");
        write_now(fresh.url(), |conn| Ok(epochs::begin(conn, 78, now.plus(HOUR / 2))?)).unwrap();
        assert!(given.insert(next(fresh.url(), now.plus(HOUR / 2))), "{given:?}");
        let tomorrow = next(fresh.url(), now.plus(DAY));
        assert_eq!(tomorrow.len(), "WX-20260303-0001".len(), "the day after is as any: {tomorrow}");
    }
}

#[actix_web::test]
async fn a_revoked_phone_hands_in_what_a_restored_server_lost() {
    let server = TestServer::start().await;
    let (job, mut phone) = story(&server).await;
    let file = backup(server.database.url());
    phone.mark(job, "contact", MarkKind::Done);
    phone.sync().await;
    let restored = put_back(server, &file, &mut phone).await;
    let (device, now) = (phone.handset.replica().identity().unwrap().device, restored.clock.now());
    restored.state.db.write(move |conn| Ok(db::devices::revoke_device(conn, device, now, None)?)).await.unwrap();
    let report = phone.sync().await;
    let filter = EntryFilter { job: Some(job), ..EntryFilter::default() };
    let list = move |conn: &mut db::Conn| Ok(db::quarantine::list_entries(conn, filter, 10)?);
    assert_eq!(restored.state.db.read(list).await.unwrap().len(), 1, "{report:?}");
    assert_eq!(report.unsent, 0);
}

#[actix_web::test]
async fn projections_are_what_the_log_makes_of_them() {
    let server = TestServer::start().await;
    let (job, _) = story(&server).await;
    let url = server.database.url();
    assert_eq!(server.differences().await, []);
    let before = rows(&backup(url));
    write_now(url, |conn| {
        let bent = diesel::update(jobs::table.find(job)).set((jobs::name.eq("别人"), jobs::alarms.eq(3)));
        Ok(bent.execute(conn).unwrap())
    })
    .unwrap();
    let differences = server.differences().await;
    assert_eq!(differences.len(), 1, "{differences:?}");
    assert_eq!(differences[0].stands, "name=\"别人\" alarms=3");
    assert_eq!(differences[0].should, "name=\"王女士\" alarms=0");
    let mut progress = 0;
    assert_eq!(write_now(url, |conn| rebuild::rebuild(conn, &mut |jobs| progress = jobs)).unwrap(), 2);
    assert_eq!((progress, rows(&backup(url))), (2, before));
}

#[actix_web::test]
async fn a_call_that_is_due_otherwise_than_the_log_says_is_found_and_put_right() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&agent).await;
    let path = format!("/v1/jobs/{job}/solve-remotely");
    expect_ok(agent.post(&path, &serde_json::json!({"reason": "教客户复位"}))).await;
    let url = server.database.url();
    assert_eq!(server.differences().await, []);
    let before = rows(&backup(url));
    let bent = |conn: &mut db::Conn| {
        let bent = diesel::update(follow_ups::table.filter(follow_ups::job_id.eq(job)));
        Ok(bent.set((follow_ups::due_at.eq(Timestamp::from_micros(0)), follow_ups::rank.eq(99))).execute(conn).unwrap())
    };
    assert_eq!(write_now(url, bent).unwrap(), 1);
    let differences = server.differences().await;
    assert_eq!(differences.len(), 1, "{differences:?}");
    assert!(differences[0].table == "follow_ups" && differences[0].stands.contains("rank=99"), "{differences:?}");
    write_now(url, |conn| rebuild::rebuild(conn, &mut |_| {})).unwrap();
    assert_eq!(rows(&backup(url)), before);
    let gone = |conn: &mut db::Conn| Ok(diesel::delete(follow_ups::table).execute(conn).unwrap());
    write_now(url, gone).unwrap();
    let differences = server.differences().await;
    assert_eq!(differences.iter().map(|found| found.stands.as_str()).collect::<Vec<_>>(), ["nothing"]);
}

#[actix_web::test]
async fn the_command_line_backs_up_restores_and_rebuilds() {
    let server = TestServer::start().await;
    story(&server).await;
    let (folder, fresh) = (server.database.folder(), TestDatabase::new());
    let path = folder.join("backup").to_string_lossy().into_owned();
    let run = async |database: &TestDatabase, words: &[&str]| {
        let url = database.url_text();
        let given = ["server", "--database-url", &url];
        server::cli::main(Cli::try_parse_from(given.iter().chain(words)).unwrap()).await
    };
    run(&server.database, &["backup", &path]).await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    run(&fresh, &["restore", &path]).await.unwrap();
    assert_eq!(run(&fresh, &["rebuild", "--check"]).await.unwrap(), ExitCode::SUCCESS);
    assert_eq!(run(&fresh, &["rebuild"]).await.unwrap(), ExitCode::SUCCESS);
    assert_eq!(rows(&backup(fresh.url())), rows(&backup(server.database.url())));
    assert!(run(&fresh, &["restore", &path]).await.is_err());
}

#[actix_web::test]
async fn after_a_failover_that_lost_transactions_phones_send_again_what_they_wrote() {
    let server = TestServer::start().await;
    let (job, mut phone) = story(&server).await;
    let older = backup(server.database.url());
    phone.note(job, "listen", "后来的一条");
    phone.mark(job, "contact", MarkKind::Done);
    phone.sync().await;
    let (heads, epoch) = (phone.heads(job), phone.handset.replica().cursor().epoch);
    // A replica as it was a moment ago takes the place, epoch and all.
    let setup = server.stop().await;
    let replica = TestDatabase::new();
    write_now(replica.url(), |conn| {
        restore(conn, older.as_slice(), epoch, Timestamp::from_micros(0)).map_err(Problem::from)
    })
    .unwrap();
    let mut command = std::process::Command::new(program("server"));
    command.env_clear().args(["new-epoch", "--database-url", &replica.url_text()]);
    assert!(command.output().unwrap().status.success());
    let address = setup.public_url.clone().unwrap().trim_start_matches("http://").to_owned();
    let server = TestServer::at(Setup { database: Arc::new(replica), ..setup }, &address);
    let report = phone.sync().await;
    assert_eq!((report.unsent, report.refused.len()), (0, 0), "{report:?}");
    assert_ne!(phone.handset.replica().cursor().epoch, epoch);
    assert_eq!((phone.heads(job), server.heads(job).await), (heads.clone(), heads));
}
