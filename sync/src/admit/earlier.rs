//! Actors that were ended in an earlier push. The answer may have been lost on the way, or the technician may have tapped on while it
//! came: then the phone sends what was refused again, and more that builds on it. None of that may be lost, or saved twice.

use super::chunk::{Chunk, Header};
use super::fault;
use super::push::Push;
use schema::binary::{Bytes, Hash};
use schema::wire::RefusalCode;
use std::collections::BTreeSet;

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
    /// The first that was refused.
    change: Hash,
    code: RefusalCode,
    seq: u64,
    raw: Vec<Bytes>,
    known: BTreeSet<Hash>,
    /// The refusal of this push for what is sent again, and the one for what is new.
    repeated: Option<usize>,
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
                change: earlier.change,
                code: earlier.code,
                seq: first.seq,
                raw: Vec::new(),
                known: BTreeSet::new(),
                repeated: None,
                newer: None,
            });
            stopped.known.extend(chunks.iter().map(|chunk| chunk.hash));
            stopped.raw.extend(earlier.raw.iter().take(chunks.len()).cloned());
        }
    }

    /// Where the change belongs if its actor is stopped: by a change of this push, or by one of an earlier push.
    pub(super) fn stopped_at(&mut self, header: &Header<'_>, hash: Hash) -> Option<usize> {
        let earlier =
            self.earlier.get(&header.actor).filter(|earlier| header.seq >= earlier.seq && !self.writer.revoked);
        let Some(earlier) = earlier else { return self.stopped.get(&header.actor).copied() };
        let is_repeated = earlier.known.contains(&hash);
        let place = if is_repeated { earlier.repeated } else { earlier.newer };
        if place.is_some() {
            return place;
        }
        let change = if is_repeated { earlier.change } else { hash };
        let before = if is_repeated { Vec::new() } else { earlier.raw.clone() };
        let fault = fault(earlier.code, "it was refused before, or builds on what was");
        let place = self.start(change, header.actor, fault, before);
        if let Some(earlier) = self.earlier.get_mut(&header.actor) {
            *(if is_repeated { &mut earlier.repeated } else { &mut earlier.newer }) = Some(place);
        }
        Some(place)
    }
}
