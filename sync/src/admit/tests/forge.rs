//! Takes a change apart and puts it together again with other parts and a checksum that fits.

use super::super::bytes::Reader;
use schema::binary::{Actor, Bytes, Hash};
use sha2::{Digest, Sha256};

#[derive(Clone)]
pub(super) struct Forged {
    pub(super) deps: Vec<Hash>,
    pub(super) actor: Vec<u8>,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) time: i64,
    pub(super) message: Vec<u8>,
    pub(super) others: Vec<Vec<u8>>,
    /// By specification.
    pub(super) columns: Vec<(u64, Vec<u8>)>,
    pub(super) extra: Vec<u8>,
}

pub(super) fn unsigned(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

pub(super) fn signed(out: &mut Vec<u8>, mut number: i64) {
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if (number == 0 && byte & 0x40 == 0) || (number == -1 && byte & 0x40 != 0) {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

/// A column of so many rows of one number.
pub(super) fn run(rows: i64, value: i64) -> Vec<u8> {
    let mut column = Vec::new();
    signed(&mut column, rows);
    signed(&mut column, value);
    column
}

impl Forged {
    /// The parts of an honest, uncompressed change.
    pub(super) fn from(bytes: &Bytes) -> Self {
        let mut reader = Reader(&bytes.0[9..]);
        reader.unsigned().unwrap();
        let deps = (0..reader.unsigned().unwrap()).map(|_| Hash(reader.array().unwrap())).collect();
        let blob = |reader: &mut Reader<'_>| {
            let length = reader.length().unwrap();
            reader.take(length).unwrap().to_vec()
        };
        let actor = blob(&mut reader);
        let (seq, start_op) = (reader.unsigned().unwrap(), reader.unsigned().unwrap());
        let time = reader.signed().unwrap();
        let message = blob(&mut reader);
        let others = (0..reader.unsigned().unwrap()).map(|_| blob(&mut reader)).collect();
        let places: Vec<(u64, usize)> =
            (0..reader.unsigned().unwrap()).map(|_| (reader.unsigned().unwrap(), reader.length().unwrap())).collect();
        let columns = places.into_iter().map(|(kind, length)| (kind, reader.take(length).unwrap().to_vec())).collect();
        Self { deps, actor, seq, start_op, time, message, others, columns, extra: reader.0.to_vec() }
    }

    pub(super) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub(super) fn by(self, actor: Actor, seq: u64) -> Self {
        self.with(|forged| {
            forged.actor = actor.0.to_vec();
            forged.seq = seq;
        })
    }

    pub(super) fn column(&mut self, kind: u64) -> &mut Vec<u8> {
        if !self.columns.iter().any(|(known, _)| *known == kind) {
            self.columns.push((kind, Vec::new()));
            self.columns.sort_by_key(|(kind, _)| *kind);
        }
        &mut self.columns.iter_mut().find(|(known, _)| *known == kind).unwrap().1
    }

    pub(super) fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        let blob = |body: &mut Vec<u8>, bytes: &[u8]| {
            unsigned(body, bytes.len() as u64);
            body.extend_from_slice(bytes);
        };
        unsigned(&mut body, self.deps.len() as u64);
        self.deps.iter().for_each(|hash| body.extend_from_slice(hash.as_slice()));
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

    pub(super) fn bytes(&self) -> Bytes {
        chunk(1, &self.body(), &self.body())
    }
}

/// A chunk of this type around `payload`, with the checksum of a change of this body.
pub(super) fn chunk(kind: u8, payload: &[u8], body: &[u8]) -> Bytes {
    let mut hashed = vec![1];
    unsigned(&mut hashed, body.len() as u64);
    hashed.extend_from_slice(body);
    let checksum = Sha256::digest(&hashed);
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83];
    bytes.extend_from_slice(&checksum[..4]);
    bytes.push(kind);
    unsigned(&mut bytes, payload.len() as u64);
    bytes.extend_from_slice(payload);
    Bytes(bytes)
}
