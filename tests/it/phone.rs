//! The phone for the terminal, killed while it writes, and its log cut anywhere.

use schema::id::JobId;
use schema::people::Role;
use server::state::system_clock;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use sync::handset::Handset;
use sync::store::FileStore;
use tests::crash::open_again;
use tests::{PASSWORD, TestServer, program};

const KILLS: u32 = 30;

fn phone(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program("phone"));
    command.env_clear().env("PHONE_PASSWORD", PASSWORD).arg("--folder").arg(folder).args(words);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn expect_done(folder: &Path, words: &[&str]) {
    // 6: a process that another test is just starting holds a copy of a lock that this one has let go.
    let mut ends = std::iter::repeat_with(|| phone(folder, words).status().unwrap().code()).take(1_000);
    assert_eq!(ends.find(|code| *code != Some(6)), Some(Some(0)), "{words:?}");
}

/// A server, and the folder of a phone on which one job is.
async fn enrolled(folder: &Path) -> (TestServer, JobId) {
    let server = TestServer::start().await;
    server.clock.set(system_clock()());
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &technician).await;
    expect_done(folder, &["login", &server.url, &technician.login]);
    expect_done(folder, &["sync"]);
    (server, job)
}

fn open(folder: &Path) -> Handset<FileStore> {
    Handset::open(open_again(folder)).unwrap()
}

/// Every note that was ever written here.
fn notes(handset: &Handset<FileStore>, job: JobId) -> BTreeSet<String> {
    let history = handset.replica().held(job).unwrap().record.history();
    let written = history.into_iter().flat_map(|entry| entry.touched).filter_map(|touch| touch.after);
    written.map(|value| value.to_string().trim_matches('"').to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_phone_said_it_kept_is_there_whenever_its_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (server, job) = enrolled(folder.path()).await;
    let name = job.to_string();
    let began = Instant::now();
    expect_done(folder.path(), &["note", &name, "listen", "note first"]);
    let takes = began.elapsed();
    let mut said = BTreeSet::from(["note first".to_owned()]);
    for number in 0..KILLS {
        let text = format!("note {number}");
        let mut writing = phone(folder.path(), &["note", &name, "listen", &text]).spawn().unwrap();
        // Anywhere between its first moment and a little after its last.
        std::thread::sleep(takes * (rand::random::<u32>() % 120) / 100);
        drop(writing.kill());
        if writing.wait().unwrap().success() {
            said.insert(text);
        }
    }
    let kept = notes(&open(folder.path()), job);
    assert!(said.is_subset(&kept), "said {said:?}, kept {kept:?}");
    expect_done(folder.path(), &["sync"]);
    let handset = open(folder.path());
    assert_eq!(handset.replica().unsent(), 0);
    assert_eq!(handset.replica().held(job).unwrap().record.heads(), server.heads(job).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_whose_log_is_cut_at_any_byte_opens_with_all_that_was_whole_and_syncs() {
    let folder = tempfile::tempdir().unwrap();
    let (server, job) = enrolled(folder.path()).await;
    let log = folder.path().join("log");
    let bytes = || std::fs::read(&log).unwrap().len();
    let mut ends = vec![(bytes(), String::new())];
    for text in ["note one", "note two"] {
        expect_done(folder.path(), &["note", &job.to_string(), "listen", text]);
        ends.push((bytes(), text.to_owned()));
    }
    let whole = std::fs::read(&log).unwrap();
    for cut in ends[0].0..=whole.len() {
        std::fs::write(&log, &whole[..cut]).unwrap();
        let expected = ends[1..].iter().filter(|(end, _)| *end <= cut).map(|(_, text)| text.clone());
        let kept = notes(&open(folder.path()), job);
        let kept: BTreeSet<String> = kept.into_iter().filter(|text| text.starts_with("note ")).collect();
        assert_eq!(kept, expected.collect(), "cut to {cut} bytes of {}", whole.len());
    }
    // The second note was cut off in the middle; the phone goes on from there.
    std::fs::write(&log, &whole[..ends[2].0 - 1]).unwrap();
    expect_done(folder.path(), &["note", &job.to_string(), "listen", "note three"]);
    expect_done(folder.path(), &["sync"]);
    assert_eq!(open(folder.path()).replica().held(job).unwrap().record.heads(), server.heads(job).await);
}
