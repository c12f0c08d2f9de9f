//! Making the projections again from the log, and comparing those that stand with what the log makes.

use crate::db::backup::{self as rows, Table};
use crate::db::{self, Conn, DbError};
use crate::domain::records::project::{Projected, project};
use crate::domain::reports;
use schema::binary::Bytes;
use schema::id::JobId;
use schema::problem::Problem;
use std::collections::BTreeSet;
use sync::record::Record;

/// What [`db::jobs::delete_all`] empties; and the reports and the calls that are due, of which a part follows from the record.
const PROJECTIONS: [&str; 5] = ["follow_ups", "job_clocks", "job_photos", "jobs", "reports"];

/// A row that stands otherwise than the log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub table: String,
    /// The row's first column.
    pub row: String,
    /// As JSON by column; `nothing` where there is no such row.
    pub stands: String,
    pub should: String,
}

/// Drops all projections and makes them again from the log; answers how many jobs there were. `progress` hears of each so far.
pub fn rebuild(conn: &mut Conn, progress: &mut dyn FnMut(usize)) -> Result<usize, Problem> {
    db::jobs::delete_all(conn)?;
    let (mut after, mut count): (Option<JobId>, usize) = (None, 0);
    loop {
        let jobs = db::records::list_ids(conn, after, 500)?;
        let Some(last) = jobs.last() else { return Ok(count) };
        after = Some(*last);
        for job in &jobs {
            let record = replay(conn, *job)?;
            let view = record.read().map_err(Problem::internal)?;
            project(conn, &[Projected::of(&record, &view)])?;
            reports::record::project(conn, &view)?;
            count += 1;
            progress(count);
        }
    }
}

/// The record from the log alone: a snapshot is derived too.
fn replay(conn: &mut Conn, job: JobId) -> Result<Record, Problem> {
    let damaged = |why: String| Problem::internal(format!("the log of job {job} is damaged: {why}"));
    let row = db::records::find_record(conn, job)?.ok_or_else(|| damaged("it has no end".to_owned()))?;
    let log: Vec<Bytes> = db::records::list_bytes(conn, job, 0, row.length)?.into_iter().map(Bytes).collect();
    let mut record = Record::new();
    record.apply_trusted(&log).map_err(|error| damaged(error.to_string()))?;
    if record.heads() == db::records::heads_from_bytes(&row.heads) {
        return Ok(record);
    }
    Err(damaged("it does not end in the heads that were noted".to_owned()))
}

/// Rebuilds and answers how many jobs there were and what came out otherwise. The caller rolls back.
pub fn compare(conn: &mut Conn, progress: &mut dyn FnMut(usize)) -> Result<(usize, Vec<Difference>), Problem> {
    let tables: Vec<Table> =
        rows::list_tables(conn)?.into_iter().filter(|table| PROJECTIONS.contains(&table.name.as_str())).collect();
    let before = tables.iter().map(|table| all_rows(conn, table)).collect::<Result<Vec<_>, DbError>>()?;
    let count = rebuild(conn, progress)?;
    let mut differences = Vec::new();
    for (table, stood) in tables.iter().zip(before) {
        let should = all_rows(conn, table)?;
        differences.extend(stood.difference(&should).map(|row| difference(table, row, &should, true)));
        let is_new = |row: &&String| !stood.iter().any(|other| key(table, other) == key(table, row));
        let missing = should.difference(&stood).filter(is_new);
        differences.extend(missing.map(|row| difference(table, row, &stood, false)));
    }
    Ok((count, differences))
}

fn all_rows(conn: &mut Conn, table: &Table) -> Result<BTreeSet<String>, DbError> {
    let mut found = BTreeSet::new();
    rows::visit_rows(conn, table, |row| -> Result<(), DbError> {
        found.insert(row.to_owned());
        Ok(())
    })?;
    Ok(found)
}

fn values(row: &str) -> Vec<serde_json::Value> {
    serde_json::from_str(row).unwrap_or_default()
}

/// What names a row: the job, and the rule of a clock or the hash of a photo.
fn key(table: &Table, row: &str) -> Vec<serde_json::Value> {
    let columns = if matches!(table.name.as_str(), "job_clocks" | "job_photos") { 2 } else { 1 };
    values(row).into_iter().take(columns).collect()
}

fn difference(table: &Table, row: &str, others: &BTreeSet<String>, stands: bool) -> Difference {
    let key = key(table, row);
    let other = others.iter().find(|other| self::key(table, other) == key);
    let shown = |row: &str, other: Option<&String>| {
        let theirs = other.map(|other| values(other)).unwrap_or_default();
        let columns = table.columns.iter().zip(values(row)).enumerate();
        let differing = columns.filter(|(at, (_, value))| theirs.get(*at) != Some(value));
        differing.map(|(_, (column, value))| format!("{}={value}", column.name)).collect::<Vec<_>>().join(" ")
    };
    let row_text = shown(row, other);
    let other_text = other.map_or("nothing".to_owned(), |other| shown(other, Some(&row.to_owned())));
    let (stands, should) = if stands { (row_text, other_text) } else { (other_text, row_text) };
    let row = key.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Difference { table: table.name.clone(), row, stands, should }
}
