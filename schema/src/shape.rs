//! The record's shape and who may write which place of it. One tree serves the gate (may this operation touch this path?), the
//! reader and the documents; there is no second list of paths.

mod entries;

use crate::id::EntryId;
use crate::limits::NOTE_CHARS_MAX;

/// Who writes a place. The office writes through the server's commands, so in a record its writer is the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writers {
    /// The server alone: what a merge must not decide.
    Office,
    /// A technician's phone that has the job in hand, and the server.
    Crew,
}

/// What a scalar may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// At most so many characters.
    Text(usize),
    /// A 64-bit integer: counts, minor units, microseconds.
    Int,
    /// Bytes of exactly this length: ids, hashes.
    Bytes(usize),
}

/// Which keys a map takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// An [`EntryId`].
    Entry,
    /// A step id: 1 to 40 of `a-z`, `0-9` and `_`.
    Step,
    /// A SHA-256 in hex.
    Sha256,
    /// Two digits: the line of a quote.
    Line,
}

impl Keys {
    pub fn accept(self, key: &str) -> bool {
        let all = |ok: fn(&u8) -> bool| key.as_bytes().iter().all(ok);
        match self {
            Self::Entry => EntryId::is_valid(key),
            Self::Step => {
                (1..=40).contains(&key.len()) && all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_')
            }
            Self::Sha256 => key.len() == 64 && all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b)),
            Self::Line => key.len() == 2 && all(u8::is_ascii_digit),
        }
    }
}

/// A place in the record.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A map with these keys. The server makes it when it opens the job; so it does [`Shape::Each`].
    Fields(&'static [(&'static str, Shape)]),
    /// A map from ids to places of one shape.
    Each(Keys, &'static Shape),
    /// An object written whole into an empty place and never changed or deleted.
    Once(Writers, &'static Whole),
    /// An object written whole; may be written again, never changed in part.
    Latest(Writers, &'static Whole),
    /// A scalar that may be overwritten.
    Register(Writers, Scalar),
}

/// What stands inside an object that is written whole.
#[derive(Debug, Clone, Copy)]
pub struct Whole {
    pub fields: &'static [(&'static str, Inner)],
}

#[derive(Debug, Clone, Copy)]
pub enum Inner {
    Scalar(Scalar),
    /// The author: must be the person whose device writes.
    Author,
    Object(&'static Whole),
    Each(Keys, &'static Whole),
    /// A list of scalars, at most so many.
    List(Scalar, usize),
}

use Scalar::Text;
use Shape::{Each, Fields, Latest, Once, Register};
use Writers::{Crew, Office};
use entries::*;

/// The whole record.
pub const RECORD: Shape = Fields(&[
    ("meta", Once(Office, &META)),
    ("report", REPORT),
    ("rework", Once(Office, &REWORK)),
    ("site", Latest(Office, &SITE)),
    ("corrections", Each(Keys::Entry, &Once(Crew, &CORRECTION))),
    ("assignments", Each(Keys::Entry, &Once(Office, &ASSIGNMENT))),
    ("assigned", Register(Office, Text(40))),
    ("decisions", Each(Keys::Entry, &Once(Office, &DECISION))),
    ("holds", Each(Keys::Entry, &Once(Crew, &HOLD))),
    ("releases", Each(Keys::Entry, &Once(Crew, &RELEASE))),
    ("delays", Each(Keys::Entry, &Once(Crew, &DELAY))),
    ("replies", Each(Keys::Entry, &Once(Crew, &REPLY))),
    ("marks", Each(Keys::Step, &Latest(Crew, &MARK))),
    ("notes", Each(Keys::Step, &Register(Crew, Text(NOTE_CHARS_MAX)))),
    ("photos", Each(Keys::Sha256, &Once(Crew, &PHOTO))),
    ("readings", Each(Keys::Entry, &Once(Crew, &READING))),
    ("plays", Each(Keys::Entry, &Once(Crew, &PLAY))),
    (
        "diagnosis",
        Fields(&[("cause", Register(Crew, Text(NOTE_CHARS_MAX))), ("measures", Register(Crew, Text(NOTE_CHARS_MAX)))]),
    ),
    ("parts", Each(Keys::Entry, &Once(Crew, &PART))),
    ("quotes", Each(Keys::Entry, &Once(Crew, &QUOTE))),
    ("withdrawals", Each(Keys::Entry, &Once(Crew, &WITHDRAWAL))),
    ("consents", Each(Keys::Entry, &Once(Crew, &CONSENT))),
    ("backup_consents", Each(Keys::Entry, &Once(Crew, &BACKUP_CONSENT))),
    ("take_backs", Each(Keys::Entry, &Once(Crew, &TAKE_BACK))),
    ("hand_backs", Each(Keys::Entry, &Once(Crew, &HAND_BACK))),
    ("waivers", Each(Keys::Entry, &Once(Office, &WAIVER))),
    ("charges", Each(Keys::Entry, &Once(Crew, &CHARGE))),
    ("payments", Each(Keys::Entry, &Once(Office, &PAYMENT))),
    ("sign_offs", Each(Keys::Entry, &Once(Crew, &SIGN_OFF))),
    ("refusals", Each(Keys::Entry, &Once(Office, &REFUSAL))),
    ("ratings", Each(Keys::Entry, &Once(Office, &LATER_RATING))),
    ("alarms", Each(Keys::Entry, &Once(Crew, &ALARM))),
    ("breaches", Each(Keys::Entry, &Once(Office, &BREACH))),
    ("adoptions", Each(Keys::Entry, &Once(Office, &ADOPTION))),
    ("rulings", Each(Keys::Entry, &Once(Office, &RULING))),
]);

/// The maps that the server makes when it opens a record.
pub fn maps() -> Vec<&'static str> {
    let Fields(fields) = RECORD else { return Vec::new() };
    fields.iter().filter(|(_, shape)| matches!(shape, Fields(_) | Each(..))).map(|(name, _)| *name).collect()
}

impl Shape {
    /// The place under `key`; None where the shape knows no such key.
    pub fn child(&self, key: &str) -> Option<&'static Shape> {
        match self {
            Fields(fields) => fields.iter().find(|(name, _)| *name == key).map(|(_, shape)| shape),
            Each(keys, shape) => keys.accept(key).then_some(*shape),
            Once(..) | Latest(..) | Register(..) => None,
        }
    }
}
