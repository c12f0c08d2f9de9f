//! A change taken apart, as far as that makes it shorter.

use crate::admit::bytes::{Malformed, Parsed, Reader};
use crate::admit::chunk::{CHANGE, MAGIC};
use schema::binary::{Actor, Hash};

pub(super) struct Parts<'a> {
    pub(super) deps: Vec<Hash>,
    pub(super) actor: Actor,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    /// As its author's device claims.
    pub(super) seconds: i64,
    pub(super) message: &'a [u8],
    pub(super) others: Vec<Actor>,
    pub(super) columns: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Does not look at the checksum: who puts the parts together again sees whether it fits.
    pub(super) fn read(change: &'a [u8]) -> Parsed<Self> {
        let mut reader = Reader(change);
        let (magic, _checksum, [kind]): (_, [u8; 4], _) = (reader.array()?, reader.array()?, reader.array()?);
        if magic != MAGIC || kind != CHANGE || reader.length()? != reader.0.len() {
            return Err(Malformed("it is no change of the common form"));
        }
        let deps = list(&mut reader, |reader| reader.array().map(Hash))?;
        let own = actor(&mut reader)?;
        let (seq, start_op, seconds) = (reader.unsigned()?, reader.unsigned()?, reader.signed()?);
        let length = reader.length()?;
        let message = reader.take(length)?;
        let others = list(&mut reader, actor)?;
        Ok(Self { deps, actor: own, seq, start_op, seconds, message, others, columns: reader.0 })
    }
}

/// As many as it says, as long as there are bytes for them.
fn list<'a, T>(reader: &mut Reader<'a>, read: impl Fn(&mut Reader<'a>) -> Parsed<T>) -> Parsed<Vec<T>> {
    let count = reader.length()?;
    let mut items = Vec::new();
    for _ in 0..count {
        items.push(read(reader)?);
    }
    Ok(items)
}

fn actor(reader: &mut Reader<'_>) -> Parsed<Actor> {
    if reader.length()? == 16 { reader.array().map(Actor) } else { Err(Malformed("an actor does not have 16 bytes")) }
}
