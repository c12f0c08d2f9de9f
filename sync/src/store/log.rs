//! The log's format, and its keeper.
//!
//! ```text
//! file   magic (8 bytes), frames
//! frame  length of the payload (u32 LE), CRC-32 of [the frame's place in the file (u64 LE), length, payload] (u32 LE), payload
//! ```
//! A payload is one batch of entries in CBOR, so that a batch is there whole or not at all. A frame is written only after the one
//! before it was durable. Hence an unsound frame at the very end is a write that was cut short, never acknowledged, and is cut
//! off at opening; an unsound frame with a sound one anywhere after it is damage, and is reported with nothing changed. The
//! frame's place is part of its checksum, so that a copy of a frame inside a payload does not pass for one.

use super::{Entry, Medium, Store, StoreError};
use schema::binary::Hash;
use std::fmt::Write as _;

const LOG: &str = "log";
const MAGIC: &[u8; 8] = b"fslog 1\n";
const HEADER_BYTES: usize = 8;
/// Bytes of one batch: many times the largest answer to a sync.
const BATCH_BYTES_MAX: usize = 256 << 20;

/// What a failed call may have left; mended before anything else is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// Bytes behind the sound ones.
    Tail,
    /// The old log or the new one, and a rename that is not yet durable.
    Whole,
}

/// A store over any disk.
#[derive(Debug)]
pub struct LogStore<M> {
    medium: M,
    /// Bytes that are sound and durable.
    good: u64,
    doubt: Option<Doubt>,
    cut: u64,
}

impl<M: Medium> LogStore<M> {
    /// Opens the log, or begins one, and cuts off a write that was cut short.
    pub fn open(mut medium: M) -> Result<Self, StoreError> {
        let bytes = medium.read(LOG)?.unwrap_or_default();
        if bytes.len() < MAGIC.len() && MAGIC.starts_with(&bytes) {
            medium.replace(LOG, MAGIC)?;
            return Ok(Self { medium, good: MAGIC.len() as u64, doubt: None, cut: 0 });
        }
        let good = sound_bytes(&bytes)?;
        let cut = (bytes.len() - good) as u64;
        let good = good as u64;
        if cut > 0 {
            medium.truncate(LOG, good)?;
        }
        Ok(Self { medium, good, doubt: None, cut })
    }

    /// Bytes of a write cut short that opening found and cut off.
    pub fn cut_bytes(&self) -> u64 {
        self.cut
    }

    fn mend(&mut self) -> Result<(), StoreError> {
        match self.doubt {
            None => {}
            Some(Doubt::Tail) => self.medium.truncate(LOG, self.good)?,
            Some(Doubt::Whole) => {
                let bytes = self.medium.read(LOG)?.unwrap_or_default();
                let good = sound_bytes(&bytes)?;
                self.medium.replace(LOG, bytes.get(..good).unwrap_or_default())?;
                self.good = good as u64;
            }
        }
        self.doubt = None;
        Ok(())
    }
}

impl<M: Medium> Store for LogStore<M> {
    fn load(&mut self) -> Result<Vec<Entry>, StoreError> {
        // A tail in doubt is passed over and not yet cut off: reading goes on while the disk takes no writes.
        if self.doubt == Some(Doubt::Whole) {
            self.mend()?;
        }
        let mut bytes = self.medium.read(LOG)?.unwrap_or_default();
        bytes.truncate(usize::try_from(self.good).unwrap_or(usize::MAX));
        let mut entries = Vec::new();
        let mut at = MAGIC.len();
        while let Some((payload, next)) = frame(&bytes, at) {
            let batch: Vec<Entry> = minicbor_serde::from_slice(payload)
                .map_err(|error| StoreError::Unreadable { at: at as u64, why: error.to_string() })?;
            entries.extend(batch);
            at = next;
        }
        if at as u64 == self.good { Ok(entries) } else { Err(StoreError::Damaged { at: at as u64 }) }
    }

    fn append(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.mend()?;
        let frame = encode_frame(self.good, entries)?;
        self.doubt = Some(Doubt::Tail);
        self.medium.append(LOG, &frame)?;
        self.medium.sync(LOG)?;
        self.doubt = None;
        self.good += frame.len() as u64;
        Ok(())
    }

    fn compact(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        self.mend()?;
        let mut bytes = MAGIC.to_vec();
        if !entries.is_empty() {
            bytes.extend(encode_frame(bytes.len() as u64, entries)?);
        }
        self.doubt = Some(Doubt::Whole);
        self.medium.replace(LOG, &bytes)?;
        self.doubt = None;
        self.good = bytes.len() as u64;
        Ok(())
    }

    fn bytes(&self) -> u64 {
        self.good
    }

    fn put_blob(&mut self, sha256: Hash, bytes: &[u8]) -> Result<(), StoreError> {
        Ok(self.medium.replace(&blob_name(sha256), bytes)?)
    }

    fn find_blob(&mut self, sha256: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.medium.read(&blob_name(sha256))?)
    }

    fn delete_blob(&mut self, sha256: Hash) -> Result<(), StoreError> {
        Ok(self.medium.remove(&blob_name(sha256))?)
    }
}

fn blob_name(sha256: Hash) -> String {
    let mut name = String::from("photo-");
    // Writing to a String can't fail.
    let _ = write!(name, "{sha256}");
    name
}

fn checksum(at: u64, length: [u8; 4], payload: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&at.to_le_bytes());
    crc.update(&length);
    crc.update(payload);
    crc.finalize()
}

fn encode_frame(at: u64, entries: &[Entry]) -> Result<Vec<u8>, StoreError> {
    let payload =
        minicbor_serde::to_vec(entries).map_err(|error| StoreError::Unreadable { at, why: error.to_string() })?;
    let too_large = StoreError::TooLarge { bytes: payload.len() };
    if payload.len() > BATCH_BYTES_MAX {
        return Err(too_large);
    }
    let length = u32::try_from(payload.len()).map_err(|_| too_large)?.to_le_bytes();
    let mut frame = Vec::with_capacity(HEADER_BYTES + payload.len());
    frame.extend(length);
    frame.extend(checksum(at, length, &payload).to_le_bytes());
    frame.extend(payload);
    Ok(frame)
}

/// The payload of the sound frame at `at`, and where the next one begins.
fn frame(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let (length, rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
    let (crc, rest) = rest.split_first_chunk::<4>()?;
    let payload = rest.get(..usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    let sound = !payload.is_empty() && checksum(at as u64, *length, payload) == u32::from_le_bytes(*crc);
    sound.then_some((payload, at + HEADER_BYTES + payload.len()))
}

/// How many bytes from the beginning are sound, where what follows is at most one write cut short.
fn sound_bytes(bytes: &[u8]) -> Result<usize, StoreError> {
    if !bytes.starts_with(MAGIC) {
        return Err(StoreError::Foreign);
    }
    let mut at = MAGIC.len();
    while let Some((_, next)) = frame(bytes, at) {
        at = next;
    }
    let goes_on = (at + 1..bytes.len()).any(|later| frame(bytes, later).is_some());
    if goes_on { Err(StoreError::Damaged { at: at as u64 }) } else { Ok(at) }
}

#[cfg(test)]
mod tests;
