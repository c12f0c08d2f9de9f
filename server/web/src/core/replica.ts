/**
 * The phone's half of a sync, pure: inputs in, entries and requests out. It reads no clock, draws no random numbers and touches neither
 * disk nor network. One input at a time: `handset.ts` sees to that, and that what is to be appended is durable before the rest counts.
 *
 * The whole state is what entries make of nothing, one after the other; an input makes entries first, and the state follows from them.
 * What keeps the work safe, rule for rule as in `sync::replica` in the server's source, whose phone this one is alike:
 * - A change is unsent until the server acknowledged it, or said that it lies in quarantine; nothing else ends that.
 * - One request is in flight at a time. An answer to any other is dropped whole: the cursor did not move, so the server says it all again.
 *   A lost, repeated or late answer is harmless for that reason alone.
 * - The cursor moves in the same batch of entries as what it brought.
 * - A new epoch means that the server lost things. Every change written here that the record holds is unsent again.
 * - Heads are compared where phone and server drifted apart. Where that did not help, every record is fetched whole; what the server once
 *   acknowledged and lacks is unsent again.
 * - A reset brings the server's copy; the actor used so far is retired. What it wrote and the server has not yet judged is laid over the
 *   copy where it fits, and is sent in any case, so that it reaches the dispatcher.
 * - An actor counts by what the record holds of it. Where a copy lacks some of that, the actor is retired: were a number given out twice,
 *   the refusal of the one would settle the other.
 *
 * Changes are never packed here (`sync::slim`): this phone does not offer it, so nobody sends it packed ones.
 */
import { hex } from "./bytes.ts"
import type { Edit } from "./edit.ts"
import { check, coversUnknown, type Violation } from "./gate.ts"
import { lay, putsOf } from "./lay.ts"
import { entriesOf } from "./replica/answer.ts"
import type { Held } from "./replica/held.ts"
import { type InFlight, type Now, requestOf } from "./replica/request.ts"
import { State } from "./replica/state.ts"
import { sign } from "./seal.ts"
import type { Entry, ReferenceKind } from "./store/entry.ts"
import { type GoneReason, pushMessage, type SyncRequest, type SyncResponse } from "./wire.ts"

export type { Held } from "./replica/held.ts"
export type { Now } from "./replica/request.ts"
export type { Decision, Notice } from "./replica/state.ts"

/** What happens to a replica. */
export type Input =
    /**
     * The technician writes; the edits make one change. Where it was begun on the record as it stood at some heads, and somebody has written
     * at the same place since, it is written beside that, as if by a phone that had been away: nobody overwrites what they have not seen.
     */
    | { input: "edit"; job: string; edits: readonly Edit[]; base?: readonly string[] }
    /** Make a request. */
    | { input: "build_sync" }
    /** The server answered this request. */
    | { input: "answer"; request: string; answer: SyncResponse }
    /** A key, an identity, a session, reference data, a photo, a notice read: written down as it is. */
    | { input: "remember"; entries: Entry[] }

/** What is to be done about it, in this order. */
export type Output =
    /** Make these durable; nothing counts before. */
    | { output: "append"; entries: Entry[] }
    /** The edits are this change. */
    | { output: "written"; hash: string }
    | { output: "request"; request: SyncRequest }
    /** There is more to say or to hear. */
    | { output: "sync_again" }
    /** The server has newer reference data than is here. */
    | { output: "fetch_reference"; kind: ReferenceKind }

/** This phone does not hold the job. */
export class NotHeld extends Error {
    override name = "NotHeld"
}

/** The job left this phone's hands. */
export class JobGone extends Error {
    override name = "JobGone"
    readonly reason: GoneReason

    constructor(reason: GoneReason) {
        super(`the job left this phone's hands: ${reason}`)
        this.reason = reason
    }
}

/** A rule does not allow this yet; each violation says which, in words for people. */
export class GateClosed extends Error {
    override name = "GateClosed"
    readonly violations: readonly Violation[]

    constructor(violations: readonly Violation[]) {
        super(violations.map(({ en }) => en).join(" "))
        this.violations = violations
    }
}

/** Nobody has signed in on this phone. */
export class NotEnrolled extends Error {
    override name = "NotEnrolled"
}

const REFERENCE_KINDS: readonly ReferenceKind[] = ["template", "price_list"]

/** One phone's replica. */
export class Replica {
    readonly state = new State()
    #flight: InFlight | undefined
    /** Heads were compared last, and nothing was found missing since. */
    #compared = false

    /** The state that these entries make. */
    constructor(entries: readonly Entry[] = []) {
        for (const entry of entries) this.state.apply(entry)
    }

