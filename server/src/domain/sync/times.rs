//! When pushed changes were made: what the phone's clocks say, what the server had issued that they build on, and when they came.

use crate::domain::records::{Said, Timed, Times};
use crate::domain::sync::Case;
use schema::binary::{Actor, Hash};
use schema::evidence::{ChangeClock, Evidence, Tie, estimate};
use schema::id::JobId;
use schema::time::Timestamp;
use schema::wire::{ChangeStamp, ContactClock, JobPush, SyncRequest};
use std::collections::BTreeMap;
use sync::admit::Admission;

/// What the phone's clocks say of each change of a push.
pub(in crate::domain) type Stamps = BTreeMap<Hash, ChangeClock>;

/// `hashes` are those of the push's changes, in their order.
pub(super) fn stamps(request: &SyncRequest, push: &JobPush, hashes: &[Hash]) -> Stamps {
    let clock = |stamp: &ChangeStamp| clock(request, stamp);
    hashes.iter().copied().zip(push.clocks.iter().map(clock)).collect()
}

fn clock(request: &SyncRequest, stamp: &ChangeStamp) -> ChangeClock {
    let place = usize::try_from(stamp.contact).ok().and_then(|contact| contact.checked_sub(1));
    let contact: Option<&ContactClock> = place.and_then(|place| request.contacts.get(place));
    let us = |ms: Option<i64>| ms.filter(|ms| *ms >= 0).and_then(|ms| ms.checked_mul(1_000));
    let since_tie_us = us(stamp.since_ms).filter(|_| contact.is_some());
    let follows = contact.and_then(|contact| contact.until_sent_us?.checked_sub(since_tie_us?));
    let tie = contact.map(|contact| Tie {
        server_at: contact.server_at,
        phone_at: contact.phone_at,
        round_trip_us: contact.round_trip_us.filter(|elapsed| *elapsed >= 0),
    });
    let until_sent_us = us(stamp.until_ms).or(follows).filter(|until| *until >= 0);
    ChangeClock { tie, since_tie_us, until_sent_us, sent_at: Some(request.clock.at) }
}

/// The estimate for each change that was admitted.
pub(super) fn of_accepted(case: &Case, job: JobId, admission: &Admission, stamps: &Stamps) -> Times {
    if admission.accepted.is_empty() {
        return Times::new();
    }
    let is_phone =
        |actor: Actor| case.pushed.leases.contains_key(&(job, actor)) || admission.new_leases.contains(&actor);
    let mut issued: BTreeMap<Hash, Option<Timestamp>> = BTreeMap::new();
    for info in admission.record.infos_since(&[]) {
        let below = info.deps.iter().filter_map(|hash| issued.get(hash).copied().flatten()).max();
        // What no phone writes, the server wrote, by its own clock.
        let own = (!is_phone(info.actor)).then_some(info.at);
        issued.insert(info.hash, below.max(own));
    }
    let timed = |hash: Hash, claimed_at: Timestamp| {
        let clock = stamps.get(&hash).copied().unwrap_or_default();
        let builds_on = issued.get(&hash).copied().flatten();
        let received_at = case.stamp.now;
        let evidence = Evidence { claimed_at, clock, builds_on, received_at, is_trusted: true };
        Timed { estimate: estimate(&evidence), said: Said { claimed_at, clock } }
    };
    admission.accepted.iter().map(|change| (change.hash, timed(change.hash, change.claimed_at))).collect()
}
