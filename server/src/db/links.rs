//! Customers' links, and what was done by them.

use crate::db::{Conn, Result, on_conn};
use diesel::prelude::*;
use schema::binary::Hash;
use schema::id::{JobId, LinkId, PersonId};
use schema::link::LinkAct;
use schema::rows::links::{LinkOpenRow, LinkRow};
use schema::tables::{link_opens, links};
use schema::time::Timestamp;

pub fn insert_link(conn: &mut Conn, row: &LinkRow) -> Result<()> {
    diesel::insert_into(links::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_link(conn: &mut Conn, id: LinkId) -> Result<Option<LinkRow>> {
    Ok(links::table.find(id).select(LinkRow::as_select()).first(conn).optional()?)
}

pub fn find_link_by_token(conn: &mut Conn, token_hash: Hash) -> Result<Option<LinkRow>> {
    Ok(links::table.filter(links::token_hash.eq(token_hash)).select(LinkRow::as_select()).first(conn).optional()?)
}

/// Newest first.
pub fn list_links(conn: &mut Conn, job: JobId) -> Result<Vec<LinkRow>> {
    Ok(links::table.filter(links::job_id.eq(job)).order(links::id.desc()).select(LinkRow::as_select()).load(conn)?)
}

/// Those that are revoked already keep their time. `by` is None where the customer did it.
pub fn revoke_link(conn: &mut Conn, id: LinkId, by: Option<PersonId>, now: Timestamp) -> Result<()> {
    diesel::update(links::table.find(id).filter(links::revoked_at.is_null()))
        .set((links::revoked_at.eq(Some(now)), links::revoked_by.eq(by)))
        .execute(conn)?;
    Ok(())
}

pub fn revoke_links_of(conn: &mut Conn, job: JobId, by: PersonId, now: Timestamp) -> Result<()> {
    diesel::update(links::table.filter(links::job_id.eq(job).and(links::revoked_at.is_null())))
        .set((links::revoked_at.eq(Some(now)), links::revoked_by.eq(Some(by))))
        .execute(conn)?;
    Ok(())
}

/// The same act in the same microsecond is one.
pub fn insert_open(conn: &mut Conn, row: &LinkOpenRow) -> Result<()> {
    on_conn!(conn, |conn| diesel::insert_into(link_opens::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// When this was first done by a link of the job.
pub fn find_act(conn: &mut Conn, job: JobId, act: LinkAct) -> Result<Option<Timestamp>> {
    let of_job = links::table.filter(links::job_id.eq(job)).select(links::id);
    Ok(link_opens::table
        .filter(link_opens::link_id.eq_any(of_job).and(link_opens::act.eq(act)))
        .select(diesel::dsl::min(link_opens::opened_at))
        .first(conn)?)
}

pub fn count_opens(conn: &mut Conn, link: LinkId) -> Result<i64> {
    Ok(link_opens::table.filter(link_opens::link_id.eq(link)).count().get_result(conn)?)
}

/// The latest first, at most `limit`.
pub fn list_opens(conn: &mut Conn, link: LinkId, limit: i64) -> Result<Vec<LinkOpenRow>> {
    Ok(link_opens::table
        .filter(link_opens::link_id.eq(link))
        .order((link_opens::opened_at.desc(), link_opens::act))
        .limit(limit)
        .select(LinkOpenRow::as_select())
        .load(conn)?)
}
