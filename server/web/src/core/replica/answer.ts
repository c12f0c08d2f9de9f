/** Taking the server's answer: which entries it makes. */
import type { Bytes } from "../bytes.ts"
import { JobDocument, NotLoaded } from "../document.ts"
import { verify } from "../seal.ts"
import type { Contact, Entry, LostWrite } from "../store/entry.ts"
import { timestampOf } from "../time.ts"
import { type Ack, type JobUpdate, type Receipt, receiptMessage, type Refused, type SyncResponse } from "../wire.ts"
import { attempt } from "./held.ts"
import type { InFlight, Now } from "./request.ts"
import type { State } from "./state.ts"

/** Entries in the making, and whether heads must be compared next. */
interface Taking {
    entries: Entry[]
    resync: boolean
    /** Records as the news so far leaves them. */
    drafts: Map<string, JobDocument>
}

/** `compared`: heads were compared last, and nothing was found missing since. */
export async function entriesOf(
    state: State,
    now: Now,
    answer: SyncResponse,
    flight: InFlight,
    compared: boolean,
): Promise<Entry[]> {
    const taking: Taking = { entries: [], resync: answer.resync, drafts: new Map() }
    const { entries } = taking
    if (answer.cursor.epoch !== state.cursor.epoch || answer.cursor.seq !== state.cursor.seq)
        entries.push({ entry: "cursor", cursor: answer.cursor })
    for (const ack of newAcks(state, answer)) {
        taking.resync ||= state.jobs.get(ack.job)?.lacksOwn(ack) ?? false
        entries.push({ entry: "acked", ack })
    }
    takeRefusals(state, now, answer, flight, taking)
    // The digests differ although heads were compared just now: then every record is fetched whole.
    if (answer.resync && compared && !flight.withHeads && flight.pushed.length === 0)
        for (const held of state.jobs.values()) if (held.gone === null) entries.push({ entry: "stale", job: held.job })
    takeTidings(state, now, answer, taking)
    for (const update of answer.jobs) takeNews(state, update, taking)
    if (answer.receipt) entries.push(...(await receiptEntries(state, flight, answer.receipt)))
    if (!isSame(answer.photos_owed, state.owed)) entries.push({ entry: "owed", owed: answer.photos_owed })
    if (taking.resync !== state.resync) entries.push({ entry: "resync", resync: taking.resync })
    entries.push({ entry: "contact", contact: contactOf(answer, flight, now) })
    return entries
}

function contactOf(answer: SyncResponse, { sent }: InFlight, now: Now): Contact {
    const elapsed = sent.boot === now.boot ? now.uptime_us - sent.uptime_us : -1
    return {
        server_at: answer.server_time,
        phone_at: now.at,
        uptime_us: now.uptime_us,
        boot: now.boot,
        more: answer.more,
        round_trip_us: elapsed >= 0 ? elapsed : null,
    }
}

/** Those that say more than was known. After a new epoch nothing is known any more. */
function newAcks(state: State, answer: SyncResponse): Ack[] {
    const isSameEpoch = answer.cursor.epoch === state.cursor.epoch
    return answer.acks.filter((ack) => {
        const held = state.jobs.get(ack.job)
        return held !== undefined && (!isSameEpoch || (held.acked.get(ack.actor) ?? -1) < ack.seq)
    })
}

/** Names behind values, and what the office decided: what of it was not known. */
function takeTidings(state: State, now: Now, answer: SyncResponse, { entries }: Taking): void {
    const hands = answer.hands.filter((hand) => !isSame(state.hands.get(hand.change), hand))
    if (hands.length > 0) entries.push({ entry: "hands", hands })
    for (const decided of answer.decided) {
        const known = state.decisions.get(decided.quarantine)
        if (!isSame(known?.decided, decided)) entries.push({ entry: "decided", decided, at: timestampOf(now.at) })
    }
}

/**
 * A refusal settles what this request carried of that actor, from the change named on. Without the server's copy in the same answer the
 * phone asks for a comparison, which brings it.
 */
