//! Uploads of photos: who may begin one, how far it has come, and what follows from its end. The bytes themselves go by
//! [`crate::photos`].
//!
//! Beginning the same upload again is answered with the one that is there, so a phone that forgot where it sent a photo need not
//! remember: it asks, and goes on at the byte that the answer names.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::background_jobs::{self, Payload};
use crate::domain::{access, photos};
use crate::feed::{self, Notice};
use schema::binary::Hash;
use schema::id::{JobId, UploadId};
use schema::limits::UPLOAD_PIECES_MAX;
use schema::photo::PhotoRefusal;
use schema::problem::{Kind, Problem};
use schema::rows::photos::{JobPhotoRow, PhotoReceiptRow, PhotoRefusalRow, PhotoRow, PieceRow, UploadRow};
use schema::time::{HOUR, Timestamp};
use serde::{Deserialize, Serialize};

/// Settings.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    pub photo_bytes: i64,
    /// Of all photos of one job.
    pub job_bytes: i64,
    /// Uploads that one phone, and one person on all phones, may have begun and not finished.
    pub device_uploads: usize,
    pub person_uploads: usize,
    /// Hours for which an upload waits for its next piece.
    pub upload_hours: i64,
}

impl Quota {
    fn expiry(&self, now: Timestamp) -> Timestamp {
        now.plus(self.upload_hours.saturating_mul(HOUR))
    }
}

/// A request that is about photos: by whom, when.
#[derive(Debug, Clone)]
pub struct By {
    pub caller: Caller,
    pub now: Timestamp,
    pub random: [u8; 10],
    pub quota: Quota,
}

/// What is to be uploaded.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub job: JobId,
    pub sha256: Hash,
    pub bytes: i64,
}

/// What came of a wish to upload.
pub enum Begun {
    Upload(UploadRow),
    /// For good, which is remembered.
    Refused(Problem),
}

/// Begins an upload, or refuses it. A refusal for good counts as much as an upload's end: the photo is owed no more, and whoever has it
/// need not send it to hear so again. Larger limits let it in the next time that somebody asks.
pub fn create(conn: &mut Conn, by: &By, wanted: Wanted, named: &JobPhotoRow) -> Result<Begun, Problem> {
    let Wanted { job, sha256, bytes } = wanted;
    let known = db::photos::find_refusal(conn, job, sha256)?;
    if known.is_some_and(|row| row.why == PhotoRefusal::TooManyPixels) {
        return Ok(Begun::Refused(Problem::new(Kind::PhotoRefused)));
    }
    match begin(conn, by, wanted) {
        Ok(row) => Ok(Begun::Upload(row)),
        Err(problem) => match PhotoRefusal::of(problem.kind) {
            // Whoever says that another photo is too large than the one that is named, says nothing of it.
            Some(why) if bytes == named.bytes => {
                refuse(conn, named, why, by.now)?;
                Ok(Begun::Refused(problem))
            }
            _ => Err(problem),
        },
    }
}

/// From here on it is known that this photo is not taken.
pub fn refuse(conn: &mut Conn, named: &JobPhotoRow, why: PhotoRefusal, now: Timestamp) -> Result<(), Problem> {
    let (job_id, sha256) = (named.job_id, named.sha256);
    db::photos::insert_refusal(conn, &PhotoRefusalRow { job_id, sha256, why, refused_at: now })?;
    db::photos::settle(conn, job_id, sha256)?;
    feed::post(Notice::Job(named.outlet_id, job_id));
    Ok(())
}

/// Finds the upload that was begun, or begins one. It is done from the start where the photo is here already and the caller could
/// read it; whether it is here for others, the answer does not tell.
fn begin(conn: &mut Conn, by: &By, wanted: Wanted) -> Result<UploadRow, Problem> {
    let Wanted { job, sha256, bytes } = wanted;
    let By { caller, now, quota, .. } = by;
    if bytes < 1 {
        return Err(Problem::because(Kind::BadRequest, "照片不能为空", "A photo has at least one byte"));
    }
    if bytes > quota.photo_bytes {
        return Err(too_large(quota.photo_bytes));
    }
    db::records::lock_record(conn, job)?;
    let begun = db::uploads::find_same(conn, (caller.person, caller.device), (job, sha256), *now)?;
    if let Some(row) = begun.filter(|row| row.bytes == bytes) {
        // What was done may have been lost since, with the store.
        if !row.done || db::photos::find_receipt(conn, job, sha256)?.is_some() {
            return Ok(row);
        }
    }
    let done = is_known(conn, by, wanted)?;
    if !done {
        require_room(conn, by, wanted)?;
    }
    let row = UploadRow {
        id: UploadId::new(*now, by.random),
        job_id: job,
        sha256,
        person_id: caller.person,
        device_id: caller.device,
        bytes,
        received: if done { bytes } else { 0 },
        done,
        expires_at: quota.expiry(*now),
    };
    db::uploads::insert_upload(conn, &row)?;
    Ok(row)
}

