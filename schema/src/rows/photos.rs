//! Rows of photos: named, held, handed in, and on their way.

use crate::binary::Hash;
use crate::id::{DeviceId, JobId, OutletId, PersonId, UploadId};
use crate::photo::{PhotoCopies, PhotoRefusal};
use crate::tables::{job_photos, photo_receipts, photo_refusals, photos, upload_pieces, uploads};
use crate::time::Timestamp;
use diesel::prelude::*;

/// A photo that a record names: a projection.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = job_photos, treat_none_as_default_value = false)]
pub struct JobPhotoRow {
    pub job_id: JobId,
    pub sha256: Hash,
    pub outlet_id: OutletId,
    pub step: String,
    pub bytes: i64,
    pub width: i64,
    pub height: i64,
    pub person_id: PersonId,
    pub device_id: Option<DeviceId>,
    pub taken_at: Timestamp,
    pub named_at: Timestamp,
    pub owed_since: Option<Timestamp>,
}

/// A photo that lies in the store.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = photos, treat_none_as_default_value = false)]
pub struct PhotoRow {
    pub sha256: Hash,
    pub bytes: i64,
    pub media_type: String,
    /// A [`crate::photo::PhotoEvidence`] as JSON.
    pub evidence: String,
    pub stored_at: Timestamp,
    pub copies: PhotoCopies,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = photo_receipts, treat_none_as_default_value = false)]
pub struct PhotoReceiptRow {
    pub job_id: JobId,
    pub sha256: Hash,
    pub person_id: PersonId,
    pub device_id: Option<DeviceId>,
    pub received_at: Timestamp,
}

/// A photo that is not taken for this job, whoever sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = photo_refusals, treat_none_as_default_value = false)]
pub struct PhotoRefusalRow {
    pub job_id: JobId,
    pub sha256: Hash,
    pub why: PhotoRefusal,
    pub refused_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = uploads, treat_none_as_default_value = false)]
pub struct UploadRow {
    pub id: UploadId,
    pub job_id: JobId,
    pub sha256: Hash,
    pub person_id: PersonId,
    pub device_id: Option<DeviceId>,
    pub bytes: i64,
    /// Bytes that are durable.
    pub received: i64,
    pub done: bool,
    pub expires_at: Timestamp,
}

/// Some of an upload's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = upload_pieces, treat_none_as_default_value = false)]
pub struct PieceRow {
    pub upload_id: UploadId,
    /// Where in the photo they begin.
    pub place: i64,
    pub bytes: i64,
    /// Their name in the store.
    pub object: String,
}
