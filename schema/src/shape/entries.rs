//! What stands inside the record's entries.

use super::Inner::{self, Author, Object, Scalar as Field};
use super::Scalar::{Bytes, Int, Text};
use super::Shape::{Fields, Register};
use super::Writers::Office;
use super::{Keys, Shape, Whole};
use crate::limits::{
    ADOPTION_PLACES_MAX, BACKUP_CHARS_MAX, CHANGE_DEPS_MAX, FIELD_CHARS_MAX, NOTE_CHARS_MAX, QUOTES_SHOWN_MAX,
    RULING_ENTRIES_MAX, STROKES_BYTES_MAX, TAKE_BACK_CHARS_MAX, TAKE_BACK_FIELD_CHARS_MAX,
};

const ID: Inner = Field(Bytes(16));
const HASH: Inner = Field(Bytes(32));
const INT: Inner = Field(Int);
const NAME: Inner = Field(Text(FIELD_CHARS_MAX));
const NOTE: Inner = Field(Text(NOTE_CHARS_MAX));
const WORD: Inner = Field(Text(40));
const STROKES: Inner = Field(Text(STROKES_BYTES_MAX));

const PLACE: Inner = Object(&Whole { fields: &[("latitude_e6", INT), ("longitude_e6", INT), ("accuracy_m", INT)] });
const WINDOW: Inner = Object(&Whole { fields: &[("from", INT), ("to", INT)] });

pub(super) const META: Whole = Whole {
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

pub(super) const FIELD: Shape = Register(Office, Text(NOTE_CHARS_MAX));
pub(super) const REPORT: Shape = Fields(&[
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

pub(super) const REWORK: Whole = Whole { fields: &[("of", ID), ("number", WORD), ("by", ID), ("at", INT)] };
pub(super) const SITE: Whole =
    Whole { fields: &[("latitude_e6", INT), ("longitude_e6", INT), ("address", NOTE), ("at", INT)] };
pub(super) const CORRECTION: Whole = Whole { fields: &[("field", WORD), ("value", NOTE), ("by", Author), ("at", INT)] };
pub(super) const ASSIGNMENT: Whole = Whole {
    fields: &[
        ("technician", ID),
        ("technician_name", NAME),
        ("window", WINDOW),
        ("by", ID),
        ("at", INT),
        ("reason", NOTE),
    ],
};
pub(super) const DECISION: Whole = Whole { fields: &[("kind", WORD), ("by", ID), ("at", INT), ("reason", NOTE)] };
pub(super) const HOLD: Whole =
    Whole { fields: &[("kind", WORD), ("by", Author), ("at", INT), ("reason", NOTE), ("until", INT)] };
pub(super) const RELEASE: Whole = Whole { fields: &[("by", Author), ("at", INT)] };
pub(super) const DELAY: Whole = Whole { fields: &[("arrives_at", INT), ("reason", NOTE), ("by", Author), ("at", INT)] };
pub(super) const REPLY: Whole = Whole {
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
pub(super) const MARK: Whole =
    Whole { fields: &[("kind", WORD), ("by", Author), ("at", INT), ("reason", NOTE), ("place", PLACE)] };
pub(super) const PHOTO: Whole =
    Whole { fields: &[("step", WORD), ("bytes", INT), ("width", INT), ("height", INT), ("by", Author), ("at", INT)] };
pub(super) const READING: Whole =
    Whole { fields: &[("step", WORD), ("name", NAME), ("value", NAME), ("unit", WORD), ("by", Author), ("at", INT)] };
pub(super) const PLAY: Whole =
    Whole { fields: &[("step", WORD), ("play", WORD), ("note", NOTE), ("by", Author), ("at", INT)] };
pub(super) const PART: Whole = Whole {
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
pub(super) const QUOTE_LINE: Whole = Whole {
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
pub(super) const QUOTE: Whole = Whole {
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
pub(super) const WITHDRAWAL: Whole =
    Whole { fields: &[("quote", WORD), ("reason", NOTE), ("by", Author), ("at", INT)] };
pub(super) const CONSENT: Whole = Whole {
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
pub(super) const BACKUP_CONSENT: Whole = Whole {
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
/// What a receipt says of one thing.
const SAID: Inner = Field(Text(TAKE_BACK_FIELD_CHARS_MAX));
const COMPUTER: Inner = Object(&Whole { fields: &[("configuration", SAID), ("copy", WORD), ("erasure", WORD)] });
const LOANER: Inner = Object(&Whole { fields: &[("name", SAID), ("serial", SAID)] });
pub(super) const TAKE_BACK: Whole = Whole {
    fields: &[
        ("product", SAID),
        ("model", SAID),
        ("serial", SAID),
        ("accessories", SAID),
        ("condition", SAID),
        ("computer", COMPUTER),
        ("loaner", LOANER),
        ("taken_on", WORD),
        ("return_on", WORD),
        ("text", Field(Text(TAKE_BACK_CHARS_MAX))),
        ("text_hash", HASH),
        ("language", WORD),
        ("name", NAME),
        ("strokes", STROKES),
        ("by", Author),
        ("at", INT),
    ],
};
pub(super) const HAND_BACK: Whole = Whole {
    fields: &[
        ("receipt", WORD),
        ("kind", WORD),
        ("condition", SAID),
        ("text", Field(Text(TAKE_BACK_CHARS_MAX))),
        ("text_hash", HASH),
        ("language", WORD),
        ("name", NAME),
        ("strokes", STROKES),
        ("reason", NOTE),
        ("by", Author),
        ("at", INT),
    ],
};
pub(super) const WAIVER: Whole =
    Whole { fields: &[("quote", WORD), ("minor", INT), ("reason", NOTE), ("by", ID), ("at", INT)] };
pub(super) const CHARGE: Whole =
    Whole { fields: &[("quote", WORD), ("due_minor", INT), ("currency", WORD), ("by", Author), ("at", INT)] };
pub(super) const PAYMENT: Whole = Whole {
    fields: &[("minor", INT), ("currency", WORD), ("method", NAME), ("receipt", NAME), ("by", ID), ("at", INT)],
};
const RATING: Inner = Object(&Whole { fields: &[("quality", INT), ("attitude", INT)] });
pub(super) const SIGN_OFF: Whole = Whole {
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
pub(super) const REFUSAL: Whole = Whole { fields: &[("quote", WORD), ("reason", NOTE), ("link", ID), ("at", INT)] };
pub(super) const LATER_RATING: Whole =
    Whole { fields: &[("rating", RATING), ("remarks", NOTE), ("link", ID), ("at", INT)] };
pub(super) const ALARM: Whole = Whole { fields: &[("reason", NOTE), ("place", PLACE), ("by", Author), ("at", INT)] };
pub(super) const BREACH: Whole =
    Whole { fields: &[("clock", WORD), ("cause", NOTE), ("whose", ID), ("by", ID), ("at", INT)] };

pub(super) const ADOPTION: Whole = Whole {
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

pub(super) const RULING: Whole = Whole {
    fields: &[
        ("matter", WORD),
        ("counts", WORD),
        ("of", Inner::List(Text(40), RULING_ENTRIES_MAX)),
        ("reason", NOTE),
        ("by", ID),
        ("at", INT),
    ],
};
