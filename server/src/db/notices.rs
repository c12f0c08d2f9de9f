//! Notices between servers that share a PostgreSQL database, by LISTEN and NOTIFY: one connection outside the pool, and a thread that
//! passes on what is posted here and tells here what others say. A notice carries ids only.
//!
//! A notice may be lost (a connection that broke, a server that was killed between its commit and its notice), and nothing is lost
//! with it. After the connection was made anew, [`Notice::Look`] is told here, because others may have said something meanwhile, and
//! to the others, because this server may have. Streams besides look by themselves now and then, for what concerns one person; and for
//! boards, which have no cursor, each server looks now and then what moved and was not told ([`moves`]).
//!
//! Told after the commit, not in its transaction: a NOTIFY there takes a lock for the whole database until the commit is durable, and
//! so would put all writers of all servers in one row.

use crate::db::connect::{Conn, DatabaseUrl, open};
use crate::db::error::{DbError, Result};
use crate::db::moves;
use crate::feed::{Feed, Here, Notice, Outgoing};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use std::collections::BTreeSet;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

const CHANNEL: &str = "field_notices";
/// Between two looks at what others have said: libpq tells it only to those who ask.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// PostgreSQL takes less than 8,000.
const PAYLOAD_BYTES_MAX: usize = 7_900;
/// Notices that are put together into payloads at the most.
const BATCH: usize = 1_000;
/// Before the connection is tried again; doubled each time.
const PAUSE_MIN: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// The feed of a server on this database: on PostgreSQL shared with all other servers on it.
pub fn open_feed(url: &DatabaseUrl, look_every: Duration) -> Result<Feed> {
    if matches!(url, DatabaseUrl::Sqlite(_)) {
        return Ok(Feed::new());
    }
    let (feed, here, outgoing) = Feed::shared();
    // Listening before anything is served.
    let line = Line::open(url, look_every)?;
    let url = url.clone();
    let run = move || relay(&url, line, &here, &outgoing);
    std::thread::Builder::new()
        .name("notices".to_owned())
        .spawn(run)
        .map_err(|error| DbError::Pool(error.to_string()))?;
    Ok(feed)
}

/// Ends when the feed is gone.
fn relay(url: &DatabaseUrl, line: Line, here: &Here, outgoing: &Outgoing) {
    let look_every = line.look_every;
    let mut seen = line.seen.clone();
    let mut line = Some(line);
    let mut pause = PAUSE_MIN;
    loop {
        if let Some(mut open) = line.take() {
            match open.serve(here, outgoing) {
                Ok(()) => return,
                Err(error) => tracing::warn!(%error, "notices of other servers are cut off"),
            }
            seen = open.seen;
            metrics::counter!("notices_cut_total").increment(1);
        }
        if !discard(outgoing, pause) {
            return;
        }
        match Line::open(url, look_every).and_then(|open| open.go_on(here, &seen)) {
            Ok(open) => {
                tracing::info!("notices of other servers come again");
                here.notify(Notice::Look);
                (line, pause) = (Some(open), PAUSE_MIN);
            }
            Err(_) => pause = pause.saturating_mul(2).min(PAUSE_MAX),
        }
    }
}

