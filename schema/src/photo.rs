//! Photos: a record names them by their SHA-256; their bytes travel apart, by tus, and lie in a store of their own. Until they are
//! there they are owed. What the server says of a photo that it holds, it signs.

use crate::binary::{Hash, PublicKey, Signature};
use crate::body::data;
use crate::id::{DeviceId, JobId, PersonId};
use crate::people::Bilingual;
use crate::problem::Kind;
use crate::record::Place;
use crate::time::Timestamp;
use crate::word::words;

/// The only version of tus that is spoken.
pub const TUS_VERSION: &str = "1.0.0";
/// What a `PATCH` of tus carries.
pub const TUS_CONTENT: &str = "application/offset+octet-stream";

words! {
    /// The copies that are shown in place of the photo itself: smaller, upright, and with nothing in them but the picture.
    PhotoCopies {
        Waiting = "waiting",
        Made = "made",
        /// No picture that we can read, or one that costs too much to.
        Refused = "refused",
    }
}

words! {
    /// Why the server never takes a photo: whoever sends it all the same is answered with the problem of this name.
    PhotoRefusal {
        TooLarge = "too_large",
        /// More pixels than anybody opens.
        TooManyPixels = "photo_refused",
        /// The job has as many bytes of photos as it may have.
        JobIsFull = "photos_many",
    }
}

impl PhotoRefusal {
    /// None for what passes, or says nothing of the photo.
    pub const fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::TooLarge => Some(Self::TooLarge),
            Kind::PhotoRefused => Some(Self::TooManyPixels),
            Kind::PhotosMany => Some(Self::JobIsFull),
            _ => None,
        }
    }

    pub const fn kind(self) -> Kind {
        match self {
            Self::TooLarge => Kind::TooLarge,
            Self::TooManyPixels => Kind::PhotoRefused,
            Self::JobIsFull => Kind::PhotosMany,
        }
    }
}

words! {
    PhotoSize {
        /// The bytes as they were taken.
        Original = "original",
        /// At most 1600 pixels a side: what customers see.
        Shown = "shown",
        /// At most 320 pixels a side.
        Small = "small",
    }
}

data! {
    /// The server's word that it holds a photo for a job: its signature over [`photo_message`]. Behind it, and only there, a phone lets
    /// go of its copy.
    #[derive(Copy, Eq)]
    pub struct PhotoReceipt {
        pub job: JobId,
        pub sha256: Hash,
        pub bytes: i64,
        pub received_at: Timestamp,
        pub signature: Signature,
        pub key: PublicKey,
    }

    /// What the camera wrote into the file. A claim of the device's, like its clock.
    #[derive(Default)]
    pub struct PhotoEvidence {
        /// As written there: local time without a zone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub taken_at: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub place: Option<Place>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub camera: Option<String>,
    }

    /// A photo that a job's record names.
    pub struct JobPhoto {
        pub sha256: Hash,
        pub step: String,
        /// These as the record has them.
        pub bytes: i64,
        pub width: i64,
        pub height: i64,
        pub by: PersonId,
        pub taken_at: Timestamp,
        /// None once the photo is here, or was refused for good.
        pub owed_since: Option<Timestamp>,
        /// Why it never will be here.
        #[serde(default)]
        pub refused: Option<PhotoRefusal>,
        pub received_at: Option<Timestamp>,
        pub media_type: Option<String>,
        pub evidence: Option<PhotoEvidence>,
        pub copies: Option<PhotoCopies>,
    }

    /// A photo that a record names and nobody has sent.
    pub struct OwedPhoto {
        pub job: JobId,
        pub number: String,
        pub sha256: Hash,
        pub bytes: i64,
        pub step: String,
        pub step_name: Bilingual,
        pub person: PersonId,
        pub person_name: String,
        /// The phone that it was taken with, where a phone wrote of it.
        pub device: Option<DeviceId>,
        pub device_name: Option<String>,
        pub taken_at: Timestamp,
        pub since: Timestamp,
    }
}

/// What the server signs: that it holds these bytes for this job, since this moment.
pub fn photo_message(job: JobId, sha256: Hash, bytes: i64, received_at: Timestamp) -> Vec<u8> {
    let mut message = b"field-service photo 1\0".to_vec();
    message.extend_from_slice(job.as_bytes());
    message.extend_from_slice(sha256.as_slice());
    message.extend_from_slice(&bytes.to_be_bytes());
    message.extend_from_slice(&received_at.micros().to_be_bytes());
    message
}

impl PhotoReceipt {
    /// What its signature covers.
    pub fn message(&self) -> Vec<u8> {
        photo_message(self.job, self.sha256, self.bytes, self.received_at)
    }
}
