//! Uploads that are not finished, and where their pieces lie.

use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::binary::Hash;
use schema::id::{DeviceId, JobId, PersonId, UploadId};
use schema::rows::photos::{PieceRow, UploadRow};
use schema::tables::{upload_pieces, uploads};
use schema::time::Timestamp;

pub fn find_upload(conn: &mut Conn, id: UploadId) -> Result<Option<UploadRow>> {
    Ok(uploads::table.find(id).select(UploadRow::as_select()).first(conn).optional()?)
}

/// What this phone has begun of this photo, finished or not.
pub fn find_same(
    conn: &mut Conn,
    (person, device): (PersonId, Option<DeviceId>),
    (job, sha256): (JobId, Hash),
    now: Timestamp,
) -> Result<Option<UploadRow>> {
    let of_person = uploads::table
        .filter(uploads::person_id.eq(person))
        .filter(uploads::job_id.eq(job).and(uploads::sha256.eq(sha256)).and(uploads::expires_at.gt(now)))
        .order((uploads::done.desc(), uploads::received.desc(), uploads::id))
        .select(UploadRow::as_select())
        .load(conn)?;
    Ok(of_person.into_iter().find(|row| row.device_id == device))
}

/// By device: what this person has begun and not finished.
pub fn list_open_of(conn: &mut Conn, person: PersonId, now: Timestamp) -> Result<Vec<Option<DeviceId>>> {
    Ok(uploads::table
        .filter(uploads::person_id.eq(person).and(uploads::done.eq(false)).and(uploads::expires_at.gt(now)))
        .select(uploads::device_id)
        .load(conn)?)
}

/// Bytes that are announced for this job and not here yet.
pub fn list_open_bytes(conn: &mut Conn, job: JobId, now: Timestamp) -> Result<Vec<i64>> {
    Ok(uploads::table
        .filter(uploads::job_id.eq(job).and(uploads::done.eq(false)).and(uploads::expires_at.gt(now)))
        .select(uploads::bytes)
        .load(conn)?)
}

pub fn insert_upload(conn: &mut Conn, row: &UploadRow) -> Result<()> {
    diesel::insert_into(uploads::table).values(row).execute(conn)?;
    Ok(())
}

/// Moves the upload on from `from`; false where it does not stand there.
pub fn advance(conn: &mut Conn, from: i64, row: &UploadRow) -> Result<bool> {
    let stands =
        uploads::table.filter(uploads::id.eq(row.id).and(uploads::received.eq(from)).and(uploads::done.eq(false)));
    let to = (uploads::received.eq(row.received), uploads::done.eq(row.done), uploads::expires_at.eq(row.expires_at));
    Ok(diesel::update(stands).set(to).execute(conn)? == 1)
}

pub fn insert_piece(conn: &mut Conn, row: &PieceRow) -> Result<()> {
    diesel::insert_into(upload_pieces::table).values(row).execute(conn)?;
    Ok(())
}

/// In the order of their places.
pub fn list_pieces(conn: &mut Conn, upload: UploadId) -> Result<Vec<PieceRow>> {
    Ok(upload_pieces::table
        .filter(upload_pieces::upload_id.eq(upload))
        .order(upload_pieces::place)
        .select(PieceRow::as_select())
        .load(conn)?)
}

pub fn count_pieces(conn: &mut Conn, upload: UploadId) -> Result<i64> {
    Ok(upload_pieces::table.filter(upload_pieces::upload_id.eq(upload)).count().get_result(conn)?)
}

pub fn delete_pieces(conn: &mut Conn, upload: UploadId) -> Result<()> {
    diesel::delete(upload_pieces::table.filter(upload_pieces::upload_id.eq(upload))).execute(conn)?;
    Ok(())
}

/// Deletes the upload if it stands as in this row.
pub fn delete_standing(conn: &mut Conn, row: &UploadRow) -> Result<bool> {
    // The update locks the row, so that no piece comes in between.
    Ok(advance(conn, row.received, row)? && delete_upload(conn, row.id)?)
}

pub fn list_expired(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<UploadId>> {
    let expired = uploads::table.filter(uploads::expires_at.le(now)).order(uploads::expires_at);
    Ok(expired.limit(limit).select(uploads::id).load(conn)?)
}

/// Whether it was there.
pub fn delete_upload(conn: &mut Conn, id: UploadId) -> Result<bool> {
    delete_pieces(conn, id)?;
    Ok(diesel::delete(uploads::table.find(id)).execute(conn)? == 1)
}
