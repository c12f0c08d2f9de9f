//! Actors that were ended in an earlier push. The answer may have been lost on the way, or the technician may have tapped on while it
//! came: then the phone sends what was refused again, and more that builds on it. None of that may be lost, or saved twice.

use super::chunk::{Chunk, Header};
use super::fault;
use super::push::Push;
use schema::binary::{Bytes, Hash};
use schema::wire::RefusalCode;
use std::collections::BTreeMap;

/// What was refused of an actor before, and lies in quarantine. The phone may not have heard of it when it wrote on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// [`Refusal::change`] of then.
    pub change: Hash,
    pub code: RefusalCode,
    /// [`Refusal::raw`] of then.
    pub raw: Vec<Bytes>,
}

/// An actor that an earlier push ended.
pub(super) struct Stopped {
    code: RefusalCode,
    seq: u64,
    raw: Vec<Bytes>,
    /// Under which entry of the quarantine each change lies: its [`Earlier::change`], and how many lie under the entries before it.
    known: BTreeMap<Hash, (Hash, usize)>,
    /// The refusals of this push for what is sent again, by that change, and the one for what is new.
    repeated: BTreeMap<Hash, usize>,
    newer: Option<usize>,
}

impl Push<'_> {
    /// Takes note of what was refused earlier. What can't be saved may well be sent again: it is judged anew.
    pub(super) fn stop(&mut self, earlier: &[Earlier]) {
        for earlier in earlier.iter().filter(|earlier| earlier.code.is_salvageable()) {
            let chunks: Vec<Chunk> =
                earlier.raw.iter().map_while(|bytes| Chunk::open(&bytes.0, &self.rules.limits).ok()).collect();
            let Some(Ok(first)) = chunks.first().map(Chunk::header) else { continue };
            let stopped = self.earlier.entry(first.actor).or_insert_with(|| Stopped {
                code: earlier.code,
                seq: first.seq,
                raw: Vec::new(),
                known: BTreeMap::new(),
                repeated: BTreeMap::new(),
                newer: None,
            });
            let place = (earlier.change, stopped.raw.len());
            stopped.known.extend(chunks.iter().map(|chunk| (chunk.hash, place)));
            stopped.raw.extend(earlier.raw.iter().take(chunks.len()).cloned());
        }
    }

    /// Where the change belongs if its actor is stopped: by a change of this push, or by one of an earlier push.
    pub(super) fn stopped_at(&mut self, header: &Header<'_>, hash: Hash) -> Option<usize> {
        let earlier =
            self.earlier.get(&header.actor).filter(|earlier| header.seq >= earlier.seq && !self.writer.revoked);
        let Some(earlier) = earlier else { return self.stopped.get(&header.actor).copied() };
        // Answered as it was then: the phone settles what it sent from the change named on.
        let repeated = earlier.known.get(&hash).copied();
        let place = repeated.map_or(earlier.newer, |(change, _)| earlier.repeated.get(&change).copied());
        if place.is_some() {
            return place;
        }
        let (change, before) = repeated.unwrap_or((hash, earlier.raw.len()));
        let before = earlier.raw.iter().take(before).cloned().collect();
        let fault = fault(earlier.code, "it was refused before, or builds on what was");
        let place = self.start(change, header.actor, fault, before);
        if let Some(earlier) = self.earlier.get_mut(&header.actor) {
            match repeated {
                Some(_) => drop(earlier.repeated.insert(change, place)),
                None => earlier.newer = Some(place),
            }
        }
        Some(place)
    }
}
