//! The shortest list of entries that makes the same state.

use super::{Held, RefusedPhoto, Replica};
use crate::store::Entry;
use crate::store::entry::{ChangeEntry, SnapshotKind};
use schema::binary::Bytes;
use schema::conflict::ChangeHand;
use schema::id::JobId;
use schema::wire::Ack;
use std::collections::BTreeSet;

/// Receipts kept on the phone; the server keeps them all.
const RECEIPTS_KEPT: usize = 200;
/// Decisions kept after they were read: more than the server tells again.
const DECISIONS_KEPT: usize = 200;
/// Jobs that left this phone's hands and that somebody wrote to here: were the server restored from an old backup, this phone
/// may be the only one that has it.
const GONE_JOBS_KEPT: usize = 300;

impl Replica {
    /// Leaves out only what lies behind the mark: jobs that left this phone's hands with nothing unsent, if nobody wrote to them here
    /// or it was long ago, and notices that were read.
    pub fn compacted(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        entries.extend(self.seed.clone().map(Entry::Key));
        entries.extend(self.identity.clone().map(Entry::Identity));
        entries.push(Entry::Session(self.session.clone()));
        entries.push(Entry::Cursor(self.cursor));
        entries.push(Entry::Resync(self.resync));
        entries.extend(self.references.iter().map(|((kind, _), (version, json))| Entry::Reference {
            kind: *kind,
            version: *version,
            json: json.clone(),
        }));
        entries.extend(self.shipped.map(Entry::Shipped));
        let unread = self.notices.iter().filter(|notice| !notice.read);
        entries.extend(unread.map(|notice| Entry::Refused {
            notice: notice.refused.clone(),
            seqs: None,
            at: notice.at,
            writes: notice.writes.clone(),
        }));
        let here = |hand: &&ChangeHand| self.jobs.get(&hand.job).is_some_and(|held| held.gone.is_none());
        let hands: Vec<ChangeHand> = self.hands.values().filter(here).cloned().collect();
        if !hands.is_empty() {
            entries.push(Entry::Hands(hands));
        }
        // What was read stays, so that it is no news when it is told again; of old ones only the last.
        let decisions = self.decisions.values().rev().enumerate();
        let kept = decisions.filter(|(place, decision)| !decision.read || *place < DECISIONS_KEPT);
        for (_, decision) in kept.collect::<Vec<_>>().into_iter().rev() {
            entries.push(Entry::Decided { decided: decision.decided.clone(), at: decision.at });
            if decision.read {
                entries.push(Entry::NoticeRead { change: decision.decided.change });
            }
        }
        let written = |held: &&Held| held.gone.is_some() && held.unsent() == 0 && !held.actors.is_empty();
        let old: BTreeSet<JobId> =
            self.jobs.values().rev().filter(written).skip(GONE_JOBS_KEPT).map(|held| held.job).collect();
        let is_kept =
            |held: &&Held| held.gone.is_none() || held.unsent() > 0 || (written(held) && !old.contains(&held.job));
        self.jobs.values().filter(is_kept).for_each(|held| held.compact_into(&mut entries));
        entries.push(Entry::Owed(self.owed.clone()));
        let photos = self.photos.iter();
        entries.extend(photos.map(|(sha256, (job, bytes))| Entry::Photo { sha256: *sha256, bytes: *bytes, job: *job }));
        for RefusedPhoto { sha256, job, bytes, why } in self.refused_photos.values().copied() {
            entries.extend([Entry::Photo { sha256, bytes, job }, Entry::PhotoRefused { sha256, why }]);
        }
        let receipts = self.receipts.iter().rev().take(RECEIPTS_KEPT).rev();
        entries.extend(receipts.cloned().map(Entry::Receipt));
        entries.extend(self.contact.map(Entry::Contact));
        entries.extend((self.slim > 0).then_some(Entry::Slim(self.slim)));
        entries
    }
}

impl Held {
    fn compact_into(&self, entries: &mut Vec<Entry>) {
        let job = self.job;
        let retired = self.actors.iter().filter(|actor| Some(**actor) != self.actor);
        entries.extend(retired.map(|actor| Entry::Lease { job, actor: *actor, retired: true }));
        entries.extend(self.actor.map(|actor| Entry::Lease { job, actor, retired: false }));
        // Before the record, on which those that a reset took off must not be laid again.
        entries.extend(
            self.unsent
                .iter()
                .map(|(own, bytes)| Entry::Change(ChangeEntry { job, bytes: bytes.clone(), own: Some(*own) })),
        );
        if self.is_loaded() {
            let document = Bytes(self.record.save());
            entries.push(Entry::Snapshot { job, document, kind: SnapshotKind::Compacted });
        }
        if self.is_stale {
            entries.push(Entry::Stale { job });
        }
        let waiting = self.waiting.iter();
        entries.extend(waiting.map(|bytes| Entry::Change(ChangeEntry { job, bytes: bytes.clone(), own: None })));
        entries.extend(self.acked.iter().map(|(actor, seq)| Entry::Acked(Ack { job, actor: *actor, seq: *seq })));
        entries.extend(self.gone.map(|reason| Entry::Gone { job, reason }));
    }
}
