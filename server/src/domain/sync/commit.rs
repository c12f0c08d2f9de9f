//! Committing judged pushes, many in one transaction: log, leases, quarantine, the pushes themselves with both signatures.

use crate::db::{self, Conn, Many};
use crate::domain::records::{Append, Delivered, Delivery, append, lock};
use crate::domain::sync::verdict::Verdict;
use crate::feed::{self, Notice};
use schema::binary::Actor;
use schema::id::{DeviceId, PersonId};
use schema::limits::QUARANTINE_DEVICE_BYTES_MAX;
use schema::problem::{Kind, Problem};
use schema::rows::records::{ActorRow, PushJobRow, PushRow, QuarantineRow};
use schema::wire::Cursor;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What became of a push. Only `Done` has written anything.
#[derive(Debug)]
pub enum Committed {
    /// `moved` is where the phone's cursor stands, where it has nothing to hear but what it has just written.
    Done { moved: Option<Cursor> },
    /// Somebody wrote to one of the jobs meanwhile: load and judge again.
    Stale,
    /// These new actors write in other jobs already: judge again, knowing it.
    Elsewhere(BTreeSet<Actor>),
}

/// Commits what of these pushes still fits.
pub fn commit(conn: &mut Conn, pushes: &[Arc<Verdict>]) -> Many<Committed> {
    let mut barred = elsewhere(conn, pushes)?;
    let stale = stale(conn, pushes, &barred)?;
    let full = full(conn, pushes)?;
    let standing: Vec<&Verdict> = pushes
        .iter()
        .enumerate()
        .filter(|(place, _)| !barred.contains_key(place) && !stale.contains(place) && !full.contains(place))
        .map(|(_, push)| &**push)
        .collect();
    let delivered = write(conn, &standing)?;
    let outcome = |(place, push): (usize, &Arc<Verdict>)| {
        if let Some(actors) = barred.remove(&place) {
            return Ok(Committed::Elsewhere(actors));
        }
        if stale.contains(&place) {
            return Ok(Committed::Stale);
        }
        if full.contains(&place) {
            return Err(inbox_is_full());
        }
        Ok(Committed::Done { moved: moved(push, &delivered) })
    };
    Ok(pushes.iter().enumerate().map(outcome).collect())
}

/// By place: pushes with new actors that somebody writes with already.
fn elsewhere(conn: &mut Conn, pushes: &[Arc<Verdict>]) -> Result<BTreeMap<usize, BTreeSet<Actor>>, Problem> {
    let new: Vec<Actor> = pushes.iter().flat_map(|push| new_actors(push)).collect();
    let taken = db::records::list_taken(conn, &new)?;
    let of = |push: &Verdict| new_actors(push).filter(|actor| taken.contains(actor)).collect();
    let found = pushes.iter().enumerate().map(|(place, push)| (place, of(push)));
    Ok(found.filter(|(_, actors): &(usize, BTreeSet<Actor>)| !actors.is_empty()).collect())
}

fn new_actors(push: &Verdict) -> impl Iterator<Item = Actor> {
    push.leases.iter().map(|lease| lease.actor)
}

/// The places of pushes with a job whose log has moved since it was loaded, or with a job or a new actor that another push of this group
/// has too, as when one request arrives twice: that is judged again, once it is known what became of the first. Locks the jobs.
fn stale(
    conn: &mut Conn,
    pushes: &[Arc<Verdict>],
    barred: &BTreeMap<usize, BTreeSet<Actor>>,
) -> Result<BTreeSet<usize>, Problem> {
    let open = || pushes.iter().enumerate().filter(|(place, _)| !barred.contains_key(place));
    let mut seen = BTreeSet::new();
    let mut repeats = |push: &Verdict| new_actors(push).filter(|actor| !seen.insert(*actor)).count() > 0;
    let repeated: BTreeSet<usize> = open().filter(|(_, push)| repeats(push)).map(|(place, _)| place).collect();
    let appends: Vec<(usize, &Append)> =
        open().flat_map(|(place, push)| push.appends.iter().map(move |new| (place, new))).collect();
    let fits = lock(conn, &appends.iter().map(|(_, new)| *new).collect::<Vec<_>>())?;
    let moved_on = appends.iter().zip(fits).filter(|(_, fits)| !fits).map(|((place, _), _)| *place);
    Ok(moved_on.chain(repeated).collect())
}

