//! `Upload-Metadata`, as tus writes it: keys, each with a value in base64, split by commas.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schema::limits::UPLOAD_METADATA_BYTES_MAX;
use std::str::FromStr;

/// What the header says under this key; None where it says nothing that reads. Other keys are nobody's business.
pub fn find<T: FromStr>(header: &str, key: &str) -> Option<T> {
    if header.len() > UPLOAD_METADATA_BYTES_MAX {
        return None;
    }
    let mut pairs = header.split(',').filter_map(|pair| pair.trim().split_once(' '));
    let (_, value) = pairs.find(|(name, _)| *name == key)?;
    let decoded = STANDARD.decode(value.trim()).ok()?;
    String::from_utf8(decoded).ok()?.parse().ok()
}
