//! Small facts about this database (`epoch`, `numbers_parted`), and counters for the numbers that people read.

use crate::db::{Conn, Result, on_conn};
use diesel::prelude::*;
use schema::tables::{counters, meta};

pub fn find_value(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    Ok(meta::table.find(key).select(meta::value).first(conn).optional()?)
}

pub fn set_value(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    on_conn!(conn, |conn| diesel::insert_into(meta::table)
        .values((meta::key.eq(key), meta::value.eq(value)))
        .on_conflict(meta::key)
        .do_update()
        .set(meta::value.eq(value))
        .execute(conn))?;
    Ok(())
}

/// Sets a value where there is none; of several servers that start together, one succeeds.
pub fn ensure_value(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    on_conn!(conn, |conn| diesel::insert_into(meta::table)
        .values((meta::key.eq(key), meta::value.eq(value)))
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(())
}

/// The next number of `name`, from 1; the row stays locked until the transaction ends.
pub fn next_number(conn: &mut Conn, name: &str) -> Result<i64> {
    on_conn!(conn, |conn| diesel::insert_into(counters::table)
        .values((counters::name.eq(name), counters::value.eq(1)))
        .on_conflict(counters::name)
        .do_update()
        .set(counters::value.eq(counters::value + 1))
        .execute(conn))?;
    Ok(counters::table.find(name).select(counters::value).first(conn)?)
}
