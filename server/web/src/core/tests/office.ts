/** A small honest server: what a phone may expect of the real one, and nothing more. */
import { type Bytes, concat, fromHex, hex, sha256, text } from "../bytes.ts"
import { identify, JobDocument } from "../document.ts"
import type { Edit } from "../edit.ts"
import { attempt } from "../replica/held.ts"
import { newDeviceKey, sign, verify } from "../seal.ts"
import {
    type JobPush,
    jobDigest,
    pushLeaf,
    pushMessage,
    receiptMessage,
    type RefusalCode,
    type SyncRequest,
    type SyncResponse,
} from "../wire.ts"
import { open, uuidOf } from "./samples.ts"

/** What a note says that the office does not take. */
export const FORBIDDEN = "forbidden"

type Event = { change: string; job: string } | { grant: true; job: string } | { revoke: true; job: string }

export type Backup = ReadonlyMap<string, Bytes>

export class Office {
    epoch = 1
    readonly records = new Map<string, JobDocument>()
    /** Hashes of changes put aside. Not part of a backup. */
    readonly quarantine = new Set<string>()
    /** Events in one answer. */
    page = 100
    /** Whether a refusal brings the server's copy along. */
    resets = true
    /** What these send is put aside, and they are told nothing. */
    readonly revoked = new Set<string>()
    /** Newest versions of reference data. */
    reference: Record<string, number> = {}
    readonly #holders = new Map<string, Set<string>>()
    readonly #feeds = new Map<string, Event[]>()
    readonly #keys = new Map<string, string>()
    readonly #key = newDeviceKey()

    enrol(device: string, publicKey: string): void {
        this.#keys.set(device, publicKey)
        this.#feeds.set(device, [])
    }

    openJob(job: string): void {
        this.records.set(job, JobDocument.empty())
        this.write(job, open(job))
    }

    write(job: string, ...edits: Edit[]): void {
        const { hash } = this.record(job).write(officeActor(job, this.epoch), 1_790_000_000_000_000, edits)
        this.#publish(job, hash)
    }

    grant(job: string, device: string): void {
        const holders = this.#holders.get(job) ?? new Set()
        this.#holders.set(job, holders.add(device))
        this.#feed(device).push({ grant: true, job })
    }