function takeRefusals(state: State, now: Now, answer: SyncResponse, flight: InFlight, taking: Taking): void {
    const replaced = new Set(answer.jobs.filter(({ news }) => !("changes" in news)).map(({ job }) => job))
    for (const refused of answer.refused) {
        if (!replaced.has(refused.job)) {
            taking.resync = true
            taking.entries.push({ entry: "stale", job: refused.job })
        }
        const isKnown = state.notices.some((notice) => notice.refused.change === refused.change)
        const seqs = refusedSeqs(flight, refused)
        if (isKnown && seqs === null) continue
        const writes = lostWrites(state, refused, seqs)
        taking.entries.push({ entry: "refused", refused, seqs, at: timestampOf(now.at), writes })
    }
}

/** What the request carried of the actor, from the change named on. */
function refusedSeqs(flight: InFlight, refused: Refused): [from: number, through: number] | null {
    const ofActor = flight.pushed.filter(({ job, own }) => job === refused.job && own.actor === refused.actor)
    const from = ofActor.find(({ own }) => own.hash === refused.change)?.own.seq
    return from === undefined ? null : [from, Math.max(...ofActor.map(({ own }) => own.seq))]
}

/** What the refused changes had written; where the server saved the rest by its own hand, only the places that it named. */
function lostWrites(state: State, refused: Refused, seqs: [from: number, through: number] | null): LostWrite[] {
    const held = state.jobs.get(refused.job)
    if (!held || seqs === null) return []
    const [from, through] = seqs
    const named = new Set(refused.paths.map((path) => path.join("/")))
    const history = held.document.history(({ actor, seq }) => actor === refused.actor && from <= seq && seq <= through)
    return history
        .flatMap(({ touched }) => touched)
        .filter(({ path }) => refused.salvaged_as === null || named.has(path.join("/")))
        .map(({ path, after }) => ({ path, value: after }))
}

function takeNews(state: State, { job, news }: JobUpdate, taking: Taking): void {
    if ("changes" in news) {
        takeChanges(state, job, news.changes, taking)
    } else if ("gone" in news) {
        if (state.jobs.has(job) || taking.drafts.has(job)) {
            taking.entries.push({ entry: "gone", job, reason: news.gone })
        }
    } else {
        const { document, reset } = news.snapshot
        try {
            taking.drafts.set(job, JobDocument.load(document))
            taking.entries.push({ entry: "snapshot", job, document, kind: reset ? "reset" : "granted" })
        } catch (error) {
            if (!(error instanceof NotLoaded)) throw error
            taking.resync = true
        }
    }
}

/** A change whose predecessors are missing is kept, and heads are compared; bytes that are no change are not kept. */
function takeChanges(state: State, job: string, changes: Bytes[], taking: Taking): void {
    const held = state.jobs.get(job)
    const whole = JobDocument.empty()
    // Nothing but a job's whole history applies to an empty record.
    if (held?.isStale && attempt(whole, changes) === "applied") {
        taking.drafts.set(job, whole)
        taking.entries.push({ entry: "snapshot", job, document: whole.save(), kind: "granted" })
        return
    }
    const trial = taking.drafts.get(job) ?? held?.document.copy() ?? JobDocument.empty()
    taking.drafts.set(job, trial)
    const isWhole = attempt(trial, changes) === "applied"
    taking.resync ||= !isWhole
    for (const bytes of changes) {
        if (isWhole || attempt(trial, [bytes]) !== "refused")
            taking.entries.push({ entry: "change", job, bytes, own: null })
    }
}

/** The receipt, if the server signed what was pushed. */
async function receiptEntries(state: State, flight: InFlight, receipt: Receipt): Promise<Entry[]> {
    const { leaves, request } = flight
    const message = receiptMessage(receipt.push, receipt.received_at, leaves)
    if (!state.key || !(await verify(receipt.key, message, receipt.signature))) return []
    return [{ entry: "receipt", receipt: { request, leaves, receipt, device_key: state.key.publicKey } }]
}

function isSame(one: unknown, other: unknown): boolean {
    return JSON.stringify(one) === JSON.stringify(other)
}
