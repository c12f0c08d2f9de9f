//! Photos: which ones a record names, which of them are owed, and who may have them.
//!
//! Whoever knows a hash knows nothing but a hash. A photo is read through a job that names it, by those who may know of that job, and
//! only where the bytes were handed in *for that job*: by somebody who had them. So nobody gets at a photo by naming its hash in a
//! record of their own, and nobody learns from an answer whether another outlet has it.

use crate::auth::Caller;
use crate::db::photos::{OwedFilter, OwedRow};
use crate::db::{self, Conn};
use crate::domain::records::Projected;
use crate::domain::{access, quarantine, templates};
use schema::binary::Hash;
use schema::id::{DeviceId, JobId, PersonId};
use schema::page::Page;
use schema::photo::{JobPhoto, OwedPhoto, PhotoReceipt, PhotoRefusal, photo_message};
use schema::place;
use schema::problem::{Kind, Problem};
use schema::record::Photo;
use schema::rows::photos::{JobPhotoRow, PhotoReceiptRow, PhotoRow};
use schema::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use sync::seal::ServerKey;

/// Writes the rows of photos that records name anew. A job without photos costs nothing.
pub fn project(conn: &mut Conn, records: &[Projected<'_>]) -> Result<(), Problem> {
    let jobs: Vec<JobId> =
        records.iter().filter(|one| !one.view.photos.is_empty()).map(|one| one.view.meta.job).collect();
    if jobs.is_empty() {
        return Ok(());
    }
    let stand: BTreeMap<(JobId, Hash), JobPhotoRow> =
        db::photos::list_named(conn, &jobs)?.into_iter().map(|row| ((row.job_id, row.sha256), row)).collect();
    for one in records {
        let job = one.view.meta.job;
        let named = one.view.photos.iter().filter_map(|(text, photo)| Some((text.as_str(), text.parse().ok()?, photo)));
        let is_new =
            |(_, sha256, photo): &(&str, Hash, &Photo)| !stand.get(&(job, *sha256)).is_some_and(|row| says(row, photo));
        let new: Vec<(&str, Hash, &Photo)> = named.filter(is_new).collect();
        if !new.is_empty() {
            let rows = rows(conn, one, &new)?;
            db::photos::replace_named(conn, job, &rows)?;
        }
    }
    Ok(())
}

/// The row says of the photo what the record does.
fn says(row: &JobPhotoRow, photo: &Photo) -> bool {
    row.step == photo.step
        && (row.bytes, row.width, row.height) == (photo.bytes, photo.width, photo.height)
        && (row.person_id, row.taken_at) == (photo.by, photo.at)
}

fn rows(conn: &mut Conn, one: &Projected<'_>, new: &[(&str, Hash, &Photo)]) -> Result<Vec<JobPhotoRow>, Problem> {
    let (job, outlet_id) = (one.view.meta.job, one.view.meta.outlet);
    let changes = one.record.photo_changes(new.iter().map(|(text, ..)| *text));
    let hashes: Vec<Hash> = changes.values().copied().collect();
    let origins: BTreeMap<Hash, (Option<DeviceId>, Timestamp)> = db::records::list_origins(conn, job, &hashes)?
        .into_iter()
        .map(|(change, device, received_at)| (change, (device, received_at)))
        .collect();
    let mut settled: BTreeSet<Hash> =
        db::photos::list_receipts(conn, &[job])?.into_iter().map(|row| row.sha256).collect();
    settled.extend(db::photos::list_refusals(conn, &[job])?.into_iter().map(|row| row.sha256));
    let row = |(text, sha256, photo): &(&str, Hash, &Photo)| {
        let origin = changes.get(text).and_then(|change| origins.get(change));
        let (device_id, named_at) = origin.copied().unwrap_or((None, photo.at));
        JobPhotoRow {
            job_id: job,
            sha256: *sha256,
            outlet_id,
            step: photo.step.clone(),
            bytes: photo.bytes,
            width: photo.width,
            height: photo.height,
            person_id: photo.by,
            device_id,
            taken_at: photo.at,
            named_at,
            owed_since: (!settled.contains(sha256)).then_some(named_at),
        }
    };
    Ok(new.iter().map(row).collect())
}

/// The photo as this job's record names it, or what was refused of the job, for those who may hand it in: who took it, though the job left
/// their hands since, and who may know of the job. Reads entries of the inbox where need be: not while something is being written.
pub fn named(conn: &mut Conn, caller: &Caller, (job, sha256): (JobId, Hash)) -> Result<JobPhotoRow, Problem> {
    let row = match db::photos::find_named(conn, job, sha256)? {
        Some(row) => Some(row),
        None => quarantine::photos::find_named(conn, caller, (job, sha256))?,
    };
    let row = row.ok_or_else(|| Problem::new(Kind::NotFound))?;
    if row.person_id != caller.person {
        access::job(conn, caller, job)?;
    }
    Ok(row)
}

/// The photo as it lies in the store, for those who may see it in this job.
pub fn held(conn: &mut Conn, caller: &Caller, (job, sha256): (JobId, Hash)) -> Result<PhotoRow, Problem> {
    access::job(conn, caller, job)?;
    named(conn, caller, (job, sha256))?;
    handed_in(conn, (job, sha256))
}

/// The same for a customer, who was looked at already: what is not in the record is nothing to them.
pub fn held_for(conn: &mut Conn, (job, sha256): (JobId, Hash)) -> Result<PhotoRow, Problem> {
    db::photos::find_named(conn, job, sha256)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    handed_in(conn, (job, sha256))
}

fn handed_in(conn: &mut Conn, (job, sha256): (JobId, Hash)) -> Result<PhotoRow, Problem> {
    let not_found = || Problem::new(Kind::NotFound);
    db::photos::find_receipt(conn, job, sha256)?.ok_or_else(not_found)?;
    db::photos::find_photo(conn, sha256)?.ok_or_else(not_found)
}

/// The server's signed word that it holds the photo for this job.
pub fn receipt(
    conn: &mut Conn,
    caller: &Caller,
    (job, sha256): (JobId, Hash),
    key: &ServerKey,
) -> Result<PhotoReceipt, Problem> {
    named(conn, caller, (job, sha256))?;
    let PhotoRow { bytes, .. } = handed_in(conn, (job, sha256))?;
    let row = db::photos::find_receipt(conn, job, sha256)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let received_at = row.received_at;
    let signature = key.sign(&photo_message(job, sha256, bytes, received_at));
    Ok(PhotoReceipt { job, sha256, bytes, received_at, signature, key: key.public_key() })
}

/// The photos that a job's record names, with what is known of those that are here.
pub fn list_of_job(conn: &mut Conn, caller: &Caller, job: JobId) -> Result<Vec<JobPhoto>, Problem> {
    access::job(conn, caller, job)?;
    let rows = db::photos::list_named(conn, &[job])?;
    let receipts: BTreeMap<Hash, PhotoReceiptRow> =
        db::photos::list_receipts(conn, &[job])?.into_iter().map(|row| (row.sha256, row)).collect();
    let refusals: BTreeMap<Hash, PhotoRefusal> =
        db::photos::list_refusals(conn, &[job])?.into_iter().map(|row| (row.sha256, row.why)).collect();
    let here: Vec<Hash> = receipts.keys().copied().collect();
    let photos: BTreeMap<Hash, PhotoRow> =
        db::photos::list_photos(conn, &here)?.into_iter().map(|row| (row.sha256, row)).collect();
    let photo = |row: JobPhotoRow| {
        let here = photos.get(&row.sha256);
        JobPhoto {
            sha256: row.sha256,
            step: row.step,
            bytes: row.bytes,
            width: row.width,
            height: row.height,
            by: row.person_id,
            taken_at: row.taken_at,
            owed_since: row.owed_since,
            refused: refusals.get(&row.sha256).copied(),
            received_at: receipts.get(&row.sha256).map(|receipt| receipt.received_at),
            media_type: here.map(|photo| photo.media_type.clone()),
            evidence: here.and_then(|photo| serde_json::from_str(&photo.evidence).ok()),
            copies: here.map(|photo| photo.copies),
        }
    };
    Ok(rows.into_iter().map(photo).collect())
}

/// Photos owed to an outlet, a page at a time; `after` names the last of the page before.
pub fn list_owed(
    conn: &mut Conn,
    filter: OwedFilter,
    after: Option<(JobId, Hash)>,
    limit: i64,
) -> Result<Page<OwedPhoto>, Problem> {
    let after = match after {
        Some((job, sha256)) => db::photos::find_named(conn, job, sha256)?,
        None => None,
    };
    let rows = db::photos::list_owed(conn, filter, after.as_ref(), limit.saturating_add(1))?;
    let mut owed = |row: OwedRow| {
        let OwedRow { photo, number, template, template_version, person_name, device_name } = row;
        let checklist = templates::find(conn, &template, u32::try_from(template_version).unwrap_or(0))?;
        Ok(OwedPhoto {
            job: photo.job_id,
            number,
            sha256: photo.sha256,
            bytes: photo.bytes,
            step_name: place::step_name(&photo.step, checklist.as_deref()),
            step: photo.step,
            person: photo.person_id,
            person_name,
            device: photo.device_id,
            device_name,
            taken_at: photo.taken_at,
            since: photo.owed_since.unwrap_or(photo.named_at),
        })
    };
    let owed = rows.into_iter().map(&mut owed).collect::<Result<Vec<_>, Problem>>()?;
    Ok(Page::cut(owed, limit, |owed| format!("{}.{}", owed.job, owed.sha256)))
}

/// What each of these people's phones owes.
pub fn owed_by(conn: &mut Conn, persons: &[PersonId]) -> Result<BTreeMap<PersonId, Vec<Hash>>, Problem> {
    let mut owed: BTreeMap<PersonId, Vec<Hash>> = BTreeMap::new();
    for (person, sha256) in db::photos::list_owed_by(conn, persons)? {
        let hashes = owed.entry(person).or_default();
        if hashes.len() < schema::limits::PHOTOS_OWED_MAX && !hashes.contains(&sha256) {
            hashes.push(sha256);
        }
    }
    Ok(owed)
}
