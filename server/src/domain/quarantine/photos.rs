//! Photos that entries of the inbox name. Their bytes are taken in as those that a record names: what was refused is kept, and so is what
//! belongs to it. Whoever adopts the entry has them, and the phone that took them may let go of them.

use crate::auth::Caller;
use crate::db::quarantine::EntryFilter;
use crate::db::{self, Conn};
use crate::domain::records;
use crate::domain::sync::kept::parted;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::JobId;
use schema::people::Permission;
use schema::problem::Problem;
use schema::record::Photo;
use schema::rows::photos::JobPhotoRow;
use schema::rows::records::QuarantineRow;
use sync::admit::{Limits, decode};
use sync::record::Record;

/// Entries of one job that are searched, the newest first: reading one may take a while.
const ENTRIES_MAX: i64 = 20;

/// The photo as an entry about this job names it, for its author and for whoever decides about entries, in the job's outlet.
pub fn find_named(
    conn: &mut Conn,
    caller: &Caller,
    (job, sha256): (JobId, Hash),
) -> Result<Option<JobPhotoRow>, Problem> {
    let Some(of) = db::jobs::find_job(conn, job)? else { return Ok(None) };
    if caller.require_outlet(of.outlet_id).is_err() {
        return Ok(None);
    }
    let filter = EntryFilter { job: Some(job), outlet: Some(of.outlet_id), ..EntryFilter::default() };
    let decides = caller.role.may(Permission::Dispatch);
    let mut entries = db::quarantine::list_entries(conn, filter, ENTRIES_MAX)?;
    entries.retain(|entry| decides || entry.person_id == caller.person);
    if entries.is_empty() {
        return Ok(None);
    }
    let record = records::load(conn, job)?.record;
    let found = entries.iter().find_map(|entry| Some((entry, named_in(&record, entry, sha256)?)));
    Ok(found.map(|(entry, photo)| JobPhotoRow {
        job_id: job,
        sha256,
        outlet_id: of.outlet_id,
        step: photo.step,
        bytes: photo.bytes,
        width: photo.width,
        height: photo.height,
        person_id: photo.by,
        device_id: Some(entry.device_id),
        taken_at: photo.at,
        named_at: entry.received_at,
        owed_since: None,
    }))
}

/// What the entry says of the photo, where that is something that a record could hold.
fn named_in(record: &Record, entry: &QuarantineRow, sha256: Hash) -> Option<Photo> {
    let changes = decode(record, entry.person_id, &parted(&entry.bytes), &Limits::default());
    changes.into_iter().flat_map(|change| change.writes).find_map(|write| match write.edit {
        Ok(Edit::Photo { sha256: named, photo }) if named == sha256 => Some(photo),
        _ => None,
    })
}
