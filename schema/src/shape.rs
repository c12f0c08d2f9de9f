//! The record's shape and who may write which place of it. One tree serves the gate (may this operation touch this path?), the
//! reader and the documents; there is no second list of paths.

use crate::id::EntryId;
use crate::limits::{
    ADOPTION_PLACES_MAX, BACKUP_CHARS_MAX, CHANGE_DEPS_MAX, FIELD_CHARS_MAX, NOTE_CHARS_MAX, QUOTES_SHOWN_MAX,
    RULING_ENTRIES_MAX, STROKES_BYTES_MAX,
};

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

use Inner::{Author, Object, Scalar as Field};
use Scalar::{Bytes, Int, Text};
use Shape::{Each, Fields, Latest, Once, Register};
use Writers::{Crew, Office};

const ID: Inner = Field(Bytes(16));
const HASH: Inner = Field(Bytes(32));
const INT: Inner = Field(Int);
const NAME: Inner = Field(Text(FIELD_CHARS_MAX));
const NOTE: Inner = Field(Text(NOTE_CHARS_MAX));
const WORD: Inner = Field(Text(40));
const STROKES: Inner = Field(Text(STROKES_BYTES_MAX));

const PLACE: Inner = Object(&Whole { fields: &[("latitude_e6", INT), ("longitude_e6", INT), ("accuracy_m", INT)] });
const WINDOW: Inner = Object(&Whole { fields: &[("from", INT), ("to", INT)] });

const META: Whole = Whole {
    fields: &[
        ("job", ID),
        ("number", WORD),
        ("outlet", ID),
        ("report", ID),
        ("customer", ID),
        ("customer_class", WORD),
        ("template", WORD),
        ("template_version", INT),
        ("currency", WORD),
        ("reported_at", INT),
        ("opened_by", ID),
        ("rework_of", ID),
    ],
};

const FIELD: Shape = Register(Office, Text(NOTE_CHARS_MAX));
const REPORT: Shape = Fields(&[
    ("name", FIELD),
    ("phone", FIELD),
    ("address", FIELD),
    ("fault", FIELD),
    ("product", FIELD),
    ("model", FIELD),
    ("serial", FIELD),
    ("purchased_on", FIELD),
    ("wanted", FIELD),
    ("urgency", FIELD),
    ("skill", FIELD),
    ("area", FIELD),
]);

const REWORK: Whole = Whole { fields: &[("of", ID), ("number", WORD), ("by", ID), ("at", INT)] };
const SITE: Whole = Whole { fields: &[("latitude_e6", INT), ("longitude_e6", INT), ("address", NOTE), ("at", INT)] };
const CORRECTION: Whole = Whole { fields: &[("field", WORD), ("value", NOTE), ("by", Author), ("at", INT)] };
const ASSIGNMENT: Whole = Whole {
    fields: &[
        ("technician", ID),
        ("technician_name", NAME),
        ("window", WINDOW),
        ("by", ID),
        ("at", INT),
        ("reason", NOTE),
    ],
};
const DECISION: Whole = Whole { fields: &[("kind", WORD), ("by", ID), ("at", INT), ("reason", NOTE)] };
const HOLD: Whole = Whole { fields: &[("kind", WORD), ("by", Author), ("at", INT), ("reason", NOTE), ("until", INT)] };
const RELEASE: Whole = Whole { fields: &[("by", Author), ("at", INT)] };
const DELAY: Whole = Whole { fields: &[("arrives_at", INT), ("reason", NOTE), ("by", Author), ("at", INT)] };
const REPLY: Whole = Whole {
    fields: &[
        ("delay", WORD),
        ("kind", WORD),
        ("how", WORD),
        ("note", NOTE),
        ("by", Author),
        ("link", ID),
        ("at", INT),
    ],
};
const MARK: Whole =
    Whole { fields: &[("kind", WORD), ("by", Author), ("at", INT), ("reason", NOTE), ("place", PLACE)] };
const PHOTO: Whole =
    Whole { fields: &[("step", WORD), ("bytes", INT), ("width", INT), ("height", INT), ("by", Author), ("at", INT)] };
const READING: Whole =
    Whole { fields: &[("step", WORD), ("name", NAME), ("value", NAME), ("unit", WORD), ("by", Author), ("at", INT)] };
