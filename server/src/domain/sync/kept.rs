//! How refused changes lie in quarantine: one after the other, each behind its length in four bytes.

use schema::binary::Bytes;
use schema::limits::QUARANTINE_ENTRY_BYTES_MAX;

/// The changes, as many as an entry takes; the rest, which is for another entry: a phone is told that all of it is kept, and drops it.
pub fn joined(changes: &[Bytes]) -> (Vec<u8>, &[Bytes]) {
    let (mut bytes, mut taken) = (Vec::new(), 0);
    for Bytes(change) in changes {
        // The first always goes in, or its entry would be none.
        if taken > 0 && bytes.len() + FRAME_BYTES + change.len() > QUARANTINE_ENTRY_BYTES_MAX {
            break;
        }
        bytes.extend_from_slice(&u32::try_from(change.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(change);
        taken += 1;
    }
    (bytes, changes.get(taken..).unwrap_or_default())
}

const FRAME_BYTES: usize = 4;

/// The changes that [`joined`] put behind one another. One that an earlier release had cut is left out.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entry_does_not_take_is_left_for_another_and_nothing_is_cut() {
        let change = |size: usize, fill: u8| Bytes(vec![fill; size]);
        let changes = [change(5 << 20, 1), change(3 << 20, 2), change(1 << 20, 3)];
        let (bytes, rest) = joined(&changes);
        assert_eq!((parted(&bytes), rest), (changes[..1].to_vec(), &changes[1..]), "frames count, too");
        let (bytes, rest) = joined(rest);
        assert_eq!((parted(&bytes), rest.len()), (changes[1..].to_vec(), 0));
        let huge = [change(QUARANTINE_ENTRY_BYTES_MAX, 4)];
        assert_eq!(parted(&joined(&huge).0), huge, "the first always goes in");
    }
}
