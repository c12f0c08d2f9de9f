//! Answers to requests that carried an `Idempotency-Key`.

use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::PersonId;
use schema::rows::idempotency::IdempotencyRow;
use schema::tables::idempotency;
use schema::time::Timestamp;

pub fn find_answer(conn: &mut Conn, person: PersonId, key: &str) -> Result<Option<IdempotencyRow>> {
    Ok(idempotency::table.find((person, key)).select(IdempotencyRow::as_select()).first(conn).optional()?)
}

pub fn insert_answer(conn: &mut Conn, answer: &IdempotencyRow) -> Result<()> {
    diesel::insert_into(idempotency::table).values(answer).execute(conn)?;
    Ok(())
}

pub fn update_body(conn: &mut Conn, person: PersonId, key: &str, body: &str) -> Result<()> {
    diesel::update(idempotency::table.find((person, key))).set(idempotency::body.eq(body)).execute(conn)?;
    Ok(())
}

/// Forgets this answer where it is as old.
pub fn delete_answer(conn: &mut Conn, person: PersonId, key: &str, until: Timestamp) -> Result<()> {
    diesel::delete(idempotency::table.find((person, key)).filter(idempotency::created_at.le(until))).execute(conn)?;
    Ok(())
}

/// Forgets answers until this moment. Says how many.
pub fn delete_answers(conn: &mut Conn, until: Timestamp) -> Result<usize> {
    Ok(diesel::delete(idempotency::table.filter(idempotency::created_at.le(until))).execute(conn)?)
}
