//! Keys that we sign with.

use crate::db::{Conn, Result, on_conn};
use diesel::prelude::*;
use schema::rows::keys::{KeyPurpose, SigningKeyRow};
use schema::tables::signing_keys;
use schema::time::Timestamp;

/// All keys of a purpose, the retired ones too; the newest first.
pub fn list_keys(conn: &mut Conn, purpose: KeyPurpose) -> Result<Vec<SigningKeyRow>> {
    Ok(signing_keys::table
        .filter(signing_keys::purpose.eq(purpose))
        .order((signing_keys::created_at.desc(), signing_keys::kid.asc()))
        .select(SigningKeyRow::as_select())
        .load(conn)?)
}

/// The key of a purpose that is in use.
pub fn find_key_in_use(conn: &mut Conn, purpose: KeyPurpose) -> Result<Option<SigningKeyRow>> {
    Ok(signing_keys::table
        .filter(signing_keys::purpose.eq(purpose).and(signing_keys::retired_at.is_null()))
        .select(SigningKeyRow::as_select())
        .first(conn)
        .optional()?)
}

pub fn insert_key(conn: &mut Conn, key: &SigningKeyRow) -> Result<()> {
    diesel::insert_into(signing_keys::table).values(key).execute(conn)?;
    Ok(())
}

/// Puts a key into use where none of its purpose is; of several servers that start together, one succeeds, and the others wait
/// for its commit.
pub fn ensure_key(conn: &mut Conn, key: &SigningKeyRow) -> Result<()> {
    on_conn!(conn, |conn| diesel::insert_into(signing_keys::table).values(key).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// From now on nothing new is signed with these; what they signed stays good.
pub fn retire_keys(conn: &mut Conn, purpose: KeyPurpose, at: Timestamp) -> Result<usize> {
    Ok(diesel::update(signing_keys::table)
        .filter(signing_keys::purpose.eq(purpose).and(signing_keys::retired_at.is_null()))
        .set(signing_keys::retired_at.eq(Some(at)))
        .execute(conn)?)
}
