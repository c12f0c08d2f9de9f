/** What Automerge gives beneath its proxies: the document by objects and keys, which is how a record is written and compared. */
import { getBackend, init, load } from "@automerge/automerge/slim"

/** The wasm must have been initialised before. */
export type Backend = ReturnType<typeof getBackend>

/** An object of the document, as in `3@<actor>`. */
export type ObjectId = string

export const ROOT: ObjectId = "_root"

export function newBackend(): Backend {
    return getBackend(init())
}

/** Throws where the bytes are no whole document. */
export function loadBackend(document: Uint8Array): Backend {
    const backend = getBackend(load(document))
    // Changes that lie behind the document and wait for others would travel on with each save.
    if (document.length === 0 || backend.getMissingDeps([]).length > 0) throw new TypeError("it is not whole")
    return backend
}

/** The map of this name; none where the record lacks it. */
export function mapOf(backend: Backend, name: string): ObjectId | undefined {
    const found = backend.getWithType(ROOT, name)
    return found?.[0] === "map" ? found[1] : undefined
}

/** The object and the key of a place. */
export function locate(backend: Backend, path: readonly string[]): { object: ObjectId; key: string } | undefined {
    const [first, second] = path
    if (first === undefined || path.length > 2) return undefined
    if (second === undefined) return { object: ROOT, key: first }
    const object = mapOf(backend, first)
    return object === undefined ? undefined : { object, key: second }
}