/// The places of pushes that would lay more into quarantine than one phone may have there. Most lay nothing, and nothing is asked.
fn full(conn: &mut Conn, pushes: &[Arc<Verdict>]) -> Result<BTreeSet<usize>, Problem> {
    let laying = || pushes.iter().enumerate().filter(|(_, push)| push.quarantine_bytes() > 0);
    let devices: Vec<DeviceId> = laying().map(|(_, push)| push.phone().device).collect();
    if devices.is_empty() {
        return Ok(BTreeSet::new());
    }
    let open: BTreeMap<DeviceId, i64> = db::quarantine::sum_open_bytes(conn, &devices)?.into_iter().collect();
    let lies = |push: &Verdict| open.get(&push.phone().device).copied().unwrap_or(0);
    let is_full = |push: &Verdict| lies(push).saturating_add(push.quarantine_bytes()) > QUARANTINE_DEVICE_BYTES_MAX;
    Ok(laying().filter(|(_, push)| is_full(push)).map(|(place, _)| place).collect())
}

/// The phone keeps what it has, and tries again.
fn inbox_is_full() -> Problem {
    let zh = "这部手机未被接受的内容太多，内容仍保留在手机上；请联系调度处理后再同步";
    let en = "Too much of this phone's work waits for dispatch to decide; it stays on the phone: call dispatch, then sync again";
    Problem { retry_after_s: Some(FULL_AGAIN_S), ..Problem::because(Kind::Busy, zh, en) }
}

/// Somebody has to decide first.
const FULL_AGAIN_S: u32 = 300;

fn write(conn: &mut Conn, pushes: &[&Verdict]) -> Result<BTreeMap<PersonId, Delivered>, Problem> {
    if pushes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<&PushRow> = pushes.iter().map(|push| &push.push).collect();
    let jobs: Vec<&PushJobRow> = pushes.iter().flat_map(|push| &push.jobs).collect();
    db::records::insert_pushes(conn, &rows, &jobs)?;
    let leases: Vec<&ActorRow> = pushes.iter().flat_map(|push| &push.leases).collect();
    db::records::insert_actors(conn, &leases)?;
    let quarantine: Vec<&QuarantineRow> = pushes.iter().flat_map(|push| &push.quarantine).collect();
    db::quarantine::insert_entries(conn, &quarantine)?;
    // The dispatcher's inbox hears of what is new in it also where the job's record is as it was.
    for row in &quarantine {
        if let Some(outlet) = row.outlet_id {
            feed::post(Notice::Job(outlet, row.job_id));
        }
    }
    for (seen, row) in pushes.iter().flat_map(|push| &push.extended) {
        // The same phone's, by another request: judge again on what lies there now.
        if !db::quarantine::extend_entry(conn, *seen, row)? {
            return Err(Problem::new(Kind::Conflict));
        }
    }
    let appends: Vec<&Append> = pushes.iter().flat_map(|push| &push.appends).collect();
    let mut delivery = Delivery::default();
    append(conn, &appends, &mut delivery)?;
    delivery.send(conn)
}

/// Where the phone stands, if it stood at the end of its feed and all that came since is its own.
fn moved(push: &Verdict, delivered: &BTreeMap<PersonId, Delivered>) -> Option<Cursor> {
    let (cursor, phone) = (push.cursor?, push.phone());
    let Delivered { from, to, by } = delivered.get(&phone.person)?;
    let is_own = cursor.seq == *from && *by == Some(phone.device);
    is_own.then_some(Cursor { seq: *to, ..cursor })
}
