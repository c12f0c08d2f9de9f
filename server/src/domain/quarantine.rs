//! What was refused and is kept, for whoever decides about it.

use crate::db::{self, Conn};
use schema::binary::{Bytes, Hash};
use schema::id::{DeviceId, JobId, OutletId, PersonId, QuarantineId};
use schema::problem::{Kind, Problem};
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
    pub code: RefusalCode,
    /// For whoever looks into it, in English.
    pub detail: String,
    /// The first refused change.
    pub change: Hash,
    pub content: QuarantineContent,
    /// The change in which the server saved the rest.
    pub salvaged_as: Option<Hash>,
    pub received_at: Timestamp,
    /// How many bytes were refused; what is kept of them ends at 256 KiB.
    pub bytes: i64,
}

/// One entry with its raw bytes: each change behind its length in four bytes, big endian.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantineDetail {
    #[serde(flatten)]
    pub entry: QuarantineEntry,
    pub raw: Bytes,
}

/// The newest first, of one outlet or, for those who see them all, of every one.
pub fn list(
    conn: &mut Conn,
    outlet: Option<OutletId>,
    job: Option<JobId>,
    before: Option<QuarantineId>,
    limit: i64,
) -> Result<Vec<QuarantineEntry>, Problem> {
    let rows = db::quarantine::list_entries(conn, outlet, job, before, limit)?;
    rows.iter().map(|row| entry(conn, row)).collect()
}

/// The same for one entry; another outlet's is not found.
pub fn find(conn: &mut Conn, outlet: Option<OutletId>, id: QuarantineId) -> Result<QuarantineDetail, Problem> {
    let row = db::quarantine::find_entry(conn, id)?;
    let row = row.filter(|row| outlet.is_none() || row.outlet_id == outlet);
    let row = row.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(QuarantineDetail { entry: entry(conn, &row)?, raw: Bytes(row.bytes) })
}

fn entry(conn: &mut Conn, row: &QuarantineRow) -> Result<QuarantineEntry, Problem> {
    Ok(QuarantineEntry {
        id: row.id,
        job: row.job_id,
        job_number: db::jobs::find_job(conn, row.job_id)?.map(|job| job.number),
        person: row.person_id,
        person_name: db::people::find_name(conn, row.person_id)?,
        device: row.device_id,
        code: row.code,
        detail: row.detail.clone(),
        change: row.first_hash,
        content: serde_json::from_str(&row.content).map_err(Problem::internal)?,
        salvaged_as: row.salvaged_hash,
        received_at: row.received_at,
        bytes: row.bytes_total,
    })
}
