//! Reports as they are answered: who may see the number, what is missing, what they may repeat.

use super::told::Told;
use super::{in_hand, repeats};
use crate::auth::Caller;
use crate::db::{self, Conn};
use schema::id::PersonId;
use schema::outlet::Outlet;
use schema::page::Page;
use schema::people::{Permission, PersonName};
use schema::problem::Problem;
use schema::record::ReportField;
use schema::report::{CustomerReport, Owner, Repeat, ReportState, not_dispatchable};
use schema::rows::customers::PhoneLookRow;
use schema::rows::reports::ReportRow;
use schema::sheet::mask_phone;
use schema::time::Timestamp;
use std::collections::HashMap;

/// How much of the phone number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phone {
    Full,
    Masked,
}

/// In full for those who need it and those who have the report in hand; logged.
pub(super) fn look(conn: &mut Conn, caller: &Caller, now: Timestamp, row: &ReportRow) -> Result<Phone, Problem> {
    if row.phone.is_none() || !(caller.role.may(Permission::SeePhones) || in_hand(caller, row)) {
        return Ok(Phone::Masked);
    }
    db::customers::insert_look(conn, &PhoneLookRow::new("report", row.id.0, caller.person, now))?;
    Ok(Phone::Full)
}

/// A report with all that hangs on it.
pub(super) fn detail(
    conn: &mut Conn,
    row: &ReportRow,
    outlet: &Outlet,
    phone: Phone,
    now: Timestamp,
) -> Result<CustomerReport, Problem> {
    let owners = db::reports::list_owners(conn, row.id)?;
    let mut people: Vec<PersonId> = owners.iter().map(|owner| owner.person_id).collect();
    people.extend([row.taken_by, row.owner_id]);
    let names = db::people::list_names(conn, &people)?;
    let mut report = show(row, &names, phone);
    let owner = |owner: schema::rows::reports::ReportOwnerRow| Owner {
        person: name(&names, owner.person_id),
        since: owner.since,
        handed_by: owner.handed_by,
    };
    report.repeated = db::reports::count_repeats(conn, row.id)?;
    report.owners = owners.into_iter().map(owner).collect();
    let is_repair = row.class == schema::report::ReportClass::Repair || row.job_id.is_some();
    if row.repeat_verdict.is_none() && is_repair && row.state != ReportState::Void {
        report.repeats = repeats::suspects(conn, row, outlet, now)?;
    }
    Ok(report)
}

pub(super) fn page(conn: &mut Conn, page: Page<ReportRow>) -> Result<Page<CustomerReport>, Problem> {
    let people: Vec<PersonId> = page.items.iter().flat_map(|row| [row.taken_by, row.owner_id]).collect();
    let names = db::people::list_names(conn, &people)?;
    Ok(page.map(|row| show(&row, &names, Phone::Masked)))
}

fn name(names: &HashMap<PersonId, String>, id: PersonId) -> PersonName {
    PersonName { id, name: names.get(&id).cloned().unwrap_or_default() }
}

fn show(row: &ReportRow, names: &HashMap<PersonId, String>, phone: Phone) -> CustomerReport {
    let Told { report: mut told, fault_class, about } = Told::from_row(row);
    let missing: Vec<ReportField> = if row.job_id.is_some() { told.missing_to_dispatch() } else { Vec::new() };
    let is_blocked = !missing.is_empty() && !row.class.is_emergency();
    if phone == Phone::Masked {
        told.phone = told.phone.as_deref().map(mask_phone);
    }
    CustomerReport {
        id: row.id,
        number: row.number.clone(),
        outlet: row.outlet_id,
        class: row.class,
        channel: row.channel,
        state: row.state,
        outcome: row.outcome,
        customer: row.customer_id,
        job: row.job_id,
        told,
        phone_is_masked: phone == Phone::Masked,
        fault_class,
        about,
        is_dispatchable: row.job_id.is_some() && !is_blocked,
        notice: if is_blocked { not_dispatchable(&missing) } else { None },
        missing,
        repeated_back: row.repeated_back,
        taken_by: name(names, row.taken_by),
        owner: name(names, row.owner_id),
        taken_at: row.taken_at,
        answer: row.answer.clone(),
        closed_at: row.closed_at,
        repeat: row
            .repeat_of
            .zip(row.repeat_verdict)
            .zip(row.repeat_decided_by)
            .map(|((of, verdict), decided_by)| Repeat { of, verdict, decided_by }),
        repeated: 0,
        repeats: Vec::new(),
        owners: Vec::new(),
    }
}
