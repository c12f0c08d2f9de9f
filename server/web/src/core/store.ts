/**
 * Where a phone keeps what it must not lose: a log of entries that is only ever added to, and the photos beside it. What `append` resolved
 * for survives the end of the page and of the browser at any moment, and a batch is there whole or not at all. Every call can fail, and a
 * failure leaves what was there before.
 */
import { type Entry, weightOf } from "./store/entry.ts"

export type { Entry } from "./store/entry.ts"

/** The store could not do it; everything is as it was. */
export class StoreFailed extends Error {
    override name = "StoreFailed"
    /** The device has no room left. */
    readonly isFull: boolean

    constructor(why: unknown, isFull = false) {
        super(`the phone's store: ${why instanceof Error ? why.message : String(why)}`, { cause: why })
        this.isFull = isFull
    }
}

export interface Store {
    /** Everything that was appended and not compacted away, in order. */
    load(): Promise<Entry[]>
    /** Adds the entries, all or none; durable once it resolves. */
    append(entries: readonly Entry[]): Promise<void>
    /** Puts `entries` in the place of everything that was there, all or nothing. */
    compact(entries: readonly Entry[]): Promise<void>
    /** About how many bytes the log has. */
    bytes(): number
    /** Keeps a photo under its hash; durable once it resolves. */
    putBlob(sha256: string, blob: Blob): Promise<void>
    findBlob(sha256: string): Promise<Blob | undefined>
    deleteBlob(sha256: string): Promise<void>
    /** The hashes of all photos kept. */
    listBlobs(): Promise<string[]>
}

/** What a memory store's disk holds; it outlives the store, as a disk outlives a page. */
export class MemoryDisk {
    log: Entry[] = []
    readonly blobs = new Map<string, Blob>()
    /** The next write fails for this reason. */
    fault: "full" | "torn" | undefined
}

/** For tests and for browsers that keep nothing: gone with the page. */
export class MemoryStore implements Store {
    readonly #disk: MemoryDisk

    constructor(disk = new MemoryDisk()) {
        this.#disk = disk
    }

    async load(): Promise<Entry[]> {
        return structuredClone(this.#disk.log)
    }

    async append(entries: readonly Entry[]): Promise<void> {
        this.#fail()
        this.#disk.log.push(...structuredClone(entries))
    }

    async compact(entries: readonly Entry[]): Promise<void> {
        this.#fail()
        this.#disk.log = structuredClone([...entries])
    }

    bytes(): number {
        return this.#disk.log.reduce((sum, entry) => sum + weightOf(entry), 0)
    }

    async putBlob(sha256: string, blob: Blob): Promise<void> {
        this.#fail()
        this.#disk.blobs.set(sha256, blob)
    }

    async findBlob(sha256: string): Promise<Blob | undefined> {
        return this.#disk.blobs.get(sha256)
    }

    async deleteBlob(sha256: string): Promise<void> {
        this.#fail()
        this.#disk.blobs.delete(sha256)
    }

    async listBlobs(): Promise<string[]> {
        return [...this.#disk.blobs.keys()]
    }

    #fail(): void {
        const fault = this.#disk.fault
        this.#disk.fault = undefined
        if (fault !== undefined) throw new StoreFailed(`the disk is ${fault}`, fault === "full")
    }
}
