//! Photos: what records name, what lies in the store, and for which jobs it was handed in.

use crate::db::kept::{load_kept, padded};
use crate::db::{Conn, Result, insert_rows, on_conn};
use diesel::prelude::*;
use schema::binary::Hash;
use schema::id::{DeviceId, JobId, OutletId, PersonId};
use schema::photo::PhotoCopies;
use schema::rows::photos::{JobPhotoRow, PhotoReceiptRow, PhotoRefusalRow, PhotoRow};
use schema::tables::{devices, job_photos, jobs, people, photo_receipts, photo_refusals, photos};
use schema::time::Timestamp;

pub fn find_named(conn: &mut Conn, job: JobId, sha256: Hash) -> Result<Option<JobPhotoRow>> {
    Ok(job_photos::table.find((job, sha256)).select(JobPhotoRow::as_select()).first(conn).optional()?)
}

/// The photos that these jobs' records name, in the order in which they were taken.
pub fn list_named(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<JobPhotoRow>> {
    Ok(job_photos::table
        .filter(job_photos::job_id.eq_any(jobs))
        .order((job_photos::taken_at, job_photos::sha256))
        .select(JobPhotoRow::as_select())
        .load(conn)?)
}

/// The jobs that name this photo, and who took it there.
pub fn list_jobs_of(conn: &mut Conn, sha256: Hash) -> Result<Vec<(JobId, PersonId)>> {
    let named = job_photos::table.filter(job_photos::sha256.eq(sha256));
    Ok(named.order(job_photos::job_id).select((job_photos::job_id, job_photos::person_id)).load(conn)?)
}

/// Puts these in the place of what stood there.
pub fn replace_named(conn: &mut Conn, job: JobId, rows: &[JobPhotoRow]) -> Result<()> {
    let photos: Vec<Hash> = rows.iter().map(|row| row.sha256).collect();
    let stood = job_photos::table.filter(job_photos::job_id.eq(job).and(job_photos::sha256.eq_any(photos)));
    diesel::delete(stood).execute(conn)?;
    insert_rows!(conn, job_photos::table, rows.iter().collect::<Vec<_>>());
    Ok(())
}

/// The photo is here for this job, or never will be.
pub fn settle(conn: &mut Conn, job: JobId, sha256: Hash) -> Result<()> {
    let row = job_photos::table.find((job, sha256));
    diesel::update(row).set(job_photos::owed_since.eq(None::<Timestamp>)).execute(conn)?;
    Ok(())
}

/// The photos that these people took and that are not here, the longest owed first.
pub fn list_owed_by(conn: &mut Conn, persons: &[PersonId]) -> Result<Vec<(PersonId, Hash)>> {
    Ok(load_kept!(
        conn,
        job_photos::table
            .filter(job_photos::person_id.eq_any(padded(persons)).and(job_photos::owed_since.is_not_null()))
            .order((job_photos::owed_since, job_photos::sha256))
            .select((job_photos::person_id, job_photos::sha256))
    ))
}

pub fn count_owed(conn: &mut Conn) -> Result<i64> {
    Ok(job_photos::table.filter(job_photos::owed_since.is_not_null()).count().get_result(conn)?)
}

/// What narrows a list of photos owed.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwedFilter {
    pub outlet: Option<OutletId>,
    pub person: Option<PersonId>,
    pub device: Option<DeviceId>,
    pub job: Option<JobId>,
}

/// A photo owed, with the names that people know job, person and phone by.
#[derive(Debug, Clone, Queryable)]
pub struct OwedRow {
    pub photo: JobPhotoRow,
    pub number: String,
    pub template: String,
    pub template_version: i32,
    pub person_name: String,
    pub device_name: Option<String>,
}

/// A page, the longest owed first, that begins after this row.
pub fn list_owed(conn: &mut Conn, filter: OwedFilter, after: Option<&JobPhotoRow>, limit: i64) -> Result<Vec<OwedRow>> {
    let mut query = job_photos::table
        .inner_join(jobs::table.on(jobs::id.eq(job_photos::job_id)))
        .inner_join(people::table.on(people::id.eq(job_photos::person_id)))
        .left_join(devices::table.on(job_photos::device_id.eq(devices::id.nullable())))
        .filter(job_photos::owed_since.is_not_null())
        .order((job_photos::owed_since, job_photos::job_id, job_photos::sha256))
        .limit(limit)
        .select((
            JobPhotoRow::as_select(),
            jobs::number,
            jobs::template,
            jobs::template_version,
            people::name,
            devices::name.nullable(),
        ))
        .into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(job_photos::outlet_id.eq(outlet));
    }
    if let Some(person) = filter.person {
        query = query.filter(job_photos::person_id.eq(person));
    }
    if let Some(device) = filter.device {
        query = query.filter(job_photos::device_id.eq(device));
    }
    if let Some(job) = filter.job {
        query = query.filter(job_photos::job_id.eq(job));
    }
    if let Some(row) = after {
        let later = job_photos::named_at.gt(row.named_at);
        let behind = job_photos::job_id.gt(row.job_id);
        let behind = behind.or(job_photos::job_id.eq(row.job_id).and(job_photos::sha256.gt(row.sha256)));
        query = query.filter(later.or(job_photos::named_at.eq(row.named_at).and(behind)));
    }
    Ok(query.load(conn)?)
}

