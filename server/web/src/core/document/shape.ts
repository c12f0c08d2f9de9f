/**
 * The record's shape: which places there are, and what may stand at each. As in `schema::shape` in the server's source, which also says who
 * may write there; a phone is told that by the server.
 */
import { REPORT_FIELDS } from "../course.ts"
import { isEntryId } from "../id.ts"

/** A scalar: text of at most so many characters, a whole number, a moment (microseconds in the document), an id or a hash (bytes there). */
export type Scalar = { text: number } | "int" | "time" | "id" | "hash"

export type Inner = Scalar | { object: Whole } | { each: Keys; of: Whole } | { list: Scalar; most: number }

/** An object that is written whole. */
export type Whole = { readonly [field: string]: Inner }

export type Keys = "entry" | "step" | "sha256" | "line"

/** `once` is written into an empty place and never again; `latest` and a register may be written anew. */
export type Place = { once: Whole } | { latest: Whole } | { register: Scalar }

type Shape = { fields: { readonly [field: string]: Place } } | { keys: Keys; of: Place; office?: true } | Place

const FIELD_CHARS_MAX = 400
const NOTE_CHARS_MAX = 4_000
const BACKUP_CHARS_MAX = 12_000
const TAKE_BACK_FIELD_CHARS_MAX = 400
const TAKE_BACK_CHARS_MAX = 4_000
const STROKES_BYTES_MAX = 32 << 10
const CHANGE_DEPS_MAX = 64
const ADOPTION_PLACES_MAX = 400
const RULING_ENTRIES_MAX = 64
const QUOTES_SHOWN_MAX = 20

const NAME = { text: FIELD_CHARS_MAX }
const NOTE = { text: NOTE_CHARS_MAX }
const WORD = { text: 40 }
const STROKES = { text: STROKES_BYTES_MAX }

const PLACE = { object: { latitude_e6: "int", longitude_e6: "int", accuracy_m: "int" } } as const
const BY = { by: "id", at: "time" } as const

const META: Whole = {
    job: "id",
    number: WORD,
    outlet: "id",
    report: "id",
    customer: "id",
    customer_class: WORD,
    template: WORD,
    template_version: "int",
    currency: WORD,
    reported_at: "time",
    opened_by: "id",
    rework_of: "id",
}

const ASSIGNMENT: Whole = {
    technician: "id",
    technician_name: NAME,
    window: { object: { from: "time", to: "time" } },
    reason: NOTE,
    ...BY,
}

const PART: Whole = {
    code: NAME,
    name: NAME,
    quantity_milli: "int",
    serial: NAME,
    old_part: WORD,
    undoes: WORD,
    ...BY,
}

const QUOTE_LINE: Whole = {
    code: NAME,
    request: "id",
    name: NAME,
    unit: WORD,
    kind: WORD,
    quantity_milli: "int",
    unit_minor: "int",
    amount_minor: "int",
    risk: WORD,
    setup: { object: { term: WORD, installed_on: WORD, charged_from: WORD } },
}

const QUOTE: Whole = {
    lines: { each: "line", of: QUOTE_LINE },
    total_minor: "int",
    currency: WORD,
    price_list: "int",
    warranty: { object: { kind: WORD, reason: NOTE, decided_by: "id" } },
    option: NAME,
    of: WORD,
    ...BY,
}

const CONSENT: Whole = {
    quote: WORD,
    quote_hash: "hash",
    total_minor: "int",
    currency: WORD,
    how: WORD,
    name: NAME,
    strokes: STROKES,
    link: "id",
    shown: { list: WORD, most: QUOTES_SHOWN_MAX },
    ...BY,
}

const BACKUP_CONSENT: Whole = {
    quote: WORD,
    copy: WORD,
    text: { text: BACKUP_CHARS_MAX },
    text_hash: "hash",
    language: WORD,
    how: WORD,
    name: NAME,
    strokes: STROKES,
    link: "id",
    ...BY,
}

/** What a receipt says of one thing. */
const SAID = { text: TAKE_BACK_FIELD_CHARS_MAX }
const SIGNED = {
    text: { text: TAKE_BACK_CHARS_MAX },
    text_hash: "hash",
    language: WORD,
    name: NAME,
    strokes: STROKES,
    ...BY,
} as const

const TAKE_BACK: Whole = {
    product: SAID,
    model: SAID,
    serial: SAID,
    accessories: SAID,
    condition: SAID,
    computer: { object: { configuration: SAID, copy: WORD, erasure: WORD } },
    loaner: { object: { name: SAID, serial: SAID } },
    taken_on: WORD,
    return_on: WORD,
    ...SIGNED,
}

const HAND_BACK: Whole = { receipt: WORD, kind: WORD, condition: SAID, reason: NOTE, ...SIGNED }

const PAYMENT: Whole = { minor: "int", currency: WORD, method: NAME, receipt: NAME, ...BY }

const RATING = { object: { quality: "int", attitude: "int" } } as const

