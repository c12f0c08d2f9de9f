//! Taking the server's answer: which entries it makes.

use super::{Now, Output, Replica, ReplicaError};
use crate::record::{ApplyError, Record};
use crate::seal;
use crate::slim::{self, Unpacked};
use crate::store::Entry;
use crate::store::entry::{ChangeEntry, Contact, LostWrite, ReceiptEntry, ReferenceKind, SnapshotKind};
use schema::binary::Bytes;
use schema::id::{JobId, RequestId};
use schema::limits::ANSWER_BYTES_MAX;
use schema::wire::{Ack, Decided, JobUpdate, News, Receipt, Refused, SyncResponse, receipt_message};
use std::collections::{BTreeMap, BTreeSet};

/// Entries in the making, and whether heads must be compared next.
struct Taking {
    entries: Vec<Entry>,
    resync: bool,
    /// Something did not unpack.
    plain_only: bool,
    /// Records as the news so far leaves them.
    drafts: BTreeMap<JobId, Record>,
}

impl Replica {
    /// An answer to anything but the request in flight is dropped whole.
    pub(super) fn answer(
        &mut self,
        now: Now,
        request: RequestId,
        answer: SyncResponse,
    ) -> Result<Vec<Output>, ReplicaError> {
        if self.in_flight.as_ref().is_none_or(|flight| flight.request != request) {
            return Ok(Vec::new());
        }
        let mut taking =
            Taking { entries: Vec::new(), resync: answer.resync, plain_only: false, drafts: BTreeMap::new() };
        if answer.cursor != self.cursor {
            taking.entries.push(Entry::Cursor(answer.cursor));
        }
        for ack in self.new_acks(&answer) {
            taking.resync |= self.jobs.get(&ack.job).is_some_and(|held| held.lacks_own(ack));
            taking.entries.push(Entry::Acked(ack));
        }
        self.take_refusals(now, &answer, &mut taking);
        self.take_drift(&answer, &mut taking);
        let new_hands = answer.hands.iter().filter(|hand| self.hands.get(&hand.change) != Some(hand)).cloned();
        let new_hands: Vec<_> = new_hands.collect();
        if !new_hands.is_empty() {
            taking.entries.push(Entry::Hands(new_hands));
        }
        let is_new =
            |decided: &&Decided| self.decisions.get(&decided.quarantine).is_none_or(|known| known.decided != **decided);
        let decided = answer.decided.iter().filter(is_new).cloned();
        taking.entries.extend(decided.map(|decided| Entry::Decided { decided, at: now.at }));
        let news = answer.jobs.into_iter();
        news.for_each(|update| self.take_news(update, &mut taking));
        taking.entries.extend(answer.receipt.and_then(|receipt| self.receipt(request, receipt)));
        if answer.photos_owed != self.owed {
            taking.entries.push(Entry::Owed(answer.photos_owed));
        }
        if answer.slim != self.slim {
            taking.entries.push(Entry::Slim(answer.slim));
        }
        if taking.resync != self.resync {
            taking.entries.push(Entry::Resync(taking.resync));
        }
        let sent = self.in_flight.as_ref().map(|flight| flight.sent).filter(|sent| sent.boot == now.boot);
        let round_trip_us = sent.map(|sent| now.uptime_us.saturating_sub(sent.uptime_us));
        taking.entries.push(Entry::Contact(Contact {
            server_at: answer.server_time,
            phone_at: now.at,
            uptime_us: now.uptime_us,
            boot: now.boot,
            more: answer.more,
            round_trip_us: round_trip_us.filter(|elapsed| *elapsed >= 0),
        }));
        let with_heads = self.in_flight.take().is_some_and(|flight| flight.with_heads);
        self.plain_only |= taking.plain_only;
        self.compared = with_heads || (self.compared && !answer.resync);
        let mut outputs = self.commit(taking.entries)?;
        let stale = ReferenceKind::ALL.into_iter().filter(|kind| self.lacks(*kind, &answer.reference));
        outputs.extend(stale.map(Output::FetchReference));
        // A comparison is followed by one more look at whether the digests agree.
        if answer.more || with_heads || self.resync || self.unsent() > 0 {
            outputs.push(Output::SyncAgain);
        }
        Ok(outputs)
    }

    /// Those that say more than was known. After a new epoch nothing is known any more.
    fn new_acks(&self, answer: &SyncResponse) -> impl Iterator<Item = Ack> {
        let same_epoch = answer.cursor.epoch == self.cursor.epoch;
        answer.acks.iter().copied().filter(move |ack| {
            let held = self.jobs.get(&ack.job);
            held.is_some_and(|held| !same_epoch || held.acked.get(&ack.actor).is_none_or(|seq| *seq < ack.seq))
        })
    }

    /// The digests differ although heads were compared just now: then every record is fetched whole.
    fn take_drift(&self, answer: &SyncResponse, taking: &mut Taking) {
        let asked = self.in_flight.as_ref().is_some_and(|flight| !flight.with_heads && flight.pushed.is_empty());
        if answer.resync && self.compared && asked {
            let here = self.jobs.values().filter(|held| held.gone.is_none());
            taking.entries.extend(here.map(|held| Entry::Stale { job: held.job }));
        }
    }

