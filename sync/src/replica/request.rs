//! Making a request: everything unsent, calls for help first, signed by the device's key.

use super::{Held, InFlight, Now, Output, Replica, ReplicaError};
use crate::record::Record;
use crate::slim;
use crate::store::Entry;
use crate::store::entry::{ChangeEntry, Contact, Own, WrittenAt};
use schema::binary::{Bytes, Hash};
use schema::id::{JobId, RequestId};
use schema::limits::{PUSH_CHANGES_MAX, PUSH_JOBS_MAX, SYNC_BODY_BYTES_MAX};
use schema::problem::Kind;
use schema::wire::{
    ChangeStamp, ContactClock, JobHeads, JobPush, PROTOCOL_VERSION, PhoneClock, SyncRequest, push_leaf, push_message,
};

/// Bytes of changes in one request. The rest goes with the next one.
const PUSH_BYTES_MAX: usize = SYNC_BODY_BYTES_MAX / 2;

impl Replica {
    pub(super) fn build_sync(&mut self, now: Now, random: [u8; 16]) -> Result<Vec<Output>, ReplicaError> {
        let (Some(identity), Some(key)) = (&self.identity, &self.key) else { return Err(ReplicaError::NotEnrolled) };
        let mut bits = [0; 10];
        bits.iter_mut().zip(random).for_each(|(to, from)| *to = from);
        let id = RequestId::new(now.at, bits);
        let is_packed = self.packs();
        let (push, pushed, contacts) = self.push(now, is_packed);
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
            contacts,
            heads: self.resync.then(|| self.heads()),
            slim: if self.plain_only { 0 } else { slim::VERSION },
        };
        self.in_flight = Some(InFlight { request: id, leaves, pushed, with_heads: self.resync, is_packed, sent: now });
        Ok(vec![Output::Request(Box::new(request))])
    }

    fn packs(&self) -> bool {
        self.slim >= slim::VERSION && !self.plain_only
    }

    /// A server that was put back to an older release can't read what was packed; nor can one that packs otherwise than we do.
    pub(super) fn problem(&mut self, request: RequestId, kind: Kind) -> Result<Vec<Output>, ReplicaError> {
        let is_ours = |flight: &&InFlight| flight.request == request && flight.is_packed && !flight.pushed.is_empty();
        let may_be_the_form = matches!(kind, Kind::BadRequest | Kind::SignatureInvalid | Kind::TooLarge);
        if !may_be_the_form || self.in_flight.as_ref().filter(is_ours).is_none() {
            return Ok(Vec::new());
        }
        self.in_flight = None;
        self.plain_only = true;
        let mut outputs = self.commit(vec![Entry::Slim(0)])?;
        outputs.push(Output::SyncAgain);
        Ok(outputs)
    }

    fn push(&self, now: Now, is_packed: bool) -> (Vec<JobPush>, Vec<(JobId, Own)>, Vec<ContactClock>) {
        let mut stamps = Stamps { now, contacts: Vec::new() };
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
                let clocks = stamps.of(&owns);
                pushed.extend(owns.into_iter().map(|own| (held.job, own)));
                let slim = is_packed.then(|| slim::pack(&changes));
                let changes = if is_packed { Vec::new() } else { changes };
                push.push(JobPush { job: held.job, changes, slim, clocks });
            }
        }
        let contacts = stamps.contacts.iter().map(|contact| contact_clock(contact, now)).collect();
        (push, pushed, contacts)
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
            // Another phone's clocks, perhaps: they tell nothing here.
            let own = Some(Own { actor, seq, hash, urgent: false, clock: None });
            entries.push(Entry::Change(ChangeEntry { job, bytes, own }));
        }
        self.commit(entries)
    }
}

/// What the clocks say of changes, told by the contacts that they follow.
struct Stamps {
    now: Now,
    contacts: Vec<Contact>,
}

impl Stamps {
    /// One for each; none at all where nothing is known of any.
    fn of(&mut self, owns: &[Own]) -> Vec<ChangeStamp> {
        if owns.iter().all(|own| own.clock.is_none()) {
            return Vec::new();
        }
        owns.iter().map(|own| own.clock.map(|clock| self.stamp(clock)).unwrap_or_default()).collect()
    }

    fn stamp(&mut self, clock: WrittenAt) -> ChangeStamp {
        let ms = |from: i64, to: i64| to.checked_sub(from).filter(|elapsed| *elapsed >= 0).map(|us| us / 1_000);
        let contact = clock.contact.map_or(0, |contact| self.place(contact));
        let same = clock.contact.filter(|contact| contact.boot == clock.boot);
        let since_ms = same.and_then(|contact| ms(contact.uptime_us, clock.uptime_us));
        let is_here = since_ms.is_none() && clock.boot == self.now.boot;
        let until_ms = if is_here { ms(clock.uptime_us, self.now.uptime_us) } else { None };
        ChangeStamp { contact, since_ms, until_ms }
    }

    fn place(&mut self, contact: Contact) -> u32 {
        let known = self.contacts.iter().position(|known| *known == contact);
        let place = known.unwrap_or_else(|| {
            self.contacts.push(contact);
            self.contacts.len() - 1
        });
        u32::try_from(place + 1).unwrap_or(0)
    }
}

fn contact_clock(contact: &Contact, now: Now) -> ContactClock {
    let until = now.uptime_us.checked_sub(contact.uptime_us).filter(|us| *us >= 0 && contact.boot == now.boot);
    let Contact { server_at, phone_at, round_trip_us, .. } = *contact;
    ContactClock { server_at, phone_at, round_trip_us, until_sent_us: until }
}

/// One leaf for each job of the push, in its order.
fn leaves(push: &[JobPush], pushed: &[(JobId, Own)]) -> Vec<Hash> {
    let hashes = |job: JobId| pushed.iter().filter(|(of, _)| *of == job).map(|(_, own)| own.hash).collect::<Vec<_>>();
    push.iter().map(|push| push_leaf(push.job, &hashes(push.job))).collect()
}
