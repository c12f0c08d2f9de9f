//! Phones: whose they are, and how a lost one is shut out.

use crate::auth::Caller;
use crate::db::{Conn, devices};
use crate::domain::people;
use crate::feed::{self, Notice};
use schema::id::{DeviceId, PersonId};
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::rows::devices::DeviceRow;
use schema::time::Timestamp;

/// One's own phones, or those of somebody whom one sends out.
pub fn list(conn: &mut Conn, caller: &Caller, person: PersonId) -> Result<Vec<DeviceRow>, Problem> {
    people::find(conn, caller, person)?;
    require(caller, person)?;
    Ok(devices::list_devices(conn, person)?)
}

/// Shuts a phone out. Revoking it again changes nothing.
pub fn revoke(conn: &mut Conn, caller: &Caller, id: DeviceId, now: Timestamp) -> Result<(), Problem> {
    let device = devices::find_device(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    people::find(conn, caller, device.person_id)?;
    require(caller, device.person_id)?;
    devices::revoke_device(conn, id, now, Some(caller.person))?;
    feed::post(Notice::Access(device.person_id));
    Ok(())
}

fn require(caller: &Caller, owner: PersonId) -> Result<(), Problem> {
    if owner == caller.person { Ok(()) } else { caller.require(Permission::RevokeDevice) }
}
