//! An outlet's day: where it begins, and the numbers that are handed out on it.

use crate::db::{self, Conn};
use chrono_tz::Tz;
use schema::outlet::Outlet;
use schema::problem::Problem;
use schema::time::Timestamp;

pub fn time_zone(outlet: &Outlet) -> Tz {
    outlet.time_zone.parse().unwrap_or(Tz::Asia__Shanghai)
}

/// The next number of the day, as in `BX-20260302-0007`. Numbers of one kind are one row for all outlets, so that none comes twice.
pub fn next_number(conn: &mut Conn, outlet: &Outlet, prefix: &str, now: Timestamp) -> Result<String, Problem> {
    let date = now.to_utc().with_timezone(&time_zone(outlet)).format("%Y%m%d");
    let day = format!("{prefix}-{date}");
    let number = db::meta::next_number(conn, &day)?;
    Ok(format!("{day}-{number:04}"))
}
