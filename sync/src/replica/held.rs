//! One job as this phone holds it.

use super::ReplicaError;
use crate::record::{ApplyError, Record};
use crate::store::entry::{ChangeEntry, Own, SnapshotKind, WrittenAt};
use schema::binary::{Actor, Bytes, Hash};
use schema::id::JobId;
use schema::wire::{Ack, GoneReason, job_digest};
use std::collections::{BTreeMap, BTreeSet};

/// Whether all of a job is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wholeness {
    Whole,
    /// The server had more than fitted into its last answer.
    Loading,
    /// Something that it builds on is missing here: a change, its template.
    Incomplete,
}

/// One job as this phone holds it.
#[derive(Debug, Clone)]
pub struct Held {
    pub job: JobId,
    pub record: Record,
    /// Why it left this phone's hands. What is unsent of it stays.
    pub gone: Option<GoneReason>,
    /// Under which this phone writes; none before its first edit, and where the record lacks what it wrote.
    pub(super) actor: Option<Actor>,
    /// All that ever wrote here from this phone.
    pub(super) actors: BTreeSet<Actor>,
    pub(super) acked: BTreeMap<Actor, u64>,
    /// Own changes that the server neither acknowledged nor judged, in the order in which they were made.
    pub(super) unsent: Vec<(Own, Bytes)>,
    /// What the clocks said of own changes, should one have to be sent again.
    clocks: BTreeMap<Hash, WrittenAt>,
    /// Changes that the server has, and that build on what is not here.
    pub(super) waiting: Vec<Bytes>,
    /// To be fetched whole, since it holds what the server does not have.
    pub(super) is_stale: bool,
    /// This job's part of the digest that the phone reports.
    pub(super) share: Hash,
}

impl Held {
    pub(super) fn new(job: JobId) -> Self {
        Self {
            job,
            record: Record::new(),
            gone: None,
            actor: None,
            actors: BTreeSet::new(),
            acked: BTreeMap::new(),
            unsent: Vec::new(),
            clocks: BTreeMap::new(),
            waiting: Vec::new(),
            is_stale: false,
            share: Hash::ZERO,
        }
    }

    /// Whether the record itself is here, not only something about it.
    pub fn is_loaded(&self) -> bool {
        !self.record.heads().is_empty()
    }

    pub fn unsent(&self) -> usize {
        self.unsent.len()
    }

    /// Whether this phone ever wrote here under this actor.
    pub fn is_own(&self, actor: Actor) -> bool {
        self.actors.contains(&actor)
    }

    pub fn is_urgent(&self) -> bool {
        self.unsent.iter().any(|(own, _)| own.urgent)
    }

    pub(super) fn digest(&self) -> Hash {
        if self.gone.is_none() && self.is_loaded() { job_digest(self.job, &self.record.heads()) } else { Hash::ZERO }
    }

    pub(super) fn take_change(&mut self, entry: &ChangeEntry) {
        match entry.own {
            Some(own) => {
                self.actors.insert(own.actor);
                self.clocks.extend(own.clock.map(|clock| (own.hash, clock)));
                // What a reset took off the record is not put back; it is still sent.
                if self.record.apply_trusted(std::slice::from_ref(&entry.bytes)).is_ok() {
                    self.settle_waiting();
                }
                let known = self.unsent.iter().any(|(unsent, _)| unsent.hash == own.hash);
                if !known && own.seq > self.acked.get(&own.actor).copied().unwrap_or(0) {
                    self.unsent.push((own, entry.bytes.clone()));
                }
            }
            None => {
                self.waiting.push(entry.bytes.clone());
                self.settle_waiting();
            }
        }
    }

    /// Applies what waited and can be applied by now: all at once, else one by one.
    fn settle_waiting(&mut self) {
        if self.waiting.is_empty() || self.record.apply_trusted(&self.waiting).is_ok() {
            self.waiting.clear();
            return;
        }
        loop {
            let before = self.waiting.len();
            let record = &mut self.record;
            self.waiting.retain(|bytes| match record.apply_trusted(std::slice::from_ref(bytes)) {
                Err(ApplyError::Gap(_)) => true,
                Ok(()) | Err(ApplyError::Malformed(_) | ApplyError::Refused(_)) => false,
            });
            if self.waiting.len() == before {
                return;
            }
        }
    }

