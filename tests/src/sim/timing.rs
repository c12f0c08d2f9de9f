//! The clocks of jobs, held against when things really happened: the simulation knows, phone and server only estimate.

use super::bug::Bug;
use super::check::{clocks_of, text};
use super::world::World;
use schema::binary::Hash;
use schema::clock::Clock;
use schema::record::JobRecord;
use schema::retime::retimed;
use schema::rows::records::ChangeRow;
use schema::time::{MINUTE, SECOND, Timestamp};
use server::domain::records::{Stored, clocked};
use server::domain::templates;
use std::collections::BTreeMap;

/// Claims are whole seconds, and one that is believed stands as it is.
const ROUNDED_US: i64 = 3 * SECOND;

impl World {
    /// However late its facts came, and whatever the phones' clocks showed: a clock starts and stops when it really did, but for as much as
    /// the estimates say that they may be off.
    pub(super) fn check_clocks(&self, stored: &Stored, view: &JobRecord, rows: &[ChangeRow]) -> Result<(), String> {
        let truths: BTreeMap<Hash, Timestamp> =
            rows.iter().filter_map(|row| Some((row.hash, self.truth(row)?))).collect();
        // Of what an old image brought back nobody knows when it was written.
        if rows.iter().any(|row| row.device_id.is_some() && !truths.contains_key(&row.hash)) {
            return Ok(());
        }
        let off_us = rows.iter().filter(|row| truths.contains_key(&row.hash)).filter_map(|row| row.error_us).max();
        let off_us = off_us.unwrap_or(0).saturating_add(ROUNDED_US);
        // Where two things may have happened the other way round, other clocks may run; then there is nothing to compare.
        if off_us > MINUTE / 2 {
            return Ok(());
        }
        self.timed.set(self.timed.get() + 1);
        let estimated = match self.is_planted(Bug::ClaimsBelieved) {
            true => view.clone(),
            false => self.house.look(|conn| clocked(conn, stored)).map_err(text)?.view,
        };
        let truth = |path: &[String], _| truths.get(&stored.record.written_by(path)?).copied();
        let checklist = self.house.look(|conn| templates::of_job(conn, view)).map_err(text)?;
        let real = clocks_of(&retimed(view.clone(), &truth), &checklist)?;
        let estimated = clocks_of(&estimated, &checklist)?;
        if estimated.len() != real.len() {
            return Err(format!("{} clocks ran, and really {}", estimated.len(), real.len()));
        }
        estimated.iter().zip(&real).try_for_each(|(clock, real)| fits(clock, real, off_us))
    }

    fn truth(&self, row: &ChangeRow) -> Option<Timestamp> {
        self.ledger.written.get(&(row.job_id, row.hash))?.at
    }
}

fn fits(clock: &Clock, real: &Clock, off_us: i64) -> Result<(), String> {
    let near = |a: Timestamp, b: Timestamp| a.apart(b) <= off_us;
    let stops = match (clock.stopped_at, real.stopped_at) {
        (Some(a), Some(b)) => near(a, b),
        (a, b) => a == b,
    };
    if (&clock.rule, clock.run) == (&real.rule, real.run) && near(clock.started_at, real.started_at) && stops {
        return Ok(());
    }
    Err(format!("a clock ran otherwise than it says, by more than {off_us} µs: {clock:?}, and really {real:?}"))
}
