//! From entries to state: the only place where a replica's state changes.

use super::{Decision, Held, Notice, RefusedPhoto, Replica, ReplicaError};
use crate::seal::DeviceKey;
use crate::store::Entry;
use crate::store::entry::ReferenceKind;
use schema::binary::{Bytes, Hash};
use schema::id::JobId;
use schema::reference::PriceList;
use schema::template::Template;
use schema::wire::Cursor;

impl Replica {
    pub(super) fn apply(&mut self, entry: &Entry) -> Result<(), ReplicaError> {
        match entry {
            Entry::Key(seed) => self.take_key(seed),
            Entry::Identity(identity) => self.identity = Some(identity.clone()),
            Entry::Session(session) => self.session.clone_from(session),
            Entry::Lease { job, actor, retired } => self.in_job(*job, |held| {
                held.actors.insert(*actor);
                held.actor = if *retired { held.actor.filter(|current| current != actor) } else { Some(*actor) };
                Ok(())
            })?,
            Entry::Change(change) => self.in_job(change.job, |held| {
                held.take_change(change);
                Ok(())
            })?,
            Entry::Snapshot { job, document, kind } => {
                self.in_job(*job, |held| held.take_snapshot(document, *kind))?;
            }
            Entry::Acked(ack) => self.in_job(ack.job, |held| {
                held.take_ack(*ack);
                Ok(())
            })?,
            Entry::Refused { notice, seqs, at, writes } => {
                self.take_notice(Notice { refused: notice.clone(), at: *at, writes: writes.clone(), read: false });
                self.in_job(notice.job, |held| {
                    held.take_refusal(notice.actor, *seqs);
                    Ok(())
                })?;
            }
            Entry::Stale { job } => self.in_job(*job, |held| {
                held.is_stale = true;
                Ok(())
            })?,
            Entry::Hands(hands) => self.hands.extend(hands.iter().map(|hand| (hand.change, hand.clone()))),
            Entry::Decided { decided, at } => {
                let decision = Decision { decided: decided.clone(), at: *at, read: false };
                self.decisions.insert(decided.quarantine, decision);
            }
            Entry::NoticeRead { change } => self.take_read(*change),
            Entry::Gone { job, reason } => self.in_job(*job, |held| {
                held.gone = Some(*reason);
                Ok(())
            })?,
            Entry::Cursor(cursor) => self.take_cursor(*cursor),
            Entry::Resync(resync) => self.resync = *resync,
            Entry::Contact(contact) => self.contact = Some(*contact),
            Entry::Slim(version) => self.slim = *version,
            Entry::Receipt(receipt) => self.receipts.push(receipt.clone()),
            Entry::Reference { kind, version, json } => self.take_reference(*kind, *version, json),
            Entry::Shipped(digest) => self.shipped = Some(*digest),
            Entry::Owed(owed) => self.owed.clone_from(owed),
            Entry::Photo { sha256, bytes, job } => {
                self.refused_photos.remove(sha256);
                self.photos.insert(*sha256, (*job, *bytes));
            }
            Entry::PhotoSent { sha256 } => {
                self.photos.remove(sha256);
                self.owed.retain(|owed| owed != sha256);
            }
            Entry::PhotoRefused { sha256, why } => {
                if let Some((job, bytes)) = self.photos.remove(sha256) {
                    let photo = RefusedPhoto { sha256: *sha256, job, bytes, why: *why };
                    self.refused_photos.insert(*sha256, photo);
                }
                self.owed.retain(|owed| owed != sha256);
            }
        }
        Ok(())
    }

    /// What was told of a refused change, and of what was decided about it, was read.
    fn take_read(&mut self, change: Hash) {
        let read = self.notices.iter_mut().filter(|notice| notice.refused.change == change);
        read.for_each(|notice| notice.read = true);
        let heard = self.decisions.values_mut().filter(|decision| decision.decided.change == change);
        heard.for_each(|decision| decision.read = true);
    }

    /// Changes one job and keeps the digest in step.
    fn in_job(
        &mut self,
        job: JobId,
        change: impl FnOnce(&mut Held) -> Result<(), ReplicaError>,
    ) -> Result<(), ReplicaError> {
        let held = self.jobs.entry(job).or_insert_with(|| Held::new(job));
        let changed = change(held);
        let share = held.digest();
        self.digest = self.digest.xor(held.share).xor(share);
        held.share = share;
        changed
    }

    /// A change that was sent again, as to a restored server, is refused again: the technician is told once, as it stands now.
    fn take_notice(&mut self, notice: Notice) {
        let same = |known: &&mut Notice| {
            (known.refused.job, known.refused.change) == (notice.refused.job, notice.refused.change)
        };
        let Some(known) = self.notices.iter_mut().find(same) else { return self.notices.push(notice) };
        if !notice.writes.is_empty() {
            known.writes = notice.writes;
        }
        known.refused = notice.refused;
    }

    fn take_key(&mut self, seed: &Bytes) {
        let bytes: Option<[u8; 32]> = seed.0.as_slice().try_into().ok();
        self.key = bytes.and_then(|seed| DeviceKey::from_seed(seed).ok());
        self.seed = Some(seed.clone());
    }

    fn take_cursor(&mut self, cursor: Cursor) {
        if self.cursor.epoch != 0 && self.cursor.epoch != cursor.epoch {
            self.jobs.values_mut().for_each(Held::unack);
        }
        self.cursor = cursor;
    }

    /// Reference data that does not read is as good as not there: it is fetched again.
    fn take_reference(&mut self, kind: ReferenceKind, version: i64, json: &str) {
        let key = match kind {
            ReferenceKind::Template => {
                let Ok(template) = serde_json::from_str::<Template>(json) else { return };
                let key = format!("{}/{}", template.id, template.version);
                self.templates.insert((template.id.clone(), template.version), template);
                key
            }
            ReferenceKind::PriceList => {
                let Ok(list) = serde_json::from_str::<PriceList>(json) else { return };
                self.price_list = Some(list);
                String::new()
            }
        };
        self.references.insert((kind, key), (version, json.to_owned()));
    }
}
