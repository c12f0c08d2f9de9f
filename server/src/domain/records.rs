//! Records: the one way by which anything is written to a job. Whatever the office decides becomes edits under the server's actor;
//! what phones push is judged by the gate first (`domain::sync`). Both end in [`append`], which writes the log, the projections
//! and the feeds in the caller's transaction.

mod append;
mod deliver;
mod memory;
mod project;
pub mod rebuild;
mod times;

pub use append::{Append, Author, Part, Said, Source, Timed, Times, append, lock};
pub use deliver::{Delivered, Delivery};
pub use memory::{Known, Memory};
pub use project::{Practised, Projected, holder, project_again, reproject};
pub use times::{Clocked, clocked};

use crate::db::{self, Conn};
use crate::domain::templates;
use schema::binary::{Bytes, Hash};
use schema::edit::Edit;
use schema::gate::{self, Violation};
use schema::id::{JobId, PersonId};
use schema::problem::{FieldError, Kind, Problem};
use schema::record::{JobRecord, Meta, RawChange, Report, Site};
use schema::rows::records::{RecordEnd, RecordRow};
use schema::time::Timestamp;
use sync::record::{Record, WriteError, lay, office_actor};

/// Who writes from the office, and when.
#[derive(Debug, Clone, Copy)]
pub struct Office {
    /// None: the customer on their own link, which the entry that is written names.
    pub person: Option<PersonId>,
    pub now: Timestamp,
}

/// A record as it lies in the database.
#[derive(Debug)]
pub struct Stored {
    pub end: RecordEnd,
    pub record: Record,
}

impl Stored {
    pub fn heads(&self) -> Vec<Hash> {
        db::records::heads_from_bytes(&self.end.heads)
    }

    pub fn view(&self) -> Result<JobRecord, Problem> {
        self.record.read().map_err(Problem::internal)
    }
}

/// What stands after a write.
#[derive(Debug)]
pub struct Written {
    pub view: JobRecord,
    pub heads: Vec<Hash>,
    /// The change that was made.
    pub change: Hash,
    /// The record as it lies in the database now.
    pub stored: Stored,
}

/// The epoch of this database: drawn when it is made, and again when it is restored from a backup.
pub fn epoch(conn: &mut Conn) -> Result<i64, Problem> {
    let text = db::meta::find_value(conn, "epoch")?;
    text.and_then(|text| text.parse().ok()).ok_or_else(|| Problem::internal("the database has no epoch"))
}

/// Opens the record of a new job.
pub fn open(
    conn: &mut Conn,
    office: Office,
    meta: Meta,
    report: Report,
    site: Option<Site>,
) -> Result<Written, Problem> {
    let (job, outlet) = (meta.job, meta.outlet);
    let mut record = Record::new();
    let actor = office_actor(job, epoch(conn)?);
    let edit = Edit::Open { meta: Box::new(meta), report: Box::new(report) };
    let edits: Vec<Edit> = std::iter::once(edit).chain(site.map(|site| Edit::Site { site })).collect();
    let change = record.write(actor, office.now, &edits).map_err(refusal)?;
    let empty = RecordRow {
        job_id: job,
        outlet_id: outlet,
        length: 0,
        heads: Vec::new(),
        snapshot: Vec::new(),
        snapshot_length: 0,
    };
    db::records::insert_record(conn, &empty)?;
    let end = RecordEnd { job_id: job, outlet_id: outlet, length: 0, heads: Vec::new(), snapshot_length: 0 };
    finish(conn, office, &end, (record, change), Delivery::default())
}

/// Writes what the office decided to a job's record, as one change.
pub fn write(conn: &mut Conn, office: Office, job: JobId, edits: &[Edit]) -> Result<Written, Problem> {
    let stored = load_to_write(conn, job)?;
    write_stored(conn, office, stored, None, edits)
}

/// The same for a record that the caller has loaded in this transaction, beside other news that phones are to hear of it.
pub fn write_telling(
    conn: &mut Conn,
    office: Office,
    stored: Stored,
    edits: &[Edit],
    delivery: Delivery,
) -> Result<Written, Problem> {
    let (end, record, change) = written(conn, office, stored, None, edits)?;
    finish(conn, office, &end, (record, change), delivery)
}

/// The same on the state that the writer saw: where others wrote since, both values stay and are shown.
pub fn write_at(
    conn: &mut Conn,
    office: Office,
    job: JobId,
    base: &[Hash],
    edits: &[Edit],
) -> Result<Written, Problem> {
    let stored = load_to_write(conn, job)?;
    write_stored(conn, office, stored, Some(base), edits)
}

