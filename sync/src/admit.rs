//! The gate: nothing from a phone touches a document before it was judged here.
//!
//! Automerge sets no limit on hostile input: a change of 69 bytes can cost 31 seconds and 4.7 GB, nested maps overflow the stack, and
//! some malformed changes apply and leave a document that can never be loaded again. So, in this order:
//!
//! 1. caps on bytes; inflating with a limit; the checksum ([`chunk`]);
//! 2. our own parse of header and columns; rows counted from the run lengths before any is read ([`columns`]);
//! 3. the actor belongs to this device, for this job;
//! 4. `seq` is exactly the next, the changes built on are here, counters are in range;
//! 5. each operation's place, key, value and predecessors against the document at the change's base ([`judge`]);
//! 6. the writer may write there, and had the job in hand as far as the change's base shows ([`standing`]); the template's gates;
//! 7. applied to a fork, under `catch_unwind` (on a thread of [`Pool`], which has a large stack);
//! 8. saved, loaded, and every new change comes back byte for byte ([`proof`]).
//!
//! What is refused is kept: raw, and where it could be read, as the edits that can be saved of it ([`Salvage`]). From a refused change
//! on, all that its actor sent is refused with it; other actors' changes go on.

pub(crate) mod bytes;
pub(crate) mod chunk;
pub(crate) mod columns;
mod decode;
mod earlier;
mod judge;
mod limits;
mod nodes;
mod pool;
mod proof;
mod push;
mod salvage;
mod standing;

pub use decode::{Decoded, DecodedWrite, Unwritable, decode};
pub use earlier::Earlier;
pub use limits::Limits;
pub use pool::{Busy, Pool};
pub use salvage::Salvage;

use crate::record::Record;
use push::Push;
use schema::binary::{Actor, Bytes, Hash};
use schema::gate::Violation;
use schema::id::{DeviceId, PersonId};
use schema::record::JobRecord;
use schema::time::Timestamp;
use schema::wire::RefusalCode;
use std::collections::{BTreeMap, BTreeSet};

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writer {
    pub person: PersonId,
    pub device: DeviceId,
    /// The device was revoked: what it sends is kept raw, and is no evidence of when it was made.
    pub revoked: bool,
}

/// To whom an actor belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// Nobody has written with it: it is bound to the device at its first use.
    Free,
    /// To this device, for this job.
    Held(DeviceId),
    /// It writes in another job.
    Elsewhere,
}

/// What the gate must know beyond the record.
pub struct Rules<'a> {
    pub lease: &'a dyn Fn(Actor) -> Lease,
    /// The server's own actor in this job, which no phone may take ([`crate::record::office_actor`]).
    pub office: Actor,
    /// The template's gates, from the record before and after a change ([`schema::gate::violations`]).
    pub gates: &'a dyn Fn(&JobRecord, &JobRecord) -> Vec<Violation>,
    pub limits: Limits,
}

/// What became of one job's share of a push.
pub struct Admission {
    /// The record with all that was admitted; proven to save and load.
    pub record: Record,
    /// In the order in which they were sent.
    pub accepted: Vec<AdmittedChange>,
    /// Known already: acknowledged again.
    pub duplicates: Vec<AdmittedChange>,
    /// One for each actor that was refused, two with [`admit_after`]; and one for all that can't be read.
    pub refused: Vec<Refusal>,
    /// Actors seen for the first time: to be bound to the device in the same commit.
    pub new_leases: Vec<Actor>,
}

/// A change as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmittedChange {
    pub hash: Hash,
    pub actor: Actor,
    pub seq: u64,
    /// Uncompressed, whatever form it was sent in.
    pub bytes: Bytes,
    /// When it was made: as it says of itself, or an entry in it that says something quite different.
    pub claimed_at: Timestamp,
}

/// Changes of one actor that were not taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The first of them, as [`hash_of`] names it.
    pub change: Hash,
    /// All zero where it can't be read.
    pub actor: Actor,
    pub code: RefusalCode,
    /// For the log and the dispatcher, in English.
    pub detail: String,
    /// Places that this person may not write.
    pub denied: Vec<Denied>,
    /// Gates that were closed.
    pub violations: Vec<Violation>,
    /// The refused change and all that the actor sent after it, as sent; each capped.
    pub raw: Vec<Bytes>,
    /// What could be read of it ([`RefusalCode::is_salvageable`]).
    pub salvage: Option<Salvage>,
}

