//! Branches of the company.

use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::OutletId;
use schema::rows::outlets::OutletRow;
use schema::tables::outlets;

pub fn insert_outlet(conn: &mut Conn, outlet: &OutletRow) -> Result<()> {
    diesel::insert_into(outlets::table).values(outlet).execute(conn)?;
    Ok(())
}

pub fn update_outlet(conn: &mut Conn, outlet: &OutletRow) -> Result<()> {
    diesel::update(outlets::table.find(outlet.id)).set(outlet).execute(conn)?;
    Ok(())
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
