/**
 * The typed face of a job's Automerge document. It is written by edits and read as a `JobRecord`; nobody else touches it by paths and
 * strings. Both values of a concurrent write stay and are shown, and every change keeps who made it and what stood there before.
 *
 * The caller has initialised Automerge's wasm before a document is read or written; what `kept` shows needs none. Nothing here defends against a hostile change: the server's gate has done that.
 */
import { decodeChange } from "@automerge/automerge/slim"
import { type Bytes, hex } from "./bytes.ts"
import { type Backend, loadBackend, newBackend } from "./document/backend.ts"
import { type Conflict, conflictsOf, type HistoryEntry, historyOf, isMoved, valueAt } from "./document/history.ts"
import { MAPS, type Path, placeAt } from "./document/shape.ts"
import { toJson } from "./document/value.ts"
import { NotWritten, writeEdits } from "./document/write.ts"
import type { Edit } from "./edit.ts"
import { complete, type JobRecord } from "./record.ts"

export type { Conflict, HistoryEntry, Touch } from "./document/history.ts"
export { NotWritten } from "./document/write.ts"

/** Who made a change, and its number among theirs. */
export interface ChangeInfo {
    hash: string
    actor: string
    /** 1 for the actor's first change. */
    seq: number
}

export interface RawChange extends ChangeInfo {
    bytes: Bytes
}

/** Changes could not be applied; the record is as it was. `gap`: one builds on a change that is not here. */
export class NotApplied extends Error {
    override name = "NotApplied"
    readonly isGap: boolean

    constructor(isGap: boolean, why: string) {
        super(why)
        this.isGap = isGap
    }
}

/** A saved record could not be loaded. */
export class NotLoaded extends Error {
    override name = "NotLoaded"
}

/** Who made a change, read from its bytes. Throws [`NotApplied`] where they are not those that their checksum was made for. */
export function identify(bytes: Uint8Array): ChangeInfo {
    let change: ChangeInfo
    try {
        change = decodeChange(bytes)
    } catch (error) {
        throw new NotApplied(false, `the change can't be read: ${String(error)}`)
    }
    // Automerge does not look at the checksum.
    if (hex(bytes.subarray(4, 8)) !== change.hash.slice(0, 8)) throw new NotApplied(false, "the checksum does not fit")
    return { hash: change.hash, actor: change.actor, seq: change.seq }
}

/** What a document shows, beside its bytes: so a phone opens without reading all its documents, which takes a slow one seconds. */
export interface DocumentView {
    /** Another release may read the same document into another form. */
    form: typeof FORM
    heads: string[]
    record: JobRecord
    conflicts: Conflict[]
}

/** To be raised whenever a record, or a conflict, is read otherwise than before. */
const FORM = 1

/** One job's record. */
export class JobDocument {
    #open: Backend | undefined
    /** Its bytes, where they need not be made. */
    #saved: Bytes | undefined
    #heads: string[] | undefined
    #record: JobRecord | undefined
    #conflicts: Conflict[] | undefined

    private constructor(open?: Backend) {
        this.#open = open
    }