/// A value at a place where the writer may not write.
#[derive(Debug, Clone, PartialEq)]
pub struct Denied {
    pub path: Vec<String>,
    /// Null for a deletion.
    pub value: serde_json::Value,
    pub why: String,
}

/// Why a change can't be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    code: RefusalCode,
    detail: String,
}

fn fault(code: RefusalCode, detail: &str) -> Fault {
    Fault { code, detail: detail.to_owned() }
}

/// Judges the changes that a phone sent for one job, in the order in which they were made. Touches nothing: the caller commits what
/// was accepted, then takes over [`Admission::record`].
pub fn admit(record: &Record, writer: Writer, rules: &Rules<'_>, changes: &[Bytes]) -> Admission {
    admit_after(record, writer, rules, &[], changes)
}

/// [`admit`], where something of this device lies in quarantine for this job, oldest first. A phone that did not hear of a refusal
/// sends it again, and with it what it wrote since. What was there before comes back as one refusal under its old name; what is new
/// as another, whose salvage holds the new alone.
pub fn admit_after(
    record: &Record,
    writer: Writer,
    rules: &Rules<'_>,
    earlier: &[Earlier],
    changes: &[Bytes],
) -> Admission {
    let mut culprits = BTreeMap::new();
    let mut push = loop {
        let mut push = Push::new(record, writer, rules, &culprits);
        push.stop(earlier);
        changes.iter().enumerate().for_each(|(place, bytes)| push.take(place, bytes));
        match push.prove(record) {
            None => break push,
            // Refused on sight the next time, and with it what follows it: each round ends an actor.
            Some((hash, fault)) => drop(culprits.insert(hash, fault)),
        }
    };
    push.salvage();
    push.into_admission()
}

/// The hash by which a change is named; SHA-256 of its bytes where it can't be read. The phone signs over these.
pub fn hash_of(bytes: &Bytes, limits: &Limits) -> Hash {
    let is_short = bytes.0.len() <= limits.change_bytes_max;
    let chunk = if is_short { chunk::Chunk::open(&bytes.0, limits).ok() } else { None };
    chunk.map_or_else(|| Hash::of(&bytes.0), |chunk| chunk.hash)
}

/// Changes to a job that is not here: all are kept, none is taken. One refusal an actor, as everywhere, so that the phone knows which of
/// its changes that settles.
pub fn refuse_unknown(changes: &[Bytes], limits: &Limits) -> Admission {
    let mut refused: Vec<Refusal> = Vec::new();
    let mut seen = BTreeSet::new();
    for bytes in changes {
        let change = hash_of(bytes, limits);
        if !seen.insert(change) {
            continue;
        }
        let actor = actor_of(bytes, limits).filter(|_| refused.len() < ACTORS_MAX).unwrap_or(Actor([0; 16]));
        if let Some(refusal) = refused.iter_mut().find(|refusal| refusal.actor == actor) {
            refusal.raw.push(bytes.clone());
            continue;
        }
        refused.push(Refusal {
            change,
            actor,
            code: RefusalCode::JobUnknown,
            detail: "there is no such job".to_owned(),
            denied: Vec::new(),
            violations: Vec::new(),
            raw: vec![bytes.clone()],
            salvage: None,
        });
    }
    let (accepted, duplicates, new_leases) = Default::default();
    Admission { record: Record::new(), accepted, duplicates, refused, new_leases }
}

/// Actors told apart in a push to a job that nobody knows. A phone has one, and another for each time that its copy was replaced.
const ACTORS_MAX: usize = 8;

fn actor_of(bytes: &Bytes, limits: &Limits) -> Option<Actor> {
    let is_short = bytes.0.len() <= limits.change_bytes_max;
    let chunk = if is_short { chunk::Chunk::open(&bytes.0, limits).ok() } else { None };
    chunk?.header().ok().map(|header| header.actor)
}

#[cfg(test)]
mod tests;