    /// A refusal settles what this request carried of that actor, from the change named on. Without the server's copy in the same
    /// answer the phone asks for a comparison, which brings it.
    fn take_refusals(&self, now: Now, answer: &SyncResponse, taking: &mut Taking) {
        let replaced: BTreeSet<JobId> = answer
            .jobs
            .iter()
            .filter(|update| !matches!(update.news, News::Changes(_) | News::Slim(_)))
            .map(|update| update.job)
            .collect();
        for refused in &answer.refused {
            if !replaced.contains(&refused.job) {
                taking.resync = true;
                taking.entries.push(Entry::Stale { job: refused.job });
            }
            let known = self.notices.iter().any(|notice| notice.refused.change == refused.change);
            let seqs = self.refused_seqs(refused);
            if !known || seqs.is_some() {
                taking.entries.push(Entry::Refused {
                    notice: refused.clone(),
                    seqs,
                    at: now.at,
                    writes: self.lost_writes(refused, seqs),
                });
            }
        }
    }

    /// What the refused changes had written; where the server saved the rest by its own hand, only the places that it named.
    fn lost_writes(&self, refused: &Refused, seqs: Option<(u64, u64)>) -> Vec<LostWrite> {
        let (Some(held), Some((from, through))) = (self.jobs.get(&refused.job), seqs) else { return Vec::new() };
        let of_refused = held.record.history().into_iter();
        let of_refused = of_refused.filter(|e| e.actor == refused.actor && (from..=through).contains(&e.seq));
        let touched = of_refused.flat_map(|entry| entry.touched);
        let is_lost = |path: &Vec<String>| refused.salvaged_as.is_none() || refused.paths.contains(path);
        touched
            .filter(|touch| is_lost(&touch.path))
            .map(|touch| LostWrite { path: touch.path, value: touch.after.map(|value| value.to_string()) })
            .collect()
    }

    /// What the request carried of the actor, from the change named on.
    fn refused_seqs(&self, refused: &Refused) -> Option<(u64, u64)> {
        let pushed = self.in_flight.iter().flat_map(|flight| &flight.pushed);
        let of_actor = pushed.filter(|(job, own)| *job == refused.job && own.actor == refused.actor);
        let from = of_actor.clone().find(|(_, own)| own.hash == refused.change).map(|(_, own)| own.seq)?;
        Some((from, of_actor.map(|(_, own)| own.seq).max()?))
    }

    fn take_news(&self, update: JobUpdate, taking: &mut Taking) {
        let job = update.job;
        match update.news {
            News::Changes(changes) => self.take_changes(job, changes, taking),
            News::Slim(packed) => {
                let unpacked = slim::unpack(&packed, ANSWER_BYTES_MAX);
                let is_whole = matches!(unpacked, Ok(Unpacked { rest: None, .. }));
                self.take_changes(job, unpacked.unwrap_or_default().changes, taking);
                // What is missing is asked for again, as it is.
                taking.resync |= !is_whole;
                taking.plain_only |= !is_whole;
            }
            News::Snapshot { document, reset } => match Record::load(&document.0) {
                Ok(record) => {
                    taking.drafts.insert(job, record);
                    let kind = if reset { SnapshotKind::Reset } else { SnapshotKind::Granted };
                    taking.entries.push(Entry::Snapshot { job, document, kind });
                }
                Err(_) => taking.resync = true,
            },
            News::Gone(reason) => {
                if self.jobs.contains_key(&job) || taking.drafts.contains_key(&job) {
                    taking.entries.push(Entry::Gone { job, reason });
                }
            }
        }
    }

    /// A change whose predecessors are missing is kept, and heads are compared; bytes that are no change are not kept.
    fn take_changes(&self, job: JobId, changes: Vec<Bytes>, taking: &mut Taking) {
        let mut whole = Record::new();
        let is_stale = self.jobs.get(&job).is_some_and(|held| held.is_stale);
        if is_stale && whole.apply_trusted(&changes).is_ok() {
            // Nothing but a job's whole history applies to an empty record.
            let document = Bytes(whole.save());
            taking.drafts.insert(job, whole);
            taking.entries.push(Entry::Snapshot { job, document, kind: SnapshotKind::Granted });
            return;
        }
        let here = || self.jobs.get(&job).map(|held| held.record.clone()).unwrap_or_default();
        let trial = taking.drafts.entry(job).or_insert_with(here);
        let applied = trial.apply_trusted(&changes);
        taking.resync |= applied.is_err();
        for bytes in changes {
            let single = if applied.is_ok() { Ok(()) } else { trial.apply_trusted(std::slice::from_ref(&bytes)) };
            if matches!(single, Ok(()) | Err(ApplyError::Gap(_))) {
                taking.entries.push(Entry::Change(ChangeEntry { job, bytes, own: None }));
            }
        }
    }

    /// The receipt, if the server signed what was pushed.
    fn receipt(&self, request: RequestId, receipt: Receipt) -> Option<Entry> {
        let leaves = self.in_flight.as_ref()?.leaves.clone();
        let message = receipt_message(receipt.push, receipt.received_at, &leaves);
        let device_key = self.key.as_ref()?.public_key();
        seal::verify(receipt.key, &message, receipt.signature).then_some(Entry::Receipt(ReceiptEntry {
            request,
            leaves,
            receipt,
            device_key,
        }))
    }
}
