//! The proof that nothing admitted can spoil the job: what is saved loads again, to the same heads, and gives back every new change
//! byte for byte.

use super::push::malformed;
use super::{AdmittedChange, Fault, Limits, fault};
use crate::record::{Record, parse, unwinding};
use schema::binary::Hash;
use schema::wire::RefusalCode;
use std::collections::BTreeMap;

/// The record as it loads from what was saved of it. `since` are its heads before these changes.
pub(crate) fn prove(
    record: &Record,
    since: &[Hash],
    accepted: &[AdmittedChange],
    limits: &Limits,
) -> Result<Record, Fault> {
    if accepted.is_empty() {
        return Ok(record.clone());
    }
    let spoils = |detail: &str| fault(RefusalCode::Malformed, detail);
    // Not compressed: a text that repeats itself would pass a limit on compressed bytes a thousand times over.
    let saved = unwinding(|| record.save_uncompressed()).map_err(|why| spoils(&why))?;
    if saved.len() > limits.record_bytes_max {
        return Err(fault(RefusalCode::TooLarge, "the record would become too large"));
    }
    let loaded = Record::load(&saved).map_err(|error| spoils(&error.to_string()))?;
    if loaded.heads() != record.heads() {
        return Err(spoils("the record does not load as it was saved"));
    }
    let found = unwinding(|| loaded.changes_since(since)).map_err(|why| spoils(&why))?;
    let found: BTreeMap<_, _> = found.into_iter().map(|change| (change.hash, change.bytes)).collect();
    let comes_back = accepted.iter().all(|change| found.get(&change.hash) == Some(&change.bytes));
    if comes_back { Ok(loaded) } else { Err(spoils("the change does not come back as it was sent")) }
}

/// Whether these changes alone leave the record sound.
pub(crate) fn prove_on(before: &Record, accepted: &[AdmittedChange], limits: &Limits) -> Result<(), Fault> {
    let mut record = before.clone();
    let changes = accepted.iter().map(|change| parse(&change.bytes.0)).collect::<Result<_, _>>();
    changes.and_then(|changes| record.apply(changes)).map_err(malformed)?;
    prove(&record, &before.heads(), accepted, limits).map(drop)
}
