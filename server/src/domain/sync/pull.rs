//! What is new for a phone: its feed from the cursor on, or, where that can't be trusted, a comparison of heads.

use crate::db::{self, Conn};
use crate::domain::sync::Phone;
use crate::domain::{conflicts, quarantine, records};
use schema::binary::{Bytes, Hash};
use schema::conflict::ChangeHand;
use schema::id::JobId;
use schema::limits::ANSWER_BUDGET_BYTES;
use schema::problem::Problem;
use schema::rows::records::{FeedKind, FeedRow};
use schema::wire::{Cursor, Decided, GoneReason, JobHeads, JobUpdate, News, SyncRequest};
use std::collections::{BTreeMap, BTreeSet};
use sync::exchange::{Compared, Event, EventKind, Need, compare, cursor_after, fold};
use sync::slim;

/// Events read for one answer; the rest follows with the next.
const EVENTS_MAX: i64 = 2_000;

/// The second half of an answer.
pub struct Pulled {
    pub cursor: Cursor,
    pub more: bool,
    pub resync: bool,
    pub jobs: Vec<JobUpdate>,
    pub decided: Vec<Decided>,
    pub hands: Vec<ChangeHand>,
}

impl Pulled {
    /// Nothing is new.
    pub fn quiet(cursor: Cursor) -> Self {
        Self { cursor, more: false, resync: false, jobs: Vec::new(), decided: Vec::new(), hands: Vec::new() }
    }
}

/// Room left in an answer. The first piece always fits.
struct Budget {
    room: usize,
    is_fresh: bool,
}

impl Budget {
    fn of(request: &SyncRequest) -> Self {
        let asked = request.budget_bytes.map_or(ANSWER_BUDGET_BYTES, |bytes| usize::try_from(bytes).unwrap_or(0));
        Self { room: asked.min(ANSWER_BUDGET_BYTES), is_fresh: true }
    }

    fn takes(&mut self, news: &News) -> bool {
        let bytes = match news {
            News::Changes(changes) => changes.iter().map(|change| change.0.len()).sum(),
            News::Slim(packed) => packed.0.len(),
            News::Snapshot { document, .. } => document.0.len(),
            News::Gone(_) => 0,
        };
        let takes = self.is_fresh || bytes <= self.room;
        self.room = self.room.saturating_sub(bytes);
        self.is_fresh = false;
        takes
    }
}

/// Everything in one read transaction, so that cursor, events and records belong together. Changes are packed where the phone
/// unpacks them.
pub fn pull(conn: &mut Conn, phone: &Phone, request: &SyncRequest) -> Result<Pulled, Problem> {
    let pulled = pull_plain(conn, phone, request)?;
    let is_slim = request.slim >= slim::VERSION;
    let jobs = if is_slim { pulled.jobs.into_iter().map(slim::slimmed).collect() } else { pulled.jobs };
    Ok(Pulled { jobs, ..pulled })
}

fn pull_plain(conn: &mut Conn, phone: &Phone, request: &SyncRequest) -> Result<Pulled, Problem> {
    let epoch = records::epoch(conn)?;
    if phone.revoked {
        // It is told nothing but that a new epoch began: then it hands in what this server lost.
        let epoch = if request.cursor.epoch == 0 { 0 } else { epoch };
        let cursor = Cursor { epoch, ..request.cursor };
        return Ok(Pulled::quiet(cursor));
    }
    let end = db::feed::find_end(conn, phone.person)?.ok_or_else(|| Problem::internal("a person without a row"))?;
    let is_first = request.cursor == Cursor::default() && request.digest == Hash::ZERO;
    if let Some(held) = request.heads.as_deref().or(if is_first { Some(&[]) } else { None }) {
        return pull_by_heads(conn, phone, request, (Cursor { epoch, seq: end.seq }, held));
    }
    let is_ahead = request.cursor.seq > end.seq;
    if request.cursor.epoch != epoch || is_ahead {
        return Ok(Pulled { resync: true, ..Pulled::quiet(Cursor { epoch, seq: 0 }) });
    }
    if request.cursor.seq == end.seq {
        // Nothing is new; then the digests must fit, but for what was pushed just now.
        let resync = request.push.is_empty() && request.digest != end.digest;
        return Ok(Pulled { resync, ..Pulled::quiet(request.cursor) });
    }
    pull_by_feed(conn, phone, request)
}

fn pull_by_feed(conn: &mut Conn, phone: &Phone, request: &SyncRequest) -> Result<Pulled, Problem> {
    let rows = db::feed::list_events(conn, phone.person, request.cursor.seq, EVENTS_MAX)?;
    let events: Vec<Event> = rows.iter().map(event).collect();
    let wanted = fold(&events, phone.device);
    let (mut jobs, mut told, mut budget) = (Vec::new(), 0, Budget::of(request));
    for piece in &wanted {
        if let Some(news) = fetch(conn, piece.job, &piece.need)? {
            if !budget.takes(&news) {
                break;
            }
            jobs.push(JobUpdate { job: piece.job, news });
        }
        told += 1;
    }
    let seq = cursor_after(&events, &wanted, told, request.cursor.seq);
    let is_full = i64::try_from(rows.len()).unwrap_or(i64::MAX) == EVENTS_MAX;
    let cursor = Cursor { epoch: request.cursor.epoch, seq };
    let told_of = rows.iter().filter(|row| row.kind == FeedKind::Decided && row.seq <= seq);
    let about: BTreeSet<JobId> = told_of.map(|row| row.job_id).collect();
    let decided = quarantine::decided::of_person(conn, phone.person, Some(&Vec::from_iter(about)))?;
    let (more, hands) = (told < wanted.len() || is_full, hands(conn, &jobs)?);
    Ok(Pulled { cursor, more, resync: false, jobs, decided, hands })
}

