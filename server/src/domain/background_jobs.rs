//! Work that is done after the answer: enqueued in the transaction that wants it, so that there is neither work without its cause nor
//! a cause whose work was forgotten; done by whichever server comes to it first (decision 0008).
//!
//! ```text
//! #[derive(Serialize, Deserialize)]
//! pub struct MakeThumbnail { pub photo: Hash }
//!
//! impl Payload for MakeThumbnail {
//!     const KIND: &'static str = "make_thumbnail";
//! }
//!
//! background_jobs::enqueue(conn, &MakeThumbnail { photo }, now, random())?;
//! ```
//!
//! Who does it stands in `jobs`. A job may be done twice (its server was killed between the deed and the note of it), so doing it
//! again must be harmless.

use crate::db::Conn;
use crate::db::background_jobs::{self, AttemptEnd};
use crate::feed::{self, Notice};
use schema::id::BackgroundJobId;
use schema::limits::NOTE_CHARS_MAX;
use schema::problem::Problem;
use schema::rows::background_jobs::BackgroundJobRow;
use schema::time::{HOUR, SECOND, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is written down of one kind of background job.
pub trait Payload: Serialize + DeserializeOwned + Send + 'static {
    /// Never changes once a job of it was enqueued.
    const KIND: &'static str;
}

/// To be done soon after the commit.
pub fn enqueue<P: Payload>(
    conn: &mut Conn,
    payload: &P,
    now: Timestamp,
    random: [u8; 10],
) -> Result<BackgroundJobId, Problem> {
    let row = BackgroundJobRow {
        id: BackgroundJobId::new(now, random),
        kind: P::KIND.to_owned(),
        payload: serde_json::to_string(payload).map_err(Problem::internal)?,
        enqueued_at: now,
        run_at: now,
        attempts: 0,
        last_error: None,
        parked_at: None,
    };
    background_jobs::insert_job(conn, &row)?;
    feed::post(Notice::Work);
    Ok(row.id)
}

/// How a kind of job is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub kind: &'static str,
    /// Tries before it is parked.
    pub attempts_max: i32,
    /// How long one try may take. A server that has not said by then how it went is taken for dead, and another begins.
    pub lease_us: i64,
}

/// What came of asking for work.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// Yours until the lease is over. `attempts` counts this try.
    Job(BackgroundJobRow),
    /// It was begun often enough and never ended: it may be what kills servers, and is left alone from now on.
    Parked(BackgroundJobRow),
    /// Nothing of these kinds is due.
    Nothing,
}

/// Takes the job that has been due for longest. Kinds that this server doesn't know (an older one, while a new version is rolled out)
/// are left to others.
pub fn claim(conn: &mut Conn, kinds: &[Terms], now: Timestamp) -> Result<Claim, Problem> {
    let names: Vec<&str> = kinds.iter().map(|terms| terms.kind).collect();
    let Some(mut row) = background_jobs::lock_due(conn, &names, now)? else { return Ok(Claim::Nothing) };
    let terms = kinds.iter().find(|terms| terms.kind == row.kind);
    let terms = terms.ok_or_else(|| Problem::internal("a kind that was not asked for"))?;
    if row.attempts >= terms.attempts_max {
        let error = row.last_error.take().unwrap_or_else(|| "no try of it ever ended".to_owned());
        let end = AttemptEnd { run_at: now, attempts: row.attempts, error: Some(error), parked_at: Some(now) };
        background_jobs::end_attempt(conn, (row.id, row.attempts), &end)?;
        return Ok(Claim::Parked(BackgroundJobRow { last_error: end.error, parked_at: end.parked_at, ..row }));
    }
    row.attempts += 1;
    row.run_at = now.plus(terms.lease_us);
    background_jobs::begin_attempt(conn, row.id, row.attempts, row.run_at)?;
    Ok(Claim::Job(row))
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    Done,
    /// To be tried again later, or parked where this was the last try.
    Failed(String),
    /// The server goes down: somebody else begins anew, and the try doesn't count.
    GivenBack,
}

/// What became of a job whose try has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Done,
    Waits,
    Parked,
    /// It was taken away, because the lease was over; how this try ended makes no difference.
    Lost,
}

/// Notes how the try of `row` ended, which [`claim`] gave out.
pub fn settle(
    conn: &mut Conn,
    row: &BackgroundJobRow,
    terms: Terms,
    end: &End,
    now: Timestamp,
) -> Result<Fate, Problem> {
    let (left, fate) = match end {
        End::Done => {
            let deleted = background_jobs::delete_job(conn, row.id, row.attempts)?;
            return Ok(if deleted { Fate::Done } else { Fate::Lost });
        }
        End::Failed(why) => {
            let parked = row.attempts >= terms.attempts_max;
            let error = Some(why.chars().take(NOTE_CHARS_MAX).collect());
            let (run_at, parked_at) = (now.plus(pause_us(row.attempts)), parked.then_some(now));
            let left = AttemptEnd { run_at, attempts: row.attempts, error, parked_at };
            (left, if parked { Fate::Parked } else { Fate::Waits })
        }
        End::GivenBack => {
            let (attempts, error) = (row.attempts - 1, row.last_error.clone());
            feed::post(Notice::Work);
            (AttemptEnd { run_at: now, attempts, error, parked_at: None }, Fate::Waits)
        }
    };
    let noted = background_jobs::end_attempt(conn, (row.id, row.attempts), &left)?;
    Ok(if noted { fate } else { Fate::Lost })
}

/// 5 s after the first failed try, then twice as long each time, an hour at the most.
fn pause_us(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(20);
    (5 * SECOND).saturating_mul(1 << doublings).min(HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_an_hour() {
        let pauses: Vec<i64> = [1, 2, 3, 10, 11, 12, i32::MAX].map(|attempts| pause_us(attempts) / SECOND).into();
        assert_eq!(pauses, [5, 10, 20, 2_560, 3_600, 3_600, 3_600]);
    }
}
