/**
 * A phone: its replica and its store as one. An input counts once its entries are durable; where they could not be made so, the replica is
 * made anew from what the store holds. Inputs come one after the other, in the order in which they were given; what goes over the network
 * holds none of them up.
 *
 * One page at a time may open a store: `store/indexed_db.ts` sees to that.
 */
import { language } from "../words.ts"
import { finishSync } from "./client/afterwards.ts"
import { drive, type SyncReport } from "./client/drive.ts"
import { follow } from "./client/feed.ts"
import type { Call, Connection } from "./client/http.ts"
import type { Phone, PhotoHere } from "./client/phone.ts"
import { endSession, enrol, inSession } from "./client/session.ts"
import { sha256Of } from "./bytes.ts"
import { browserClocks, randomBytes } from "./clocks.ts"
import { type HistoryEntry, NotWritten } from "./document.ts"
import type { Edit } from "./edit.ts"
import {
    historyAt,
    jobView,
    jobViews,
    type JobView,
    noticesOf,
    type NoticeView,
    type Summary,
    summaryOf,
} from "./handset/view.ts"
import type { PriceList } from "./price.ts"
import { type Decision, type Input, NotEnrolled, type Now, type Output, Replica } from "./replica.ts"
import { compacted, ofPhone } from "./replica/compact.ts"
import type { State } from "./replica/state.ts"
import type { Store } from "./store.ts"
import { type Entry, type Identity, laborOf } from "./store/entry.ts"
import type { Template } from "./template.ts"
import { timestampOf } from "./time.ts"
import { unsentFile } from "./unsent_file.ts"

export { HeldByAnother, NeedsSignIn } from "./client/phone.ts"
export type { JobView, NoticeView, Summary } from "./handset/view.ts"
export { NotWritten } from "./document.ts"
export { GateClosed, JobGone, NotEnrolled, NotHeld } from "./replica.ts"

/** Something is not with the server yet, and would be lost. */
export class StillUnsent extends Error {
    override name = "StillUnsent"
    readonly changes: number
    readonly photos: number

    constructor(changes: number, photos: number) {
        super(`${changes} changes and ${photos} photos are not with the server`)
        this.changes = changes
        this.photos = photos
    }
}

export interface Options {
    store: Store
    /** Gets Automerge's wasm, once: asked for where it is needed, since what is here can be shown before. */
    ready?: () => Promise<unknown>
    /** Makes what is to be left of a photo once the server has it, before the photo goes. */
    onParting?: (photo: PhotoHere) => Promise<void>
    now?: () => Now
    random?: (bytes: number) => Uint8Array
    /** Where the server is; without it, where the page came from. */
    server?: string
    fetch?: typeof fetch
}

/** Log below which compacting is not worth the write, in bytes. */
const COMPACT_BYTES_MIN = 128 << 10
/** Work at opening that is worth a rewrite of the log: a slow phone takes about as long for it as it takes to look up. */
const LABOR_MAX = 60

export class Handset implements Phone {
    readonly store: Store
    readonly connection: Connection
    readonly now: () => Now
    readonly random: (bytes: number) => Uint8Array
    readonly onParting: (photo: PhotoHere) => Promise<void>
    #replica: Replica
    /** The store failed and the replica may be ahead of it. */
    #isStale = false
    #compactedBytes: number
    /** What it costs to open the log as it stands. */
    #labor: number
    #tail: Promise<unknown> = Promise.resolve()
    #syncing: Promise<SyncReport> | undefined
    #wantsAnother = false
    readonly #ready: () => Promise<unknown>
    readonly #listeners = new Set<() => void>()

    private constructor(options: Options, replica: Replica, labor: number) {
        this.store = options.store
        this.now = options.now ?? browserClocks()
        this.random = options.random ?? randomBytes
        const fetching = options.fetch ?? ((...call: Parameters<typeof fetch>) => globalThis.fetch(...call))
        this.connection = { base: options.server ?? "", fetch: fetching, language: () => language.value }
        this.#replica = replica
        this.#compactedBytes = this.store.bytes()
        this.#labor = labor
        this.#ready = options.ready ?? (() => Promise.resolve())
        this.onParting = options.onParting ?? (() => Promise.resolve())
    }

    static async open(options: Options): Promise<Handset> {
        const { store } = options
        const [entries, blobs] = await Promise.all([store.load(), store.listBlobs()])
        const labor = laborOfAll(entries)
        if (labor > 0) await options.ready?.()
        const replica = new Replica(entries)
        // What was put down when the page was killed before anything mentioned it.
        for (const sha256 of blobs) if (!replica.state.mentions(sha256)) await store.deleteBlob(sha256)
        return new Handset(options, replica, labor)
    }

