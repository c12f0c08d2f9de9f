/** One job as this phone holds it. */
import type { Bytes } from "../bytes.ts"
import { type DocumentView, identify, JobDocument, NotApplied } from "../document.ts"
import type { ChangeEntry, Own, SnapshotKind, WrittenAt } from "../store/entry.ts"
import { type Ack, type GoneReason, jobDigest } from "../wire.ts"

/** A change that was written here. */
export interface Unsent {
    own: Own
    bytes: Bytes
}

export class Held {
    readonly job: string
    document = JobDocument.empty()
    /** Why it left this phone's hands. What is unsent of it stays. */
    gone: GoneReason | null = null
    /** Under which this phone writes; none before its first edit, and where the record lacks what it wrote. */
    actor: string | null = null
    /** All that ever wrote here from this phone. */
    readonly actors = new Set<string>()
    acked = new Map<string, number>()
    /** Own changes that the server neither acknowledged nor judged, in the order in which they were made. */
    unsent: Unsent[] = []
    /** Changes that the server has, and that build on what is not here. */
    waiting: Bytes[] = []
    /** To be fetched whole, since it holds what the server does not have. */
    isStale = false
    /** What the clocks said of own changes, should one have to be sent again. */
    readonly #clocks = new Map<string, WrittenAt>()

    constructor(job: string) {
        this.job = job
    }

    /** Whether the record itself is here, not only something about it. */
    get isLoaded(): boolean {
        return !this.document.isEmpty
    }

    get isUrgent(): boolean {
        return this.unsent.some(({ own }) => own.urgent)
    }

    /** This job's part of the digest that the phone reports; none where it has none. */
    digest(): string | undefined {
        return this.gone === null && this.isLoaded ? jobDigest(this.job, this.document.heads()) : undefined
    }

    takeChange({ own, bytes, compacted }: ChangeEntry): void {
        if (own === null) {
            this.waiting.push(bytes)
            this.#settleWaiting()
            return
        }
        this.actors.add(own.actor)
        if (own.clock) this.#clocks.set(own.hash, own.clock)
        // What a reset took off the record is not put back; it is still sent.
        if (!compacted && attempt(this.document, [bytes]) === "applied") this.#settleWaiting()
        const isKnown = this.unsent.some((unsent) => unsent.own.hash === own.hash)
        if (!isKnown && own.seq > (this.acked.get(own.actor) ?? 0)) this.unsent.push({ own, bytes })
    }

    /** Applies what waited and can be applied by now: all at once, else one by one. */
    #settleWaiting(): void {
        if (this.waiting.length === 0 || attempt(this.document, this.waiting) === "applied") {
            this.waiting = []
            return
        }
        let before: number
        do {
            before = this.waiting.length
            this.waiting = this.waiting.filter((bytes) => attempt(this.document, [bytes]) === "gap")
        } while (this.waiting.length < before)
    }

    takeSnapshot(saved: Bytes, kind: SnapshotKind, view?: DocumentView): void {
        const document = view ? JobDocument.kept(saved, view) : JobDocument.load(saved)
        if (kind !== "compacted") {
            this.#resendLost(document)
            // One that builds on what the server did not take does not fit; it is still sent, and the server judges it.
            for (const { bytes } of this.unsent) attempt(document, [bytes])
            this.gone = null
            this.isStale = false
            this.#retireUnlessWhole(document)
        }
        if (kind === "reset") {
            this.actor = null
            this.waiting = []
        }
        this.document = document
        this.#settleWaiting()
    }

    /** The actor counts its changes by what the record holds of it: were one missing, its number would be given out a second time. */
    #retireUnlessWhole(document: JobDocument): void {
        const written = [...this.document.infos(), ...this.unsent.map(({ own }) => own)]
        const lacks = written.some(({ actor, hash }) => actor === this.actor && !document.has(hash))
        if (lacks) this.actor = null
    }

    /** What the server once acknowledged and does not have after all is unsent again, before all that was written on it. */
    #resendLost(server: JobDocument): void {
        const marks = new Map(this.acked)
        const lost: Unsent[] = []
        for (const { actor, seq, hash } of this.document.infos()) {
            const mark = marks.get(actor)
            if (server.has(hash) || mark === undefined || seq > mark) continue
            this.acked.set(actor, Math.min(seq - 1, this.acked.get(actor) ?? 0))
            const bytes = this.document.change(hash)
            if (bytes) lost.push({ own: this.#ownOf(actor, seq, hash), bytes })
        }
        this.unsent.unshift(...lost)
    }

    #ownOf(actor: string, seq: number, hash: string, urgent = false): Own {
        return { actor, seq, hash, urgent, clock: this.#clocks.get(hash) ?? null }
    }

    takeAck({ actor, seq }: Ack): void {
        const mark = Math.max(seq, this.acked.get(actor) ?? 0)
        this.acked.set(actor, mark)
        const unsent = this.unsent
        this.unsent = []
        for (const each of unsent) {
            if (each.own.actor !== actor || each.own.seq > mark) this.unsent.push(each)
            // It comes with what it builds on. Until then, these are the only bytes of it on this phone.
            else if (!this.document.has(each.own.hash)) this.waiting.push(each.bytes)
        }
    }

    /** Whether this acknowledges what a reset took off the record here: the server could apply it after all. */
    lacksOwn({ actor, seq }: Ack): boolean {
        return this.unsent.some(({ own }) => own.actor === actor && own.seq <= seq && !this.document.has(own.hash))
    }

    /** The actor goes on until the server's copy is here: what is written meanwhile builds on what was refused, and is judged with it. */
    takeRefusal(actor: string, seqs: [from: number, through: number] | null): void {
        if (seqs === null) return
        const [from, through] = seqs
        this.unsent = this.unsent.filter(({ own }) => own.actor !== actor || own.seq < from || own.seq > through)
    }

    /** The server lost things: whatever was written here and the record holds, or soon would have, is unsent again. */
    unack(): void {
        this.acked.clear()
        const earlier = this.unsent
        this.unsent = []
        for (const { actor, seq, hash } of this.document.infos()) {
            const bytes = this.actors.has(actor) ? this.document.change(hash) : undefined
            if (!bytes) continue
            const urgent = earlier.some(({ own }) => own.hash === hash && own.urgent)
            this.unsent.push({ own: this.#ownOf(actor, seq, hash, urgent), bytes })
        }
        for (const bytes of this.waiting) {
            const { actor, seq, hash } = identify(bytes)
            if (this.actors.has(actor)) this.unsent.push({ own: this.#ownOf(actor, seq, hash), bytes })
        }
        const here = new Set(this.unsent.map(({ own }) => own.hash))
        this.unsent.push(...earlier.filter(({ own }) => !here.has(own.hash)))
    }
}

/** Applies the changes, all or none, and says how that went. `gap`: one builds on a change that is not here. */
export function attempt(document: JobDocument, changes: readonly Uint8Array[]): "applied" | "gap" | "refused" {
    try {
        document.apply(changes)
        return "applied"
    } catch (error) {
        if (error instanceof NotApplied) return error.isGap ? "gap" : "refused"
        throw error
    }
}
