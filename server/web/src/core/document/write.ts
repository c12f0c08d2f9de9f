/** Writing: edits become one change, operation for operation what the server's gate expects of a phone. */
import type { Bytes } from "../bytes.ts"
import type { Edit } from "../edit.ts"
import { type Put, putsOf } from "../lay.ts"
import { type Backend, mapOf, type ObjectId, ROOT } from "./backend.ts"
import { isOfficeMap, MAPS, type Path, placeAt } from "./shape.ts"
import { type Held, Misfit, toHeld } from "./value.ts"

/** The edits were not written; the record is as it was. */
export class NotWritten extends Error {
    override name = "NotWritten"
    /** `taken`: something stands there already, and it is never changed. `unfit`: too long, or of another form. */
    readonly reason: "open" | "not_open" | "taken" | "unfit" | "nothing"
    readonly path: Path

    constructor(reason: NotWritten["reason"], path: Path = [], why = "") {
        super([reason, path.join("/"), why].filter(Boolean).join(": "))
        this.reason = reason
        this.path = path
    }
}

/** Puts all operations of these edits into the document; the caller commits, or throws the document away. */
export function writeEdits(backend: Backend, edits: readonly Edit[]): void {
    if (edits.some((edit) => edit.edit === "open")) {
        if (backend.get(ROOT, "meta") !== undefined) throw new NotWritten("open")
        for (const map of MAPS) backend.putObject(ROOT, map, {})
    }
    // Of several writes to one place only the last is written: nobody could ever see the others.
    const puts = new Map<string, Put>()
    for (const put of edits.flatMap((edit) => (edit.edit === "open" ? openingOf(edit) : putsOf(edit)))) {
        const name = JSON.stringify(put.path)
        if (puts.has(name) && isOnce(put.path)) throw new NotWritten("taken", put.path)
        puts.set(name, put)
    }
    for (const put of puts.values()) writePlace(backend, put)
}

function openingOf({ meta, report }: Extract<Edit, { edit: "open" }>): Put[] {
    const fields = Object.entries(report).filter(([, value]) => value !== null && value !== undefined)
    return [{ path: ["meta"], value: meta }, ...fields.map(([field, value]) => ({ path: ["report", field], value }))]
}

function isOnce(path: Path): boolean {
    const place = placeAt(path)
    return place !== undefined && "once" in place
}

function writePlace(backend: Backend, { path, value }: Put): void {
    const place = placeAt(path)
    if (place === undefined) throw new NotWritten("unfit", path, "there is no such place")
    const [first = "", second] = path
    const key = second ?? first
    const object = second === undefined ? ROOT : openMap(backend, first)
    if (value === null) return backend.delete(object, key)
    const held = fitting(path, () => toHeld(place, value))
    if (isOnce(path) && backend.getWithType(object, key) !== null) throw new NotWritten("taken", path)
    if (typeof held === "object" && !(held instanceof Uint8Array)) return putWhole(backend, object, key, held)
    writeAnew(backend, object, key, held)
    putScalar(backend, object, key, held)
}

function fitting(path: Path, make: () => Held): Held {
    try {
        return make()
    } catch (error) {
        throw error instanceof Misfit ? new NotWritten("unfit", path, error.message) : error
    }
}

function openMap(backend: Backend, name: string): ObjectId {
    const known = mapOf(backend, name)
    if (known !== undefined) return known
    // A map of the office's that older records were opened without.
    if (isOfficeMap(name) && backend.get(ROOT, "meta") !== undefined) return backend.putObject(ROOT, name, {})
    throw new NotWritten("not_open", [name])
}

/** An object anew, with all that is in it. */
function putWhole(backend: Backend, object: ObjectId, key: string, held: { [key: string]: Held } | Held[]): void {
    const inner = backend.putObject(object, key, Array.isArray(held) ? [] : {})
    if (Array.isArray(held)) {
        held.forEach((item, at) => backend.insert(inner, at, item as string, datatype(item)))
        return
    }
    for (const [name, value] of Object.entries(held)) {
        if (typeof value === "object" && !(value instanceof Uint8Array)) putWhole(backend, inner, name, value)
        else putScalar(backend, inner, name, value)
    }
}

function putScalar(backend: Backend, object: ObjectId, key: string, value: string | number | Bytes): void {
    backend.put(object, key, value, datatype(value))
}

/** A text is a scalar: as a text that two may type into it would cost three times the operations. */
function datatype(value: Held): "str" | "int" | "bytes" {
    return typeof value === "string" ? "str" : typeof value === "number" ? "int" : "bytes"
}

/**
 * Of several values that stand here, the one that shows is chosen: written as it is, Automerge would only delete the others, and somebody
 * who chose another of them at the same time would win in silence. So another is written first.
 */
function writeAnew(backend: Backend, object: ObjectId, key: string, chosen: string | number | Bytes): void {
    const all = backend.getAll(object, key).map((found) => found[1])
    if (all.length < 2 || String(all.at(-1)) !== String(chosen)) return
    const other = all.find((value) => String(value) !== String(chosen))
    if (typeof other === "string" || typeof other === "number") putScalar(backend, object, key, other)
}
