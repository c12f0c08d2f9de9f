//! What was refused and is kept.

use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::{DeviceId, JobId, OutletId, QuarantineId};
use schema::rows::records::QuarantineRow;
use schema::tables::quarantine;

pub fn insert_entries(conn: &mut Conn, rows: &[&QuarantineRow]) -> Result<()> {
    for row in rows {
        diesel::insert_into(quarantine::table).values(*row).execute(conn)?;
    }
    Ok(())
}

/// More was refused from the same change on. False: the entry is not as it was seen.
pub fn extend_entry(conn: &mut Conn, seen: i64, row: &QuarantineRow) -> Result<bool> {
    let same = quarantine::table.filter(quarantine::id.eq(row.id).and(quarantine::bytes_total.eq(seen)));
    let changed = (quarantine::bytes.eq(&row.bytes), quarantine::bytes_total.eq(row.bytes_total));
    Ok(diesel::update(same).set(changed).execute(conn)? == 1)
}

/// What lies here of these devices' changes to these jobs.
pub fn list_of_devices(conn: &mut Conn, devices: &[DeviceId], jobs: &[JobId]) -> Result<Vec<QuarantineRow>> {
    Ok(quarantine::table
        .filter(quarantine::device_id.eq_any(devices).and(quarantine::job_id.eq_any(jobs)))
        .select(QuarantineRow::as_select())
        .load(conn)?)
}

pub fn find_entry(conn: &mut Conn, id: QuarantineId) -> Result<Option<QuarantineRow>> {
    Ok(quarantine::table.find(id).select(QuarantineRow::as_select()).first(conn).optional()?)
}

/// The newest first; of one job, where one is named.
pub fn list_entries(
    conn: &mut Conn,
    outlet: Option<OutletId>,
    job: Option<JobId>,
    before: Option<QuarantineId>,
    limit: i64,
) -> Result<Vec<QuarantineRow>> {
    let mut query = quarantine::table.select(QuarantineRow::as_select()).order(quarantine::id.desc()).into_boxed();
    if let Some(outlet) = outlet {
        query = query.filter(quarantine::outlet_id.eq(outlet));
    }
    if let Some(job) = job {
        query = query.filter(quarantine::job_id.eq(job));
    }
    if let Some(before) = before {
        query = query.filter(quarantine::id.lt(before));
    }
    Ok(query.limit(limit).load(conn)?)
}
