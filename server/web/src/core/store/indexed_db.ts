/**
 * The phone's store in the browser's own database. A batch of entries is one transaction, written through to the disk before it counts, so
 * that what was confirmed outlives the page, the browser and the loss of power. One page at a time: two would give out the same numbers to
 * different changes.
 */
import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB, type StoreNames } from "idb"
import { type Store, StoreFailed } from "../store.ts"
import { type Entry, weightOf } from "./entry.ts"

/** Another page of this browser has the store. */
export class InUse extends Error {
    override name = "InUse"
}

interface Schema extends DBSchema {
    log: { key: number; value: { entries: Entry[] } }
    /** As bytes: not every browser keeps a `Blob` whole. */
    photos: { key: string; value: { bytes: ArrayBuffer; type: string } }
}

export interface Settings {
    /** Names the database and the lock. */
    name?: string
    locks?: Pick<LockManager, "request">
    storage?: Pick<StorageManager, "persist">
    /** How long to wait for a page that is just being closed, as at a reload. */
    waitMs?: number
}

const VERSION = 1
const WAIT_MS = 2_000

export class IndexedDbStore implements Store {
    readonly #name: string
    readonly #release: () => void
    #connection: Promise<IDBPDatabase<Schema>> | undefined
    #bytes = 0

    private constructor(name: string, release: () => void) {
        this.#name = name
        this.#release = release
    }

    /**
     * Throws [`InUse`] where another page has it, and [`StoreFailed`] where the browser has none to give. Holds it until the page ends. Asks
     * the browser not to clear it away.
     */
    static async open(settings: Settings = {}): Promise<IndexedDbStore> {
        const { name = "phone", waitMs = WAIT_MS } = settings
        const release = await lock(settings.locks ?? navigator.locks, name, waitMs)
        const store = new IndexedDbStore(name, release)
        try {
            await store.#connected()
        } catch (error) {
            release()
            throw failed(error)
        }
        const storage = settings.storage ?? globalThis.navigator?.storage
        // A refusal changes nothing: what is unsent is shown as such.
        void storage?.persist?.().catch(() => false)
        return store
    }

    /** Lets another page have it. */
    async close(): Promise<void> {
        const connection = await this.#connection
        connection?.close()
        this.#release()
    }

    load(): Promise<Entry[]> {
        return this.#tried(async (database) => {
            const batches = await database.getAll("log")
            const entries = batches.flatMap((batch) => batch.entries)
            this.#bytes = weigh(entries)
            return entries
        })
    }

    async append(entries: readonly Entry[]): Promise<void> {
        await this.#written("log", (log) => [log.add({ entries: [...entries] })])
        this.#bytes += weigh(entries)
    }

    async compact(entries: readonly Entry[]): Promise<void> {
        await this.#written("log", (log) => {
            const cleared = log.clear()
            // Should the next line throw, the whole transaction is taken back, and this with it.
            cleared.catch(() => {})
            return [cleared, log.add({ entries: [...entries] })]
        })
        this.#bytes = weigh(entries)
    }

    bytes(): number {
        return this.#bytes
    }

    async putBlob(sha256: string, blob: Blob): Promise<void> {
        const photo = { bytes: await blob.arrayBuffer(), type: blob.type }
        await this.#written("photos", (photos) => [photos.put(photo, sha256)])
    }

    findBlob(sha256: string): Promise<Blob | undefined> {
        return this.#tried(async (database) => {
            const photo = await database.get("photos", sha256)
            return photo && new Blob([photo.bytes], { type: photo.type })
        })
    }

    deleteBlob(sha256: string): Promise<void> {
        return this.#tried((database) => database.delete("photos", sha256))
    }

    listBlobs(): Promise<string[]> {
        return this.#tried((database) => database.getAllKeys("photos"))
    }

    /** The connection, made anew where the browser ended it. */
    async #connected(): Promise<IDBPDatabase<Schema>> {
        const forget = () => {
            this.#connection = undefined
        }
        this.#connection ??= openDB<Schema>(this.#name, VERSION, {
            upgrade(database) {
                database.createObjectStore("log", { autoIncrement: true })
                database.createObjectStore("photos")
            },
            terminated: forget,
        })
        // What could not be opened is tried again by whoever comes next.
        return this.#connection.catch((error: unknown) => {
            forget()
            throw error
        })
    }

    /** All that is asked for, durably, or nothing. */
    #written<N extends StoreNames<Schema>>(
        name: N,
        ask: (store: IDBPObjectStore<Schema, [N], N, "readwrite">) => Promise<unknown>[],
    ): Promise<void> {
        return this.#tried(async (database) => {
            const transaction = database.transaction(name, "readwrite", { durability: "strict" })
            try {
                await Promise.all([...ask(transaction.store), transaction.done])
            } catch (error) {
                transaction.done.catch(() => {})
                if (transaction.error === null) abort(transaction)
                throw error
            }
        })
    }

    async #tried<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
        try {
            return await work(await this.#connected())
        } catch (error) {
            // A connection that was ended without notice takes no transaction: nothing was done with it.
            if (!(error instanceof DOMException) || error.name !== "InvalidStateError") throw failed(error)
        }
        this.#connection = undefined
        try {
            return await work(await this.#connected())
        } catch (error) {
            throw failed(error)
        }
    }
}

function weigh(entries: readonly Entry[]): number {
    return entries.reduce((sum, entry) => sum + weightOf(entry), 0)
}

/** Takes back what was asked for so far; what has failed as a whole is taken back already. */
function abort(transaction: { abort(): void }): void {
    try {
        transaction.abort()
    } catch (error) {
        if (!(error instanceof DOMException)) throw error
    }
}

function failed(error: unknown): StoreFailed {
    return new StoreFailed(error, error instanceof DOMException && error.name === "QuotaExceededError")
}

/** Holds the lock until what is returned is called, or the page ends. */
function lock(locks: Pick<LockManager, "request">, name: string, waitMs: number): Promise<() => void> {
    return new Promise((resolve, reject) => {
        const held = () => new Promise<void>((release) => resolve(release))
        locks.request(`store ${name}`, { signal: AbortSignal.timeout(waitMs) }, held).catch(() => {
            reject(new InUse("another page of this browser has the phone's store"))
        })
    })
}
