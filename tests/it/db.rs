//! The two doors to the database: what is committed together, and what a reader sees.

mod lane;

use diesel::RunQueryDsl;
use schema::problem::{Kind, Problem};
use server::db::{Conn, DatabaseUrl, Db, DbError, Sizes, meta, open};
use server::feed::Feed;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use tests::TestDatabase;

const ONE_WRITER: Sizes = Sizes { readers: 2, writers: 1, queue: 16, group: 16 };

/// Holds the writer until `release` is sent, so that what is submitted meanwhile forms one group.
async fn hold(db: &Db, released: Receiver<()>) {
    let released = Mutex::new(released);
    let wait = move |_: &mut Conn| {
        // Run again, it finds the sender gone and does not wait.
        released.lock().unwrap().recv().or(Ok(()))
    };
    db.write(wait).await.unwrap();
}

/// What somebody else finds, who sees only what is committed.
fn committed(url: &DatabaseUrl, key: &str) -> Option<String> {
    meta::find_value(&mut open(url).unwrap(), key).unwrap()
}

async fn send(release: Sender<()>) {
    release.send(()).unwrap();
}

#[tokio::test]
async fn of_two_writes_in_one_group_the_failed_one_leaves_no_trace() {
    let database = TestDatabase::new();
    let db = Db::start(database.url(), ONE_WRITER, &Feed::new()).unwrap();
    let (release, released) = channel();
    let good = db.write(|conn| Ok(meta::set_value(conn, "good", "1")?));
    let url = database.url().clone();
    let bad = db.write(move |conn| {
        meta::set_value(conn, "bad", "1")?;
        // The same transaction: seen from inside, not yet from outside.
        let (inside, outside) = (meta::find_value(conn, "good")?, committed(&url, "good"));
        Err::<(), _>(Problem::because(Kind::Conflict, "", format!("{inside:?} {outside:?}")))
    });
    let ((), good, bad, ()) = tokio::join!(hold(&db, released), good, bad, send(release));
    good.unwrap();
    assert_eq!(bad.unwrap_err().detail.unwrap().1, "Some(\"1\") None");
    assert_eq!(committed(database.url(), "good").as_deref(), Some("1"));
    assert_eq!(committed(database.url(), "bad"), None);
}

#[tokio::test]
async fn a_write_that_panics_takes_neither_its_neighbours_nor_the_writer_with_it() {
    let database = TestDatabase::new();
    let db = Db::start(database.url(), ONE_WRITER, &Feed::new()).unwrap();
    let (release, released) = channel();
    let good = db.write(|conn| Ok(meta::set_value(conn, "good", "1")?));
    let bad = db.write(|conn| -> Result<(), Problem> {
        meta::set_value(conn, "bad", "1")?;
        panic!("as a test wants it")
    });
    let ((), good, bad, ()) = tokio::join!(hold(&db, released), good, bad, send(release));
    good.unwrap();
    assert_eq!(bad.unwrap_err().kind, Kind::Internal);
    db.write(|conn| Ok(meta::set_value(conn, "later", "1")?)).await.unwrap();
    for (key, value) in [("good", Some("1")), ("bad", None), ("later", Some("1"))] {
        assert_eq!(committed(database.url(), key).as_deref(), value, "{key}");
    }
}

#[tokio::test]
async fn a_group_of_failed_writes_only_is_rolled_back_and_the_writer_goes_on() {
    let database = TestDatabase::new();
    let db = Db::start(database.url(), ONE_WRITER, &Feed::new()).unwrap();
    let (release, released) = channel();
    let fail = |key: &'static str| {
        db.write(move |conn| {
            meta::set_value(conn, key, "1")?;
            Err::<(), _>(Problem::new(Kind::Forbidden))
        })
    };
    let ((), one, two, ()) = tokio::join!(hold(&db, released), fail("one"), fail("two"), send(release));
    assert_eq!((one.unwrap_err().kind, two.unwrap_err().kind), (Kind::Forbidden, Kind::Forbidden));
    db.write(|conn| Ok(meta::set_value(conn, "three", "1")?)).await.unwrap();
    let found = ["one", "two", "three"].map(|key| committed(database.url(), key).is_some());
    assert_eq!(found, [false, false, true]);
}

