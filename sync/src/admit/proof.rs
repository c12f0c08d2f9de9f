//! The proof that nothing admitted can spoil the job: what is saved loads again, to the same heads, and gives back every new change
//! byte for byte. To load, Automerge makes each change's bytes anew and hashes them, and a head is a hash over its change's bytes and
//! the hashes of those before it; so equal heads say that every byte of the history came back. The changes need not be asked for.

use super::push::malformed;
use super::{AdmittedChange, Fault, Limits, fault};
use crate::record::{Record, parse, unwinding};
use schema::wire::RefusalCode;

/// The record as it loads from what was saved of it.
pub(crate) fn prove(record: &Record, accepted: &[AdmittedChange], limits: &Limits) -> Result<Record, Fault> {
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
    if accepted.iter().any(|change| !loaded.has(change.hash)) {
        return Err(spoils("the change does not come back as it was sent"));
    }
    Ok(loaded)
}

/// Whether these changes alone leave the record sound.
pub(crate) fn prove_on(before: &Record, accepted: &[AdmittedChange], limits: &Limits) -> Result<(), Fault> {
    let changes = accepted.iter().map(|change| parse(&change.bytes.0)).collect::<Result<_, _>>();
    let record = changes.and_then(|changes| before.with_changes(changes)).map_err(malformed)?;
    prove(&record, accepted, limits).map(drop)
}
