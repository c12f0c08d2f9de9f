//! Customers. Their phone numbers are shown to those who need them, and each look is logged; everybody else sees them masked.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::sites;
use schema::contact::{matching_key, phone_digits};
use schema::customer::{CreateCustomer, Customer, CustomerClass, PatchCustomer};
use schema::id::CustomerId;
use schema::page::{Page, rows};
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::rows::customers::{CustomerRow, PhoneLookRow};
use schema::sheet::mask_phone;
use schema::time::Timestamp;

/// What a list of customers is asked for.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Part of a name, an address or a phone number, while it is being typed.
    pub text: Option<String>,
    pub class: Option<CustomerClass>,
    pub after: Option<CustomerId>,
    pub limit: Option<i64>,
}

pub fn create(
    conn: &mut Conn,
    caller: &Caller,
    id: CustomerId,
    now: Timestamp,
    input: &CreateCustomer,
) -> Result<Customer, Problem> {
    let mut form = Form::default();
    let name = form.field("/name", &input.name);
    let phone = form.phone("/phone", &input.phone);
    let address = form.field("/address", &input.address);
    let place = place(&mut form, input.latitude_e6, input.longitude_e6);
    form.finish()?;
    let row = CustomerRow {
        id,
        outlet_id: caller.outlet,
        name_key: matching_key(&name),
        name,
        phone_digits: phone_digits(&phone),
        phone,
        address_key: matching_key(&address),
        address,
        class: input.class.unwrap_or(CustomerClass::Ordinary),
        latitude_e6: place.map(|(latitude, _)| latitude),
        longitude_e6: place.map(|(_, longitude)| longitude),
        refuses_calls: input.refuses_calls,
        created_at: now,
    };
    db::customers::insert_customer(conn, &row)?;
    Ok(show(row, Phone::Full))
}

pub fn patch(
    conn: &mut Conn,
    caller: &Caller,
    now: Timestamp,
    id: CustomerId,
    input: &PatchCustomer,
) -> Result<Customer, Problem> {
    let mut row = load(conn, caller, id)?;
    let mut form = Form::default();
    if let Some(name) = &input.name {
        row.name = form.field("/name", name);
        row.name_key = matching_key(&row.name);
    }
    if let Some(phone) = &input.phone {
        row.phone = form.phone("/phone", phone);
        row.phone_digits = phone_digits(&row.phone);
    }
    if let Some(address) = &input.address {
        row.address = form.field("/address", address);
        let key = matching_key(&row.address);
        if key != row.address_key {
            // The place is that of the old address; the new one's comes with it or is not known.
            (row.latitude_e6, row.longitude_e6) = (None, None);
        }
        row.address_key = key;
    }
    if let Some((latitude, longitude)) = place(&mut form, input.latitude_e6, input.longitude_e6) {
        (row.latitude_e6, row.longitude_e6) = (Some(latitude), Some(longitude));
    }
    form.finish()?;
    row.class = input.class.unwrap_or(row.class);
    row.refuses_calls = input.refuses_calls.unwrap_or(row.refuses_calls);
    db::customers::update_customer(conn, &row)?;
    sites::bring(conn, caller, now, &row)?;
    look(conn, caller, now, row)
}

/// Shows one customer, and logs the look where the number is shown in full.
pub fn find(conn: &mut Conn, caller: &Caller, now: Timestamp, id: CustomerId) -> Result<Customer, Problem> {
    let row = load(conn, caller, id)?;
    look(conn, caller, now, row)
}

pub fn list(conn: &mut Conn, caller: &Caller, search: &Search) -> Result<Page<Customer>, Problem> {
    let limit = rows(search.limit);
    let text = search.text.as_deref().unwrap_or("");
    let (key, digits) = (matching_key(text), phone_digits(text));
    // What holds nothing that can be compared, as a lone comma, fits nobody; no text at all fits everybody.
    if !text.trim().is_empty() && key.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    // Two digits fit too many numbers; with letters beside them they belong to an address.
    let is_number = digits.len() >= 3 && !key.chars().any(char::is_alphabetic);
    let filter = db::customers::CustomerFilter {
        outlet: caller.outlet_filter(),
        class: search.class,
        key: Some(key).filter(|key| !key.is_empty()),
        digits: Some(digits).filter(|_| is_number),
    };
    let found = db::customers::list_customers(conn, &filter, search.after, limit.saturating_add(1))?;
    Ok(Page::cut(found, limit, |row| row.id.to_string()).map(|row| show(row, Phone::Masked)))
}

/// The customer, if the caller may know of them.
pub fn load(conn: &mut Conn, caller: &Caller, id: CustomerId) -> Result<CustomerRow, Problem> {
    let row = db::customers::find_customer(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    caller.require_outlet(row.outlet_id)?;
    Ok(row)
}

fn look(conn: &mut Conn, caller: &Caller, now: Timestamp, row: CustomerRow) -> Result<Customer, Problem> {
    if !caller.role.may(Permission::SeePhones) {
        return Ok(show(row, Phone::Masked));
    }
    db::customers::insert_look(conn, &PhoneLookRow::new("customer", row.id.0, caller.person, now))?;
    Ok(show(row, Phone::Full))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phone {
    Full,
    Masked,
}

fn show(row: CustomerRow, phone: Phone) -> Customer {
    let is_masked = phone == Phone::Masked;
    Customer {
        id: row.id,
        outlet: row.outlet_id,
        name: row.name,
        phone: if is_masked { mask_phone(&row.phone) } else { row.phone },
        phone_is_masked: is_masked,
        address: row.address,
        class: row.class,
        latitude_e6: row.latitude_e6,
        longitude_e6: row.longitude_e6,
        refuses_calls: row.refuses_calls,
        created_at: row.created_at,
    }
}

fn place(form: &mut Form, latitude_e6: Option<i64>, longitude_e6: Option<i64>) -> Option<(i64, i64)> {
    match (latitude_e6, longitude_e6) {
        (None, None) => None,
        (Some(latitude), Some(longitude)) => {
            if latitude.unsigned_abs() > 90_000_000 {
                form.wrong("/latitude_e6", "纬度超出范围", "no such latitude: millionths of a degree");
            }
            if longitude.unsigned_abs() > 180_000_000 {
                form.wrong("/longitude_e6", "经度超出范围", "no such longitude: millionths of a degree");
            }
            Some((latitude, longitude))
        }
        _ => {
            form.wrong("/latitude_e6", "经纬度须同时填写", "latitude and longitude go together");
            None
        }
    }
}
