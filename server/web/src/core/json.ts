/**
 * JSON to the letter as the server writes it, because hashes are taken over it: fields in the order of the server's structs, what is not there as
 * null, the keys of maps in the order of their bytes. A shape says which fields a thing has and in which order. An optional one came later: it
 * is left out where it is not there, so that what was hashed before has the same hash.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import type { Hash } from "./id.ts"
import { entriesOf } from "./record.ts"
import type { Schemas } from "./schemas.ts"

/** Every field of a thing, in the server's order: a value as it stands, or what has a shape of its own. */
export type Shape<T> = { [K in keyof Required<T>]: Within }
type Within =
    | "value"
    | "optional"
    | { optional: Fields }
    | { optionalMap: Fields }
    | { object: Fields }
    | { list: Fields }
    | { map: Fields }
type Fields = { [field: string]: Within }
type Thing = { [field: string]: unknown }

/** SHA-256 of a thing's JSON. */
export function hashOf<T extends object>(shape: Shape<T>, thing: T): Hash {
    return bytesToHex(sha256(utf8ToBytes(toJson(shape, thing))))
}

export function toJson<T extends object>(shape: Shape<T>, thing: T): string {
    return objectJson(shape, thing as Thing)
}

function objectJson(fields: Fields, thing: Thing): string {
    const pair = ([name, within]: [string, Within]) => `${JSON.stringify(name)}:${valueJson(within, thing[name])}`
    const isWritten = ([name, within]: [string, Within]) => {
        if (within === "optional" || (typeof within === "object" && "optional" in within)) return thing[name] != null
        const isMap = typeof within === "object" && "optionalMap" in within
        return !isMap || Object.keys(thing[name] ?? {}).length > 0
    }
    return `{${Object.entries(fields).filter(isWritten).map(pair).join(",")}}`
}

function valueJson(within: Within, value: unknown): string {
    if (value == null) return "null"
    if (within === "value" || within === "optional") return JSON.stringify(value)
    if ("optional" in within) return objectJson(within.optional, value as Thing)
    if ("object" in within) return objectJson(within.object, value as Thing)
    if ("list" in within) return `[${(value as Thing[]).map((row) => objectJson(within.list, row)).join(",")}]`
    const fields = "map" in within ? within.map : within.optionalMap
    const pair = ([key, row]: [string, Thing]) => `${JSON.stringify(key)}:${objectJson(fields, row)}`
    return `{${entriesOf(value as { [key: string]: Thing })
        .map(pair)
        .join(",")}}`
}

export const SET_UP: Shape<Schemas["SetUp"]> = { term: "value", installed_on: "optional", charged_from: "optional" }

export const QUOTE_LINE: Shape<Schemas["QuoteLine"]> = {
    code: "value",
    request: "value",
    name: "value",
    unit: "value",
    kind: "value",
    quantity_milli: "value",
    unit_minor: "value",
    amount_minor: "value",
    risk: "optional",
    setup: { optional: SET_UP },
}

export const WARRANTY: Shape<Schemas["Warranty"]> = { kind: "value", reason: "value", decided_by: "value" }

export const QUOTE: Shape<Schemas["Quote"]> = {
    lines: { map: QUOTE_LINE },
    total_minor: "value",
    currency: "value",
    price_list: "value",
    warranty: { object: WARRANTY },
    option: "value",
    of: "optional",
    by: "value",
    at: "value",
}
