//! Reading everything that an evidence bundle of one job holds.

use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::{DeviceId, JobId, LinkId, OutletId, PersonId};
use schema::rows::devices::DeviceRow;
use schema::rows::links::{LinkOpenRow, LinkRow};
use schema::rows::people::PersonRow;
use schema::rows::records::{ActorRow, PushRow, QuarantineRow};
use schema::tables::{
    actors, changes, devices, jobs, link_opens, links, people, push_jobs, pushes, quarantine, records,
};

/// The job of this number.
pub fn find_numbered(conn: &mut Conn, number: &str) -> Result<Option<JobId>> {
    Ok(jobs::table.filter(jobs::number.eq(number)).select(jobs::id).first(conn).optional()?)
}

/// The outlet that a job belongs to.
pub fn find_outlet_of(conn: &mut Conn, job: JobId) -> Result<Option<OutletId>> {
    Ok(records::table.find(job).select(records::outlet_id).first(conn).optional()?)
}

/// The pushes that brought something of the job, and the hashes of what they brought of it.
pub fn list_pushes(conn: &mut Conn, job: JobId) -> Result<Vec<(PushRow, Vec<u8>)>> {
    Ok(push_jobs::table
        .inner_join(pushes::table)
        .filter(push_jobs::job_id.eq(job))
        .order(push_jobs::push_id)
        .select((PushRow::as_select(), push_jobs::pushed))
        .load(conn)?)
}

pub fn list_leases(conn: &mut Conn, job: JobId) -> Result<Vec<ActorRow>> {
    Ok(actors::table.filter(actors::job_id.eq(job)).order(actors::actor).select(ActorRow::as_select()).load(conn)?)
}

/// Everybody in whose name the log holds a change of the job.
pub fn list_authors(conn: &mut Conn, job: JobId) -> Result<Vec<PersonId>> {
    let found: Vec<Option<PersonId>> =
        changes::table.filter(changes::job_id.eq(job)).select(changes::person_id).distinct().load(conn)?;
    Ok(found.into_iter().flatten().collect())
}

/// What of the job was refused, the oldest first.
pub fn list_refused(conn: &mut Conn, job: JobId) -> Result<Vec<QuarantineRow>> {
    Ok(quarantine::table
        .filter(quarantine::job_id.eq(job))
        .order(quarantine::id)
        .select(QuarantineRow::as_select())
        .load(conn)?)
}

pub fn list_devices(conn: &mut Conn, ids: &[DeviceId]) -> Result<Vec<DeviceRow>> {
    Ok(devices::table.filter(devices::id.eq_any(ids)).order(devices::id).select(DeviceRow::as_select()).load(conn)?)
}

/// Those of these ids that are people.
pub fn list_people(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<PersonRow>> {
    let mut found = Vec::new();
    // A record may name many ids that are something else; SQLite takes 32,766 values a statement.
    for ids in ids.chunks(10_000) {
        let query = people::table.filter(people::id.eq_any(ids)).order(people::id).select(PersonRow::as_select());
        found.extend(query.load(conn)?);
    }
    Ok(found)
}

pub fn list_links(conn: &mut Conn, ids: &[LinkId]) -> Result<Vec<LinkRow>> {
    Ok(links::table.filter(links::id.eq_any(ids)).order(links::id).select(LinkRow::as_select()).load(conn)?)
}

pub fn list_opens(conn: &mut Conn, ids: &[LinkId]) -> Result<Vec<LinkOpenRow>> {
    Ok(link_opens::table
        .filter(link_opens::link_id.eq_any(ids))
        .order((link_opens::link_id, link_opens::opened_at))
        .select(LinkOpenRow::as_select())
        .load(conn)?)
}
