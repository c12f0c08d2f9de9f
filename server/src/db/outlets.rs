//! Branches of the company.

use crate::db::kept::{load_kept, padded};
use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::OutletId;
use schema::rows::outlets::{OutletRow, OutletSettingsRow};
use schema::tables::{outlet_settings, outlets};
use schema::time::Timestamp;

pub fn insert_outlet(conn: &mut Conn, outlet: &OutletRow) -> Result<()> {
    diesel::insert_into(outlets::table).values(outlet).execute(conn)?;
    insert_settings(conn, outlet, Timestamp::from_micros(0))
}

/// Its settings hold from now on; those before are kept for the jobs that began with them.
pub fn update_outlet(conn: &mut Conn, outlet: &OutletRow, now: Timestamp) -> Result<()> {
    diesel::update(outlets::table.find(outlet.id)).set(outlet).execute(conn)?;
    let stands = find_settings(conn, outlet.id, now)?;
    if stands.is_some_and(|row| row.settings == outlet.settings && row.time_zone == outlet.time_zone) {
        return Ok(());
    }
    let same_moment = outlet_settings::table.find((outlet.id, now));
    diesel::delete(same_moment).execute(conn)?;
    insert_settings(conn, outlet, now)
}

fn insert_settings(conn: &mut Conn, outlet: &OutletRow, since: Timestamp) -> Result<()> {
    let row = OutletSettingsRow {
        outlet_id: outlet.id,
        since,
        time_zone: outlet.time_zone.clone(),
        settings: outlet.settings.clone(),
    };
    diesel::insert_into(outlet_settings::table).values(&row).execute(conn)?;
    Ok(())
}

/// How the outlet worked at this moment.
pub fn find_settings(conn: &mut Conn, outlet: OutletId, at: Timestamp) -> Result<Option<OutletSettingsRow>> {
    let until = outlet_settings::table.filter(outlet_settings::outlet_id.eq(outlet).and(outlet_settings::since.le(at)));
    let last = until.order(outlet_settings::since.desc()).select(OutletSettingsRow::as_select());
    Ok(last.first(conn).optional()?)
}

/// How these outlets have worked, oldest first.
pub fn list_settings(conn: &mut Conn, outlets: &[OutletId]) -> Result<Vec<OutletSettingsRow>> {
    let of_these = outlet_settings::table.filter(outlet_settings::outlet_id.eq_any(padded(outlets)));
    Ok(load_kept!(conn, of_these.order(outlet_settings::since).select(OutletSettingsRow::as_select())))
}

pub fn find_outlet(conn: &mut Conn, id: OutletId) -> Result<Option<OutletRow>> {
    Ok(outlets::table.find(id).select(OutletRow::as_select()).first(conn).optional()?)
}

pub fn find_outlet_by_code(conn: &mut Conn, code: &str) -> Result<Option<OutletRow>> {
    Ok(outlets::table.filter(outlets::code.eq(code)).select(OutletRow::as_select()).first(conn).optional()?)
}

/// A page in the order of ids; only `outlet` where one is given.
pub fn list_outlets(
    conn: &mut Conn,
    outlet: Option<OutletId>,
    after: Option<OutletId>,
    limit: i64,
) -> Result<Vec<OutletRow>> {
    let mut query = outlets::table.order(outlets::id.asc()).limit(limit).select(OutletRow::as_select()).into_boxed();
    if let Some(outlet) = outlet {
        query = query.filter(outlets::id.eq(outlet));
    }
    if let Some(after) = after {
        query = query.filter(outlets::id.gt(after));
    }
    Ok(query.load(conn)?)
}

pub fn count_outlets(conn: &mut Conn) -> Result<i64> {
    Ok(outlets::table.count().get_result(conn)?)
}