/// The same for a record that the caller has loaded in this transaction.
pub fn write_stored(
    conn: &mut Conn,
    office: Office,
    stored: Stored,
    base: Option<&[Hash]>,
    edits: &[Edit],
) -> Result<Written, Problem> {
    let (end, record, change) = written(conn, office, stored, base, edits)?;
    finish(conn, office, &end, (record, change), Delivery::default())
}

/// The record with the edits, where the gates are open for each on what the edits before it leave.
fn written(
    conn: &mut Conn,
    office: Office,
    stored: Stored,
    base: Option<&[Hash]>,
    edits: &[Edit],
) -> Result<(RecordEnd, Record, RawChange), Problem> {
    let Stored { end, mut record } = stored;
    let mut view = match base {
        Some(heads) => record.read_at(heads).map_err(|_| Problem::new(Kind::Stale))?,
        None => record.read().map_err(Problem::internal)?,
    };
    let template = templates::of_job(conn, &view)?;
    let mut violations = Vec::new();
    for edit in edits {
        violations.extend(unseen(&record, edit));
        violations.extend(gate::check(&view, &template, edit));
        lay(&mut view, edit.clone());
    }
    if let Some(problem) = gate::problem(violations) {
        return Err(problem);
    }
    let actor = office_actor(end.job_id, epoch(conn)?);
    let change = match base {
        Some(heads) => record.write_at(heads, actor, office.now, edits),
        None => record.write_completing(actor, office.now, edits),
    }
    .map_err(refusal)?;
    Ok((end, record, change))
}

/// A signature is for exactly what was shown: where that is not here, it stands for nothing.
pub fn unseen(record: &Record, edit: &Edit) -> Option<Violation> {
    let Edit::SignOff { id, sign_off } = edit else { return None };
    (!sign_off.covers.iter().all(|hash| record.has(*hash))).then(|| gate::covers_unknown(id))
}

fn finish(
    conn: &mut Conn,
    office: Office,
    end: &RecordEnd,
    (record, change): (Record, RawChange),
    mut delivery: Delivery,
) -> Result<Written, Problem> {
    let hash = change.hash;
    let author = Author { person: office.person, source: Source::Office };
    let part = Part { record, changes: vec![change], author, times: Times::new() };
    let new = Append::new(end, None, vec![part], office.now)?;
    if lock(conn, &[&new])? != [true] {
        return Err(Problem::new(Kind::Stale));
    }
    append(conn, &[&new], &mut delivery)?;
    delivery.send(conn)?;
    let (view, stored) = new.into_stored();
    Ok(Written { view, heads: stored.heads(), change: hash, stored })
}

/// The record with everything that its log holds. Not found where there is no such job.
pub fn load(conn: &mut Conn, job: JobId) -> Result<Stored, Problem> {
    let row = db::records::find_record(conn, job)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let since = match row.length > row.snapshot_length {
        true => db::records::list_bytes(conn, job, row.snapshot_length, row.length)?,
        false => Vec::new(),
    };
    let RecordRow { job_id, outlet_id, length, heads, snapshot, snapshot_length } = row;
    let record = assemble(&snapshot, since)?;
    Ok(Stored { end: RecordEnd { job_id, outlet_id, length, heads, snapshot_length }, record })
}

/// The same with the job's row locked until the commit: whoever else writes to it waits instead of being told that it is stale.
pub fn load_to_write(conn: &mut Conn, job: JobId) -> Result<Stored, Problem> {
    db::records::lock_record(conn, job)?;
    load(conn, job)
}

/// The record made of its snapshot and the changes since. Costs CPU: a tenth of a millisecond and more.
pub fn assemble(snapshot: &[u8], since: Vec<Vec<u8>>) -> Result<Record, Problem> {
    let mut record = match snapshot.is_empty() {
        true => Record::new(),
        false => Record::load(snapshot).map_err(Problem::internal)?,
    };
    if !since.is_empty() {
        let since: Vec<Bytes> = since.into_iter().map(Bytes).collect();
        record.apply_trusted(&since).map_err(Problem::internal)?;
    }
    Ok(record)
}

/// An edit that the record did not take.
fn refusal(error: WriteError) -> Problem {
    match error {
        WriteError::Taken(_) | WriteError::Open => {
            Problem { cause: Some(error.to_string()), ..Problem::new(Kind::Conflict) }
        }
        WriteError::Unfit { ref path, ref why } => {
            let at = format!("/{}", path.join("/"));
            let errors = vec![FieldError { at, zh: format!("内容不符合要求：{why}"), en: why.clone() }];
            Problem { errors, ..Problem::new(Kind::InvalidField) }
        }
        WriteError::Nothing => Problem::because(Kind::Conflict, "内容没有变化", "Nothing would change"),
        WriteError::Unknown(_) => Problem::new(Kind::Stale),
        WriteError::NotOpen | WriteError::Document(_) => Problem::internal(error),
    }
}
