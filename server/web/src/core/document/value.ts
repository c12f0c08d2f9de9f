/**
 * A value at a place, between its JSON form and that of the document: moments are whole microseconds there, ids and hashes bytes, text a
 * scalar that nobody types into. Nothing else than text, whole numbers, bytes, maps and lists may stand in a record.
 */
import { isImmutableString } from "@automerge/automerge/slim"
import { type Bytes, fromHex, fromUuid, hex, uuid } from "../bytes.ts"
import { microsOf, timestampOf } from "../time.ts"
import { accepts, type Inner, type Place, type Scalar, type Whole } from "./shape.ts"

/** As the document holds it. */
export type Held = string | number | Bytes | { [key: string]: Held } | Held[]

/** A value may not stand where it was to be written. */
export class Misfit extends Error {
    override name = "Misfit"
}

/** What to write for this JSON value. Throws a [`Misfit`]. */
export function toHeld(place: Place, value: unknown): Held {
    if ("register" in place) return scalarToHeld(place.register, value)
    return wholeToHeld("once" in place ? place.once : place.latest, value)
}

function wholeToHeld(whole: Whole, value: unknown): Held {
    if (typeof value !== "object" || value === null) throw new Misfit("expected an object")
    const held: { [key: string]: Held } = {}
    for (const [key, within] of Object.entries(value).sort(byKey)) {
        // What is not there is left out.
        if (within === null || within === undefined) continue
        const inner = Object.hasOwn(whole, key) ? whole[key] : undefined
        if (inner === undefined) throw new Misfit(`${key}: there is no such place`)
        held[key] = told(key, () => innerToHeld(inner, within))
    }
    return held
}

function innerToHeld(inner: Inner, value: unknown): Held {
    if (typeof inner === "string" || "text" in inner) return scalarToHeld(inner, value)
    if ("object" in inner) return wholeToHeld(inner.object, value)
    if ("list" in inner) {
        if (!Array.isArray(value)) throw new Misfit("expected a list")
        if (value.length > inner.most) throw new Misfit(`longer than ${inner.most}`)
        return value.map((item) => scalarToHeld(inner.list, item))
    }
    const entries = Object.entries(value as object).sort(byKey)
    const each = ([key, entry]: [string, unknown]): [string, Held] => {
        if (!accepts(inner.each, key)) throw new Misfit(`${key}: there is no such place`)
        return [key, told(key, () => wholeToHeld(inner.of, entry))]
    }
    return Object.fromEntries(entries.map(each))
}

function scalarToHeld(scalar: Scalar, value: unknown): Held {
    if (scalar === "int") {
        if (!Number.isSafeInteger(value)) throw new Misfit("expected a whole number")
        return value as number
    }
    if (typeof value !== "string") throw new Misfit("expected text")
    switch (scalar) {
        case "time": {
            const micros = microsOf(value)
            if (!Number.isSafeInteger(micros)) throw new Misfit("a time is written as in 2026-11-22T08:30:00Z")
            return micros
        }
        case "id":
            return told(value, () => fromUuid(value))
        case "hash": {
            const bytes = told(value, () => fromHex(value))
            if (bytes.length !== 32) throw new Misfit("a hash has 32 bytes")
            return bytes
        }
        default:
            // Characters, not halves of them.
            if (value.length > scalar.text && [...value].length > scalar.text)
                throw new Misfit(`longer than ${scalar.text}`)
            return value
    }
}

function told<T>(where: string, make: () => T): T {
    try {
        return make()
    } catch (error) {
        throw new Misfit(`${where}: ${error instanceof Error ? error.message : String(error)}`)
    }
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
    return one < other ? -1 : one > other ? 1 : 0
}

/** The JSON form of what the document holds at a place. What a newer server may have written beside what is known is shown plainly. */
export function toJson(place: Place | undefined, held: unknown): unknown {
    if (place === undefined) return plain(held)
    if ("register" in place) return scalarToJson(place.register, held)
    return wholeToJson("once" in place ? place.once : place.latest, held)
}

function wholeToJson(whole: Whole, held: unknown): unknown {
    if (typeof held !== "object" || held === null) return plain(held)
    const entry = ([key, value]: [string, unknown]) => {
        const inner = Object.hasOwn(whole, key) ? whole[key] : undefined
        return [key, inner === undefined ? plain(value) : innerToJson(inner, value)]
    }
    return Object.fromEntries(Object.entries(held).map(entry))
}

function innerToJson(inner: Inner, held: unknown): unknown {
    if (typeof inner === "string" || "text" in inner) return scalarToJson(inner, held)
    if ("object" in inner) return wholeToJson(inner.object, held)
    if ("list" in inner) return (held as unknown[]).map((item) => scalarToJson(inner.list, item))
    const each = ([key, value]: [string, unknown]) => [key, wholeToJson(inner.of, value)]
    return Object.fromEntries(Object.entries(held as object).map(each))
}

function scalarToJson(scalar: Scalar, held: unknown): unknown {
    if (scalar === "time" && typeof held === "number") return timestampOf(held)
    if (scalar === "id" && held instanceof Uint8Array && held.length === 16) return uuid(held)
    return plain(held)
}

function plain(held: unknown): unknown {
    if (isImmutableString(held)) return held.toString()
    if (held instanceof Uint8Array) return hex(held)
    if (Array.isArray(held)) return held.map(plain)
    if (typeof held !== "object" || held === null) return held
    return Object.fromEntries(Object.entries(held).map(([key, value]) => [key, plain(value)]))
}