const PLAY: Whole = Whole { fields: &[("step", WORD), ("play", WORD), ("note", NOTE), ("by", Author), ("at", INT)] };
const PART: Whole = Whole {
    fields: &[
        ("code", NAME),
        ("name", NAME),
        ("quantity_milli", INT),
        ("serial", NAME),
        ("old_part", WORD),
        ("by", Author),
        ("at", INT),
        ("undoes", WORD),
    ],
};
const QUOTE_LINE: Whole = Whole {
    fields: &[
        ("code", NAME),
        ("request", ID),
        ("name", NAME),
        ("unit", WORD),
        ("kind", WORD),
        ("quantity_milli", INT),
        ("unit_minor", INT),
        ("amount_minor", INT),
        ("risk", WORD),
        ("setup", SETUP),
    ],
};
const SETUP: Inner = Object(&Whole { fields: &[("term", WORD), ("installed_on", WORD), ("charged_from", WORD)] });
const WARRANTY: Inner = Object(&Whole { fields: &[("kind", WORD), ("reason", NOTE), ("decided_by", ID)] });
const QUOTE: Whole = Whole {
    fields: &[
        ("lines", Inner::Each(Keys::Line, &QUOTE_LINE)),
        ("total_minor", INT),
        ("currency", WORD),
        ("price_list", INT),
        ("warranty", WARRANTY),
        ("option", NAME),
        ("of", WORD),
        ("by", Author),
        ("at", INT),
    ],
};
const WITHDRAWAL: Whole = Whole { fields: &[("quote", WORD), ("reason", NOTE), ("by", Author), ("at", INT)] };
const CONSENT: Whole = Whole {
    fields: &[
        ("quote", WORD),
        ("quote_hash", HASH),
        ("total_minor", INT),
        ("currency", WORD),
        ("how", WORD),
        ("name", NAME),
        ("strokes", STROKES),
        ("by", Author),
        ("link", ID),
        ("shown", Inner::List(Text(40), QUOTES_SHOWN_MAX)),
        ("at", INT),
    ],
};
const BACKUP_CONSENT: Whole = Whole {
    fields: &[
        ("quote", WORD),
        ("copy", WORD),
        ("text", Field(Text(BACKUP_CHARS_MAX))),
        ("text_hash", HASH),
        ("language", WORD),
        ("how", WORD),
        ("name", NAME),
        ("strokes", STROKES),
        ("by", Author),
        ("link", ID),
        ("at", INT),
    ],
};
const WAIVER: Whole = Whole { fields: &[("quote", WORD), ("minor", INT), ("reason", NOTE), ("by", ID), ("at", INT)] };
const CHARGE: Whole =
    Whole { fields: &[("quote", WORD), ("due_minor", INT), ("currency", WORD), ("by", Author), ("at", INT)] };
const PAYMENT: Whole = Whole {
    fields: &[("minor", INT), ("currency", WORD), ("method", NAME), ("receipt", NAME), ("by", ID), ("at", INT)],
};
const RATING: Inner = Object(&Whole { fields: &[("quality", INT), ("attitude", INT)] });
const SIGN_OFF: Whole = Whole {
    fields: &[
        ("kind", WORD),
        ("how", WORD),
        ("name", NAME),
        ("reason", NOTE),
        ("strokes", STROKES),
        ("rating", RATING),
        ("remarks", NOTE),
        ("covers", Inner::List(Bytes(32), CHANGE_DEPS_MAX)),
        ("sheet_hash", HASH),
        ("by", Author),
        ("link", ID),
        ("at", INT),
    ],
};
const REFUSAL: Whole = Whole { fields: &[("quote", WORD), ("reason", NOTE), ("link", ID), ("at", INT)] };
const LATER_RATING: Whole = Whole { fields: &[("rating", RATING), ("remarks", NOTE), ("link", ID), ("at", INT)] };
const ALARM: Whole = Whole { fields: &[("reason", NOTE), ("place", PLACE), ("by", Author), ("at", INT)] };
const BREACH: Whole = Whole { fields: &[("clock", WORD), ("cause", NOTE), ("whose", ID), ("by", ID), ("at", INT)] };

const ADOPTION: Whole = Whole {
    fields: &[
        ("outcome", WORD),
        ("quarantine", ID),
        ("change", HASH),
        ("places", Inner::List(Text(FIELD_CHARS_MAX), ADOPTION_PLACES_MAX)),
        ("writer", ID),
        ("writer_name", NAME),
        ("device", ID),
        ("claimed_at", INT),
        ("written_at", INT),
        ("error_us", INT),
        ("received_at", INT),
        ("reason", NOTE),
        ("by", ID),
        ("by_name", NAME),
        ("at", INT),
    ],
};

const RULING: Whole = Whole {
    fields: &[
        ("matter", WORD),
        ("counts", WORD),
        ("of", Inner::List(Text(40), RULING_ENTRIES_MAX)),
        ("reason", NOTE),
        ("by", ID),
        ("at", INT),
    ],
};

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