/// Waits. What is posted meanwhile is not told: everybody is told to look afterwards. False where the feed is gone.
fn discard(outgoing: &Outgoing, pause: Duration) -> bool {
    let until = Instant::now() + pause;
    loop {
        match outgoing.queue.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// A connection that listens.
struct Line {
    conn: PgConnection,
    pid: i32,
    look_every: Duration,
    look_at: Instant,
    seen: Seen,
}

/// What is known of what others moved.
#[derive(Clone)]
struct Seen {
    /// Of all transactions before this one it is known what they moved.
    before: i64,
    /// Later ones of which all was told.
    told: BTreeSet<i64>,
}

#[derive(QueryableByName)]
struct Pid {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

impl Line {
    fn open(url: &DatabaseUrl, look_every: Duration) -> Result<Self> {
        let Conn::Pg(mut conn) = open(url)? else {
            return Err(DbError::Url("notices go through PostgreSQL".to_owned()));
        };
        let Pid { pid } = diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result(&mut conn)?;
        // For whoever looks at the database's connections.
        diesel::sql_query(format!("SET application_name = '{CHANNEL}'")).execute(&mut conn)?;
        diesel::sql_query(format!("LISTEN {CHANNEL}")).execute(&mut conn)?;
        // Streams that open from here on read what is there already.
        let seen = Seen { before: moves::horizon(&mut conn)?, told: BTreeSet::new() };
        Ok(Self { conn, pid, look_every, look_at: Instant::now() + look_every, seen })
    }

    /// In the place of a line that broke: tells here what moved meanwhile, and the others to look. Where the database is another one, that
    /// begins its numbers anew, there is nothing to go on from.
    fn go_on(mut self, here: &Here, seen: &Seen) -> Result<Self> {
        if seen.before <= self.seen.before {
            self.seen = seen.clone();
        }
        self.look(here)?;
        self.tell(&[Notice::Look])?;
        Ok(self)
    }

    /// Until the feed is gone, or the connection.
    fn serve(&mut self, here: &Here, outgoing: &Outgoing) -> Result<()> {
        loop {
            match outgoing.queue.recv_timeout(LOOK_EVERY) {
                Ok(first) => {
                    let mut notices = vec![first];
                    notices.extend(outgoing.queue.try_iter().take(BATCH));
                    if outgoing.has_overflowed() {
                        notices.push(Notice::Look);
                    }
                    self.tell(&notices)?;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            self.hear(here)?;
            if Instant::now() >= self.look_at {
                self.look(here)?;
            }
        }
    }

    /// Tells here what moved and was not told, as by a server that was killed between its commit and its notice.
    fn look(&mut self, here: &Here) -> Result<()> {
        self.look_at = Instant::now() + self.look_every;
        // First: what is committed between the two is seen twice rather than never.
        let horizon = moves::horizon(&mut self.conn)?;
        let moved = moves::list_moves(&mut self.conn, self.seen.before)?;
        if moved.len() == moves::LOOK_ROWS {
            here.notify(Notice::Look);
        }
        for one in moved.iter().filter(|one| !self.seen.told.contains(&one.xid)) {
            metrics::counter!("notices_made_up_for_total").increment(1);
            here.notify(one.notice());
        }
        self.seen.told.extend(moved.iter().map(|one| one.xid));
        self.seen = Seen { before: horizon, told: self.seen.told.split_off(&horizon) };
        Ok(())
    }

    fn tell(&mut self, notices: &[Notice]) -> Result<()> {
        self.seen.told.extend(notices.iter().filter_map(transaction));
        for payload in payloads(notices) {
            diesel::sql_query(format!("SELECT pg_notify('{CHANNEL}', $1)"))
                .bind::<Text, _>(payload)
                .execute(&mut self.conn)?;
        }
        Ok(())
    }

    fn hear(&mut self, here: &Here) -> Result<()> {
        let own = self.pid;
        for told in self.conn.notifications_iter() {
            let told = told?;
            if told.process_id != own {
                for notice in told.payload.lines().filter_map(read) {
                    self.seen.told.extend(transaction(&notice));
                    here.notify(notice);
                }
            }
        }
        Ok(())
    }
}

const fn transaction(notice: &Notice) -> Option<i64> {
    if let Notice::Told(transaction) = notice { Some(*transaction) } else { None }
}

/// A line a notice, each once, in as few payloads as hold them. In the order of their words, by which what is told of a transaction stands
/// before the word that all of it was told.
fn payloads(notices: &[Notice]) -> Vec<String> {
    let lines: BTreeSet<String> = notices.iter().filter_map(|notice| write(*notice)).collect();
    let mut payloads: Vec<String> = Vec::new();
    for line in lines {
        match payloads.last_mut() {
            Some(last) if last.len() + 1 + line.len() <= PAYLOAD_BYTES_MAX => {
                last.push('\n');
                last.push_str(&line);
            }
            _ => payloads.push(line),
        }
    }
    payloads
}

fn write(notice: Notice) -> Option<String> {
    match notice {
        Notice::Person(person, seq) => Some(format!("person {person} {seq}")),
        Notice::Job(outlet, job) => Some(format!("job {outlet} {job}")),
        Notice::Desk(outlet) => Some(format!("desk {outlet}")),
        Notice::Access(person) => Some(format!("access {person}")),
        Notice::Told(transaction) => Some(format!("told {transaction}")),
        Notice::Work => Some("work".to_owned()),
        Notice::Look => Some("look".to_owned()),
        Notice::Stop => None,
    }
}

/// None for what a newer server may say.
fn read(line: &str) -> Option<Notice> {
    let mut words = line.split(' ');
    let notice = match words.next()? {
        "person" => Notice::Person(words.next()?.parse().ok()?, words.next()?.parse().ok()?),
        "job" => Notice::Job(words.next()?.parse().ok()?, words.next()?.parse().ok()?),
        "desk" => Notice::Desk(words.next()?.parse().ok()?),
        "access" => Notice::Access(words.next()?.parse().ok()?),
        "told" => Notice::Told(words.next()?.parse().ok()?),
        "work" => Notice::Work,
        "look" => Notice::Look,
        _ => return None,
    };
    words.next().is_none().then_some(notice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::id::{JobId, OutletId, PersonId};
    use schema::time::Timestamp;

    fn some_notices() -> Vec<Notice> {
        let at = Timestamp::from_micros(1_772_413_200_000_000);
        let persons = (0..200u8).map(|byte| Notice::Person(PersonId::new(at, [byte; 10]), i64::from(byte)));
        let job = Notice::Job(OutletId::new(at, [1; 10]), JobId::new(at, [2; 10]));
        let desk = Notice::Desk(OutletId::new(at, [1; 10]));
        let access = Notice::Access(PersonId::new(at, [3; 10]));
        persons.chain([job, desk, access, Notice::Told(7), Notice::Work, Notice::Look]).collect()
    }

    #[test]
    fn what_is_told_is_what_others_hear_each_once() {
        let notices = some_notices();
        let told = payloads(&[notices.clone(), notices.clone(), vec![Notice::Stop]].concat());
        assert!(told.len() > 1 && told.iter().all(|payload| payload.len() <= PAYLOAD_BYTES_MAX));
        let mut heard: Vec<String> =
            told.iter().flat_map(|payload| payload.lines()).map(|line| format!("{:?}", read(line).unwrap())).collect();
        let mut said: Vec<String> = notices.iter().map(|notice| format!("{notice:?}")).collect();
        heard.sort();
        said.sort();
        assert_eq!(heard, said);
    }

    #[test]
    fn what_a_newer_server_says_is_passed_over() {
        for line in ["", "weather rain", "person", "person x 1", "desk", "access", "told", "told x", "look twice"] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