    /** `random`, 16 bytes, names what the input begins: an actor or a request. Throws where the input was not taken. */
    async handle(now: Now, random: Uint8Array, input: Input): Promise<Output[]> {
        switch (input.input) {
            case "edit":
                return this.#edit(now, random, input)
            case "build_sync":
                return this.#buildSync(now, random)
            case "answer":
                return this.#answer(now, input.request, input.answer)
            case "remember":
                return this.#commit(input.entries)
        }
    }

    /** The job, if its record is here. */
    held(job: string): Held {
        const held = this.state.jobs.get(job)
        if (!held?.isLoaded) throw new NotHeld(`this phone does not hold the job ${job}`)
        return held
    }

    #commit(entries: Entry[]): Output[] {
        for (const entry of entries) this.state.apply(entry)
        return entries.length === 0 ? [] : [{ output: "append", entries }]
    }

    #edit(now: Now, random: Uint8Array, { job, edits, base }: Extract<Input, { input: "edit" }>): Output[] {
        const held = this.held(job)
        const urgent = edits.some((edit) => edit.edit === "alarm")
        // An alarm is written whatever happened to the job.
        if (held.gone !== null && !urgent) throw new JobGone(held.gone)
        const unseen = base && isMoved(held, edits, base) ? base : undefined
        // An actor's changes build on one another: what leaves out the last of them is somebody else's.
        const actor = (unseen ? null : held.actor) ?? hex(random)
        this.#check(held, edits)
        // Straight into the record, which stays as it is where this throws: on a slow phone each copy of a record is felt.
        const { hash, seq, bytes } = held.document.write(actor, now.at, edits, unseen)
        const clock = { uptime_us: now.uptime_us, boot: now.boot, contact: this.state.contact ?? null }
        const entries: Entry[] =
            actor === held.actor ? [] : [{ entry: "lease", job, actor, retired: unseen !== undefined }]
        entries.push({ entry: "change", job, bytes, own: { actor, seq, hash, urgent, clock } })
        for (const edit of edits) {
            if (edit.edit !== "photo") continue
            entries.push({ entry: "photo", sha256: edit.sha256, bytes: edit.photo.bytes, job })
        }
        return [...this.#commit(entries), { output: "written", hash }]
    }

    /**
     * Asks the gates about each edit, on the record as the edits before it leave it. A job whose template is not here is judged by the
     * server alone: missing data must not stop a technician at the door.
     */
    #check(held: Held, edits: readonly Edit[]): void {
        const unseen = edits.flatMap((edit) => {
            const isUnseen = edit.edit === "sign_off" && !edit.sign_off.covers.every((hash) => held.document.has(hash))
            return isUnseen ? [coversUnknown(edit.id)] : []
        })
        if (unseen.length > 0) throw new GateClosed(unseen)
        const template = this.state.templateOf(held.document.read())
        if (!template) return
        let record = held.document.read()
        for (const edit of edits) {
            const violations = check(record, template, edit)
            if (violations.length > 0) throw new GateClosed(violations)
            record = lay(record, edit)
        }
    }

    async #buildSync(now: Now, random: Uint8Array): Promise<Output[]> {
        const { identity, key } = this.state
        if (!identity || !key) throw new NotEnrolled("nobody has signed in on this phone")
        const { request, flight } = requestOf(this.state, now, random)
        if (request.push.length > 0)
            request.signature = await sign(key, pushMessage(identity.device, request.id, flight.leaves))
        this.#flight = flight
        return [{ output: "request", request }]
    }

    /** An answer to anything but the request in flight is dropped whole. */
    async #answer(now: Now, request: string, answer: SyncResponse): Promise<Output[]> {
        const flight = this.#flight
        if (flight?.request !== request) return []
        const entries = await entriesOf(this.state, now, answer, flight, this.#compared)
        this.#flight = undefined
        this.#compared = flight.withHeads || (this.#compared && !answer.resync)
        const outputs = this.#commit(entries)
        for (const kind of REFERENCE_KINDS)
            if (this.state.lacks(kind, answer.reference)) outputs.push({ output: "fetch_reference", kind })
        // A comparison is followed by one more look at whether the digests agree.
        if (answer.more || flight.withHeads || this.state.resync || this.state.unsent() > 0)
            outputs.push({ output: "sync_again" })
        return outputs
    }
}

/** Whether somebody wrote since at a place that these edits write. Heads that are not here any more tell nothing. */
function isMoved({ document }: Held, edits: readonly Edit[], base: readonly string[]): boolean {
    if (!base.every((hash) => document.has(hash))) return false
    const paths = edits.flatMap((edit) => (edit.edit === "open" ? [] : putsOf(edit).map(({ path }) => path)))
    return paths.some((path) => document.isMoved(path, base))
}
