//! An outlet's day: where it begins, and the numbers that are handed out on it.
//!
//! The counters lie in the database. After a restore from a backup, or a failover that lost transactions, they say nothing of the
//! numbers that were given since, and customers hold those. Nobody knows how many there were, so no gap would be sure to be wide
//! enough: until the day is over, numbers bear the minute in which the new epoch began, as in `WX-20260302-1432-0001`.

use crate::db::{self, Conn};
use chrono_tz::Tz;
use schema::outlet::Outlet;
use schema::problem::Problem;
use schema::time::Timestamp;

/// In `meta`: the last day of which numbers may have been given that are not known here, and what the later ones bear.
const PARTED: &str = "numbers_parted";

pub fn time_zone(outlet: &Outlet) -> Tz {
    zone(&outlet.time_zone)
}

fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::Asia__Shanghai)
}

/// The next number of the day, as in `BX-20260302-0007`. Numbers of one kind are one row for all outlets, so that none comes twice.
pub fn next_number(conn: &mut Conn, outlet: &Outlet, prefix: &str, now: Timestamp) -> Result<String, Problem> {
    let date = now.to_utc().with_timezone(&time_zone(outlet)).format("%Y%m%d").to_string();
    let parted = db::meta::find_value(conn, PARTED)?;
    let part = parted.as_deref().and_then(|parted| parted.split_once('-'));
    let day = match part.filter(|(last, _)| date.as_str() <= *last) {
        Some((_, minute)) => format!("{prefix}-{date}-{minute}"),
        None => format!("{prefix}-{date}"),
    };
    let number = db::meta::next_number(conn, &day)?;
    Ok(format!("{day}-{number:04}"))
}

/// From here on no number comes that may have been given before. What tells them apart is the clock's, since whatever a backup holds
/// comes again with it: two restores of one file must differ. An outlet further east has begun the next day already.
pub fn part_numbers(conn: &mut Conn, now: Timestamp) -> db::Result<()> {
    let outlets = db::outlets::list_outlets(conn, None, None, i64::MAX)?;
    let local = |zone: Tz| now.to_utc().with_timezone(&zone).naive_local();
    let latest = outlets.iter().map(|outlet| local(zone(&outlet.time_zone))).max();
    let latest = latest.unwrap_or_else(|| local(Tz::Asia__Shanghai));
    db::meta::set_value(conn, PARTED, &latest.format("%Y%m%d-%H%M").to_string())
}