#[tokio::test]
async fn a_write_that_fails_alone_leaves_no_trace_and_the_writer_goes_on() {
    let database = TestDatabase::new();
    let db = Db::start(database.url(), ONE_WRITER, &Feed::new()).unwrap();
    let refused = db.write(|conn| {
        meta::set_value(conn, "refused", "1")?;
        Err::<(), _>(Problem::new(Kind::Forbidden))
    });
    assert_eq!(refused.await.unwrap_err().kind, Kind::Forbidden);
    let broken = db.write(|conn| {
        meta::set_value(conn, "broken", "1")?;
        diesel::sql_query("SELECT what FROM nowhere").execute(conn).map_err(DbError::from)?;
        Ok(())
    });
    assert_eq!(broken.await.unwrap_err().kind, Kind::Internal);
    db.write(|conn| Ok(meta::set_value(conn, "later", "1")?)).await.unwrap();
    let found = ["refused", "broken", "later"].map(|key| committed(database.url(), key).is_some());
    assert_eq!(found, [false, false, true]);
}

#[tokio::test]
async fn numbers_drawn_by_many_writers_at_once_have_no_gap_and_no_double() {
    let database = TestDatabase::new();
    let db = Db::start(database.url(), Sizes { writers: 4, group: 1, ..ONE_WRITER }, &Feed::new()).unwrap();
    let draws = (0..12).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { db.write(|conn| Ok(meta::next_number(conn, "job")?)).await.unwrap() })
    });
    let mut numbers = Vec::new();
    for draw in draws.collect::<Vec<_>>() {
        numbers.push(draw.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<i64>>());
}

#[tokio::test]
async fn what_takes_long_on_one_writer_holds_up_nobody_on_the_next() {
    let database = TestDatabase::new();
    if matches!(database.url(), DatabaseUrl::Sqlite(_)) {
        // It has one writer.
        return;
    }
    let db = Db::start(database.url(), Sizes { writers: 2, ..ONE_WRITER }, &Feed::new()).unwrap();
    let (began, begun) = tokio::sync::oneshot::channel();
    let (release, released) = channel();
    let (began, released) = (Mutex::new(Some(began)), Mutex::new(released));
    let slow = db.write(move |_| {
        began.lock().unwrap().take().unwrap().send(()).unwrap();
        released.lock().unwrap().recv().or(Ok(()))
    });
    let quick = async {
        begun.await.unwrap();
        for key in ["one", "two"] {
            db.write(move |conn| Ok(meta::set_value(conn, key, "1")?)).await.unwrap();
            assert!(committed(database.url(), key).is_some(), "{key}");
        }
        release.send(()).unwrap();
    };
    let (slow, ()) = tokio::join!(slow, quick);
    slow.unwrap();
}

#[tokio::test]
async fn a_reader_sees_one_moment_however_often_it_looks() {
    let database = TestDatabase::new();
    let db = Db::start(database.url(), ONE_WRITER, &Feed::new()).unwrap();
    db.write(|conn| Ok(meta::set_value(conn, "epoch", "old")?)).await.unwrap();
    let (looked, looked_once) = tokio::sync::oneshot::channel();
    let (release, released) = channel();
    let reading = db.read(move |conn| {
        let first = meta::find_value(conn, "epoch")?;
        looked.send(()).unwrap();
        released.recv().unwrap();
        Ok((first, meta::find_value(conn, "epoch")?))
    });
    let writing = async {
        looked_once.await.unwrap();
        db.write(|conn| Ok(meta::set_value(conn, "epoch", "new")?)).await.unwrap();
        release.send(()).unwrap();
    };
    let (seen, ()) = tokio::join!(reading, writing);
    assert_eq!(seen.unwrap(), (Some("old".to_owned()), Some("old".to_owned())));
    assert_eq!(committed(database.url(), "epoch").as_deref(), Some("new"));
}

#[tokio::test]
async fn what_is_written_through_the_readers_door_does_not_stay() {
    let database = TestDatabase::new();
    let db = Db::start(database.url(), ONE_WRITER, &Feed::new()).unwrap();
    // PostgreSQL refuses it, SQLite takes it back.
    drop(db.read(|conn| Ok(meta::set_value(conn, "slipped", "1")?)).await);
    assert_eq!(committed(database.url(), "slipped"), None);
    assert_eq!(db.read(|conn| Ok(meta::find_value(conn, "slipped")?)).await.unwrap(), None);
}

#[test]
fn a_typo_in_the_database_url_opens_nothing() {
    for url in ["sqlit:./a.db", "./service.db", "sqlite:", "mysql://a/b", ""] {
        assert!(url.parse::<DatabaseUrl>().is_err(), "{url}");
    }
    let shown = "postgres://me:secret@db/service".parse::<DatabaseUrl>().unwrap().to_string();
    assert!(!shown.contains("secret"), "{shown}");
}
