/** The shortest list of entries that makes the same state. */
import type { Entry } from "../store/entry.ts"
import type { Held } from "./held.ts"
import type { State } from "./state.ts"

/** Receipts kept on the phone; the server keeps them all. */
const RECEIPTS_KEPT = 200
/** Decisions kept after they were read: more than the server tells again. */
const DECISIONS_KEPT = 200
/**
 * Jobs that left this phone's hands and that somebody wrote to here: were the server restored from an old backup, this phone may be the
 * only one that has it.
 */
const GONE_JOBS_KEPT = 300

/**
 * Leaves out only what lies behind the mark: jobs that left this phone's hands with nothing unsent, if nobody wrote to them here or it was
 * long ago, and notices that were read.
 */
export function compacted(state: State): Entry[] {
    const entries: Entry[] = []
    if (state.key) entries.push({ entry: "key", key: state.key })
    if (state.identity) entries.push({ entry: "identity", identity: state.identity })
    entries.push({ entry: "session", session: state.session })
    entries.push({ entry: "cursor", cursor: state.cursor })
    entries.push({ entry: "resync", resync: state.resync })
    for (const reference of state.references.values()) entries.push({ entry: "reference", ...reference })
    if (state.shipped !== undefined) entries.push({ entry: "shipped", digest: state.shipped })
    for (const { refused, at, writes, read } of state.notices)
        if (!read) entries.push({ entry: "refused", refused, seqs: null, at, writes })
    const hands = [...state.hands.values()].filter(({ job }) => state.jobs.get(job)?.gone === null)
    if (hands.length > 0) entries.push({ entry: "hands", hands })
    entries.push(...decisionsOf(state))
    for (const held of keptOf(state)) entries.push(...jobEntries(held))
    entries.push({ entry: "owed", owed: state.owed })
    const visits = [...state.earlier].map(([job, visits]) => ({ job, visits }))
    if (state.earlierAt !== undefined) entries.push({ entry: "earlier", at: state.earlierAt, visits })
    if (state.inHand.size > 0) entries.push({ entry: "in_hand", jobs: [...state.inHand.values()] })
    for (const [sha256, photo] of state.photos) entries.push({ entry: "photo", sha256, ...photo })
    for (const [sha256, { job, bytes, why }] of state.refusedPhotos)
        entries.push({ entry: "photo", sha256, job, bytes }, { entry: "photo_refused", sha256, why })
    for (const receipt of state.receipts.slice(-RECEIPTS_KEPT)) entries.push({ entry: "receipt", receipt })
    if (state.contact) entries.push({ entry: "contact", contact: state.contact })
    return entries
}

/** What was read stays, so that it is no news when it is told again; of old ones only the last. */
function decisionsOf(state: State): Entry[] {
    const decisions = [...state.decisions.values()].sort((one, other) =>
        one.decided.quarantine < other.decided.quarantine ? -1 : 1,
    )
    const kept = decisions.filter(({ read }, at) => !read || at >= decisions.length - DECISIONS_KEPT)
    return kept.flatMap(({ decided, at, read }): Entry[] => [
        { entry: "decided", decided, at },
        ...(read ? [{ entry: "notice_read", change: decided.change } as const] : []),
    ])
}

function keptOf(state: State): Held[] {
    const jobs = [...state.jobs.values()].sort((one, other) => (one.job < other.job ? -1 : 1))
    const isDone = (held: Held) => held.gone !== null && held.unsent.length === 0
    const written = jobs.filter((held) => isDone(held) && held.actors.size > 0)
    const recent = new Set(written.slice(-GONE_JOBS_KEPT))
    return jobs.filter((held) => !isDone(held) || recent.has(held))
}

function jobEntries(held: Held): Entry[] {
    const { job } = held
    const retired = [...held.actors].filter((actor) => actor !== held.actor)
    const entries: Entry[] = retired.map((actor) => ({ entry: "lease", job, actor, retired: true }))
    if (held.actor !== null) entries.push({ entry: "lease", job, actor: held.actor, retired: false })
    // Before the record, on which those that a reset took off must not be laid again.
    const compacted = held.isLoaded ? { compacted: true as const } : {}
    for (const { own, bytes } of held.unsent) entries.push({ entry: "change", job, bytes, own, ...compacted })
    if (held.isLoaded) {
        const view = held.document.view()
        const snapshot = { entry: "snapshot", job, document: held.document.save(), kind: "compacted" } as const
        entries.push(view ? { ...snapshot, view } : snapshot)
    }
    if (held.isStale) entries.push({ entry: "stale", job })
    for (const bytes of held.waiting) entries.push({ entry: "change", job, bytes, own: null })
    for (const [actor, seq] of held.acked) entries.push({ entry: "acked", ack: { job, actor, seq } })
    if (held.gone !== null) entries.push({ entry: "gone", job, reason: held.gone })
    return entries
}

/** What outlives a log-out: the phone's key, and whom it belongs to. */
export function ofPhone(state: State): Entry[] {
    return compacted(state).filter(({ entry }) => entry === "key" || entry === "identity")
}
