//! Making a request: everything unsent, calls for help first, signed by the device's key.

use super::{Held, InFlight, Now, Output, Replica, ReplicaError};
use crate::record::Record;
use crate::store::Entry;
use crate::store::entry::{ChangeEntry, Own};
use schema::binary::{Bytes, Hash};
use schema::id::{JobId, RequestId};
use schema::limits::{PUSH_CHANGES_MAX, PUSH_JOBS_MAX, SYNC_BODY_BYTES_MAX};
use schema::wire::{JobHeads, JobPush, PROTOCOL_VERSION, PhoneClock, SyncRequest, push_leaf, push_message};

/// Bytes of changes in one request. The rest goes with the next one.
const PUSH_BYTES_MAX: usize = SYNC_BODY_BYTES_MAX / 2;

impl Replica {
    pub(super) fn build_sync(&mut self, now: Now, random: [u8; 16]) -> Result<Vec<Output>, ReplicaError> {
        let (Some(identity), Some(key)) = (&self.identity, &self.key) else { return Err(ReplicaError::NotEnrolled) };
        let mut bits = [0; 10];
        bits.iter_mut().zip(random).for_each(|(to, from)| *to = from);
        let id = RequestId::new(now.at, bits);
        let (push, pushed) = self.push();
        let leaves = leaves(&push, &pushed);
        let signature = (!push.is_empty()).then(|| key.sign(&push_message(identity.device, id, &leaves)));
        let request = SyncRequest {
            protocol: PROTOCOL_VERSION,
            id,
            cursor: self.cursor,
            digest: self.digest,
            push,
            signature,
            budget_bytes: None,
            clock: PhoneClock { at: now.at, since_contact_us: self.since_contact_us(now) },
            heads: self.resync.then(|| self.heads()),
        };
        self.in_flight = Some(InFlight { request: id, leaves, pushed, with_heads: self.resync });
        Ok(vec![Output::Request(Box::new(request))])
    }

    fn push(&self) -> (Vec<JobPush>, Vec<(JobId, Own)>) {
        let mut jobs: Vec<&Held> = self.jobs.values().filter(|held| !held.unsent.is_empty()).collect();
        jobs.sort_by_key(|held| !held.is_urgent());
        let (mut push, mut pushed, mut room) = (Vec::new(), Vec::new(), PUSH_BYTES_MAX);
        for held in jobs.into_iter().take(PUSH_JOBS_MAX) {
            let fitting = held.unsent.iter().take(PUSH_CHANGES_MAX).take_while(|(_, bytes)| {
                let fits = bytes.0.len() <= room;
                room = if fits { room - bytes.0.len() } else { 0 };
                fits
            });
            let (owns, changes): (Vec<Own>, Vec<Bytes>) = fitting.cloned().unzip();
            if !changes.is_empty() {
                pushed.extend(owns.into_iter().map(|own| (held.job, own)));
                push.push(JobPush { job: held.job, changes });
            }
        }
        (push, pushed)
    }

    /// Heads of every job held; none of those that are to come whole.
    pub(super) fn heads(&self) -> Vec<JobHeads> {
        let here = self.jobs.values().filter(|held| held.gone.is_none() && held.is_loaded());
        let heads = |held: &Held| if held.is_stale { Vec::new() } else { held.record.heads() };
        here.map(|held| JobHeads { job: held.job, heads: heads(held) }).collect()
    }

    fn since_contact_us(&self, now: Now) -> Option<i64> {
        let contact = self.contact.filter(|contact| contact.boot == now.boot)?;
        now.uptime_us.checked_sub(contact.uptime_us).filter(|elapsed| *elapsed >= 0)
    }

    /// Takes changes of a phone's back from a file. They are sent as they are; the record shows them where they fit.
    pub(super) fn import(&mut self, job: JobId, changes: Vec<Bytes>) -> Result<Vec<Output>, ReplicaError> {
        let not_importable = |why: String| ReplicaError::NotImportable(why);
        let mut entries = Vec::new();
        for bytes in changes {
            let (actor, seq, hash) = Record::identify(&bytes).map_err(|error| not_importable(error.to_string()))?;
            entries.push(Entry::Lease { job, actor, retired: true });
            let own = Some(Own { actor, seq, hash, urgent: false });
            entries.push(Entry::Change(ChangeEntry { job, bytes, own }));
        }
        self.commit(entries)
    }
}

/// One leaf for each job of the push, in its order.
fn leaves(push: &[JobPush], pushed: &[(JobId, Own)]) -> Vec<Hash> {
    let hashes = |job: JobId| pushed.iter().filter(|(of, _)| *of == job).map(|(_, own)| own.hash).collect::<Vec<_>>();
    push.iter().map(|push| push_leaf(push.job, &hashes(push.job))).collect()
}
