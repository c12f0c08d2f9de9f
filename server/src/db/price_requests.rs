//! Requests for the price of what is not on the list.

use crate::db::kept::{load_kept, padded};
use crate::db::order::{falling, rising};
use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::{JobId, OutletId, PriceRequestId};
use schema::rows::price_requests::PriceRequestRow;
use schema::tables::price_requests;
use schema::time::Timestamp;

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

/// A page that begins after this row: where only open ones are asked for the first due first, where only others the last answered first, else in
/// the order in which they were asked.
pub fn list_price_requests(
    conn: &mut Conn,
    filter: PriceRequestFilter,
    after: Option<&PriceRequestRow>,
    limit: i64,
) -> Result<Vec<PriceRequestRow>> {
    let mut query = price_requests::table.limit(limit).select(PriceRequestRow::as_select()).into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(price_requests::outlet_id.eq(outlet));
    }
    if let Some(job) = filter.job {
        query = query.filter(price_requests::job_id.eq(job));
    }
    let (answered_at, id) = (price_requests::answered_at, price_requests::id);
    Ok(match filter.is_open {
        Some(true) => {
            let (query, after) = (query.filter(answered_at.is_null()), after.map(|row| (row.due_at, row.id)));
            rising!(query, (price_requests::due_at, id), after).load(conn)?
        }
        Some(false) => {
            let (query, after) = (query.filter(answered_at.is_not_null()), after.and_then(ended));
            falling!(query, (answered_at.assume_not_null(), id), after).load(conn)?
        }
        None => {
            if let Some(after) = after {
                query = query.filter(id.gt(after.id));
            }
            query.order(id).load(conn)?
        }
    })
}

/// Its place among those that are answered; what is not would come before them all.
fn ended(row: &PriceRequestRow) -> Option<(Timestamp, PriceRequestId)> {
    row.answered_at.zip(Some(row.id))
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
