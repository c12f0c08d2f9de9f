//! Packed changes, as a phone or somebody in its place pushes them.
//!
//! What must hold: no more comes out than there is room for; what did not unpack is the end of what was sent; and whatever came out, or
//! any bytes in the place of changes, packs and comes out as it went in.

use super::job::job;
use schema::binary::Bytes;
use sync::slim::{Unpacked, pack, unpack};

/// Far above what an input can hold as it is, and little enough to be reached.
const ROOM: usize = 256 << 10;

pub fn slim(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else { return };
    if choice % 2 == 0 {
        return unpacked(rest);
    }
    let mut changes = Vec::new();
    let mut left = rest;
    // Each change behind its length.
    while let Some((length, more)) = left.split_first() {
        let (change, after) = more.split_at(usize::from(*length).min(more.len()));
        changes.push(Bytes(change.to_vec()));
        left = after;
    }
    again(&changes);
}

fn unpacked(bytes: &[u8]) {
    let Ok(Unpacked { changes, rest }) = unpack(&Bytes(bytes.to_vec()), ROOM) else { return };
    let total: usize = changes.iter().map(|change| change.0.len()).sum();
    assert!(total <= ROOM, "{total} bytes came out");
    assert!(rest.is_none_or(|rest| bytes.ends_with(&rest.0)), "the rest is not what was sent");
    again(&changes);
}

fn again(changes: &[Bytes]) {
    let came_out = unpack(&pack(changes), usize::MAX);
    assert_eq!(came_out, Ok(Unpacked { changes: changes.to_vec(), rest: None }));
}

/// A job's whole history, packed; and its first changes as they are.
pub fn seeds() -> Vec<Vec<u8>> {
    let changes: Vec<Bytes> = job().changes_since(&[]).into_iter().map(|change| change.bytes).collect();
    let packed = |changes: &[Bytes]| [vec![0], pack(changes).0].concat();
    let mut plain = vec![1];
    for change in changes.iter().filter(|change| change.0.len() < 256).take(8) {
        plain.extend(u8::try_from(change.0.len()));
        plain.extend_from_slice(&change.0);
    }
    vec![packed(&changes), packed(changes.get(..2).unwrap_or_default()), plain]
}