    revoke(job: string, device: string): void {
        if (this.#holders.get(job)?.delete(device)) this.#feed(device).push({ revoke: true, job })
    }

    record(job: string): JobDocument {
        const record = this.records.get(job)
        if (!record) throw new Error(`there is no job ${job}`)
        return record
    }

    note(job: string, step: string): string | undefined {
        return this.record(job).read().notes[step]
    }

    digestOf(device: string): string {
        const mixed = new Uint8Array(32)
        for (const job of this.#jobsOf(device))
            fromHex(jobDigest(job, this.record(job).heads())).forEach(
                (byte, at) => (mixed[at] = (mixed[at] ?? 0) ^ byte),
            )
        return hex(mixed)
    }

    /** Changes of phones' in a record. */
    written(job: string): number {
        const office = Array.from({ length: this.epoch }, (_, at) => officeActor(job, at + 1))
        return this.record(job)
            .infos()
            .filter(({ actor }) => !office.includes(actor)).length
    }

    backUp(): Backup {
        return new Map([...this.records].map(([job, record]) => [job, record.save()]))
    }

    /** Everything written since the backup is lost but who holds which job, and nobody is told. */
    lose(backup: Backup): void {
        for (const [job, saved] of backup) this.records.set(job, JobDocument.load(saved))
    }

    /** The same, honestly: a new epoch begins. */
    restore(backup: Backup): void {
        this.lose(backup)
        this.epoch += 1
        for (const device of this.#feeds.keys()) this.#feeds.set(device, [])
    }

    async handle(device: string, request: SyncRequest): Promise<SyncResponse> {
        const leaves = request.push.map(leafOf)
        const answer: SyncResponse = {
            cursor: request.cursor,
            more: false,
            server_time: 1_790_001_000_000_000,
            acks: [],
            receipt: null,
            refused: [],
            jobs: [],
            resync: false,
            photos_owed: [],
            decided: [],
            hands: [],
            reference: this.reference,
            revoked: this.revoked.has(device),
        }
        if (request.push.length > 0) {
            const message = pushMessage(device, request.id, leaves)
            if (!(await verify(this.#keys.get(device) ?? "", message, request.signature ?? "")))
                throw new Error("the signature does not fit")
            answer.receipt = await this.#receipt(leaves)
        }
        const reset = new Set<string>()
        for (const push of request.push) this.#take(device, push, answer, reset)
        this.#tell(device, request, answer, reset)
        return answer
    }

    async #receipt(leaves: string[]): Promise<SyncResponse["receipt"]> {
        const [push, received_at, key] = [uuidOf(5), 77, await this.#key]
        const signature = await sign(key, receiptMessage(push, received_at, leaves))
        return { push, received_at, signature, key: key.publicKey }
    }

    #take(device: string, { job, changes }: JobPush, answer: SyncResponse, reset: Set<string>): void {
        const holds = this.#holders.get(job)?.has(device) ?? false
        const closed = new Set<string>()
        for (const bytes of changes) {
            const { actor, seq, hash } = identify(bytes)
            const isKnown = this.record(job).has(hash)
            const code = isKnown ? undefined : this.#codeOf(device, job, bytes, holds)
            if (isKnown || (!code && !closed.has(actor))) {
                if (!isKnown) {
                    this.record(job).apply([bytes])
                    this.#publish(job, hash, device)
                }
                answer.acks.push({ job, actor, seq })
                continue
            }
            this.quarantine.add(hash)
            if (!closed.has(actor)) answer.refused.push(refusal(job, actor, hash, code ?? "gap"))
            closed.add(actor)
            if (holds && this.resets) reset.add(job)
        }
    }

    #codeOf(device: string, job: string, bytes: Bytes, holds: boolean): RefusalCode | undefined {
        if (this.revoked.has(device)) return "device_revoked"
        return holds ? this.#judge(job, bytes) : "job_moved"
    }

    #judge(job: string, bytes: Bytes): RefusalCode | undefined {
        const trial = this.record(job).copy()
        if (attempt(trial, [bytes]) !== "applied") return "gap"
        const isForbidden = (record: JobDocument) => Object.values(record.read().notes).includes(FORBIDDEN)
        return isForbidden(trial) && !isForbidden(this.record(job)) ? "forbidden" : undefined
    }

    #tell(device: string, request: SyncRequest, answer: SyncResponse, reset: ReadonlySet<string>): void {
        if (this.revoked.has(device)) {
            answer.cursor = { ...answer.cursor, epoch: this.epoch }
            return
        }
        const feed = this.#feed(device)
        const snapshot = (job: string, reset: boolean) => ({
            job,
            news: { snapshot: { document: this.record(job).save(), reset } },
        })
        answer.jobs.push(...[...reset].map((job) => snapshot(job, true)))
        if (request.heads) {
            answer.cursor = { epoch: this.epoch, seq: feed.length }
            const held = this.#jobsOf(device)
            for (const job of held.filter((job) => !reset.has(job))) {
                const known = request.heads.find((known) => known.job === job)
                answer.jobs.push(
                    known ? { job, news: { changes: this.#since(job, known.heads) } } : snapshot(job, false),
                )
            }
            const gone = request.heads.filter((known) => !held.includes(known.job))
            answer.jobs.push(...gone.map(({ job }) => ({ job, news: { gone: "reassigned" as const } })))
            return
        }
        if (request.cursor.epoch !== this.epoch && request.cursor.epoch !== 0) {
            answer.cursor = { epoch: this.epoch, seq: 0 }
            answer.resync = true
            return
        }
        const from = request.cursor.seq
        if (from === feed.length && request.push.length === 0) {
            answer.resync = request.digest !== this.digestOf(device)
            return
        }
        for (const event of feed.slice(from, from + this.page)) {
            const { job } = event
            if ("grant" in event) answer.jobs.push(snapshot(job, false))
            else if ("revoke" in event) answer.jobs.push({ job, news: { gone: "reassigned" } })
            else if (!reset.has(job)) answer.jobs.push({ job, news: { changes: this.#bytes(job, [event.change]) } })
        }
        const to = Math.min(feed.length, from + this.page)
        answer.cursor = { epoch: this.epoch, seq: to }
        answer.more = to < feed.length
    }

    /** Changes that are not among these heads and what they build on. */
    #since(job: string, heads: readonly string[]): Bytes[] {
        const record = this.record(job)
        const known = heads.filter((hash) => record.has(hash))
        const seen = known.length === 0 ? new Set<string>() : record.before(known)
        const news = record.infos().map(({ hash }) => hash)
        return this.#bytes(
            job,
            news.filter((hash) => !seen.has(hash)),
        )
    }

    #bytes(job: string, hashes: readonly string[]): Bytes[] {
        return hashes.flatMap((hash) => this.record(job).change(hash) ?? [])
    }

    #publish(job: string, change: string, author?: string): void {
        for (const device of this.#holders.get(job) ?? [])
            if (device !== author) this.#feed(device).push({ change, job })
    }

    holds(device: string, job: string): boolean {
        return this.#holders.get(job)?.has(device) ?? false
    }

    #jobsOf(device: string): string[] {
        return [...this.#holders].filter(([, held]) => held.has(device)).map(([job]) => job)
    }

    #feed(device: string): Event[] {
        const feed = this.#feeds.get(device)
        if (!feed) throw new Error(`nobody enrolled ${device}`)
        return feed
    }
}

function leafOf({ job, changes }: JobPush): string {
    return pushLeaf(
        job,
        changes.map((bytes) => identify(bytes).hash),
    )
}

function officeActor(job: string, epoch: number): string {
    return sha256(concat(text(`office ${job} ${epoch}`))).slice(0, 32)
}

function refusal(job: string, actor: string, change: string, code: RefusalCode): SyncResponse["refused"][number] {
    const [quarantine, salvaged_as, paths] = [uuidOf(6), null, []]
    return { job, actor, change, code, paths, quarantine, salvaged_as, zh: "未采纳", en: "Not taken over" }
}
