//! Changes of one job without what their reader knows already or works out itself: the slim codec (decision 0015).
//!
//! Most of a change that came to pass by one tap is hash: the one of the change that it builds on, in full, and four bytes of its own.
//! Neither compresses. A reader that holds the change before knows the first, and works out the second.
//!
//! ```text
//! packed  = change…
//! change  = 0 length bytes                                            as it is
//!         | 1 deps actor seq start_op time message others columns
//! deps    = count (place)…           1 is the change before this one, 2 the one before that; 0 is followed by a hash
//! actor   = place                    in the list of actors named so far; the first place behind it is followed by its 16 bytes
//! seq, start_op, time = signed       by how much more than in the change before
//! message = length bytes
//! others  = count actor…
//! columns = length bytes             all that follows the header, as Automerge wrote it
//! ```
//! Numbers are LEB128. "The change before" is the last one that was not sent as it is; before the first all numbers are 0.
//!
//! What comes out is what went in, byte for byte, because [`pack`] takes each change apart, puts it together again and compares. What does
//! not come out the same is sent as it is: compressed chunks, numbers written in a longer form, actors of another length, and whatever
//! is no change at all. So nothing is refused for want of a packed form, and log, signatures and receipts know nothing of it.
//!
//! The packed bytes may be hostile. [`unpack`] makes no room for what is merely claimed, stops at a limit, and takes time in proportion to
//! what it reads and makes. It believes nothing: what comes out goes to the gate ([`crate::admit`]) as if it had come as it is.

mod known;
mod parts;

use crate::admit::bytes::{Malformed, Reader, write_unsigned};
use crate::admit::chunk::TOO_LONG;
use known::{Known, SLIM, WHOLE};
use parts::Parts;
use schema::binary::{Actor, Bytes, Hash};
use schema::wire::{JobPush, JobUpdate, News};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Of what [`pack`] writes. A reader says which one it unpacks.
pub const VERSION: u32 = 1;

/// More would come out than fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the packed changes are too long")]
pub struct TooLong;

/// What was packed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unpacked {
    pub changes: Vec<Bytes>,
    /// From the first byte on that does not read as a packed change.
    pub rest: Option<Bytes>,
}

/// Packs changes of one job. Nothing is asked of them; they pack best in the order in which they were made.
pub fn pack(changes: &[Bytes]) -> Bytes {
    let mut packer = Packer::default();
    changes.iter().for_each(|change| packer.add(&change.0));
    Bytes(packer.packed)
}

/// Takes out what [`pack`] packed. `room` is how many bytes the changes may have together.
pub fn unpack(packed: &Bytes, mut room: usize) -> Result<Unpacked, TooLong> {
    let (mut reader, mut known, mut changes) = (Reader(&packed.0), Known::default(), Vec::new());
    while !reader.is_empty() {
        let from_here = reader;
        match known.take(&mut reader, room) {
            Ok(change) => {
                room = room.saturating_sub(change.len());
                changes.push(Bytes(change));
            }
            Err(TOO_LONG) => return Err(TooLong),
            Err(Malformed(_)) => return Ok(Unpacked { changes, rest: Some(Bytes(from_here.0.to_vec())) }),
        }
    }
    Ok(Unpacked { changes, rest: None })
}

/// A push in which every change stands as it is; what could not be unpacked of a job stands behind its changes, and is judged and kept like
/// any other bytes that are no change. `room` is for all that was packed in it.
pub fn plain(push: &[JobPush], mut room: usize) -> Result<Cow<'_, [JobPush]>, TooLong> {
    if push.iter().all(|job| job.slim.is_none()) {
        return Ok(Cow::Borrowed(push));
    }
    let mut plain = push.to_vec();
    for job in &mut plain {
        let Some(packed) = job.slim.take() else { continue };
        let Unpacked { changes, rest } = unpack(&packed, room)?;
        room = room.saturating_sub(changes.iter().map(|change| change.0.len()).sum());
        job.changes.extend(changes.into_iter().chain(rest));
    }
    Ok(Cow::Owned(plain))
}

/// News for a phone that unpacks.
pub fn slimmed(update: JobUpdate) -> JobUpdate {
    match update.news {
        News::Changes(changes) => JobUpdate { news: News::Slim(pack(&changes)), ..update },
        _ => update,
    }
}

#[derive(Default)]
struct Packer {
    packed: Vec<u8>,
    known: Known,
    /// Places in the lists of `known`.
    changes: BTreeMap<Hash, usize>,
    actors: BTreeMap<Actor, usize>,
}

impl Packer {
    fn add(&mut self, change: &[u8]) {
        match self.slim(change) {
            Some(mut slim) => self.packed.append(&mut slim),
            None => {
                self.packed.push(WHOLE);
                write_bytes(&mut self.packed, change);
            }
        }
    }

    /// None where the change would not come out as it is.
    fn slim(&mut self, change: &[u8]) -> Option<Vec<u8>> {
        let slim = self.write(&Parts::read(change).ok()?)?;
        let (again, step) = self.known.rebuild(&mut Reader(slim.get(1..)?), change.len()).ok()?;
        if again != change {
            return None;
        }
        self.changes.insert(step.hash, self.known.changes.len());
        let place = self.known.actors.len();
        self.actors.extend(step.actors.iter().copied().zip(place..));
        self.known.learn(step);
        Some(slim)
    }

    fn write(&self, parts: &Parts<'_>) -> Option<Vec<u8>> {
        let mut out = vec![SLIM];
        write_length(&mut out, parts.deps.len());
        for hash in &parts.deps {
            match self.changes.get(hash) {
                Some(place) => write_length(&mut out, self.known.changes.len() - place),
                None => {
                    out.push(0);
                    out.extend_from_slice(hash.as_slice());
                }
            }
        }
        let mut new = Vec::new();
        self.write_actor(&mut out, &mut new, parts.actor);
        self.known.write_numbers(&mut out, parts)?;
        write_bytes(&mut out, parts.message);
        write_length(&mut out, parts.others.len());
        parts.others.iter().for_each(|actor| self.write_actor(&mut out, &mut new, *actor));
        write_bytes(&mut out, parts.columns);
        Some(out)
    }

    /// `new` are the actors that this change is the first to name.
    fn write_actor(&self, out: &mut Vec<u8>, new: &mut Vec<Actor>, actor: Actor) {
        let again = || new.iter().position(|known| *known == actor).map(|place| self.actors.len() + place);
        if let Some(place) = self.actors.get(&actor).copied().or_else(again) {
            return write_length(out, place);
        }
        write_length(out, self.actors.len() + new.len());
        out.extend_from_slice(actor.as_slice());
        new.push(actor);
    }
}

fn write_length(out: &mut Vec<u8>, length: usize) {
    write_unsigned(out, u64::try_from(length).unwrap_or(u64::MAX));
}

fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests;
