//! Several servers on one PostgreSQL: what is said at one is heard at the others, in order, and a server that dies is missed by nobody.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use schema::edit::Edit;
use schema::id::JobId;
use schema::people::{Language, Role};
use schema::record::MarkKind;
use server::db::{self, DatabaseUrl};
use server::domain::records::{self, Office};
use server::state::system_clock;
use std::sync::Arc;
use std::sync::mpsc::channel;
use sync::client::Client;
use tests::{Ambush, Engine, Errand, Person, RoundRobin, ServerProcess, Setup, TestServer};

/// SQLite has one server.
fn is_alone() -> bool {
    Engine::of_this_run() == Engine::Sqlite
}

async fn beside(one: &TestServer, flags: Vec<&'static str>) -> TestServer {
    let (database, clock) = (Arc::clone(&one.database), one.clock.clone());
    TestServer::with(Setup { database, clock, public_url: Some(one.url.clone()), flags }).await
}

fn postgres(server: &TestServer) -> PgConnection {
    let DatabaseUrl::Postgres(url) = server.database.url() else { panic!("not on PostgreSQL") };
    PgConnection::establish(url).unwrap()
}

/// Cuts the lines on which servers listen.
const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                   AND application_name = 'field_notices'";

/// A stream that stands.
struct Listener {
    stream: reqwest::Response,
    heard: String,
}

impl Listener {
    async fn at(server: &TestServer, person: &Person) -> Self {
        let stream = server.get("/v1/feed").bearer_auth(&person.token).send().await.unwrap();
        let mut listener = Self { stream, heard: String::new() };
        listener.until("retry:").await;
        listener
    }