fn event(row: &FeedRow) -> Event {
    let (from, to) = (row.pos_from, row.pos_to);
    let kind = match (row.kind, row.device_id) {
        (FeedKind::Change, device) => EventKind::Change { from, to, device },
        (FeedKind::Reset, Some(device)) => EventKind::Reset { from, to, device },
        (FeedKind::Reset, None) => EventKind::Change { from, to, device: None },
        (FeedKind::Grant, _) => EventKind::Grant,
        (FeedKind::Decided, _) => EventKind::Decided,
        (FeedKind::Revoke, _) => EventKind::Revoke(row.reason.unwrap_or(GoneReason::Reassigned)),
    };
    Event { seq: row.seq, job: row.job_id, kind }
}

fn fetch(conn: &mut Conn, job: JobId, need: &Need) -> Result<Option<News>, Problem> {
    Ok(match need {
        Need::Nothing => None,
        Need::Gone(reason) => Some(News::Gone(*reason)),
        Need::Snapshot { reset } => Some(snapshot(conn, job, *reset)?),
        Need::Changes(ranges) => {
            let mut changes = Vec::new();
            for (from, to) in ranges {
                changes.extend(db::records::list_bytes(conn, job, *from, *to)?.into_iter().map(Bytes));
            }
            Some(News::Changes(changes))
        }
    })
}

fn snapshot(conn: &mut Conn, job: JobId, reset: bool) -> Result<News, Problem> {
    let row = db::records::find_record(conn, job)?.ok_or_else(|| Problem::internal("a grant without its record"))?;
    let is_saved = row.length == row.snapshot_length;
    let document = if is_saved { row.snapshot } else { records::load(conn, job)?.record.save() };
    Ok(News::Snapshot { document: Bytes(document), reset })
}

/// Compares heads job by job; the next comparison, if one is needed, goes on where this one stopped.
fn pull_by_heads(
    conn: &mut Conn,
    phone: &Phone,
    request: &SyncRequest,
    (cursor, held): (Cursor, &[JobHeads]),
) -> Result<Pulled, Problem> {
    let entitled = db::feed::list_entitled(conn, phone.person)?;
    let entitled: Vec<(JobId, Vec<Hash>)> =
        entitled.into_iter().map(|(job, heads)| (job, db::records::heads_from_bytes(&heads))).collect();
    // The feed is skipped over, and what it would have told of decisions with it.
    let decided = quarantine::decided::of_person(conn, phone.person, None)?;
    let (mut jobs, mut budget) = (Vec::new(), Budget::of(request));
    let compared = compare(held, &entitled);
    let gone = gone_reasons(conn, phone, &compared)?;
    for compared in compared {
        let (job, news) = match compared {
            Compared::Gone(job) => (job, News::Gone(gone.get(&job).copied().unwrap_or(GoneReason::Reassigned))),
            Compared::Missing(job) => (job, snapshot(conn, job, false)?),
            Compared::Differs(job, theirs) => match lacking(conn, job, &theirs)? {
                Some(news) => (job, news),
                None => continue,
            },
        };
        if !budget.takes(&news) {
            let hands = hands(conn, &jobs)?;
            return Ok(Pulled { cursor, more: true, resync: true, jobs, decided, hands });
        }
        jobs.push(JobUpdate { job, news });
    }
    let hands = hands(conn, &jobs)?;
    Ok(Pulled { cursor, more: false, resync: false, jobs, decided, hands })
}

/// Who wrote the values that stand beside each other in the jobs that are told of.
fn hands(conn: &mut Conn, jobs: &[JobUpdate]) -> Result<Vec<ChangeHand>, Problem> {
    let here = jobs.iter().filter(|update| !matches!(update.news, News::Gone(_)));
    conflicts::hands(conn, &here.map(|update| update.job).collect::<Vec<_>>())
}

/// What a phone with these heads lacks. None: it has all of ours, and something more, which it will push.
fn lacking(conn: &mut Conn, job: JobId, theirs: &[Hash]) -> Result<Option<News>, Problem> {
    let record = records::load(conn, job)?.record;
    let changes: Vec<Bytes> = record.changes_since(theirs).into_iter().map(|change| change.bytes).collect();
    Ok((!changes.is_empty()).then_some(News::Changes(changes)))
}

/// Why jobs that the phone holds are in its hands no more. Nothing is said of another outlet's, and of those that are with somebody else.
fn gone_reasons(conn: &mut Conn, phone: &Phone, compared: &[Compared]) -> Result<BTreeMap<JobId, GoneReason>, Problem> {
    use schema::status::Status;
    let gone = compared.iter().filter_map(|one| if let Compared::Gone(job) = one { Some(*job) } else { None });
    let mut reasons = BTreeMap::new();
    for (job, outlet, status) in db::jobs::list_statuses(conn, &gone.collect::<Vec<_>>())? {
        let reason = match status {
            Status::Cancelled => GoneReason::Cancelled,
            Status::Closed | Status::SolvedRemotely => GoneReason::Closed,
            _ => continue,
        };
        if outlet == phone.outlet {
            reasons.insert(job, reason);
        }
    }
    Ok(reasons)
}
