//! Evidence of a job that real phones and the real office wrote, verified with no server.

use clap::Parser as _;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::{EntryId, JobId};
use schema::people::{Language, Role};
use schema::problem::Kind;
use schema::published_key::PublishedKeys;
use schema::record::{Decision, DecisionKind, How, MarkKind, SignOff, SignOffKind, Strokes};
use schema::sheet::sheet;
use schema::template::find_shipped;
use schema::time::MINUTE;
use server::cli::Cli;
use server::state::random;
use std::os::unix::fs::PermissionsExt as _;
use std::process::ExitCode;
use sync::bundle::{Failure, Report, verify};
use tests::{Person, TestPhone, TestServer, expect_ok, expect_problem, program};

fn decline(phone: &mut TestPhone, job: JobId) -> Edit {
    let record = &phone.handset.replica().held(job).unwrap().record;
    let (view, covers) = (record.read().unwrap(), record.heads());
    let sheet_hash = sheet(&view, find_shipped("home_repair", 1).unwrap()).hash();
    let sign_off = SignOff {
        kind: SignOffKind::Declined,
        how: How::Phone,
        name: "王女士".to_owned(),
        reason: Some("等先生回来再签".to_owned()),
        strokes: Some(Strokes("10,12,0 14,18,16".to_owned())),
        rating: None,
        remarks: None,
        covers,
        sheet_hash,
        by: Some(phone.person),
        link: None,
        at: phone.at(),
    };
    Edit::SignOff { id: phone.entry(), sign_off }
}

/// A visit with two technicians, a refused write, a customer who declines to sign, and a note after that.
async fn story(server: &TestServer) -> (JobId, Person) {
    let dispatcher = server.person(Role::Dispatcher).await;
    let (first, second) = (server.person(Role::Technician).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &first).await;
    let (mut old, mut new) = (server.phone(&first).await, server.phone(&second).await);
    old.sync().await;
    old.mark(job, "accept", MarkKind::Done);
    old.note(job, "listen", "昨晚开始不点火");
    let decision = Decision { kind: DecisionKind::Closed, by: first.id, at: old.at(), reason: None };
    old.edit(job, vec![Edit::Decide { id: EntryId::new(random()), decision }]);
    old.sync().await;
    server.clock.advance(MINUTE);
    server.assign(job, &dispatcher, &second).await;
    new.sync().await;
    for step in ["contact", "diagnose"] {
        new.mark(job, step, MarkKind::Done);
    }
    for step in ["testing", "cleanup"] {
        let mark = schema::record::Mark {
            kind: MarkKind::Skipped,
            by: new.person,
            at: new.at(),
            reason: Some("客户急着出门".to_owned()),
            place: None,
        };
        new.edit(job, vec![Edit::Mark { step: step.to_owned(), mark }]);
    }
    new.sync().await;
    let declined = decline(&mut new, job);
    new.edit(job, vec![declined]);
    new.note(job, "sign_off", "已告知回访电话");
    let report = new.sync().await;
    assert!(report.refused.is_empty(), "{report:?}");
    (job, server.person(Role::ServiceManager).await)
}

async fn bundle(manager: &Person, job: JobId) -> Vec<u8> {
    expect_ok(manager.get(&format!("/v1/jobs/{job}/bundle"))).await.bytes().await.unwrap().to_vec()
}

fn misfit(bytes: &[u8]) -> (u64, u64) {
    match verify(bytes, None) {
        Err(Failure::Misfit(misfit)) => (misfit.offset, misfit.line),
        other => panic!("{other:?}"),
    }
}

#[actix_web::test]
async fn a_bundle_of_a_real_job_verifies_with_no_server_and_names_who_signed_what() {
    let server = TestServer::start().await;
    let (job, manager) = story(&server).await;
    let bytes = bundle(&manager, job).await;
    let key = server.state.keys.receipt.public_key();
    let heads = server.heads(job).await;
    drop(server);

    let report: Report = verify(bytes.as_slice(), Some(key.into())).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!((report.job, &report.heads), (job, &heads));
    assert!(report.is_trusted);
    assert_eq!(report.writers.iter().filter(|writer| writer.device.is_some()).count(), 2, "two phones signed");
    assert_eq!(report.refused.len(), 1);
    let [declined] = report.sign_offs.as_slice() else { panic!("{:?}", report.sign_offs) };
    assert!(declined.written.device.is_some() && declined.covered > 5);
    let later: Vec<&str> = declined.later.iter().flat_map(|later| &later.places).map(String::as_str).collect();
    assert_eq!(later, ["notes/sign_off"]);
    assert!(declined.sheet_changed.is_empty(), "a note is no part of the sheet");
    assert!(report.to_text(Language::Chinese).contains("不能证明"));
}

