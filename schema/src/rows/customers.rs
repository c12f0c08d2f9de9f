//! Customers, and who looked at their phone numbers.

use crate::customer::CustomerClass;
use crate::id::{CustomerId, OutletId, PersonId};
use crate::tables::{customers, phone_looks};
use crate::time::Timestamp;
use diesel::prelude::*;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = customers, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CustomerRow {
    pub id: CustomerId,
    pub outlet_id: OutletId,
    pub name: String,
    pub phone: String,
    pub phone_digits: String,
    pub address: String,
    pub address_key: String,
    pub name_key: String,
    pub class: CustomerClass,
    pub latitude_e6: Option<i64>,
    pub longitude_e6: Option<i64>,
    pub refuses_calls: bool,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Insertable)]
#[diesel(table_name = phone_looks, treat_none_as_default_value = false)]
pub struct PhoneLookRow {
    /// 16 bytes of a customer's, a report's or a job's id.
    pub subject_id: Vec<u8>,
    pub subject: &'static str,
    pub person_id: PersonId,
    pub looked_at: Timestamp,
}

impl PhoneLookRow {
    pub fn new(subject: &'static str, id: Uuid, person_id: PersonId, looked_at: Timestamp) -> Self {
        Self { subject_id: id.as_bytes().to_vec(), subject, person_id, looked_at }
    }
}
