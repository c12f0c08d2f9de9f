//! A new epoch: this database may lack what it once had, as after a restore, or a failover that lost transactions.

use crate::db::{self, Conn};
use crate::domain::day;
use schema::time::Timestamp;

/// Begins it: phones compare what they hold with what is here, and of the numbers that people hold none is given again.
pub fn begin(conn: &mut Conn, epoch: i64, now: Timestamp) -> db::Result<()> {
    db::meta::set_value(conn, "epoch", &epoch.to_string())?;
    day::part_numbers(conn, now)
}
