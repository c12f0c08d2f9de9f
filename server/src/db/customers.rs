//! Customers, and the log of who saw their phone numbers.

use crate::db::kept::{load_kept, padded};
use crate::db::{Conn, Result, on_conn};
use diesel::prelude::*;
use schema::customer::CustomerClass;
use schema::id::{CustomerId, OutletId};
use schema::rows::customers::{CustomerRow, PhoneLookRow};
use schema::tables::{customers, phone_looks};

pub fn find_customer(conn: &mut Conn, id: CustomerId) -> Result<Option<CustomerRow>> {
    Ok(customers::table.find(id).select(CustomerRow::as_select()).first(conn).optional()?)
}

pub fn list_by_id(conn: &mut Conn, ids: &[CustomerId]) -> Result<Vec<CustomerRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(load_kept!(conn, customers::table.filter(customers::id.eq_any(padded(ids))).select(CustomerRow::as_select())))
}

/// What narrows a list of customers.
#[derive(Debug, Clone, Default)]
pub struct CustomerFilter {
    pub outlet: Option<OutletId>,
    pub class: Option<CustomerClass>,
    /// Part of a name or an address, as `schema::contact::matching_key` writes it: so it holds no wildcard.
    pub key: Option<String>,
    /// Part of a phone number, digits only.
    pub digits: Option<String>,
}

/// A page in the order of ids.
pub fn list_customers(
    conn: &mut Conn,
    filter: &CustomerFilter,
    after: Option<CustomerId>,
    limit: i64,
) -> Result<Vec<CustomerRow>> {
    let mut query = customers::table.order(customers::id).limit(limit).select(CustomerRow::as_select()).into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(customers::outlet_id.eq(outlet));
    }
    if let Some(class) = filter.class {
        query = query.filter(customers::class.eq(class));
    }
    if let Some(after) = after {
        query = query.filter(customers::id.gt(after));
    }
    let key = filter.key.as_ref().map(|key| format!("%{key}%"));
    let digits = filter.digits.as_ref().map(|digits| format!("%{digits}%"));
    match (key, digits) {
        (Some(key), Some(digits)) => {
            let by_text = customers::name_key.like(key.clone()).or(customers::address_key.like(key));
            query = query.filter(by_text.or(customers::phone_digits.like(digits)));
        }
        (Some(key), None) => {
            query = query.filter(customers::name_key.like(key.clone()).or(customers::address_key.like(key)));
        }
        (None, Some(digits)) => query = query.filter(customers::phone_digits.like(digits)),
        (None, None) => {}
    }
    Ok(query.load(conn)?)
}

/// Customers of an outlet with exactly this phone number.
pub fn list_by_phone(conn: &mut Conn, outlet: OutletId, digits: &str) -> Result<Vec<CustomerRow>> {
    Ok(customers::table
        .filter(customers::phone_digits.eq(digits).and(customers::outlet_id.eq(outlet)))
        .order(customers::id)
        .limit(20)
        .select(CustomerRow::as_select())
        .load(conn)?)
}

pub fn insert_customer(conn: &mut Conn, row: &CustomerRow) -> Result<()> {
    diesel::insert_into(customers::table).values(row).execute(conn)?;
    Ok(())
}

pub fn update_customer(conn: &mut Conn, row: &CustomerRow) -> Result<()> {
    diesel::update(customers::table.find(row.id)).set(row).execute(conn)?;
    Ok(())
}

/// Two looks at the same moment are one.
pub fn insert_look(conn: &mut Conn, row: &PhoneLookRow) -> Result<()> {
    on_conn!(conn, |conn| diesel::insert_into(phone_looks::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}
