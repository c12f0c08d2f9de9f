//! Published checklists. Rows are inserted and never changed; nothing here updates or deletes one.

use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::binary::Hash;
use schema::id::JobId;
use schema::rows::templates::{TemplateHeadRow, TemplateRow};
use schema::tables::{jobs, templates};
use schema::time::Timestamp;

/// Checklists beside the jobs that began with them.
macro_rules! with_jobs {
    () => {
        templates::table.inner_join(
            jobs::table.on(jobs::template.eq(templates::id).and(jobs::template_version.eq(templates::version))),
        )
    };
}

/// What names the body of a version, without reading it.
pub fn find_hash(conn: &mut Conn, id: &str, version: i32) -> Result<Option<Hash>> {
    Ok(templates::table.find((id, version)).select(templates::sha256).first(conn).optional()?)
}

pub fn find_template(conn: &mut Conn, id: &str, version: i32) -> Result<Option<TemplateRow>> {
    Ok(templates::table.find((id, version)).select(TemplateRow::as_select()).first(conn).optional()?)
}

/// The last version of this id that was published.
pub fn find_newest(conn: &mut Conn, id: &str) -> Result<Option<TemplateHeadRow>> {
    Ok(templates::table
        .filter(templates::id.eq(id))
        .order(templates::version.desc())
        .select(TemplateHeadRow::as_select())
        .first(conn)
        .optional()?)
}

/// When anything was published last.
pub fn find_last_time(conn: &mut Conn) -> Result<Option<Timestamp>> {
    Ok(templates::table.order(templates::published_at.desc()).select(templates::published_at).first(conn).optional()?)
}

/// Every version, by id, the newest first.
pub fn list_heads(conn: &mut Conn) -> Result<Vec<TemplateHeadRow>> {
    Ok(templates::table
        .order((templates::id, templates::version.desc()))
        .select(TemplateHeadRow::as_select())
        .load(conn)?)
}

/// The published ones that these jobs began with.
pub fn list_of_jobs(conn: &mut Conn, ids: &[JobId]) -> Result<Vec<(String, i32, Hash)>> {
    Ok(with_jobs!()
        .filter(jobs::id.eq_any(ids))
        .select((templates::id, templates::version, templates::sha256))
        .distinct()
        .load(conn)?)
}

/// The published ones that jobs began with which are not over.
pub fn list_in_use(conn: &mut Conn) -> Result<Vec<(String, i32)>> {
    Ok(with_jobs!()
        .filter(jobs::closed_at.is_null())
        .select((templates::id, templates::version))
        .distinct()
        .load(conn)?)
}

pub fn count_templates(conn: &mut Conn) -> Result<i64> {
    Ok(templates::table.count().get_result(conn)?)
}

pub fn insert_template(conn: &mut Conn, row: &TemplateRow) -> Result<()> {
    diesel::insert_into(templates::table).values(row).execute(conn)?;
    Ok(())
}
