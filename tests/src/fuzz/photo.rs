//! A photo as it comes from a phone, with the headers around it. What must hold: the file is judged by what it is, what its camera says
//! of itself keeps the limits, and the copies that people are shown are pictures of their size that say nothing of where they were taken.

use super::source::Source;
use image::{ImageReader, RgbImage};
use schema::binary::Hash;
use schema::id::JobId;
use schema::limits::{FIELD_CHARS_MAX, PHOTO_PIXELS_MAX, PHOTO_SIDE_MAX};
use schema::photo::PhotoEvidence;
use server::photos::checksum::Checksum;
use server::photos::metadata;
use server::photos::picture::{copies, is_shown_inline, judge};
use std::io::Cursor;

/// Pixels that are unpacked here. What larger ones cost is reckoned before, and would only make the fuzzer slow.
const PIXELS_MAX: u64 = 300_000;

pub fn photo(data: &[u8]) {
    let mut source = Source::new(data);
    match source.choice(8) {
        0 => headers(&String::from_utf8_lossy(source.rest())),
        1 | 2 => check(&super::picture::with_place(&with_segment(source.blob(), source.rest()))),
        _ => check(source.rest()),
    }
}

fn headers(text: &str) {
    let (job, sha256) = (metadata::find::<JobId>(text, "job"), metadata::find::<Hash>(text, "sha256"));
    assert!((job.is_none() && sha256.is_none()) || text.len() <= schema::limits::UPLOAD_METADATA_BYTES_MAX);
    if let Ok(checksum) = Checksum::parse(text) {
        let _ = checksum.require(text.as_bytes());
    }
}

/// A JPEG that begins with one more segment of whatever content.
fn with_segment(segment: &[u8], rest: &[u8]) -> Vec<u8> {
    let length = u16::try_from(segment.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
    [&b"\xff\xd8\xff\xe1"[..], &length, segment, rest].concat()
}

fn check(bytes: &[u8]) {
    let size = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()
        .and_then(|reader| reader.into_dimensions().ok());
    let pixels = size.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
    let Ok(judged) = judge(bytes, Hash::of(bytes)) else {
        let side = size.map_or(0, |(width, height)| width.max(height));
        assert!(pixels > PHOTO_PIXELS_MAX || side > PHOTO_SIDE_MAX, "a picture of {size:?} is refused");
        return;
    };
    assert!(pixels <= PHOTO_PIXELS_MAX);
    check_evidence(&judged.evidence);
    is_shown_inline(judged.media_type);
    if pixels > PIXELS_MAX {
        return;
    }
    let Ok(copies) = copies(bytes) else { return };
    for (copy, most) in [(copies.shown, 1_600), (copies.small, 320)] {
        let judged = judge(&copy, Hash::of(&copy)).expect("a copy is a photo");
        assert_eq!((judged.media_type, judged.evidence), ("image/jpeg", PhotoEvidence::default()));
        let size = ImageReader::new(Cursor::new(&copy)).with_guessed_format().ok();
        let (width, height) = size.and_then(|reader| reader.into_dimensions().ok()).expect("a copy has a size");
        assert!(width.max(height) <= most, "{width}×{height}");
    }
}

fn check_evidence(evidence: &PhotoEvidence) {
    let texts = [&evidence.taken_at, &evidence.camera];
    for text in texts.into_iter().flatten() {
        assert!(text.chars().count() <= 2 * FIELD_CHARS_MAX + 1 && !text.chars().any(char::is_control), "{text:?}");
    }
    if let Some(place) = &evidence.place {
        let is_on_earth = place.latitude_e6.abs() <= 90_000_000 && place.longitude_e6.abs() <= 180_000_000;
        assert!(is_on_earth && place.accuracy_m >= 0, "{place:?}");
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let jpeg = super::picture::jpeg(12, 9, 3);
    let mut seeds = vec![jpeg.clone(), super::picture::with_place(&jpeg)];
    for format in [image::ImageFormat::Png, image::ImageFormat::WebP] {
        let mut bytes = Cursor::new(Vec::new());
        if RgbImage::new(7, 5).write_to(&mut bytes, format).is_ok() {
            seeds.push(bytes.into_inner());
        }
    }
    let mut seeds: Vec<_> = seeds.into_iter().map(|bytes| [&[3], bytes.as_slice()].concat()).collect();
    let place = super::picture::with_place(&jpeg);
    seeds.push([&[1, 100, 0], place.get(6..).unwrap_or_default()].concat());
    for header in [
        "job ZGVh,sha256 YWJj",
        "sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=",
        "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=",
    ] {
        seeds.push([&[0], header.as_bytes()].concat());
    }
    seeds
}