/// The same without names, of everybody: for a walk over all of them.
pub fn list_owed_rows(conn: &mut Conn, after: Option<&JobPhotoRow>, limit: i64) -> Result<Vec<JobPhotoRow>> {
    let mut query = job_photos::table
        .filter(job_photos::owed_since.is_not_null())
        .order((job_photos::job_id, job_photos::sha256))
        .limit(limit)
        .select(JobPhotoRow::as_select())
        .into_boxed();
    if let Some(row) = after {
        let same = job_photos::job_id.eq(row.job_id).and(job_photos::sha256.gt(row.sha256));
        query = query.filter(job_photos::job_id.gt(row.job_id).or(same));
    }
    Ok(query.load(conn)?)
}

pub fn find_photo(conn: &mut Conn, sha256: Hash) -> Result<Option<PhotoRow>> {
    Ok(photos::table.find(sha256).select(PhotoRow::as_select()).first(conn).optional()?)
}

pub fn list_photos(conn: &mut Conn, photos: &[Hash]) -> Result<Vec<PhotoRow>> {
    Ok(photos::table.filter(photos::sha256.eq_any(photos)).select(PhotoRow::as_select()).load(conn)?)
}

/// Whether it was not there yet.
pub fn insert_photo(conn: &mut Conn, row: &PhotoRow) -> Result<bool> {
    let insert = || diesel::insert_into(photos::table).values(row).on_conflict_do_nothing();
    Ok(on_conn!(conn, |conn| insert().execute(conn))? == 1)
}

pub fn set_copies(conn: &mut Conn, sha256: Hash, copies: PhotoCopies) -> Result<()> {
    diesel::update(photos::table.find(sha256)).set(photos::copies.eq(copies)).execute(conn)?;
    Ok(())
}

pub fn find_receipt(conn: &mut Conn, job: JobId, sha256: Hash) -> Result<Option<PhotoReceiptRow>> {
    Ok(photo_receipts::table.find((job, sha256)).select(PhotoReceiptRow::as_select()).first(conn).optional()?)
}

/// For which jobs the photo was handed in.
pub fn list_receipts_of(conn: &mut Conn, sha256: Hash) -> Result<Vec<PhotoReceiptRow>> {
    let of_photo = photo_receipts::table.filter(photo_receipts::sha256.eq(sha256));
    Ok(of_photo.order(photo_receipts::job_id).select(PhotoReceiptRow::as_select()).load(conn)?)
}

/// What was handed in for these jobs.
pub fn list_receipts(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<PhotoReceiptRow>> {
    let of_jobs = photo_receipts::table.filter(photo_receipts::job_id.eq_any(jobs));
    Ok(of_jobs.select(PhotoReceiptRow::as_select()).load(conn)?)
}

/// The first receipt stays.
pub fn insert_receipt(conn: &mut Conn, row: &PhotoReceiptRow) -> Result<()> {
    let insert = || diesel::insert_into(photo_receipts::table).values(row).on_conflict_do_nothing();
    on_conn!(conn, |conn| insert().execute(conn))?;
    Ok(())
}

pub fn find_refusal(conn: &mut Conn, job: JobId, sha256: Hash) -> Result<Option<PhotoRefusalRow>> {
    Ok(photo_refusals::table.find((job, sha256)).select(PhotoRefusalRow::as_select()).first(conn).optional()?)
}

pub fn list_refusals(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<PhotoRefusalRow>> {
    let of_jobs = photo_refusals::table.filter(photo_refusals::job_id.eq_any(jobs));
    Ok(of_jobs.select(PhotoRefusalRow::as_select()).load(conn)?)
}

/// In the place of an earlier one.
pub fn insert_refusal(conn: &mut Conn, row: &PhotoRefusalRow) -> Result<()> {
    delete_refusal(conn, row.job_id, row.sha256)?;
    diesel::insert_into(photo_refusals::table).values(row).execute(conn)?;
    Ok(())
}

pub fn delete_refusal(conn: &mut Conn, job: JobId, sha256: Hash) -> Result<()> {
    diesel::delete(photo_refusals::table.find((job, sha256))).execute(conn)?;
    Ok(())
}

/// Every photo after `after`, in the order of hashes: for walks over all of them.
pub fn list_all(conn: &mut Conn, after: Option<Hash>, limit: i64) -> Result<Vec<PhotoRow>> {
    let mut query = photos::table.order(photos::sha256).limit(limit).select(PhotoRow::as_select()).into_boxed();
    if let Some(after) = after {
        query = query.filter(photos::sha256.gt(after));
    }
    Ok(query.load(conn)?)
}

/// The store has lost it: it is owed again wherever it is named.
pub fn forget_photo(conn: &mut Conn, sha256: Hash) -> Result<()> {
    diesel::delete(photo_receipts::table.filter(photo_receipts::sha256.eq(sha256))).execute(conn)?;
    diesel::delete(photo_refusals::table.filter(photo_refusals::sha256.eq(sha256))).execute(conn)?;
    diesel::delete(photos::table.find(sha256)).execute(conn)?;
    let named = job_photos::table.filter(job_photos::sha256.eq(sha256));
    let since = job_photos::owed_since.eq(job_photos::named_at.nullable());
    diesel::update(named).set(since).execute(conn)?;
    Ok(())
}