#[actix_web::test]
async fn damage_to_a_real_bundle_is_named_where_it_is() {
    let server = TestServer::start().await;
    let (job, manager) = story(&server).await;
    let bytes = bundle(&manager, job).await;
    for at in (0..bytes.len()).step_by(1 + bytes.len() / 150) {
        let mut bent = bytes.clone();
        bent[at] ^= 1;
        let line_end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |more| at + more + 1);
        assert!(misfit(&bent).0 <= u64::try_from(line_end).unwrap(), "byte {at}");
    }
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    for (line, end) in ends.enumerate().filter(|(_, end)| *end < bytes.len()) {
        let end_of_file = u64::try_from(end).unwrap();
        assert_eq!(misfit(&bytes[..end]), (end_of_file, u64::try_from(line + 2).unwrap()), "cut behind a line");
    }
}

#[actix_web::test]
async fn evidence_is_for_those_who_may_and_of_their_own_outlet() {
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let job = server.job(&dispatcher).await;
    let path = format!("/v1/jobs/{job}/bundle");
    expect_problem(dispatcher.get(&path), Kind::Forbidden).await;
    expect_problem(server.get(&path), Kind::Unauthenticated).await;
    let elsewhere = server.person_at("02", Role::DeskSupervisor).await;
    expect_problem(elsewhere.get(&path), Kind::NotFound).await;
    let supervisor = server.person(Role::DeskSupervisor).await;
    expect_problem(supervisor.get("/v1/jobs/nonsense/bundle"), Kind::NotFound).await;
    let number =
        server.state.db.read(move |conn| Ok(server::db::jobs::find_job(conn, job)?.unwrap().number)).await.unwrap();
    let by_number = expect_ok(supervisor.get(&format!("/v1/jobs/{number}/bundle"))).await.bytes().await.unwrap();
    assert_eq!(verify(by_number.as_ref(), None).unwrap().job, job);
}

#[actix_web::test]
async fn the_command_line_exports_and_verifies_and_says_so_by_its_exit_code() {
    let server = TestServer::start().await;
    let (job, _) = story(&server).await;
    let file = server.database.folder().join("job.evidence");
    let (path, database) = (file.to_string_lossy().into_owned(), server.database.url_text());
    let run = async |words: &[&str]| {
        let given = ["server", "--database-url", &database];
        server::cli::main(Cli::try_parse_from(given.iter().chain(words)).unwrap()).await
    };
    run(&["export", &job.to_string(), "--out", &path]).await.unwrap();
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds the customer's data");
    let key = server.state.keys.receipt.public_key().to_string();
    assert_eq!(run(&["verify", &path, "--lang", "en", "--json", "--trust", &key]).await.unwrap(), ExitCode::SUCCESS);
    let other = Hash::of(b"another key").to_string();
    assert_eq!(run(&["verify", &path, "--trust", &other]).await.unwrap(), ExitCode::from(1));
    let published = server.database.folder().join("receipt-keys.json");
    let list = expect_ok(server.get("/.well-known/receipt-keys.json")).await.bytes().await.unwrap();
    assert!(!String::from_utf8_lossy(&list).contains("secret"));
    std::fs::write(&published, &list).unwrap();
    let trust = published.to_string_lossy().into_owned();
    assert_eq!(run(&["verify", &path, "--trust", &trust]).await.unwrap(), ExitCode::SUCCESS);
    let others = String::from_utf8_lossy(&list).replace(&key, &other);
    std::fs::write(&published, others).unwrap();
    assert_eq!(run(&["verify", &path, "--trust", &trust]).await.unwrap(), ExitCode::from(1));
    let words = |trust| ["server", "verify", "a.evidence", "--trust", trust];
    for nonsense in [path.as_str(), "/nonexistent/file", "00ff"] {
        assert!(Cli::try_parse_from(words(nonsense)).is_err(), "{nonsense}");
    }
    std::fs::write(&published, r#"{"keys": []}"#).unwrap();
    assert!(Cli::try_parse_from(words(&trust)).is_err(), "a list of nobody would trust everybody");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(run(&["verify", &path]).await.unwrap(), ExitCode::from(1));
    assert_eq!(run(&["verify", "/nonexistent/file"]).await.unwrap(), ExitCode::from(2));
    assert!(run(&["export", "WX-0", "--out", &path]).await.is_err());
}

#[actix_web::test]
async fn the_key_list_that_is_printed_is_the_one_that_is_published() {
    let server = TestServer::start().await;
    let published = expect_ok(server.get("/.well-known/receipt-keys.json")).await.bytes().await.unwrap();
    let words = ["--database-url", &server.database.url_text(), "key", "list"];
    let printed = std::process::Command::new(program("server")).env_clear().args(words).output().unwrap();
    let [published, printed] = [published.as_ref(), printed.stdout.as_slice()]
        .map(|list| serde_json::from_slice::<PublishedKeys>(list).unwrap());
    assert_eq!(published, printed);
    assert_eq!(published.keys[0].key, server.state.keys.receipt.public_key());
    assert_eq!((published.keys.len(), published.keys[0].until), (1, None));
}
