//! The gate against honest phones, forgetful ones, and enemies.

mod forbidden;
mod forge;
mod honest;
mod malformed;
mod places;
mod saved;

use super::*;
use crate::record::samples::*;
use automerge::transaction::{CommitOptions, Transaction};
use automerge::{ActorId, Automerge, ReadDoc};
use schema::edit::Edit;
use schema::id::DeviceId;
use uuid::Uuid;

pub(super) const LI_DEVICE: DeviceId = DeviceId(Uuid::from_u128(22));
pub(super) const ZHAO_DEVICE: DeviceId = DeviceId(Uuid::from_u128(33));
pub(super) const LI_WRITES: Writer = Writer { person: LI, device: LI_DEVICE, revoked: false };
pub(super) const ZHAO_WRITES: Writer = Writer { person: ZHAO, device: ZHAO_DEVICE, revoked: false };

pub(super) fn lease(actor: Actor) -> Lease {
    match actor {
        LI_PHONE => Lease::Held(LI_DEVICE),
        ZHAO_PHONE => Lease::Held(ZHAO_DEVICE),
        _ => Lease::Free,
    }
}

pub(super) fn open_gates(_: &JobRecord, _: &JobRecord) -> Vec<Violation> {
    Vec::new()
}

pub(super) fn rules() -> Rules<'static> {
    Rules { lease: &lease, office: office(), gates: &open_gates, limits: Limits::default() }
}

pub(super) fn try_admit(record: &Record, writer: Writer, changes: &[Bytes]) -> Admission {
    admit(record, writer, &rules(), changes)
}

/// Sends one change and expects it to be refused; checks that the record is unharmed.
#[track_caller]
pub(super) fn refused(record: &Record, writer: Writer, change: Bytes) -> Refusal {
    let admission = try_admit(record, writer, std::slice::from_ref(&change));
    assert_eq!(admission.accepted, []);
    assert_eq!(admission.record.heads(), record.heads());
    assert_eq!(admission.refused.len(), 1);
    let refusal = admission.refused.into_iter().next().unwrap();
    assert_eq!(refusal.raw, [change]);
    refusal
}

/// A change made behind the record's back, with whatever operations.
pub(super) fn by_hand(record: &Record, actor: Actor, write: impl FnOnce(&mut Transaction<'_>)) -> Bytes {
    let mut doc: Automerge = record.doc().clone();
    doc.set_actor(ActorId::from(actor.as_slice()));
    let mut transaction = doc.transaction();
    write(&mut transaction);
    let hash = transaction.commit_with(CommitOptions::default()).0.unwrap();
    Bytes(doc.get_change_by_hash(&hash).unwrap().raw_bytes().to_vec())
}

/// What a phone that has this record would send for these edits.
pub(super) fn written(record: &Record, actor: Actor, edits: &[Edit]) -> Bytes {
    record.clone().write(actor, at(500), edits).unwrap().bytes
}
