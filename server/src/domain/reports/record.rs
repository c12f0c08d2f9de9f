//! A report and its job's record, kept in step both ways: what the desk corrects in the report goes into the record, and what is
//! corrected on the job comes back, so that lists, searches and the detection of repeats compare what is known now.

use super::Desk;
use super::told::Told;
use crate::db::{self, Conn};
use crate::domain::records::{self, Office};
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::EntryId;
use schema::problem::Problem;
use schema::record::{Correction, JobRecord, Report, ReportField};
use schema::rows::reports::ReportRow;

/// Brings the report's row to what the record of its job knows. A report that was joined to an earlier one's job stays as it was told.
pub fn project(conn: &mut Conn, view: &JobRecord) -> Result<(), Problem> {
    let Some(mut row) = db::reports::find_report(conn, view.meta.report)? else { return Ok(()) };
    let mut told = Told::from_row(&row);
    let known = view.known_report();
    if told.report == known {
        return Ok(());
    }
    told.report = known;
    told.write_to(&mut row);
    Ok(db::reports::update_report(conn, &row)?)
}

/// Writes what the desk changed in a report to its job's record, as one change.
pub(super) fn bring(
    conn: &mut Conn,
    desk: Desk<'_>,
    row: &ReportRow,
    (before, after): (&Report, &Report),
) -> Result<(), Problem> {
    let Some(job) = row.job_id else { return Ok(()) };
    let stored = records::load_to_write(conn, job)?;
    let view = stored.view()?;
    // A report that was joined to an earlier one's job does not speak for that job.
    if view.meta.report != row.id {
        return Ok(());
    }
    let changed = ReportField::ALL.iter().copied().filter(|field| before.get(*field) != after.get(*field));
    let edits: Vec<Edit> =
        changed.flat_map(|field| set(&view, desk.office(), desk.draw.entry, (field, after.get(field)))).collect();
    if edits.is_empty() {
        return Ok(());
    }
    records::write_stored(conn, desk.office(), stored, None, &edits)?;
    Ok(())
}

/// What makes a field known as this; nothing where it is already. A correction made on the job hides what is set beneath it, so it is
/// answered by a later one, and stays on record.
pub fn set(view: &JobRecord, office: Office, draw: [u8; 10], (field, value): (ReportField, Option<&str>)) -> Vec<Edit> {
    if view.known(field) == value {
        return Vec::new();
    }
    let mut edits = Vec::new();
    if view.report.get(field) != value {
        edits.push(Edit::SetReport { field, value: value.map(str::to_owned) });
    }
    let hides = view.corrected(field).is_some_and(|text| !text.trim().is_empty());
    if let Some(by) = office.person.filter(|_| hides) {
        // After the one that it answers, also where the phone's clock ran ahead.
        let last = view.corrections.values().filter(|other| other.field == field).map(|other| other.at).max();
        let at = last.map_or(office.now, |last| office.now.max(last.plus(1)));
        let named = Hash::of_all([draw.as_slice(), field.as_str().as_bytes()]).0;
        let id = EntryId::new(named.first_chunk().copied().unwrap_or(draw));
        let correction = Correction { field, value: value.unwrap_or_default().to_owned(), by, at };
        edits.push(Edit::Correct { id, correction });
    }
    edits
}
