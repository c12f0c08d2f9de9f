//! The bytes of photos: where they lie, how they come in, and what is made of them. Who may is [`crate::domain::photos`]' question.
//!
//! A photo under way is pieces in the store ([`store`]) and rows that say where in it they belong, so it goes on at any server that
//! shares database and store, and what a client was told to be received survives whatever happens to the server that told it.

pub mod check;
pub mod checksum;
pub mod copies;
mod evidence;
pub mod metadata;
pub mod picture;
pub mod receive;
mod receiving;
pub mod store;

use crate::config::Config;
use crate::domain::uploads::Quota;
use crate::room::Room;
use receiving::Receiving;
use schema::binary::Hash;
use schema::id::{JobId, UploadId};
use schema::photo::PhotoSize;
use store::{PhotoStore, StoreError};
use tokio::sync::Semaphore;

/// Photos that are put together at once at the most; each takes its size in memory.
const FINISHING_MAX: usize = 4;

/// What requests about photos need of the house.
pub struct Photos {
    pub store: PhotoStore,
    pub quota: Quota,
    finishing: Semaphore,
    /// For what arrives and is not durable yet.
    arriving: Room,
    receiving: Receiving,
    /// One picture is unpacked at a time: each may take hundreds of megabytes.
    unpacking: std::sync::Arc<Semaphore>,
}

impl Photos {
    pub fn open(config: &Config) -> Result<Self, StoreError> {
        let quota = Quota {
            photo_bytes: i64::try_from(config.photo_bytes_max).unwrap_or(i64::MAX),
            job_bytes: i64::try_from(config.photo_job_bytes_max).unwrap_or(i64::MAX),
            device_uploads: config.uploads_per_phone,
            person_uploads: config.uploads_per_person,
            upload_hours: config.upload_hours,
        };
        let store = PhotoStore::open(config)?;
        Ok(Self {
            store,
            quota,
            finishing: Semaphore::new(FINISHING_MAX),
            arriving: Room::new(config.upload_memory_bytes),
            receiving: Receiving::default(),
            unpacking: std::sync::Arc::new(Semaphore::new(1)),
        })
    }
}

/// A photo's name in the store, or that of one of its copies.
pub fn object(sha256: Hash, size: PhotoSize) -> String {
    let text = sha256.to_string();
    let folder: String = text.chars().take(2).collect();
    match size {
        PhotoSize::Original => format!("photos/{folder}/{text}"),
        PhotoSize::Shown | PhotoSize::Small => format!("copies/{folder}/{text}.{size}.jpg"),
    }
}

/// An empty object that says, whatever becomes of the database, that the photo was handed in for this job.
fn mark(job: JobId, sha256: Hash) -> String {
    format!("held/{job}/{sha256}")
}

/// Where the pieces of an upload lie.
fn pieces(upload: UploadId) -> String {
    format!("uploads/{upload}")
}
