//! The frame of a change: magic, checksum, header and the places of its columns. Our own parser, because Automerge's trusts what it
//! reads: it inflates without a limit, does not compare the checksum, and allocates what a count claims.

use super::bytes::{Malformed, Parsed, Reader, write_unsigned};
use super::columns::Columns;
use super::limits::Limits;
use flate2::bufread::DeflateDecoder;
use schema::binary::{Actor, Hash};
use schema::time::{SECOND, Timestamp};
use sha2::{Digest, Sha256};
use std::io::Read;

pub(crate) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
pub(crate) const CHANGE: u8 = 1;
const COMPRESSED: u8 = 2;
/// More than Automerge knows of, and few enough to make room for.
const COLUMNS_MAX: usize = 32;

/// A change as one uncompressed chunk whose checksum fits.
pub(crate) struct Chunk {
    pub(crate) hash: Hash,
    pub(crate) bytes: Vec<u8>,
    /// Where the body begins in `bytes`.
    body: usize,
}

/// What a change says of itself. `actors` begins with its own; operations name the others by their place.
pub(crate) struct Header<'a> {
    pub(crate) actors: Vec<Actor>,
    pub(crate) actor: Actor,
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    /// As the author's device claims.
    pub(crate) at: Timestamp,
    pub(crate) deps: Vec<Hash>,
    columns: Reader<'a>,
}

impl Chunk {
    pub(crate) fn open(bytes: &[u8], limits: &Limits) -> Parsed<Self> {
        let mut reader = Reader(bytes);
        if reader.array()? != MAGIC {
            return Err(Malformed("it does not begin like a change"));
        }
        let checksum: [u8; 4] = reader.array()?;
        let [kind] = reader.array()?;
        let length = reader.length()?;
        if length != reader.0.len() {
            return Err(Malformed("its length is not what it says"));
        }
        let inflated;
        let body = match kind {
            CHANGE => reader.0,
            COMPRESSED => {
                inflated = inflate(reader.0, limits.inflated_bytes_max)?;
                inflated.as_slice()
            }
            _ => return Err(Malformed("it is no change")),
        };
        if body.len() > limits.inflated_bytes_max {
            return Err(TOO_LONG);
        }
        let (hash, bytes) = around(body);
        if hash.0.get(..4) != Some(checksum.as_slice()) {
            return Err(Malformed("the checksum does not fit"));
        }
        Ok(Self { hash, body: bytes.len() - body.len(), bytes })
    }

    pub(crate) fn header(&self) -> Parsed<Header<'_>> {
        let mut reader = Reader(self.bytes.get(self.body..).unwrap_or_default());
        let deps = ascending(&mut reader, schema::limits::CHANGE_DEPS_MAX, |reader| reader.array().map(Hash))?;
        if reader.length()? != 16 {
            return Err(Malformed("the actor does not have 16 bytes"));
        }
        let actor = Actor(reader.array()?);
        let (seq, start_op) = (reader.unsigned()?, reader.unsigned()?);
        if seq == 0 || start_op == 0 {
            return Err(Malformed("it counts from zero"));
        }
        let seconds = reader.signed()?;
        if !(0..=SECONDS_MAX).contains(&seconds) {
            return Err(Malformed("the time is out of range"));
        }
        if reader.text()?.len() > schema::limits::CHANGE_MESSAGE_BYTES_MAX {
            return Err(Malformed("the message is too long"));
        }
        let others = ascending(&mut reader, ACTORS_MAX, |reader| {
            if reader.length()? == 16 {
                reader.array().map(Actor)
            } else {
                Err(Malformed("an actor does not have 16 bytes"))
            }
        })?;
        if others.contains(&actor) {
            return Err(Malformed("it names its own actor twice"));
        }
        let actors = std::iter::once(actor).chain(others).collect();
        let at = Timestamp::from_micros(seconds * SECOND);
        Ok(Header { actors, actor, seq, start_op, at, deps, columns: reader })
    }
}

/// The uncompressed chunk around the body of a change, and its hash, the first bytes of which are the checksum.
pub(crate) fn around(body: &[u8]) -> (Hash, Vec<u8>) {
    let mut length = Vec::with_capacity(10);
    write_unsigned(&mut length, u64::try_from(body.len()).unwrap_or(u64::MAX));
    let digest = Sha256::new().chain_update([CHANGE]).chain_update(&length).chain_update(body).finalize();
    let hash = Hash(digest.into());
    let checksum = hash.0.get(..4).unwrap_or_default();
    let bytes = [MAGIC.as_slice(), checksum, &[CHANGE], &length, body].concat();
    (hash, bytes)
}

/// A claimed time may be wrong, but not so wrong that Automerge's arithmetic overflows: here it ends in the year 36812.
const SECONDS_MAX: i64 = 1 << 40;

/// Other actors that one change may name: each is a phone or the office.
const ACTORS_MAX: usize = 256;

pub(crate) const TOO_LONG: Malformed = Malformed("it is too long");

impl<'a> Header<'a> {
    /// The columns, each row of which is an operation.
    pub(crate) fn columns(&self, limits: &Limits) -> Parsed<Columns<'a>> {
        let mut reader = self.columns;
        let count = reader.length()?;
        if count > COLUMNS_MAX {
            return Err(Malformed("there are too many columns"));
        }
        let mut places = Vec::with_capacity(count);
        for _ in 0..count {
            places.push((reader.unsigned()?, reader.length()?));
        }
        let mut columns = Vec::with_capacity(count);
        for (kind, length) in places {
            if columns.last().is_some_and(|(before, _)| *before >= kind) || length == 0 {
                return Err(Malformed("the columns are not in order"));
            }
            columns.push((kind, reader.take(length)?));
        }
        if !reader.is_empty() {
            return Err(Malformed("something follows the columns"));
        }
        Columns::new(&columns, self.actors.len(), limits)
    }
}

/// A list that Automerge writes sorted and without repetition.
fn ascending<'a, T: Ord>(
    reader: &mut Reader<'a>,
    most: usize,
    read: impl Fn(&mut Reader<'a>) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    let count = reader.length()?;
    if count > most {
        return Err(Malformed("a list is too long"));
    }
    let mut items = Vec::with_capacity(count);
    for _ in 0..count {
        let item = read(reader)?;
        if items.last().is_some_and(|before| *before >= item) {
            return Err(Malformed("a list is not in order"));
        }
        items.push(item);
    }
    Ok(items)
}

fn inflate(bytes: &[u8], most: usize) -> Parsed<Vec<u8>> {
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut decoder = DeflateDecoder::new(bytes).take(limit);
    let mut body = Vec::new();
    decoder.read_to_end(&mut body).map_err(|_| Malformed("it can't be inflated"))?;
    if body.len() > most {
        return Err(TOO_LONG);
    }
    let read = decoder.into_inner().total_in();
    if usize::try_from(read) == Ok(bytes.len()) { Ok(body) } else { Err(Malformed("something follows the change")) }
}