const SIGN_OFF: Whole = {
    kind: WORD,
    how: WORD,
    name: NAME,
    reason: NOTE,
    strokes: STROKES,
    rating: RATING,
    remarks: NOTE,
    covers: { list: "hash", most: CHANGE_DEPS_MAX },
    sheet_hash: "hash",
    link: "id",
    ...BY,
}

const ADOPTION: Whole = {
    outcome: WORD,
    quarantine: "id",
    change: "hash",
    places: { list: NAME, most: ADOPTION_PLACES_MAX },
    writer: "id",
    writer_name: NAME,
    device: "id",
    claimed_at: "time",
    written_at: "time",
    error_us: "int",
    received_at: "time",
    reason: NOTE,
    by_name: NAME,
    ...BY,
}

const RULING: Whole = {
    matter: WORD,
    counts: WORD,
    of: { list: WORD, most: RULING_ENTRIES_MAX },
    reason: NOTE,
    ...BY,
}

function once(whole: Whole): Shape {
    return { keys: "entry", of: { once: whole } }
}

/** A map of the office's, which records of before it lack. */
function office(whole: Whole): Shape {
    return { keys: "entry", of: { once: whole }, office: true }
}

const RECORD: { readonly [field: string]: Shape } = {
    meta: { once: META },
    report: { fields: Object.fromEntries(REPORT_FIELDS.map((field) => [field, { register: NOTE }])) },
    site: { latest: { latitude_e6: "int", longitude_e6: "int", address: NOTE, at: "time" } },
    rework: { once: { of: "id", number: WORD, ...BY } },
    corrections: once({ field: WORD, value: NOTE, ...BY }),
    assignments: office(ASSIGNMENT),
    assigned: { register: WORD },
    decisions: office({ kind: WORD, reason: NOTE, ...BY }),
    holds: once({ kind: WORD, reason: NOTE, until: "time", ...BY }),
    releases: once({ ...BY }),
    delays: once({ arrives_at: "time", reason: NOTE, ...BY }),
    replies: once({ delay: WORD, kind: WORD, how: WORD, note: NOTE, link: "id", ...BY }),
    marks: { keys: "step", of: { latest: { kind: WORD, reason: NOTE, place: PLACE, ...BY } } },
    notes: { keys: "step", of: { register: NOTE } },
    photos: { keys: "sha256", of: { once: { step: WORD, bytes: "int", width: "int", height: "int", ...BY } } },
    readings: once({ step: WORD, name: NAME, value: NAME, unit: WORD, ...BY }),
    plays: once({ step: WORD, play: WORD, note: NOTE, ...BY }),
    diagnosis: { fields: { cause: { register: NOTE }, measures: { register: NOTE } } },
    parts: once(PART),
    quotes: once(QUOTE),
    withdrawals: once({ quote: WORD, reason: NOTE, ...BY }),
    consents: once(CONSENT),
    backup_consents: once(BACKUP_CONSENT),
    take_backs: once(TAKE_BACK),
    hand_backs: once(HAND_BACK),
    waivers: office({ quote: WORD, minor: "int", reason: NOTE, ...BY }),
    charges: once({ quote: WORD, due_minor: "int", currency: WORD, ...BY }),
    payments: office(PAYMENT),
    sign_offs: once(SIGN_OFF),
    refusals: office({ quote: WORD, reason: NOTE, link: "id", at: "time" }),
    ratings: office({ rating: RATING, remarks: NOTE, link: "id", at: "time" }),
    alarms: once({ reason: NOTE, place: PLACE, ...BY }),
    breaches: office({ clock: WORD, cause: NOTE, whose: "id", ...BY }),
    adoptions: office(ADOPTION),
    rulings: office(RULING),
}

/** Names a place, as in `["marks", "repair"]`. What lies inside an entry is no place of its own. */
export type Path = readonly string[]

/** What may stand at the place; none where there is no such place. */
export function placeAt([name = "", key]: Path): Place | undefined {
    const shape = Object.hasOwn(RECORD, name) ? RECORD[name] : undefined
    if (shape === undefined) return undefined
    if ("fields" in shape) return key !== undefined && Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined
    if ("keys" in shape) return key !== undefined && accepts(shape.keys, key) ? shape.of : undefined
    return key === undefined ? shape : undefined
}

/** The maps that the server makes when it opens a record. */
export const MAPS: readonly string[] = Object.keys(RECORD).filter((name) => {
    const shape = RECORD[name] ?? {}
    return "fields" in shape || "keys" in shape
})

export function isOfficeMap(name: string): boolean {
    const shape = RECORD[name]
    return shape !== undefined && "keys" in shape && shape.office === true
}

export function accepts(keys: Keys, key: string): boolean {
    switch (keys) {
        case "entry":
            return isEntryId(key)
        case "step":
            return /^[a-z0-9_]{1,40}$/.test(key)
        case "sha256":
            return /^[0-9a-f]{64}$/.test(key)
        case "line":
            return /^[0-9]{2}$/.test(key)
    }
}