    pub(super) fn take_snapshot(&mut self, document: &Bytes, kind: SnapshotKind) -> Result<(), ReplicaError> {
        let unreadable = |why: String| ReplicaError::Unreadable { job: self.job, why };
        let mut record = Record::load(&document.0).map_err(|error| unreadable(error.to_string()))?;
        if kind != SnapshotKind::Compacted {
            self.resend_lost(&record);
            for (_, bytes) in &self.unsent {
                // One that builds on what the server did not take does not fit; it is still sent, and the server judges it.
                let _ = record.apply_trusted(std::slice::from_ref(bytes));
            }
            self.gone = None;
            self.is_stale = false;
            self.retire_unless_whole(&record);
        }
        if kind == SnapshotKind::Reset {
            self.actor = None;
            self.waiting.clear();
        }
        self.record = record;
        self.settle_waiting();
        Ok(())
    }

    /// The actor counts its changes by what the record holds of it: were one missing, its number would be given out a second time.
    fn retire_unless_whole(&mut self, record: &Record) {
        let lacks_own = |actor: Actor| {
            let here = self.record.infos_since(&[]).into_iter().map(|info| (info.actor, info.hash));
            let mut written = here.chain(self.unsent.iter().map(|(own, _)| (own.actor, own.hash)));
            written.any(|(of, hash)| of == actor && !record.has(hash))
        };
        self.actor = self.actor.filter(|actor| !lacks_own(*actor));
    }

    /// What the server once acknowledged and does not have after all is unsent again, before all that was written on it.
    fn resend_lost(&mut self, server: &Record) {
        let marks = self.acked.clone();
        let mut lost = Vec::new();
        for info in self.record.infos_since(&[]).into_iter().filter(|info| !server.has(info.hash)) {
            if marks.get(&info.actor).is_none_or(|mark| info.seq > *mark) {
                continue;
            }
            if let Some(mark) = self.acked.get_mut(&info.actor) {
                *mark = info.seq.saturating_sub(1).min(*mark);
            }
            let clock = self.clocks.get(&info.hash).copied();
            let own = Own { actor: info.actor, seq: info.seq, hash: info.hash, urgent: false, clock };
            lost.extend(self.record.change(info.hash).map(|change| (own, change.bytes)));
        }
        self.unsent.splice(..0, lost);
    }

    pub(super) fn take_ack(&mut self, ack: Ack) {
        let mark = self.acked.entry(ack.actor).or_default();
        *mark = ack.seq.max(*mark);
        let mark = *mark;
        let unsent = std::mem::take(&mut self.unsent);
        for (own, bytes) in unsent {
            if own.actor != ack.actor || own.seq > mark {
                self.unsent.push((own, bytes));
            } else if !self.record.has(own.hash) {
                // It comes with what it builds on. Until then, these are the only bytes of it on this phone.
                self.waiting.push(bytes);
            }
        }
    }

    /// Whether this acknowledges what a reset took off the record here: the server could apply it after all.
    pub(super) fn lacks_own(&self, ack: Ack) -> bool {
        let mut own = self.unsent.iter().filter(|(own, _)| own.actor == ack.actor && own.seq <= ack.seq);
        own.any(|(own, _)| !self.record.has(own.hash))
    }

    /// The actor goes on until the server's copy is here: what is written meanwhile builds on what was refused, and is judged with it.
    pub(super) fn take_refusal(&mut self, actor: Actor, seqs: Option<(u64, u64)>) {
        if let Some((from, through)) = seqs {
            self.unsent.retain(|(own, _)| own.actor != actor || !(from..=through).contains(&own.seq));
        }
    }

    /// The server lost things: whatever was written here and the record holds, or soon would have, is unsent again.
    pub(super) fn unack(&mut self) {
        self.acked.clear();
        let earlier = std::mem::take(&mut self.unsent);
        for info in self.record.infos_since(&[]) {
            let Some(change) = self.record.change(info.hash).filter(|_| self.actors.contains(&info.actor)) else {
                continue;
            };
            let urgent = earlier.iter().any(|(own, _)| own.hash == info.hash && own.urgent);
            let clock = self.clocks.get(&info.hash).copied();
            self.unsent.push((Own { actor: info.actor, seq: info.seq, hash: info.hash, urgent, clock }, change.bytes));
        }
        for bytes in &self.waiting {
            let Ok((actor, seq, hash)) = Record::identify(bytes) else { continue };
            if self.actors.contains(&actor) {
                let clock = self.clocks.get(&hash).copied();
                self.unsent.push((Own { actor, seq, hash, urgent: false, clock }, bytes.clone()));
            }
        }
        let here: BTreeSet<Hash> = self.unsent.iter().map(|(own, _)| own.hash).collect();
        self.unsent.extend(earlier.into_iter().filter(|(own, _)| !here.contains(&own.hash)));
    }
}
