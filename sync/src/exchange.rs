//! The server's half of a sync, pure: what of a person's feed a phone has to hear, in which form, and where its cursor stands then.
//! It knows neither database nor clock; `server::domain::sync` fetches what it asks for.
//!
//! Rules:
//! - Events are told in their order; those of one job are folded into one piece of news.
//! - A phone is not told what it wrote itself.
//! - A grant is a snapshot of now, whatever the cursor says; a later change of the same job is in it already.
//! - News that does not fit the phone's budget waits: the cursor stops before its first event. At least one piece is always told.
//! - Heads are compared instead of events after a restore, on a first sync, and when digests differ ([`compare`]).

use schema::binary::Hash;
use schema::id::{DeviceId, JobId};
use schema::wire::{GoneReason, JobHeads};
use std::collections::{BTreeMap, BTreeSet};

/// One entry of a person's feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub seq: i64,
    pub job: JobId,
    pub kind: EventKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// New in the log from place `from` up to, without, `to`; written by this device, where it was a phone's.
    Change {
        from: i64,
        to: i64,
        device: Option<DeviceId>,
    },
    Grant,
    Revoke(GoneReason),
    /// The same as a change, but that this device must take the server's copy.
    Reset {
        from: i64,
        to: i64,
        device: DeviceId,
    },
    /// Something that was refused is decided: told beside the jobs.
    Decided,
}

/// What a phone has to be given of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Changes at these places of the log, each from..to.
    Changes(Vec<(i64, i64)>),
    Snapshot {
        reset: bool,
    },
    Gone(GoneReason),
    /// Its own changes only.
    Nothing,
}

/// One job's news, and the first event that it tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub job: JobId,
    pub first_seq: i64,
    pub need: Need,
}

/// Folds events into one piece of news a job, in the order of their first events.
pub fn fold(events: &[Event], device: DeviceId) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut places: BTreeMap<JobId, usize> = BTreeMap::new();
    for event in events {
        let place = *places.entry(event.job).or_insert_with(|| {
            wanted.push(Wanted { job: event.job, first_seq: event.seq, need: Need::Nothing });
            wanted.len() - 1
        });
        if let Some(news) = wanted.get_mut(place) {
            let so_far = std::mem::replace(&mut news.need, Need::Nothing);
            news.need = add(so_far, event.kind, device);
        }
    }
    wanted
}

fn add(need: Need, kind: EventKind, device: DeviceId) -> Need {
    match (need, kind) {
        (need, EventKind::Decided) => need,
        (Need::Snapshot { reset: true }, EventKind::Grant) => Need::Snapshot { reset: true },
        (_, EventKind::Grant) => Need::Snapshot { reset: false },
        (_, EventKind::Revoke(reason)) => Need::Gone(reason),
        (Need::Gone(reason), _) => Need::Gone(reason),
        (_, EventKind::Reset { device: whose, .. }) if whose == device => Need::Snapshot { reset: true },
        (Need::Snapshot { reset }, _) => Need::Snapshot { reset },
        (need, EventKind::Change { device: Some(whose), .. }) if whose == device => need,
        (need, EventKind::Change { from, to, .. } | EventKind::Reset { from, to, .. }) => {
            let mut ranges = match need {
                Need::Changes(ranges) => ranges,
                Need::Snapshot { .. } | Need::Gone(_) | Need::Nothing => Vec::new(),
            };
            match ranges.last_mut() {
                Some((_, end)) if *end == from => *end = to,
                _ => ranges.push((from, to)),
            }
            Need::Changes(ranges)
        }
    }
}

/// Where the cursor stands after the first `told` pieces: just before the first event that was not told.
pub fn cursor_after(events: &[Event], wanted: &[Wanted], told: usize, start: i64) -> i64 {
    let untold = wanted.get(told..).unwrap_or_default().iter().map(|news| news.first_seq).min();
    match untold {
        Some(seq) => seq - 1,
        None => events.last().map_or(start, |event| event.seq),
    }
}

/// How a phone's copy of a job stands against the server's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// The phone lacks the job.
    Missing(JobId),
    /// The heads differ; these are the phone's.
    Differs(JobId, Vec<Hash>),
    /// The phone holds what is not in its hands any more.
    Gone(JobId),
}

/// Compares what a phone holds with what it is to hold. Jobs are answered in the order of `entitled` (the most urgent first).
pub fn compare(held: &[JobHeads], entitled: &[(JobId, Vec<Hash>)]) -> Vec<Compared> {
    let sorted = |heads: &[Hash]| {
        let mut heads = heads.to_vec();
        heads.sort_unstable();
        heads
    };
    let held: BTreeMap<JobId, Vec<Hash>> = held.iter().map(|job| (job.job, sorted(&job.heads))).collect();
    let mut compared: Vec<Compared> = entitled
        .iter()
        .filter_map(|(job, heads)| match held.get(job) {
            None => Some(Compared::Missing(*job)),
            Some(theirs) if *theirs == sorted(heads) => None,
            Some(theirs) => Some(Compared::Differs(*job, theirs.clone())),
        })
        .collect();
    let entitled: BTreeSet<JobId> = entitled.iter().map(|(job, _)| *job).collect();
    compared.extend(held.keys().filter(|job| !entitled.contains(job)).map(|job| Compared::Gone(*job)));
    compared
}

#[cfg(test)]
mod tests;
