//! Reports, and who had them in hand.

use crate::db::{Conn, Result, lower};
use diesel::prelude::*;
use schema::id::{CustomerId, JobId, OutletId, PersonId, ReportId};
use schema::report::{RepeatVerdict, ReportClass, ReportState};
use schema::rows::reports::{ReportOwnerRow, ReportRow};
use schema::tables::{jobs, report_owners, reports};
use schema::time::Timestamp;

pub fn find_report(conn: &mut Conn, id: ReportId) -> Result<Option<ReportRow>> {
    Ok(reports::table.find(id).select(ReportRow::as_select()).first(conn).optional()?)
}

/// What these reports are called.
pub fn list_numbers(conn: &mut Conn, ids: &[ReportId]) -> Result<Vec<(ReportId, String)>> {
    Ok(reports::table.filter(reports::id.eq_any(ids)).select((reports::id, reports::number)).load(conn)?)
}

/// What narrows a list of reports.
#[derive(Debug, Clone, Default)]
pub struct ReportFilter {
    pub outlet: Option<OutletId>,
    /// Only what this person took or has in hand.
    pub hands: Option<PersonId>,
    pub owner: Option<PersonId>,
    pub state: Option<ReportState>,
    pub class: Option<ReportClass>,
    pub customer: Option<CustomerId>,
    /// Part of the caller's phone number, digits only.
    pub digits: Option<String>,
    /// Part of its number, a name, an address, a fault or a product, with `\` before the wildcards in it.
    pub part: Option<String>,
}

/// A page, newest first: `before` is the last id of the page before.
pub fn list_reports(
    conn: &mut Conn,
    filter: &ReportFilter,
    before: Option<ReportId>,
    limit: i64,
) -> Result<Vec<ReportRow>> {
    let mut query = reports::table.order(reports::id.desc()).limit(limit).select(ReportRow::as_select()).into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(reports::outlet_id.eq(outlet));
    }
    if let Some(person) = filter.hands {
        query = query.filter(reports::taken_by.eq(person).or(reports::owner_id.eq(person)));
    }
    if let Some(owner) = filter.owner {
        query = query.filter(reports::owner_id.eq(owner));
    }
    if let Some(state) = filter.state {
        query = query.filter(reports::state.eq(state));
    }
    if let Some(class) = filter.class {
        query = query.filter(reports::class.eq(class));
    }
    if let Some(customer) = filter.customer {
        query = query.filter(reports::customer_id.eq(customer));
    }
    if let Some(digits) = &filter.digits {
        query = query.filter(reports::phone_digits.like(format!("%{digits}%")));
    }
    if let Some(part) = &filter.part {
        let like = format!("%{part}%");
        let number = lower(reports::number.nullable()).like(lower(like.clone())).escape('\\').assume_not_null();
        let named = lower(reports::name).like(lower(like.clone())).escape('\\').assume_not_null();
        let lives = lower(reports::address).like(lower(like.clone())).escape('\\').assume_not_null();
        let fault = lower(reports::fault).like(lower(like.clone())).escape('\\').assume_not_null();
        let product = lower(reports::product).like(lower(like)).escape('\\').assume_not_null();
        query = query.filter(number.or(named).or(lives).or(fault).or(product));
    }
    if let Some(before) = before {
        query = query.filter(reports::id.lt(before));
    }
    Ok(query.load(conn)?)
}

/// How many earlier reports of each kind of likeness are looked at.
const ALIKE_ROWS: i64 = 30;

/// Earlier reports at this outlet by the same customer, phone number or address; newest first in each kind, and each once.
pub fn list_alike(conn: &mut Conn, report: &ReportRow) -> Result<Vec<ReportRow>> {
    let earlier = || {
        reports::table
            .filter(reports::outlet_id.eq(report.outlet_id).and(reports::id.lt(report.id)))
            .order(reports::id.desc())
            .limit(ALIKE_ROWS)
            .select(ReportRow::as_select())
    };
    let mut alike = Vec::new();
    if let Some(customer) = report.customer_id {
        alike.extend(earlier().filter(reports::customer_id.eq(customer)).load::<ReportRow>(conn)?);
    }
    if !report.phone_digits.is_empty() {
        alike.extend(earlier().filter(reports::phone_digits.eq(&report.phone_digits)).load::<ReportRow>(conn)?);
    }
    if !report.address_key.is_empty() {
        alike.extend(earlier().filter(reports::address_key.eq(&report.address_key)).load::<ReportRow>(conn)?);
    }
    alike.sort_by_key(|report| std::cmp::Reverse(report.id));
    alike.dedup_by(|a, b| a.id == b.id);
    Ok(alike)
}

/// How many reports were found to be the same fault as this one.
pub fn count_repeats(conn: &mut Conn, of: ReportId) -> Result<i64> {
    let same = reports::repeat_of.eq(of).and(reports::repeat_verdict.eq(RepeatVerdict::Same));
    Ok(reports::table.filter(same).count().get_result(conn)?)
}

/// When each of these jobs was closed.
pub fn list_job_ends(conn: &mut Conn, ids: &[JobId]) -> Result<Vec<(JobId, Option<Timestamp>)>> {
    Ok(jobs::table.filter(jobs::id.eq_any(ids)).select((jobs::id, jobs::closed_at)).load(conn)?)
}

pub fn insert_report(conn: &mut Conn, row: &ReportRow) -> Result<()> {
    diesel::insert_into(reports::table).values(row).execute(conn)?;
    Ok(())
}

pub fn update_report(conn: &mut Conn, row: &ReportRow) -> Result<()> {
    diesel::update(reports::table.find(row.id)).set(row).execute(conn)?;
    Ok(())
}

pub fn insert_owner(conn: &mut Conn, row: &ReportOwnerRow) -> Result<()> {
    diesel::insert_into(report_owners::table).values(row).execute(conn)?;
    Ok(())
}

/// Oldest first.
pub fn list_owners(conn: &mut Conn, report: ReportId) -> Result<Vec<ReportOwnerRow>> {
    Ok(report_owners::table
        .filter(report_owners::report_id.eq(report))
        .order((report_owners::since, report_owners::id))
        .select(ReportOwnerRow::as_select())
        .load(conn)?)
}
