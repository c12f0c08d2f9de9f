//! Photos as pictures. Their files come from outside: what a header promises is held against limits before anything is unpacked, and
//! what unpacking may cost is reckoned beforehand, because a thread that is at it can't be stopped.

use crate::photos::evidence::evidence;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use schema::binary::Hash;
use schema::limits::{PHOTO_PIXELS_MAX, PHOTO_SIDE_MAX};
use schema::photo::PhotoEvidence;
use schema::problem::{Kind, Problem};
use std::io::Cursor;

/// Pixels that are unpacked; a larger photo is kept as it is, without copies.
const UNPACKED_PIXELS_MAX: u64 = 64_000_000;
/// Bytes that a decoder may take for one picture.
const UNPACKED_BYTES_MAX: u64 = 512 << 20;
/// A progressive JPEG goes over all its pixels once for each scan: so many in all. A phone's has about ten scans.
const SCANNED_PIXELS_MAX: u64 = 1_000_000_000;
/// The longer side of each copy.
const SHOWN_SIDE: u32 = 1_600;
const SMALL_SIDE: u32 = 320;
const QUALITY: u8 = 82;

/// What a photo's bytes turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub media_type: &'static str,
    pub evidence: PhotoEvidence,
}

/// Whether these are the bytes that the hash names, and no picture that is made to harm whoever opens it. What is no picture that we
/// can read is evidence all the same.
pub fn judge(bytes: &[u8], sha256: Hash) -> Result<Judged, Problem> {
    if Hash::of(bytes) != sha256 {
        return Err(Problem::new(Kind::PhotoMismatch));
    }
    let media_type = media_type(bytes);
    if let Some((width, height)) = size(bytes) {
        let pixels = u64::from(width) * u64::from(height);
        if pixels > PHOTO_PIXELS_MAX || width.max(height) > PHOTO_SIDE_MAX {
            return Err(Problem::new(Kind::PhotoRefused));
        }
    }
    Ok(Judged { media_type, evidence: evidence(bytes) })
}

/// By the first bytes, whatever anybody says.
pub fn media_type(bytes: &[u8]) -> &'static str {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => "image/jpeg",
        Ok(ImageFormat::Png) => "image/png",
        Ok(ImageFormat::WebP) => "image/webp",
        _ if bytes.get(4..12).is_some_and(|brand| matches!(brand, b"ftypheic" | b"ftypheix" | b"ftypmif1")) => {
            "image/heic"
        }
        _ => "application/octet-stream",
    }
}

/// Browsers show these themselves.
pub fn is_shown_inline(media_type: &str) -> bool {
    matches!(media_type, "image/jpeg" | "image/png" | "image/webp")
}

/// As the header has it.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_dimensions().ok()
}

/// Two JPEGs that hold the picture and nothing else.
pub struct Copies {
    pub shown: Vec<u8>,
    pub small: Vec<u8>,
}

/// There will be no copies of this photo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoCopies(String);

/// Unpacks the picture, sets it upright and packs it anew, at two sizes. Takes seconds and hundreds of megabytes at the worst.
pub fn copies(bytes: &[u8]) -> Result<Copies, NoCopies> {
    let no_copies = |error: image::ImageError| NoCopies(error.to_string());
    let (width, height) = size(bytes).ok_or_else(|| NoCopies("no picture that can be read".to_owned()))?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > UNPACKED_PIXELS_MAX || pixels.saturating_mul(scans(bytes)) > SCANNED_PIXELS_MAX {
        return Err(NoCopies(format!("{width}×{height} pixels cost too much to unpack")));
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|error| NoCopies(error.to_string()))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(PHOTO_SIDE_MAX);
    limits.max_image_height = Some(PHOTO_SIDE_MAX);
    limits.max_alloc = Some(UNPACKED_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(no_copies)?;
    let orientation = decoder.orientation().map_err(no_copies)?;
    let mut picture = shrink(&DynamicImage::from_decoder(decoder).map_err(no_copies)?, SHOWN_SIDE);
    picture.apply_orientation(orientation);
    let small = shrink(&picture, SMALL_SIDE);
    Ok(Copies { shown: pack(picture).map_err(no_copies)?, small: pack(small).map_err(no_copies)? })
}

fn shrink(picture: &DynamicImage, side: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= side { picture.clone() } else { picture.thumbnail(side, side) }
}

fn pack(picture: DynamicImage) -> Result<Vec<u8>, image::ImageError> {
    let mut bytes = Vec::new();
    picture.into_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
    Ok(bytes)
}

/// Scans of a JPEG; 1 for whatever else. In its data the marker's first byte never stands before the second.
fn scans(bytes: &[u8]) -> u64 {
    if media_type(bytes) != "image/jpeg" {
        return 1;
    }
    bytes.windows(2).filter(|pair| *pair == [0xff, 0xda]).count().try_into().unwrap_or(u64::MAX)
}
