//! Phones.

use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::{DeviceId, PersonId};
use schema::rows::devices::DeviceRow;
use schema::tables::devices;
use schema::time::Timestamp;

pub fn insert_device(conn: &mut Conn, device: &DeviceRow) -> Result<()> {
    diesel::insert_into(devices::table).values(device).execute(conn)?;
    Ok(())
}

pub fn find_device(conn: &mut Conn, id: DeviceId) -> Result<Option<DeviceRow>> {
    Ok(devices::table.find(id).select(DeviceRow::as_select()).first(conn).optional()?)
}

/// All phones that a person ever enrolled, the newest first.
pub fn list_devices(conn: &mut Conn, person: PersonId) -> Result<Vec<DeviceRow>> {
    Ok(devices::table
        .filter(devices::person_id.eq(person))
        .order(devices::id.desc())
        .select(DeviceRow::as_select())
        .load(conn)?)
}

/// False where it was revoked already.
pub fn revoke_device(conn: &mut Conn, id: DeviceId, at: Timestamp, by: Option<PersonId>) -> Result<bool> {
    let updated = diesel::update(devices::table)
        .filter(devices::id.eq(id).and(devices::revoked_at.is_null()))
        .set((devices::revoked_at.eq(Some(at)), devices::revoked_by.eq(by)))
        .execute(conn)?;
    Ok(updated > 0)
}

pub fn revoke_devices_of(conn: &mut Conn, person: PersonId, at: Timestamp, by: Option<PersonId>) -> Result<()> {
    diesel::update(devices::table)
        .filter(devices::person_id.eq(person).and(devices::revoked_at.is_null()))
        .set((devices::revoked_at.eq(Some(at)), devices::revoked_by.eq(by)))
        .execute(conn)?;
    Ok(())
}
