/** What happened to a record: values that stand beside each other, and every change with what stood there before and after. */
import type { ConflictValue } from "../record.ts"
import { type Timestamp, timestampOf } from "../time.ts"
import { type Backend, locate, mapOf, type ObjectId, ROOT } from "./backend.ts"
import { MAPS, type Path, placeAt } from "./shape.ts"
import { toJson } from "./value.ts"

/** One change, and what it wrote. */
export interface HistoryEntry {
    hash: string
    actor: string
    /** 1 for the actor's first change. */
    seq: number
    /** As the author's device claims, in whole seconds. */
    at: Timestamp
    touched: Touch[]
}

export interface Touch {
    path: string[]
    /** What its author saw there, in its JSON form; none where there was nothing. */
    before: unknown
    after: unknown
}

/** One place where concurrent writes left more than one value, the one that shows first. */
export interface Conflict {
    path: string[]
    values: ConflictValue[]
}

/** The value at a place at these heads, in its JSON form. */
export function valueAt(backend: Backend, path: Path, heads?: string[]): unknown {
    const place = locate(backend, path)
    const found = place && backend.getWithType(place.object, place.key, heads)
    return found ? toJson(placeAt(path), readFound(backend, found, heads)) : undefined
}

/** Whether other operations show at a place than showed at these heads, of the same values too. */
export function isMoved(backend: Backend, path: Path, heads: string[]): boolean {
    const place = locate(backend, path)
    if (!place) return false
    const operations = (at?: string[]) =>
        backend.getAll(place.object, place.key, at).map((found) => String(found.at(-1)))
    return operations().sort().join() !== operations(heads).sort().join()
}

function readFound(backend: Backend, found: readonly unknown[], heads?: string[]): unknown {
    const [type, value] = found
    return type === "map" || type === "list" ? backend.materialize(value as ObjectId, heads) : value
}

export function conflictsOf(backend: Backend): Conflict[] {
    const maps = MAPS.flatMap((name) => {
        const object = mapOf(backend, name)
        const keys = object === undefined ? [] : backend.keys(object)
        return keys.map((key) => ({ path: [name, key], object: object ?? ROOT, key }))
    })
    const places = [{ path: ["assigned"], object: ROOT, key: "assigned" }, ...maps]
    return places.flatMap(({ path, object, key }) => {
        const place = placeAt(path)
        // What is written once is nobody's to choose.
        if (place === undefined || "once" in place) return []
        const all = backend.getAll(object, key)
        if (all.length < 2) return []
        const values = all.reverse().map((found) => ({
            value: toJson(place, readFound(backend, found)),
            ...writerOf(backend, String(found.at(-1))),
        }))
        // Two who wrote the same do not contradict each other.
        const shown = JSON.stringify(values[0]?.value)
        return values.some((other) => JSON.stringify(other.value) !== shown) ? [{ path, values }] : []
    })
}

/** Who made an operation, as in `12@<actor>`, and in which change. */
function writerOf(backend: Backend, operation: string): { actor: string; change: string } {
    const [counter, actor = ""] = operation.split("@")
    const number = Number(counter)
    const metas = backend.getChangesMeta([])
    const made = metas.find((meta) => meta.actor === actor && meta.startOp <= number && number <= meta.maxOp)
    return { actor, change: made?.hash ?? "" }
}

/** Every change that `wants` names, in causal order, with the places that it wrote. */
export function historyOf(
    backend: Backend,
    wants: (change: { actor: string; seq: number }) => boolean = () => true,
): HistoryEntry[] {
    const names = new Map<string, string>()
    for (const name of MAPS) {
        const object = mapOf(backend, name)
        if (object !== undefined) names.set(object, name)
    }
    const entry = ({ hash, actor, seq, time, deps }: ReturnType<Backend["getChangesMeta"]>[number]): HistoryEntry => {
        const touch = (path: string[]): Touch => ({
            path,
            before: deps.length === 0 ? undefined : valueAt(backend, path, deps),
            after: valueAt(backend, path, [hash]),
        })
        return {
            hash,
            actor,
            seq,
            at: timestampOf(time * 1_000_000),
            touched: touched(backend, names, hash).map(touch),
        }
    }
    return backend.getChangesMeta([]).filter(wants).map(entry)
}

/** Operations inside an entry belong to the entry, which is written whole. */
function touched(backend: Backend, names: ReadonlyMap<string, string>, hash: string): string[][] {
    const paths = new Map<string, string[]>()
    for (const { obj, key } of backend.getDecodedChangeByHash(hash)?.ops ?? []) {
        if (key === undefined) continue
        const name = names.get(obj)
        const path = obj === ROOT ? [key] : name === undefined ? [] : [name, key]
        if (placeAt(path) !== undefined) paths.set(path.join("/"), path)
    }
    return [...paths.keys()].sort().map((name) => paths.get(name) ?? [])
}
