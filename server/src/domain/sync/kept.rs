//! How refused changes lie in quarantine: one after the other, each behind its length in four bytes.

use schema::binary::Bytes;
use schema::limits::QUARANTINE_BYTES_MAX;

/// The changes up to the cap; and how many bytes there were.
pub fn joined(changes: &[Bytes]) -> (Vec<u8>, usize) {
    let framed = changes.iter().flat_map(|change| {
        let length = u32::try_from(change.0.len()).unwrap_or(u32::MAX).to_be_bytes();
        length.into_iter().chain(change.0.iter().copied())
    });
    let total = changes.iter().map(|change| change.0.len() + 4).sum();
    (framed.take(QUARANTINE_BYTES_MAX).collect(), total)
}

/// The changes that [`joined`] put behind one another; one that the cap cut is left out.
pub fn parted(mut bytes: &[u8]) -> Vec<Bytes> {
    let mut changes = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some((change, rest)) = rest.split_at_checked(length) else { break };
        changes.push(Bytes(change.to_vec()));
        bytes = rest;
    }
    changes
}