    /// Hears on until this was said; answers all that was heard since it was asked last.
    async fn until(&mut self, said: &str) -> String {
        while !self.heard.contains(said) {
            let chunk = self.stream.chunk().await.unwrap().unwrap_or_else(|| panic!("it ended: {}", self.heard));
            self.heard.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        std::mem::take(&mut self.heard)
    }
}

fn note(text: &str) -> Vec<Edit> {
    vec![Edit::Note { step: "listen".to_owned(), text: text.to_owned() }]
}

/// Writes, and dies before anybody could be told.
fn write_and_die(server: &TestServer, job: JobId, text: &str) {
    let office = Office { person: None, now: server.clock.now() };
    db::write_now(server.database.url(), |conn| records::write(conn, office, job, &note(text))).unwrap();
}

#[actix_web::test]
async fn what_is_pushed_at_one_server_is_heard_at_another() {
    if is_alone() {
        return;
    }
    let one = TestServer::start().await;
    let two = beside(&one, Vec::new()).await;
    let Errand { dispatcher, technician, job, mut phone, .. } = one.errand().await;
    let mut board = Listener::at(&two, &dispatcher).await;
    phone.note(job, "listen", "客户说昨晚开始不点火");
    phone.sync().await;
    board.until(&format!("event: job\ndata: {job}")).await;
    let mut own = Listener::at(&one, &technician).await;
    two.write(job, dispatcher.id, note("请带点火针")).await;
    own.until("event: cursor\ndata: 3\n").await;
}

#[actix_web::test]
async fn a_stream_hears_of_other_servers_after_their_line_was_cut() {
    if is_alone() {
        return;
    }
    let one = TestServer::start().await;
    let two = beside(&one, Vec::new()).await;
    let Errand { dispatcher, technician, job, .. } = one.errand().await;
    let mut own = Listener::at(&one, &technician).await;
    let mut board = Listener::at(&two, &dispatcher).await;
    diesel::sql_query(CUT).execute(&mut postgres(&one)).unwrap();
    // Each is told to look, because it may have missed something.
    own.until("event: lagged").await;
    board.until("event: lagged").await;
    two.write(job, dispatcher.id, note("请带点火针")).await;
    own.until("event: cursor\ndata: 2\n").await;
    one.write(job, dispatcher.id, note("请带两根")).await;
    board.until(&format!("event: job\ndata: {job}")).await;
}

#[actix_web::test]
async fn a_notice_that_was_lost_with_its_server_is_made_up_for() {
    if is_alone() {
        return;
    }
    let server = TestServer::with(Setup { flags: vec!["--stream-pause-s", "1"], ..Setup::default() }).await;
    let Errand { technician, job, mut phone, .. } = server.errand().await;
    let mut own = Listener::at(&server, &technician).await;
    write_and_die(&server, job, "没人通知");
    own.until("event: cursor\ndata: 2\n").await;
    phone.sync().await;
    assert_eq!(phone.heads(job), server.heads(job).await);
}

#[actix_web::test]
async fn a_board_hears_by_name_what_moved_while_its_servers_line_was_cut() {
    if is_alone() {
        return;
    }
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let (quiet, moved) = (server.job(&dispatcher).await, server.job(&dispatcher).await);
    let mut board = Listener::at(&server, &dispatcher).await;
    diesel::sql_query(CUT).execute(&mut postgres(&server)).unwrap();
    write_and_die(&server, moved, "断线时写的");
    let heard = board.until(&format!("event: job\ndata: {moved}")).await;
    assert!(!heard.contains(&quiet.to_string()), "{heard}");
}

/// A board whose server looks every second what it was not told.
async fn looking() -> TestServer {
    TestServer::with(Setup { flags: vec!["--stream-pause-s", "1"], ..Setup::default() }).await
}

#[actix_web::test]
async fn a_board_hears_what_a_server_could_not_tell_before_it_died() {
    if is_alone() {
        return;
    }
    let server = looking().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let (first, second) = (server.job(&dispatcher).await, server.job(&dispatcher).await);
    let mut board = Listener::at(&server, &dispatcher).await;
    write_and_die(&server, first, "没人通知");
    board.until(&format!("event: job\ndata: {first}")).await;
    // What was told is not told again: the next thing that is heard is the next thing that moves.
    server.write(second, dispatcher.id, note("已通知")).await;
    board.until(&format!("event: job\ndata: {second}")).await;
    write_and_die(&server, first, "又没人通知");
    let heard = board.until(&format!("event: job\ndata: {first}")).await;
    assert_eq!(heard.matches("event: job").count(), 1, "{heard}");
}

#[actix_web::test]
async fn a_board_hears_of_what_was_begun_first_and_committed_last() {
    if is_alone() {
        return;
    }
    let server = looking().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let (early, late) = (server.job(&dispatcher).await, server.job(&dispatcher).await);
    let mut board = Listener::at(&server, &dispatcher).await;
    let (begun, has_begun) = channel();
    let (release, released) = channel::<()>();
    let (url, office) = (server.database.url().clone(), Office { person: None, now: server.clock.now() });
    let holding = std::thread::spawn(move || {
        db::write_now(&url, |conn| {
            records::write(conn, office, early, &note("先写后提交"))?;
            begun.send(()).unwrap();
            released.recv().unwrap();
            Ok(())
        })
    });
    has_begun.recv().unwrap();
    write_and_die(&server, late, "后写先提交");
    // The server has looked past the one that is not committed yet.
    board.until(&format!("event: job\ndata: {late}")).await;
    release.send(()).unwrap();
    holding.join().unwrap().unwrap();
    let heard = board.until(&format!("event: job\ndata: {early}")).await;
    assert!(!heard.contains(&late.to_string()), "{heard}");
}

#[actix_web::test]
async fn the_office_writes_to_one_job_at_two_servers_at_once() {
    if is_alone() {
        return;
    }
    let one = TestServer::start().await;
    let two = beside(&one, Vec::new()).await;
    let dispatcher = one.person(Role::Dispatcher).await;
    let job = one.job(&dispatcher).await;
    crate::routes::together::write_at_once(&dispatcher, &[&one, &two], job).await;
}

#[test]
fn a_sequence_would_lose_what_is_committed_late() {
    if is_alone() {
        return;
    }
    let server = TestServer::at(Setup::default(), &tests::free_address());
    let (mut early, mut late) = (postgres(&server), postgres(&server));
    early.batch_execute("CREATE TABLE trap (seq BIGSERIAL)").unwrap();
    early.batch_execute("BEGIN; INSERT INTO trap DEFAULT VALUES").unwrap();
    late.batch_execute("INSERT INTO trap DEFAULT VALUES").unwrap();
    let cursor = newest(&mut late, 0);
    early.batch_execute("COMMIT").unwrap();
    assert_eq!(
        (cursor, newest(&mut late, cursor)),
        (2, cursor),
        "number 1 is there, and who asks after 2 never hears of it"
    );
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The newest after `cursor`, as a reader that remembers the highest number it saw would ask.
fn newest(conn: &mut PgConnection, cursor: i64) -> i64 {
    let query = format!("SELECT coalesce(max(seq), {cursor}) AS number FROM trap WHERE seq > {cursor}");
    diesel::sql_query(query).get_result::<Number>(conn).unwrap().number
}

#[actix_web::test]
async fn who_is_numbered_first_is_heard_first_though_they_commit_late() {
    if is_alone() {
        return;
    }
    let one = TestServer::start().await;
    let two = beside(&one, Vec::new()).await;
    let Errand { dispatcher, technician, job, mut phone } = one.errand().await;
    let other = one.job(&dispatcher).await;
    let before = phone.handset.replica().cursor();

    // Numbered, and held before the commit.
    let (numbered, is_numbered) = channel();
    let (release, released) = channel::<()>();
    let (url, office) = (one.database.url().clone(), Office { person: Some(dispatcher.id), now: one.clock.now() });
    let holding = std::thread::spawn(move || {
        db::write_now(&url, |conn| {
            records::write(conn, office, job, &note("先写后提交"))?;
            numbered.send(()).unwrap();
            released.recv().unwrap();
            Ok(())
        })
    });
    is_numbered.recv().unwrap();
    // Another server, another job, the same person's feed.
    let assigning = two.assign(other, &dispatcher, &technician);
    let meanwhile = async {
        let mut conn = postgres(&one);
        let waiting = "SELECT count(*) AS number FROM pg_stat_activity \
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while diesel::sql_query(waiting).get_result::<Number>(&mut conn).unwrap().number == 0 {
            tokio::task::yield_now().await;
        }
        let report = phone.sync().await;
        assert_eq!((report.round_trips, phone.handset.replica().cursor()), (1, before), "neither is heard yet");
        release.send(()).unwrap();
        holding.join().unwrap().unwrap();
    };
    tokio::join!(assigning, meanwhile);

    phone.sync().await;
    assert_eq!(phone.handset.replica().cursor().seq, before.seq + 2, "both are heard, none was passed over");
    for job in [job, other] {
        assert_eq!(phone.heads(job), two.heads(job).await);
    }
}

#[actix_web::test]
async fn a_server_killed_in_the_middle_of_an_answer_is_missed_by_nobody() {
    if is_alone() {
        return;
    }
    let one = TestServer::start().await;
    // The other is a process, which has the machine's clock.
    one.clock.set(system_clock()());
    let Errand { job, mut phone, .. } = one.errand().await;
    let (data, database) = (one.database.folder().to_string_lossy().into_owned(), one.database.url_text());
    let words = ["--listen", "127.0.0.1:0", "--data", &data, "--database-url", &database, "--public-url", &one.url];
    let ambush = Ambush::on(ServerProcess::start(words.into_iter().chain(["--db-readers", "2", "--db-writers", "2"])));
    let address = |url: &str| url.trim_start_matches("http://").to_owned();
    let balancer = RoundRobin::before(vec![address(&ambush.url), address(&one.url)]);
    phone.client = Client::new(&balancer.url, Language::English).unwrap();

    phone.mark(job, "accept", MarkKind::Done);
    let report = phone.sync().await;
    assert_eq!((report.unsent, report.refused.len(), balancer.passed()), (0, 0, 2), "{report:?}");
    assert!(ambush.over().starts_with(b"POST /v1/sync "));
    assert_eq!(phone.heads(job), one.heads(job).await);
    let log =
        one.state.db.read(move |conn| Ok(records::load(conn, job)?.record.changes_since(&[]).len())).await.unwrap();
    assert_eq!(
        log,
        phone.handset.replica().held(job).unwrap().record.changes_since(&[]).len(),
        "nothing is there twice"
    );
    // The next one finds the dead server, and goes on to the one that lives.
    phone.mark(job, "contact", MarkKind::Done);
    assert_eq!(phone.sync().await.unsent, 0);
}
