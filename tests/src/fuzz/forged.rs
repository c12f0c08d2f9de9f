//! A change taken apart, bent, and put together again with a checksum that fits, so that a fuzzer gets past the checksum.

use super::source::Source;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use schema::binary::Hash;
use sha2::{Digest, Sha256};
use std::io::Write as _;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// The parts of a change, as far as it is one.
#[derive(Debug, Clone, Default)]
pub struct Forged {
    deps: Vec<Vec<u8>>,
    actor: Vec<u8>,
    seq: u64,
    start_op: u64,
    time: i64,
    message: Vec<u8>,
    others: Vec<Vec<u8>>,
    /// By specification.
    columns: Vec<(u64, Vec<u8>)>,
    extra: Vec<u8>,
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn bits(&mut self) -> Option<(u64, u32, u8)> {
        let (mut number, mut place) = (0, 0);
        loop {
            let byte = *self.take(1)?.first()?;
            number |= u64::from(byte & 0x7f).checked_shl(place).unwrap_or(0);
            place += 7;
            if byte & 0x80 == 0 {
                return Some((number, place, byte));
            }
        }
    }

    fn unsigned(&mut self) -> Option<u64> {
        Some(self.bits()?.0)
    }

    fn signed(&mut self) -> Option<i64> {
        let (number, place, last) = self.bits()?;
        let number = i64::from_ne_bytes(number.to_ne_bytes());
        Some(if last & 0x40 != 0 && place < 64 { number | (-1 << place) } else { number })
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.unsigned()?).ok()
    }

    fn blob(&mut self) -> Option<Vec<u8>> {
        let length = self.length()?;
        Some(self.take(length)?.to_vec())
    }
}

fn unsigned(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        out.push(if number == 0 { byte } else { byte | 0x80 });
        if number == 0 {
            return;
        }
    }
}

fn signed(out: &mut Vec<u8>, mut number: i64) {
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        let last = (number == 0 && byte & 0x40 == 0) || (number == -1 && byte & 0x40 != 0);
        out.push(if last { byte } else { byte | 0x80 });
        if last {
            return;
        }
    }
}

fn blob(out: &mut Vec<u8>, bytes: &[u8]) {
    unsigned(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

impl Forged {
    /// Takes an uncompressed change apart; None where it is none.
    pub fn from(change: &[u8]) -> Option<Self> {
        let mut reader = Reader(change.get(9..)?);
        reader.unsigned()?;
        let deps = (0..reader.length()?).map(|_| reader.take(32).map(<[u8]>::to_vec)).collect::<Option<_>>()?;
        let actor = reader.blob()?;
        let (seq, start_op, time) = (reader.unsigned()?, reader.unsigned()?, reader.signed()?);
        let message = reader.blob()?;
        let others = (0..reader.length()?).map(|_| reader.blob()).collect::<Option<_>>()?;
        let places =
            (0..reader.length()?).map(|_| Some((reader.unsigned()?, reader.length()?))).collect::<Option<Vec<_>>>()?;
        let column = |(kind, length)| Some((kind, reader.take(length)?.to_vec()));
        let columns = places.into_iter().map(column).collect::<Option<_>>()?;
        Some(Self { deps, actor, seq, start_op, time, message, others, columns, extra: reader.0.to_vec() })
    }

    pub fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        unsigned(&mut body, self.deps.len() as u64);
        self.deps.iter().for_each(|dep| body.extend_from_slice(dep));
        blob(&mut body, &self.actor);
        unsigned(&mut body, self.seq);
        unsigned(&mut body, self.start_op);
        signed(&mut body, self.time);
        blob(&mut body, &self.message);
        unsigned(&mut body, self.others.len() as u64);
        self.others.iter().for_each(|actor| blob(&mut body, actor));
        unsigned(&mut body, self.columns.len() as u64);
        for (kind, column) in &self.columns {
            unsigned(&mut body, *kind);
            unsigned(&mut body, column.len() as u64);
        }
        self.columns.iter().for_each(|(_, column)| body.extend_from_slice(column));
        body.extend_from_slice(&self.extra);
        body
    }

    /// Bends one part of it, whichever the source names. `known` are hashes of changes that there are.
    pub fn bend(&mut self, source: &mut Source<'_>, known: &[Hash]) {
        match source.choice(16) {
            0 => self.seq = source.word(),
            1 => self.seq = self.seq.wrapping_add(u64::from(source.byte())),
            2 => self.start_op = source.word(),
            3 => self.start_op = self.start_op.wrapping_add(u64::from(source.byte())),
            4 => self.time = i64::from_ne_bytes(source.word().to_ne_bytes()),
            5 => self.message = source.blob().to_vec(),
            6 => self.others.push(source.blob().to_vec()),
            7 => drop(self.others.pop()),
            8 => self.deps.extend(source.pick(known).map(|hash| hash.0.to_vec())),
            9 => self.deps = source.pick(known).map(|hash| hash.0.to_vec()).into_iter().collect(),
            10 => self.extra = source.blob().to_vec(),
            11 => self.actor = vec![source.byte(); source.choice(20)],
            12 => self.columns.push((u64::from(source.byte()), source.blob().to_vec())),
            13 => {
                let place = source.choice(self.columns.len());
                if place < self.columns.len() {
                    self.columns.remove(place);
                }
            }
            _ => self.bend_column(source),
        }
        if source.byte() & 1 == 0 {
            self.deps.sort();
            self.others.sort();
            self.columns.sort();
        }
    }

    fn bend_column(&mut self, source: &mut Source<'_>) {
        let place = source.choice(self.columns.len());
        let Some((_, column)) = self.columns.get_mut(place) else { return };
        let at = source.choice(256).min(column.len());
        match source.choice(4) {
            0 => *column = source.blob().to_vec(),
            1 => drop(column.splice(at..at, source.blob().iter().copied())),
            2 => {
                let end = at.saturating_add(source.choice(16)).min(column.len());
                drop(column.splice(at..end, source.blob().iter().copied()));
            }
            _ => {
                if let Some(byte) = column.get_mut(at) {
                    *byte = source.byte();
                }
            }
        }
    }
}

/// A chunk of this kind around `body`, with the checksum that a change of this body has. Kind 2 is compressed.
pub fn sealed(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![1];
    blob(&mut hashed, body);
    let checksum = Sha256::digest(&hashed);
    let mut chunk = MAGIC.to_vec();
    chunk.extend_from_slice(checksum.get(..4).unwrap_or_default());
    chunk.push(kind);
    if kind == 2 {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        // Writing to a vector can't fail.
        let _ = encoder.write_all(body);
        blob(&mut chunk, &encoder.finish().unwrap_or_default());
    } else {
        blob(&mut chunk, body);
    }
    chunk
}
