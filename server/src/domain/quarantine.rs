//! The inbox: what was refused and is kept, for whoever decides about it.

pub mod decide;
pub mod decided;
pub mod hand_in;
mod items;
pub mod photos;

use crate::auth::Caller;
use crate::db::quarantine::EntryFilter;
use crate::db::{self, Conn};
use crate::domain::records::{self, Stored};
use crate::domain::sync::kept::parted;
use crate::domain::sync::words;
use schema::binary::{Bytes, Hash};
use schema::id::{DeviceId, JobId, PersonId, QuarantineId};
use schema::inbox::InboxItem;
use schema::people::{Bilingual, PersonName};
use schema::problem::{Kind, Problem};
use schema::rows::jobs::JobRow;
use schema::rows::records::{QuarantineContent, QuarantineRow};
use schema::time::Timestamp;
use schema::wire::RefusalCode;
use serde::Serialize;
use utoipa::ToSchema;

/// Refused changes of one phone to one job.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantineEntry {
    pub id: QuarantineId,
    pub job: JobId,
    pub job_number: Option<String>,
    pub person: PersonId,
    pub person_name: Option<String>,
    pub device: DeviceId,
    pub device_name: Option<String>,
    pub code: RefusalCode,
    /// What the technician was told.
    pub why: Bilingual,
    /// For whoever looks into it, in English.
    pub detail: String,
    /// The first refused change.
    pub change: Hash,
    /// How many changes there are.
    pub changes: usize,
    pub content: QuarantineContent,
    /// The change in which the server saved the rest.
    pub salvaged_as: Option<Hash>,
    pub received_at: Timestamp,
    /// False for a revoked phone, and for one that was revoked since: whoever found it may have written this, at any time.
    pub times_are_evidence: bool,
    /// Who handed it in as a file; none for what the phone sent itself.
    pub handed_in_by: Option<PersonName>,
    /// Since when nothing of it is left to decide.
    pub decided_at: Option<Timestamp>,
    /// How many bytes were refused; what is kept of them ends at 256 KiB.
    pub bytes: i64,
}

/// One entry, item by item, with its raw bytes: each change behind its length in four bytes, big endian.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantineDetail {
    #[serde(flatten)]
    pub entry: QuarantineEntry,
    /// In the order in which they were written.
    pub items: Vec<InboxItem>,
    pub raw: Bytes,
}

/// The newest first.
pub fn list(
    conn: &mut Conn,
    caller: &Caller,
    filter: EntryFilter,
    limit: i64,
) -> Result<Vec<QuarantineEntry>, Problem> {
    let rows = db::quarantine::list_entries(conn, filter, limit)?;
    rows.iter().map(|row| entry(conn, caller, row)).collect()
}

/// One entry; another outlet's is not found.
pub fn find(conn: &mut Conn, caller: &Caller, id: QuarantineId) -> Result<QuarantineDetail, Problem> {
    let row = visible(caller, db::quarantine::find_entry(conn, id)?)?;
    let stored = stored_of(conn, caller, row.job_id)?;
    detail(conn, caller, row, stored.as_ref())
}

fn visible(caller: &Caller, row: Option<QuarantineRow>) -> Result<QuarantineRow, Problem> {
    let outlet = caller.outlet_filter();
    row.filter(|row| outlet.is_none() || row.outlet_id == outlet).ok_or_else(|| Problem::new(Kind::NotFound))
}

/// The record, where there is such a job for this caller: an entry may name another outlet's, and says nothing of it then.
fn stored_of(conn: &mut Conn, caller: &Caller, job: JobId) -> Result<Option<Stored>, Problem> {
    match records::load(conn, job) {
        Ok(stored) => Ok(Some(stored).filter(|stored| caller.require_outlet(stored.end.outlet_id).is_ok())),
        Err(problem) if problem.kind == Kind::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn detail(
    conn: &mut Conn,
    caller: &Caller,
    row: QuarantineRow,
    stored: Option<&Stored>,
) -> Result<QuarantineDetail, Problem> {
    let items = items::read(conn, &row, stored)?.into_iter().map(|read| read.item).collect();
    Ok(QuarantineDetail { entry: entry(conn, caller, &row)?, items, raw: Bytes(row.bytes) })
}

/// The job as the caller may know it: of another outlet's job stands what the file or the phone said, and no more.
fn job_of(conn: &mut Conn, caller: &Caller, job: JobId) -> Result<Option<JobRow>, Problem> {
    Ok(db::jobs::find_job(conn, job)?.filter(|job| caller.require_outlet(job.outlet_id).is_ok()))
}

fn entry(conn: &mut Conn, caller: &Caller, row: &QuarantineRow) -> Result<QuarantineEntry, Problem> {
    let content: QuarantineContent = serde_json::from_str(&row.content).map_err(Problem::internal)?;
    let (zh, en) = words::refusal(row.code, &content.violations);
    let device = db::devices::find_device(conn, row.device_id)?;
    let name = |conn: &mut Conn, id| Ok::<_, Problem>(db::people::find_name(conn, id)?.unwrap_or_default());
    let handed_in_by = row.handed_in_by.map(|id| Ok::<_, Problem>(PersonName { id, name: name(conn, id)? }));
    Ok(QuarantineEntry {
        id: row.id,
        job: row.job_id,
        job_number: job_of(conn, caller, row.job_id)?.map(|job| job.number),
        person: row.person_id,
        person_name: db::people::find_name(conn, row.person_id)?,
        device: row.device_id,
        times_are_evidence: row.code != RefusalCode::DeviceRevoked
            && device.as_ref().is_some_and(|device| device.revoked_at.is_none()),
        device_name: device.map(|device| device.name),
        code: row.code,
        why: Bilingual { zh, en },
        detail: row.detail.clone(),
        change: row.first_hash,
        changes: parted(&row.bytes).len(),
        content,
        salvaged_as: row.salvaged_hash,
        received_at: row.received_at,
        handed_in_by: handed_in_by.transpose()?,
        decided_at: row.decided_at,
        bytes: row.bytes_total,
    })
}