    get #backend(): Backend {
        this.#open ??= this.#saved ? loaded(this.#saved) : newBackend()
        return this.#open
    }

    /** With nothing in it, to be opened by an edit or filled with changes. */
    static empty(): JobDocument {
        const document = new JobDocument()
        document.#heads = []
        return document
    }

    /** Reads what [`JobDocument.save`] wrote, or the server sent. Throws [`NotLoaded`]. */
    static load(document: Uint8Array): JobDocument {
        return new JobDocument(loaded(document))
    }

    /** The same, read only once more is asked of it than this view shows. What another release made a view of is read at once. */
    static kept(saved: Bytes, view: DocumentView): JobDocument {
        if (view.form !== FORM) return JobDocument.load(saved)
        const document = new JobDocument()
        document.#saved = saved
        document.#heads = view.heads
        document.#record = view.record
        document.#conflicts = view.conflicts
        return document
    }

    /** What [`JobDocument.kept`] shows without reading the document; none of a record that does not read. */
    view(): DocumentView | undefined {
        try {
            return { form: FORM, heads: this.heads(), record: this.read(), conflicts: this.conflicts() }
        } catch (error) {
            if (error instanceof TypeError) return undefined
            throw error
        }
    }

    /** Reads the document now, where it was only shown so far. */
    prepare(): void {
        void this.#backend
    }

    /** A copy to try something on; what is written there is not written here. */
    copy(): JobDocument {
        return new JobDocument(this.#backend.clone())
    }

    save(): Bytes {
        return this.#saved ?? (this.#backend.save() as Bytes)
    }

    /** Hashes of the changes that nothing builds on yet, sorted. Equal heads are proof of equal records. */
    heads(): string[] {
        this.#heads ??= this.#backend.getHeads().sort()
        return [...this.#heads]
    }

    get isEmpty(): boolean {
        return this.heads().length === 0
    }

    has(hash: string): boolean {
        return this.#backend.getChangeMetaByHash(hash) !== null
    }

    /** All changes, each after those that it builds on. */
    infos(): ChangeInfo[] {
        return this.#backend.getChangesMeta([]).map(({ hash, actor, seq }) => ({ hash, actor, seq }))
    }

    /** These changes and all that they build on. */
    before(heads: readonly string[]): Set<string> {
        const after = new Set(this.#backend.getChangesMeta([...heads]).map(({ hash }) => hash))
        return new Set(this.infos().flatMap(({ hash }) => (after.has(hash) ? [] : hash)))
    }

    /** A change's bytes; none where it is not here. */
    change(hash: string): Bytes | undefined {
        return (this.#backend.getChangeByHash(hash) as Bytes | null) ?? undefined
    }

    /** Takes over changes from our own log or from the server, in any order: all or none. Throws [`NotApplied`]. */
    apply(changes: readonly Uint8Array[]): void {
        const hashes = changes.map((bytes) => identify(bytes).hash)
        // As what was written here a moment ago.
        if (hashes.every((hash) => this.has(hash))) return
        const draft = this.#backend.clone()
        try {
            draft.applyChanges([...changes])
            // A change whose predecessors are missing is put aside without an error.
            const missing = hashes.find((hash) => draft.getChangeMetaByHash(hash) === null)
            if (missing !== undefined) throw new NotApplied(true, `${missing} builds on a change that is not here`)
        } catch (error) {
            draft.free()
            throw error instanceof NotApplied ? error : new NotApplied(false, String(error))
        }
        this.#advance(draft)
    }

    /**
     * Writes the edits as one change by this actor; `at` in microseconds is the time that it claims, to the second. On a base, it is written on
     * the record as it stood at those heads: what came since stays beside it.
     */
    write(actor: string, at: number, edits: readonly Edit[], base?: readonly string[]): RawChange {
        const draft = base ? this.#backend.fork(actor, [...base]) : this.#backend.clone(actor)
        try {
            writeEdits(draft, edits)
            const hash = draft.commit(null, Math.floor(at / 1_000_000))
            const meta = hash === null ? null : draft.getChangeMetaByHash(hash)
            const bytes = hash === null ? null : draft.getChangeByHash(hash)
            if (meta === null || bytes === null) throw new NotWritten("nothing")
            if (base) this.apply([bytes])
            else this.#advance(draft)
            return { hash: meta.hash, actor, seq: meta.seq, bytes: bytes as Bytes }
        } catch (error) {
            draft.free()
            throw error
        }
    }

    /** The job as it stands. The same object until something changes: nobody may write into it. */
    read(): JobRecord {
        this.#record ??= read(this.#backend)
        return this.#record
    }

    /** The job as it stood at these heads. */
    readAt(heads: readonly string[]): JobRecord {
        return read(this.#backend, [...heads])
    }

    /** What stands at a place, in its JSON form; undefined where nothing does. */
    valueAt(path: Path): unknown {
        return valueAt(this.#backend, path)
    }

    /** Whether somebody wrote at this place after these heads. */
    isMoved(path: Path, heads: readonly string[]): boolean {
        return isMoved(this.#backend, path, [...heads])
    }

    /** Places where concurrent writes left more than one value, the one that shows first. */
    conflicts(): Conflict[] {
        this.#conflicts ??= conflictsOf(this.#backend)
        return this.#conflicts
    }

    /** Changes in causal order, with what each wrote; all, or those that `wants` names. */
    history(wants?: (change: { actor: string; seq: number }) => boolean): HistoryEntry[] {
        return historyOf(this.#backend, wants)
    }

    #advance(draft: Backend): void {
        this.#backend.free()
        this.#open = draft
        this.#saved = undefined
        this.#heads = undefined
        this.#record = undefined
        this.#conflicts = undefined
    }
}

function loaded(saved: Uint8Array): Backend {
    try {
        return loadBackend(saved)
    } catch (error) {
        throw new NotLoaded(`the saved record can't be loaded: ${String(error)}`)
    }
}

function read(backend: Backend, heads?: string[]): JobRecord {
    const held = backend.materialize("_root", heads) as Record<string, unknown>
    const each = (name: string, map: object) =>
        Object.fromEntries(Object.entries(map).map(([key, value]) => [key, toJson(placeAt([name, key]), value)]))
    const fields = Object.entries(held).map(([name, value]) => {
        const isMap = MAPS.includes(name) && typeof value === "object" && value !== null
        return [name, isMap ? each(name, value) : toJson(placeAt([name]), value)]
    })
    const record = Object.fromEntries(fields) as Partial<JobRecord>
    if (!record.meta || !record.report) throw new TypeError("the record was never opened")
    return complete({ ...record, meta: record.meta, report: record.report })
}
