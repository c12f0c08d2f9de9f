//! What was done before for the customers to whom a technician goes: found, repaired, replaced, by whom, and whether it is still
//! warranted. It goes to phones beside the records, never into them: it belongs to other jobs, which their holders may not all read.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::{clocks, records};
use schema::earlier_visit::{EarlierPart, EarlierVisit, EarlierVisits};
use schema::id::JobId;
use schema::limits::EARLIER_VISITS_MAX;
use schema::problem::Problem;
use schema::record::{JobRecord, ReportField};
use schema::rows::jobs::JobRow;
use schema::time::Timestamp;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Of every job in the caller's hands.
pub fn list(conn: &mut Conn, caller: &Caller, now: Timestamp) -> Result<Vec<EarlierVisits>, Problem> {
    let in_hand = db::feed::list_granted(conn, caller.person)?;
    let rows = db::jobs::list_by_id(conn, &in_hand)?;
    // Two jobs of one customer have the same past.
    let mut known: BTreeMap<JobId, EarlierVisit> = BTreeMap::new();
    rows.iter()
        .filter(|row| caller.require_outlet(row.outlet_id).is_ok())
        .map(|row| of_job(conn, row, now, &mut known))
        .collect()
}

fn of_job(
    conn: &mut Conn,
    today: &JobRow,
    now: Timestamp,
    known: &mut BTreeMap<JobId, EarlierVisit>,
) -> Result<EarlierVisits, Problem> {
    let record = records::load(conn, today.id)?.view()?;
    let rows = db::jobs::list_before(conn, today, i64::try_from(EARLIER_VISITS_MAX).unwrap_or(i64::MAX))?;
    let mut visits = Vec::with_capacity(rows.len());
    for row in rows {
        let visit = match known.entry(row.id) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(vacant) => vacant.insert(visit(conn, &row, now)?).clone(),
        };
        let is_same_product = is_same_product(&record, &visit);
        visits.push(EarlierVisit { is_same_product, ..visit });
    }
    Ok(EarlierVisits { job: today.id, visits })
}

fn visit(conn: &mut Conn, row: &JobRow, now: Timestamp) -> Result<EarlierVisit, Problem> {
    let stored = records::load(conn, row.id)?;
    let record = stored.view()?;
    let known = |field: ReportField| record.known(field).map(str::to_owned);
    let warranted_until = clocks::warranty_until(conn, &stored, now)?;
    let parts = record.fitted_parts().into_iter().map(|(_, part)| EarlierPart {
        code: part.code.clone(),
        name: part.name.clone(),
        quantity_milli: part.quantity_milli,
        serial: part.serial.clone(),
    });
    Ok(EarlierVisit {
        number: row.number.clone(),
        status: row.status,
        reported_at: row.reported_at,
        ended_at: ended_at(row, &record),
        technician: record.assignment().map(|assignment| assignment.technician_name.clone()),
        product: known(ReportField::Product),
        model: known(ReportField::Model),
        serial: known(ReportField::Serial),
        is_same_product: false,
        fault: known(ReportField::Fault),
        cause: record.diagnosis.cause.clone(),
        measures: record.diagnosis.measures.clone(),
        parts: parts.collect(),
        warranted_until,
    })
}

/// Also of work that nobody wanted to sign for.
fn ended_at(row: &JobRow, record: &JobRecord) -> Option<Timestamp> {
    let signed = record.current_sign_offs().first().map(|(_, sign_off)| sign_off.at);
    signed.or(row.closed_at)
}

fn is_same_product(record: &JobRecord, visit: &EarlierVisit) -> bool {
    let same = |one: Option<&str>, other: Option<&str>| match (one, other) {
        (Some(one), Some(other)) => Some(one.trim().eq_ignore_ascii_case(other.trim())),
        _ => None,
    };
    let serial = same(record.known(ReportField::Serial), visit.serial.as_deref());
    let model = || same(record.known(ReportField::Model), visit.model.as_deref());
    serial.or_else(model).unwrap_or(false)
}