/// How large a photo may be.
fn too_large(bytes: i64) -> Problem {
    let (zh, en) = (format!("每张照片不超过 {bytes} 字节"), format!("A photo has at most {bytes} bytes"));
    Problem::because(Kind::TooLarge, zh, en)
}

/// Whether the photo is here, and the caller could have got at it: then it is here for this job too.
fn is_known(conn: &mut Conn, by: &By, Wanted { job, sha256, bytes }: Wanted) -> Result<bool, Problem> {
    let receipts = db::photos::list_receipts_of(conn, sha256)?;
    let has_bytes = db::photos::find_photo(conn, sha256)?.is_some_and(|photo| photo.bytes == bytes);
    if !has_bytes || receipts.is_empty() {
        return Ok(false);
    }
    if receipts.iter().any(|receipt| receipt.job_id == job) {
        return Ok(true);
    }
    for receipt in receipts {
        let own = receipt.person_id == by.caller.person;
        if own || access::job(conn, &by.caller, receipt.job_id).is_ok() {
            hold(conn, by, (job, sha256))?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn require_room(conn: &mut Conn, by: &By, Wanted { job, bytes, .. }: Wanted) -> Result<(), Problem> {
    let open = db::uploads::list_open_of(conn, by.caller.person, by.now)?;
    let of_device = open.iter().filter(|device| **device == by.caller.device).count();
    if open.len() >= by.quota.person_uploads || of_device >= by.quota.device_uploads {
        return Err(Problem { retry_after_s: Some(60), ..Problem::new(Kind::UploadsMany) });
    }
    let held: Vec<Hash> = db::photos::list_receipts(conn, &[job])?.into_iter().map(|row| row.sha256).collect();
    let held = db::photos::list_photos(conn, &held)?.into_iter().map(|row| row.bytes);
    let total = held.fold(bytes, i64::saturating_add);
    if total > by.quota.job_bytes {
        return Err(Problem::new(Kind::PhotosMany));
    }
    // What was only announced may never come.
    let announced = db::uploads::list_open_bytes(conn, job, by.now)?;
    let fits = announced.into_iter().fold(total, i64::saturating_add) <= by.quota.job_bytes;
    if fits { Ok(()) } else { Err(Problem { retry_after_s: Some(60), ..Problem::new(Kind::UploadsMany) }) }
}

/// The caller's own upload. Another's is not found; one that has run out is gone.
pub fn find(conn: &mut Conn, by: &By, id: UploadId) -> Result<UploadRow, Problem> {
    let row = db::uploads::find_upload(conn, id)?.filter(|row| row.person_id == by.caller.person);
    let row = row.ok_or_else(|| Problem::new(Kind::NotFound))?;
    if row.expires_at <= by.now { Err(Problem::new(Kind::UploadGone)) } else { Ok(row) }
}

/// The same, for going on with: the photo must still be named where the caller may hand it in.
pub fn find_to_continue(conn: &mut Conn, by: &By, id: UploadId) -> Result<UploadRow, Problem> {
    let row = find(conn, by, id)?;
    photos::named(conn, &by.caller, (row.job_id, row.sha256))?;
    Ok(row)
}

/// How a piece was taken over.
pub enum Advanced {
    To(UploadRow),
    /// Not at all: the upload is in so many pieces that they are to be joined first.
    InManyPieces,
}

/// Takes over a piece whose bytes are durable. Where somebody else was faster, nothing happens and the caller is told.
pub fn advance(conn: &mut Conn, by: &By, row: &UploadRow, piece: &PieceRow) -> Result<Advanced, Problem> {
    if db::uploads::count_pieces(conn, row.id)? >= UPLOAD_PIECES_MAX {
        return Ok(Advanced::InManyPieces);
    }
    let received = row.received.saturating_add(piece.bytes);
    let next = UploadRow { received, expires_at: by.quota.expiry(by.now), ..row.clone() };
    if !db::uploads::advance(conn, row.received, &next)? {
        return Err(Problem::new(Kind::UploadOffset));
    }
    db::uploads::insert_piece(conn, piece)?;
    Ok(Advanced::To(next))
}

/// One piece, whose bytes are durable, takes the place of all that are there; answers what these were. Where somebody else has moved the
/// upload on, nothing happens.
pub fn join(conn: &mut Conn, row: &UploadRow, whole: &PieceRow) -> Result<Vec<PieceRow>, Problem> {
    // Moved on to where it stands: that locks the row.
    if !db::uploads::advance(conn, row.received, row)? {
        return Err(Problem::new(Kind::UploadOffset));
    }
    let parts = db::uploads::list_pieces(conn, row.id)?;
    db::uploads::delete_pieces(conn, row.id)?;
    db::uploads::insert_piece(conn, whole)?;
    Ok(parts)
}

/// To be done once a photo is here: the copies that people are shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MakeCopies {
    pub photo: Hash,
}

impl Payload for MakeCopies {
    const KIND: &'static str = "make_photo_copies";
}

/// What came of an upload's end.
#[derive(Debug, Clone)]
pub struct Published {
    pub upload: UploadRow,
    /// The store held no such photo before, so far as is known.
    pub is_new: bool,
}

/// Publishes the photo, whose bytes lie in the store under its hash: for this job, where it was found to be named for the caller, and for
/// every other in which the same person names it.
pub fn complete(conn: &mut Conn, by: &By, row: &UploadRow, photo: &PhotoRow) -> Result<Published, Problem> {
    let job = db::jobs::find_job(conn, row.job_id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let next = UploadRow { received: row.bytes, done: true, expires_at: by.quota.expiry(by.now), ..row.clone() };
    if !db::uploads::advance(conn, row.received, &next)? {
        return Err(Problem::new(Kind::UploadOffset));
    }
    let is_new = db::photos::insert_photo(conn, photo)?;
    if is_new {
        background_jobs::enqueue(conn, &MakeCopies { photo: row.sha256 }, by.now, by.random)?;
    }
    hold(conn, by, (row.job_id, row.sha256))?;
    for (other, person) in db::photos::list_jobs_of(conn, row.sha256)? {
        if other != row.job_id && person == by.caller.person {
            hold(conn, by, (other, row.sha256))?;
        }
    }
    db::uploads::delete_pieces(conn, row.id)?;
    feed::post(Notice::Job(job.outlet_id, row.job_id));
    Ok(Published { upload: next, is_new })
}

/// From here on the photo is held for this job.
fn hold(conn: &mut Conn, by: &By, (job_id, sha256): (JobId, Hash)) -> Result<(), Problem> {
    let (person_id, device_id, received_at) = (by.caller.person, by.caller.device, by.now);
    db::photos::insert_receipt(conn, &PhotoReceiptRow { job_id, sha256, person_id, device_id, received_at })?;
    db::photos::delete_refusal(conn, job_id, sha256)?;
    Ok(db::photos::settle(conn, job_id, sha256)?)
}

/// The store holds a photo that was handed in for this job once: it counts again, as its author's.
pub fn adopt(
    conn: &mut Conn,
    row: &JobPhotoRow,
    photo: &PhotoRow,
    (now, random): (Timestamp, [u8; 10]),
) -> Result<(), Problem> {
    if db::photos::insert_photo(conn, photo)? {
        background_jobs::enqueue(conn, &MakeCopies { photo: row.sha256 }, now, random)?;
    }
    let (job_id, sha256, person_id, device_id) = (row.job_id, row.sha256, row.person_id, row.device_id);
    let receipt = PhotoReceiptRow { job_id, sha256, person_id, device_id, received_at: now };
    db::photos::insert_receipt(conn, &receipt)?;
    Ok(db::photos::settle(conn, job_id, sha256)?)
}
