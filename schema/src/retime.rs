//! A job with its times put right: what the clocks are computed from, where the phones' own are known to be wrong.

use crate::id::EntryId;
use crate::inbox::Outcome;
use crate::price::quote_hash;
use crate::record::JobRecord;
use crate::time::{SECOND, Timestamp};
use std::collections::BTreeMap;

/// What happened when, by the best estimate. `estimate` is asked for each entry that a phone may have written, with its place and the time
/// that it claims; None leaves that as it is. Adopted entries have theirs with them.
pub fn retimed(mut job: JobRecord, estimate: &dyn Fn(&[String], Timestamp) -> Option<Timestamp>) -> JobRecord {
    let adopted = adopted(&job);
    let agreed: Vec<EntryId> = job.valid_consents().map(|(id, _)| id.clone()).collect();
    let put_right = |map: &str, key: &str, at: &mut Timestamp| {
        let path = [map.to_owned(), key.to_owned()];
        let known = adopted.get(&path.join("/")).copied().or_else(|| estimate(&path, *at));
        *at = known.unwrap_or(*at);
    };
    macro_rules! entries {
        ($($map:ident),+) => {$(
            let each: &mut BTreeMap<EntryId, _> = &mut job.$map;
            each.iter_mut().for_each(|(id, entry)| put_right(stringify!($map), EntryId::as_str(id), &mut entry.at));
        )+};
    }
    entries!(
        corrections,
        holds,
        releases,
        delays,
        replies,
        readings,
        plays,
        parts,
        quotes,
        withdrawals,
        consents,
        backup_consents,
        take_backs,
        hand_backs,
        charges,
        sign_offs,
        alarms
    );
    job.marks.iter_mut().for_each(|(step, mark)| put_right("marks", step, &mut mark.at));
    job.photos.iter_mut().for_each(|(sha256, photo)| put_right("photos", sha256, &mut photo.at));
    // A consent names its quote by a hash over all of it, and that is another one once the quote's time is put right.
    for id in agreed {
        let quote = job.consents.get(&id).and_then(|consent| job.quotes.get(&consent.quote)).map(quote_hash);
        if let (Some(consent), Some(hash)) = (job.consents.get_mut(&id), quote) {
            consent.quote_hash = hash;
        }
    }
    job
}

/// Places that were adopted, where the estimate differs from the claim.
fn adopted(job: &JobRecord) -> BTreeMap<String, Timestamp> {
    let taken = job.adoptions.values().filter(|adoption| adoption.outcome == Outcome::Adopted);
    let moved = taken.filter(|adoption| adoption.written_at.apart(adoption.claimed_at) > 2 * SECOND);
    moved.flat_map(|adoption| adoption.places.iter().map(|place| (place.clone(), adoption.written_at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{at, reported};
    use crate::record::{Mark, MarkKind};

    #[test]
    fn only_what_is_known_better_is_moved() {
        let mut job = reported();
        let mark = |minute| Mark {
            kind: MarkKind::Done,
            by: crate::example::person(1),
            at: at(minute),
            reason: None,
            place: None,
        };
        job.marks.insert("knock".to_owned(), mark(10));
        job.marks.insert("repair".to_owned(), mark(20));
        let moved = retimed(job.clone(), &|path, claimed| {
            (path == ["marks", "knock"]).then(|| claimed.plus(at(7).since(at(0))))
        });
        assert_eq!((moved.marks["knock"].at, moved.marks["repair"].at), (at(17), at(20)));
        assert_eq!(retimed(job.clone(), &|_, _| None), job);
    }
}
