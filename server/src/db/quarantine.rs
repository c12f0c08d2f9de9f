//! What was refused and is kept, and what was decided about it.

use crate::db::kept::{load_kept, padded};
use crate::db::{Conn, Result, insert_rows};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use schema::binary::Hash;
use schema::id::{DeviceId, JobId, OutletId, PersonId, QuarantineId};
use schema::rows::records::{QuarantineDecisionRow, QuarantineRow};
use schema::tables::{quarantine, quarantine_decisions};
use schema::time::Timestamp;

pub fn insert_entries(conn: &mut Conn, rows: &[&QuarantineRow]) -> Result<()> {
    for row in rows {
        diesel::insert_into(quarantine::table).values(*row).execute(conn)?;
    }
    Ok(())
}

/// More was refused from the same change on. False: the entry is not as it was seen.
pub fn extend_entry(conn: &mut Conn, seen: i64, row: &QuarantineRow) -> Result<bool> {
    let same = quarantine::table.filter(quarantine::id.eq(row.id).and(quarantine::bytes_total.eq(seen)));
    let changed = (
        quarantine::bytes.eq(&row.bytes),
        quarantine::bytes_total.eq(row.bytes_total),
        quarantine::clocks.eq(&row.clocks),
        quarantine::decided_at.eq(row.decided_at),
    );
    Ok(diesel::update(same).set(changed).execute(conn)? == 1)
}

/// What lies here of these devices' changes to these jobs.
pub fn list_of_devices(conn: &mut Conn, devices: &[DeviceId], jobs: &[JobId]) -> Result<Vec<QuarantineRow>> {
    Ok(load_kept!(
        conn,
        quarantine::table
            .filter(quarantine::device_id.eq_any(padded(devices)).and(quarantine::job_id.eq_any(padded(jobs))))
            .select(QuarantineRow::as_select())
    ))
}

/// How many bytes lie here of each of these devices that nobody has decided about.
pub fn sum_open_bytes(conn: &mut Conn, devices: &[DeviceId]) -> Result<Vec<(DeviceId, i64)>> {
    let open = quarantine::table.filter(quarantine::device_id.eq_any(devices).and(quarantine::decided_at.is_null()));
    let sum = sql::<BigInt>("CAST(SUM(bytes_total) AS BIGINT)");
    Ok(open.group_by(quarantine::device_id).select((quarantine::device_id, sum)).load(conn)?)
}

pub fn find_entry(conn: &mut Conn, id: QuarantineId) -> Result<Option<QuarantineRow>> {
    Ok(quarantine::table.find(id).select(QuarantineRow::as_select()).first(conn).optional()?)
}

/// Holds the entry until the commit: of two who decide about it one waits. SQLite's one writer holds everything anyway.
pub fn lock_entry(conn: &mut Conn, id: QuarantineId) -> Result<Option<QuarantineRow>> {
    if let Conn::Pg(conn) = conn {
        quarantine::table.find(id).select(quarantine::id).for_update().first::<QuarantineId>(conn).optional()?;
    }
    find_entry(conn, id)
}

/// What narrows a list of entries.
#[derive(Debug, Clone, Copy, Default)]
pub struct EntryFilter {
    pub outlet: Option<OutletId>,
    pub job: Option<JobId>,
    /// Those with something left to decide, or those without; both where nothing is said.
    pub open: Option<bool>,
    pub before: Option<QuarantineId>,
}

/// The newest first.
pub fn list_entries(conn: &mut Conn, filter: EntryFilter, limit: i64) -> Result<Vec<QuarantineRow>> {
    let mut query = quarantine::table.select(QuarantineRow::as_select()).order(quarantine::id.desc()).into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(quarantine::outlet_id.eq(outlet));
    }
    if let Some(job) = filter.job {
        query = query.filter(quarantine::job_id.eq(job));
    }
    match filter.open {
        Some(true) => query = query.filter(quarantine::decided_at.is_null()),
        Some(false) => query = query.filter(quarantine::decided_at.is_not_null()),
        None => {}
    }
    if let Some(before) = filter.before {
        query = query.filter(quarantine::id.lt(before));
    }
    Ok(query.limit(limit).load(conn)?)
}

pub fn list_decisions(conn: &mut Conn, entries: &[QuarantineId]) -> Result<Vec<QuarantineDecisionRow>> {
    Ok(quarantine_decisions::table
        .filter(quarantine_decisions::quarantine_id.eq_any(entries))
        .order((quarantine_decisions::quarantine_id, quarantine_decisions::decided_at, quarantine_decisions::place))
        .select(QuarantineDecisionRow::as_select())
        .load(conn)?)
}

pub fn insert_decisions(conn: &mut Conn, rows: &[QuarantineDecisionRow]) -> Result<()> {
    insert_rows!(conn, quarantine_decisions::table, rows.iter().collect::<Vec<_>>());
    Ok(())
}

/// Whether anything of the entry is left to decide.
pub fn update_decided_at(conn: &mut Conn, id: QuarantineId, at: Option<Timestamp>) -> Result<()> {
    diesel::update(quarantine::table.find(id)).set(quarantine::decided_at.eq(at)).execute(conn)?;
    Ok(())
}

/// One person's entries in these jobs, or in all of them, the newest first: (entry, job, first change).
pub fn list_of_person(
    conn: &mut Conn,
    person: PersonId,
    jobs: Option<&[JobId]>,
    limit: i64,
) -> Result<Vec<(QuarantineId, JobId, Hash)>> {
    let columns = (quarantine::id, quarantine::job_id, quarantine::first_hash);
    let mut query = quarantine::table
        .filter(quarantine::person_id.eq(person))
        .order(quarantine::id.desc())
        .select(columns)
        .into_boxed();
    if let Some(jobs) = jobs {
        query = query.filter(quarantine::job_id.eq_any(jobs));
    }
    Ok(query.limit(limit).load(conn)?)
}