    get state(): State {
        return this.#replica.state
    }

    /** Calls back after whatever changed. Ends with what is returned. */
    subscribe(listener: () => void): () => void {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
    }

    handle(input: Input): Promise<Output[]> {
        return this.#inTurn(async () => {
            await this.#ready()
            await this.#refresh()
            const left: Output[] = []
            for (const output of await this.#replica.handle(this.now(), this.random(16), input)) {
                if (output.output === "append") await this.#append(output.entries)
                else left.push(output)
            }
            return left
        })
    }

    /** Resolves once every input that was given is settled, however that ended. */
    settled(): Promise<void> {
        return this.#inTurn(async () => {})
    }

    async #append(entries: Entry[]): Promise<void> {
        try {
            await this.store.append(entries)
        } catch (error) {
            this.#isStale = true
            // The caller hears of the store's failure; should this fail too, the next input tries again.
            await this.#refresh().catch(() => {})
            throw error
        }
        this.#labor += laborOfAll(entries)
        this.#tell()
    }

    async #refresh(): Promise<void> {
        if (!this.#isStale) return
        this.#replica = new Replica(await this.store.load())
        this.#isStale = false
        this.#tell()
    }

    #tell(): void {
        for (const listener of this.#listeners) listener()
    }

    /** After everything that was begun before, whether or not that went well. */
    #inTurn<T>(work: () => Promise<T>): Promise<T> {
        const turn = this.#tail.then(work, work)
        this.#tail = turn.catch(() => {})
        return turn
    }

    /**
     * Signs a person in on this phone, which is enrolled by that: as a new one, where the office has shut the old one out and nothing is
     * unsent. Throws a `Problem`, or `HeldByAnother`.
     */
    signIn(login: string, password: string, deviceName: string): Promise<Identity> {
        return enrol(this, { login, password, deviceName })
    }

    /**
     * Writes the edits as one change; durable when it resolves with that change's hash. What was begun at a base, heads of the job, overwrites
     * nothing that came since. Throws `GateClosed`, `JobGone`, `NotHeld`, `NotWritten`, `StoreFailed`.
     */
    async edit(job: string, edits: readonly Edit[], base?: readonly string[]): Promise<string | undefined> {
        const input: Input = { input: "edit", job, edits, ...(base && { base }) }
        const outputs = await this.handle(input).catch((error: unknown) => {
            // What stands there already, as a note that was opened and not touched, need not be written.
            if (!(error instanceof NotWritten) || error.reason !== "nothing") throw error
            const none: Output[] = []
            return none
        })
        return outputs.find((output) => output.output === "written")?.hash
    }

    /** Whether this job's record still tells what stood there at these heads. */
    knows(job: string, heads: readonly string[]): boolean {
        const document = this.state.jobs.get(job)?.document
        return document !== undefined && heads.every((hash) => document.has(hash))
    }

    /**
     * Keeps a photo that was taken at a step and names it in the record. Its hash is taken, and its bytes are durable, before anything mentions
     * it. In pixels, where the caller knows; else the browser is asked. Returns its SHA-256. Throws as `edit` does.
     */
    async addPhoto(job: string, step: string, photo: Blob, size?: { width: number; height: number }): Promise<string> {
        const by = this.state.identity?.person
        if (!by) throw new NotEnrolled("nobody has signed in on this phone")
        const { width, height } = size ?? (await sizeOf(photo))
        const sha256 = await sha256Of(new Uint8Array(await photo.arrayBuffer()))
        const wasHere = (await this.store.findBlob(sha256)) !== undefined
        await this.store.putBlob(sha256, photo)
        const taken = { step, bytes: photo.size, width, height, by, at: timestampOf(this.now().at) }
        try {
            await this.edit(job, [{ edit: "photo", sha256, photo: taken }])
        } catch (error) {
            // Nothing names it.
            if (!wasHere) await this.store.deleteBlob(sha256)
            throw error
        }
        return sha256
    }

    /** A photo's bytes, as long as they are on this phone only; none once the server has them. */
    photo(sha256: string): Promise<Blob | undefined> {
        return this.store.findBlob(sha256)
    }

    /**
     * Syncs until both sides have said everything. Whoever asks while one is under way gets that one, and another look follows it. Throws
     * a `Problem` or `NeedsSignIn`; nothing is lost by that.
     */
    sync(): Promise<SyncReport> {
        this.#wantsAnother = this.#syncing !== undefined
        this.#syncing ??= this.#syncAll()
        this.#tell()
        return this.#syncing
    }

    async #syncAll(): Promise<SyncReport> {
        try {
            let report: SyncReport
            do {
                this.#wantsAnother = false
                report = await drive(this)
                if (report.revoked) break
                await finishSync(this, report)
            } while (this.#wantsAnother)
            return report
        } finally {
            // Also where the server was not reached: somebody may work without it all day.
            await this.#compactIfWorth().catch(() => {})
            this.#syncing = undefined
            this.#tell()
        }
    }

    /** Syncs whenever the server says that something is new, until what is returned is called. Failures are the next sync's to tell. */
    live(): () => void {
        const ending = new AbortController()
        void follow(this, ending.signal, () => void this.sync().catch(() => {}))
        return () => ending.abort()
    }

    /** Whether something is on its way: the only place that says so. */
    get isSyncing(): boolean {
        return this.#syncing !== undefined
    }

    /** Rewrites the log where it takes long to open, or has doubled since the last time. What fails is done another time. */
    async #compactIfWorth(): Promise<void> {
        const isLong = this.store.bytes() > Math.max(COMPACT_BYTES_MIN, this.#compactedBytes * 2)
        if (isLong || this.#labor > LABOR_MAX) await this.compact()
    }

    compact(): Promise<void> {
        return this.#inTurn(async () => {
            await this.#refresh()
            await this.#replaceBy(compacted(this.state))
            this.#compactedBytes = this.store.bytes()
        })
    }

    async #replaceBy(entries: Entry[]): Promise<void> {
        await this.store.compact(entries)
        this.#replica = new Replica(entries)
        this.#labor = laborOfAll(entries)
        this.#tell()
    }

    /**
     * Lets go of everything but the phone's key and who it belonged to, so that the same person gets the same phone again. Throws
     * `StillUnsent` while anything is not with the server.
     */
    async logOut(): Promise<void> {
        this.#refuseUnsent()
        // Where the server can't be reached, the session runs out by itself.
        await endSession(this).catch(() => {})
        await this.letGo()
    }

    letGo(): Promise<void> {
        return this.#inTurn(async () => {
            await this.#refresh()
            this.#refuseUnsent()
            for (const sha256 of this.state.refusedPhotos.keys()) await this.store.deleteBlob(sha256)
            await this.#replaceBy(ofPhone(this.state))
        })
    }

    #refuseUnsent(): void {
        const [changes, photos] = [this.state.unsent(), this.state.photos.size]
        if (changes > 0 || photos > 0) throw new StillUnsent(changes, photos)
    }

    /** Asks the server something in this session, as pages do that need more than the replica has. */
    call(call: Call): Promise<Response> {
        return inSession(this, call)
    }

    /** Who carries this phone; none before the first signed in. */
    identity(): Identity | undefined {
        return this.state.identity
    }

    /** Whether there is a session; without one, all but the network works. */
    isSignedIn(): boolean {
        return this.state.session !== null
    }

    /** Jobs whose record is here, those that left this phone's hands included. */
    jobs(): JobView[] {
        return jobViews(this.state)
    }

    job(id: string): JobView | undefined {
        const held = this.state.jobs.get(id)
        return held && jobView(this.state, held)
    }

    /** What is unsent, photos included, as a file; none where nothing is. */
    unsentFile(): Promise<Blob | undefined> {
        return unsentFile(this.state, this.store, (id) => this.job(id)?.number ?? "")
    }

    /** Reads a job's document before it is needed, as when its page is opened: the first tap there is as quick as the next. */
    async prepare(job: string): Promise<void> {
        await this.handle({ input: "remember", entries: [] })
        this.state.jobs.get(job)?.document.prepare()
    }

    /** Every change that wrote this place of a job, the oldest first, with what stood there before and after. */
    history(job: string, path: readonly string[]): HistoryEntry[] {
        return historyAt(this.state, job, path)
    }

    summary(): Summary {
        return summaryOf(this.state)
    }

    /** What was not taken over, and what was decided about it, the newest first. */
    notices(): NoticeView[] {
        return noticesOf(this.state)
    }

    /** What the office decided about what was not taken over, also from another phone of this person's; the newest first. */
    decisions(): Decision[] {
        return [...this.state.decisions.values()].reverse()
    }

    /** The technician has read the notices about these changes. */
    async markRead(...changes: string[]): Promise<void> {
        const entries = changes.map((change): Entry => ({ entry: "notice_read", change }))
        await this.handle({ input: "remember", entries })
    }

    template(id: string, version: number): Template | undefined {
        return this.state.template(id, version)
    }

    priceList(): PriceList | undefined {
        return this.state.priceList
    }
}

function laborOfAll(entries: readonly Entry[]): number {
    return entries.reduce((sum, entry) => sum + laborOf(entry), 0)
}

async function sizeOf(photo: Blob): Promise<{ width: number; height: number }> {
    const picture = await createImageBitmap(photo)
    const { width, height } = picture
    picture.close()
    return { width, height }
}
