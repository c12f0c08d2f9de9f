//! Requests for the price of what is not on the list.

use crate::db::kept::{load_kept, padded};
use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::{JobId, OutletId, PriceRequestId};
use schema::rows::price_requests::PriceRequestRow;
use schema::tables::price_requests;

pub fn find_price_request(conn: &mut Conn, id: PriceRequestId) -> Result<Option<PriceRequestRow>> {
    Ok(price_requests::table.find(id).select(PriceRequestRow::as_select()).first(conn).optional()?)
}

/// What narrows a list of price requests.
#[derive(Debug, Clone, Copy, Default)]
pub struct PriceRequestFilter {
    pub outlet: Option<OutletId>,
    pub job: Option<JobId>,
    pub is_open: Option<bool>,
}

/// A page in the order in which they were asked: so the first due comes first.
pub fn list_price_requests(
    conn: &mut Conn,
    filter: PriceRequestFilter,
    after: Option<PriceRequestId>,
    limit: i64,
) -> Result<Vec<PriceRequestRow>> {
    let mut query =
        price_requests::table.order(price_requests::id).limit(limit).select(PriceRequestRow::as_select()).into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(price_requests::outlet_id.eq(outlet));
    }
    if let Some(job) = filter.job {
        query = query.filter(price_requests::job_id.eq(job));
    }
    match filter.is_open {
        Some(true) => query = query.filter(price_requests::answered_at.is_null()),
        Some(false) => query = query.filter(price_requests::answered_at.is_not_null()),
        None => {}
    }
    if let Some(after) = after {
        query = query.filter(price_requests::id.gt(after));
    }
    Ok(query.load(conn)?)
}

/// All of these jobs, in the order in which they were asked.
pub fn list_of_jobs(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<PriceRequestRow>> {
    Ok(load_kept!(
        conn,
        price_requests::table
            .filter(price_requests::job_id.eq_any(padded(jobs)))
            .order(price_requests::id)
            .select(PriceRequestRow::as_select())
    ))
}

pub fn insert_price_request(conn: &mut Conn, row: &PriceRequestRow) -> Result<()> {
    diesel::insert_into(price_requests::table).values(row).execute(conn)?;
    Ok(())
}

/// Writes the answer, if there is none yet. False where there is.
pub fn update_answer(conn: &mut Conn, row: &PriceRequestRow) -> Result<bool> {
    let target = price_requests::table.filter(price_requests::id.eq(row.id).and(price_requests::answered_at.is_null()));
    let answer = (
        price_requests::answered_by.eq(row.answered_by),
        price_requests::answered_at.eq(row.answered_at),
        price_requests::feasible.eq(row.feasible),
        price_requests::unit.eq(&row.unit),
        price_requests::price_minor.eq(row.price_minor),
        price_requests::currency.eq(&row.currency),
        price_requests::remark.eq(&row.remark),
        price_requests::destroys_data.eq(row.destroys_data),
    );
    Ok(diesel::update(target).set(answer).execute(conn)? == 1)
}
