//! Price lists and their items.

use crate::db::{Conn, Result, insert_rows};
use diesel::prelude::*;
use schema::binary::Hash;
use schema::rows::price_lists::{PriceItemRow, PriceListRow};
use schema::tables::{price_items, price_lists};
use schema::time::Timestamp;

pub fn find_version(conn: &mut Conn, version: i64) -> Result<Option<PriceListRow>> {
    Ok(price_lists::table.find(version).select(PriceListRow::as_select()).first(conn).optional()?)
}

pub fn list_by_version(conn: &mut Conn, versions: &[i64]) -> Result<Vec<PriceListRow>> {
    let named = price_lists::table.filter(price_lists::version.eq_any(versions));
    Ok(named.select(PriceListRow::as_select()).load(conn)?)
}

/// The items of these codes in any of these lists.
pub fn list_by_code(conn: &mut Conn, versions: &[i64], codes: &[String]) -> Result<Vec<PriceItemRow>> {
    let named = price_items::table.filter(price_items::version.eq_any(versions).and(price_items::code.eq_any(codes)));
    Ok(named.select(PriceItemRow::as_select()).load(conn)?)
}

pub fn find_by_sha256(conn: &mut Conn, sha256: Hash) -> Result<Option<PriceListRow>> {
    Ok(price_lists::table
        .filter(price_lists::sha256.eq(sha256))
        .select(PriceListRow::as_select())
        .first(conn)
        .optional()?)
}

/// The list in force: of those that are valid by `now`, the last one imported.
pub fn find_current(conn: &mut Conn, now: Timestamp) -> Result<Option<PriceListRow>> {
    Ok(price_lists::table
        .filter(price_lists::valid_from.le(now))
        .order(price_lists::version.desc())
        .select(PriceListRow::as_select())
        .first(conn)
        .optional()?)
}

/// A page, newest first, each with the number of its items.
pub fn list_versions(conn: &mut Conn, before: Option<i64>, limit: i64) -> Result<Vec<(PriceListRow, i64)>> {
    let mut query = price_lists::table
        .order(price_lists::version.desc())
        .limit(limit)
        .select(PriceListRow::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(price_lists::version.lt(before));
    }
    let rows: Vec<PriceListRow> = query.load(conn)?;
    rows.into_iter().map(|row| count_items(conn, row.version).map(|items| (row, items))).collect()
}

pub fn count_items(conn: &mut Conn, version: i64) -> Result<i64> {
    Ok(price_items::table.filter(price_items::version.eq(version)).count().get_result(conn)?)
}

pub fn find_item(conn: &mut Conn, version: i64, code: &str) -> Result<Option<PriceItemRow>> {
    Ok(price_items::table.find((version, code)).select(PriceItemRow::as_select()).first(conn).optional()?)
}

/// A page in the order of codes; `part` is a part of a code or a name, with `\` before the wildcards in it.
pub fn list_items(
    conn: &mut Conn,
    version: i64,
    part: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<PriceItemRow>> {
    let mut query = price_items::table
        .filter(price_items::version.eq(version))
        .order(price_items::code)
        .limit(limit)
        .select(PriceItemRow::as_select())
        .into_boxed();
    if let Some(part) = part {
        let like = format!("%{part}%");
        let code = price_items::code.like(like.clone()).escape('\\');
        let zh = price_items::name_zh.like(like.clone()).escape('\\');
        let en = price_items::name_en.like(like.clone()).escape('\\');
        let barcode = price_items::barcode.like(like).escape('\\').assume_not_null();
        query = query.filter(code.or(zh).or(en).or(barcode));
    }
    if let Some(after) = after {
        query = query.filter(price_items::code.gt(after));
    }
    Ok(query.load(conn)?)
}

/// Every item, in the order of codes.
pub fn list_all_items(conn: &mut Conn, version: i64) -> Result<Vec<PriceItemRow>> {
    Ok(price_items::table
        .filter(price_items::version.eq(version))
        .order(price_items::code)
        .select(PriceItemRow::as_select())
        .load(conn)?)
}

pub fn insert_list(conn: &mut Conn, row: &PriceListRow) -> Result<()> {
    diesel::insert_into(price_lists::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_items(conn: &mut Conn, rows: &[PriceItemRow]) -> Result<()> {
    insert_rows!(conn, price_items::table, rows.iter().collect::<Vec<_>>());
    Ok(())
}
