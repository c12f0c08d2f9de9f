//! When things happened, for whatever is computed from times: the record with the estimates of its log laid over it. Most changes claim a
//! time that nothing contradicts, and only the others are read.

use crate::db::{self, Conn};
use crate::domain::records::{Said, Stored};
use schema::binary::Hash;
use schema::id::JobId;
use schema::problem::Problem;
use schema::record::JobRecord;
use schema::retime::retimed;
use schema::rows::records::RetimedRow;
use schema::time::{MINUTE, Timestamp};
use std::borrow::Cow;
use std::collections::BTreeMap;
use sync::record::Record;

/// A time in an entry counts as its change's own where it is no further from it.
const NEAR_US: i64 = 2 * MINUTE;

/// Changes whose times are known better than they claim, by job.
pub(super) struct Retimed(BTreeMap<JobId, BTreeMap<Hash, RetimedRow>>);

impl Retimed {
    pub fn load(conn: &mut Conn, jobs: &[JobId]) -> Result<Self, Problem> {
        let mut found: BTreeMap<JobId, BTreeMap<Hash, RetimedRow>> = BTreeMap::new();
        for row in db::records::list_retimed(conn, jobs)? {
            found.entry(row.job_id).or_default().insert(row.hash, row);
        }
        Ok(Self(found))
    }

    /// How many changes of the job are contradicted.
    pub fn flagged(&self, job: JobId) -> usize {
        self.0.get(&job).map_or(0, |rows| rows.values().filter(|row| row.time_flags.is_some()).count())
    }

    /// The record with its times put right; itself, where nothing contradicts them.
    pub fn lay<'v>(&self, record: &Record, view: &'v JobRecord) -> Cow<'v, JobRecord> {
        let rows = match self.0.get(&view.meta.job) {
            Some(rows) => rows,
            None if view.adoptions.is_empty() => return Cow::Borrowed(view),
            // Adopted work may still stand at another time than it claims.
            None => return Cow::Owned(retimed(view.clone(), &|_, _| None)),
        };
        let estimate = |path: &[String], entry_at: Timestamp| {
            let row = rows.get(&record.written_by(path)?)?;
            // A tick that somebody settled on was made long before by another.
            let header_at = record.change_info(row.hash)?.at;
            let said: Option<Said> = row.clock.as_deref().and_then(|json| serde_json::from_str(json).ok());
            let near = |at: Timestamp| entry_at.apart(at) <= NEAR_US;
            if near(header_at) || said.is_some_and(|said| near(said.claimed_at)) { row.retimed_at } else { None }
        };
        Cow::Owned(retimed(view.clone(), &estimate))
    }
}

/// A record as clocks see it.
pub struct Clocked {
    pub view: JobRecord,
    /// How far each of its times may be off, where a phone said it.
    pub errors: BTreeMap<Timestamp, i64>,
}

/// The stored record with its times put right, and how sure they are.
pub fn clocked(conn: &mut Conn, stored: &Stored) -> Result<Clocked, Problem> {
    let job = stored.end.job_id;
    let view = Retimed::load(conn, &[job])?.lay(&stored.record, &stored.view()?).into_owned();
    let by_change: BTreeMap<Hash, i64> = db::records::list_errors(conn, job)?.into_iter().collect();
    let mut errors = BTreeMap::new();
    // Asked for every entry, and answers none of them: it only looks.
    let seen = std::cell::RefCell::new(&mut errors);
    retimed(view.clone(), &|path, at| {
        let error = by_change.get(&stored.record.written_by(path)?)?;
        let mut seen = seen.borrow_mut();
        let most = seen.entry(at).or_insert(*error);
        *most = (*error).max(*most);
        None
    });
    Ok(Clocked { view, errors })
}
