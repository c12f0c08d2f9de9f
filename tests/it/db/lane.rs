//! Lanes: what waits together goes together, and nobody is left behind.

use super::{ONE_WRITER, committed, hold, send};
use schema::problem::{Kind, Problem};
use server::db::{Conn, Db, Many, meta};
use server::feed::Feed;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use tests::TestDatabase;

/// Writes each key.
fn set_all(conn: &mut Conn, keys: &[&'static str]) -> Many<()> {
    keys.iter().map(|key| Ok(Ok(meta::set_value(conn, key, "1")?))).collect()
}

#[tokio::test]
async fn what_comes_while_a_lane_is_at_work_waits_for_the_next_group_and_holds_up_nobody() {
    let database = TestDatabase::new();
    let db = Db::start(database.url(), ONE_WRITER, &Feed::new()).unwrap();
    let (began, begun) = tokio::sync::oneshot::channel();
    let (go_on, went_on) = channel();
    let (began, went_on) = (Mutex::new(Some(began)), Mutex::new(went_on));
    let url = database.url().clone();
    let seen = std::sync::Arc::new(Mutex::new(Vec::new()));
    let notes = std::sync::Arc::clone(&seen);
    let lane = db.write_lane(move |conn, keys: &[&'static str]| {
        notes.lock().unwrap().push((keys.to_vec(), committed(&url, "one").is_some()));
        if let Some(began) = began.lock().unwrap().take() {
            began.send(()).unwrap();
            went_on.lock().unwrap().recv().unwrap();
        }
        set_all(conn, keys)
    });
    let (release, released) = channel();
    let later = async {
        begun.await.unwrap();
        let go_on = async { go_on.send(()).unwrap() };
        let (three, ()) = tokio::join!(lane.ask("three"), go_on);
        three
    };
    let all = tokio::join!(hold(&db, released), lane.ask("one"), lane.ask("two"), send(release), later);
    for outcome in [all.1, all.2, all.4] {
        outcome.unwrap();
    }
    assert_eq!(*seen.lock().unwrap(), [(vec!["one", "two"], false), (vec!["three"], true)]);
}

#[tokio::test]
async fn who_waits_in_a_lane_is_answered_though_the_group_came_to_nothing_before_their_turn() {
    let database = TestDatabase::new();
    let db = Db::start(database.url(), ONE_WRITER, &Feed::new()).unwrap();
    let lane = db.write_lane(set_all);
    let (release, released) = channel();
    let bad = db.write(|_| -> Result<(), Problem> { panic!("as a test wants it") });
    let ((), bad, one, two, ()) =
        tokio::join!(hold(&db, released), bad, lane.ask("one"), lane.ask("two"), send(release));
    assert_eq!(bad.unwrap_err().kind, Kind::Internal);
    one.unwrap();
    two.unwrap();
    assert_eq!(["one", "two"].map(|key| committed(database.url(), key).is_some()), [true, true]);
}

#[tokio::test]
async fn where_one_of_a_lane_spoils_it_for_all_the_others_are_written_all_the_same() {
    let database = TestDatabase::new();
    let db = Db::start(database.url(), ONE_WRITER, &Feed::new()).unwrap();
    let lane = db.write_lane(|conn, keys: &[&'static str]| {
        if keys.contains(&"bad") {
            return Err(Problem::new(Kind::Conflict));
        }
        set_all(conn, keys)
    });
    let (release, released) = channel();
    let ((), one, bad, two, ()) =
        tokio::join!(hold(&db, released), lane.ask("one"), lane.ask("bad"), lane.ask("two"), send(release));
    one.unwrap();
    two.unwrap();
    assert_eq!(bad.unwrap_err().kind, Kind::Conflict);
    let found = ["one", "bad", "two"].map(|key| committed(database.url(), key).is_some());
    assert_eq!(found, [true, false, true]);
}
