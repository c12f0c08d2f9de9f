//! Phones that a person has logged in from.

use crate::binary::PublicKey;
use crate::id::{DeviceId, PersonId};
use crate::tables::devices;
use crate::time::Timestamp;
use diesel::prelude::*;

/// One installation of the phone's app. Revoked, never deleted: what it pushed names it.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = devices, treat_none_as_default_value = false)]
pub struct DeviceRow {
    pub id: DeviceId,
    pub person_id: PersonId,
    pub name: String,
    pub public_key: PublicKey,
    pub enrolled_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub revoked_by: Option<PersonId>,
}
