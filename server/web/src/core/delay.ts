/**
 * Lateness that the technician announced: what of it still stands, and what the customer knows and says, as `schema::delay` in the server's source
 * has it. Nothing counts as told but what somebody says they told, and what the customer's own page was opened with.
 */
import { assignmentOf, isCurrent, markOf } from "./course.ts"
import type { EntryId } from "./id.ts"
import { type Delay, entriesOf, type JobRecord, type Reply } from "./record.ts"
import type { Schemas } from "./schemas.ts"
import { ON_SITE_STEPS, type Status, statusOf } from "./status.ts"
import { compareTimes } from "./time.ts"

export type DelayWord = Schemas["DelayWord"]

/** A delay that still stands. */
export interface Standing {
    id: EntryId
    delay: Delay
    word: DelayWord
    /** What made it so. */
    reply: Reply | undefined
}

/** While one of these holds, somebody is still to come. */
const AWAITED: Status[] = ["assigned", "accepted", "appointed", "en_route", "on_site", "working", "tested"]
/** The customer's own last word counts for more than that they saw it, and that for more than that they were told. */
const WEIGHT: { [kind in Reply["kind"]]: number } = { told: 0, seen: 1, agreed: 2, someone_else: 2 }

/** The last delay of the assignment in force, until the technician is there or the visit is off. */
export function standingDelay(record: JobRecord): Standing | undefined {
    const assignment = assignmentOf(record)
    if (!assignment || !AWAITED.includes(statusOf(record))) return undefined
    const isOfThis = ([, { at }]: [EntryId, Delay]) => compareTimes(at, assignment.at) >= 0 && isCurrent(record, at)
    const found = lastOf(entriesOf(record.delays).filter(isOfThis), () => 0)
    if (!found) return undefined
    const [id, delay] = found
    const hasArrived = ON_SITE_STEPS.some((step) => {
        const mark = markOf(record, step)
        return mark?.kind === "done" && compareTimes(mark.at, delay.at) >= 0
    })
    if (hasArrived) return undefined
    const replies = entriesOf(record.replies).filter(([, reply]) => reply.delay === id)
    const reply = lastOf(replies, ({ kind }) => WEIGHT[kind])?.[1]
    return { id, delay, word: reply?.kind ?? "untold", reply }
}

function lastOf<V extends { at: string }>(entries: [EntryId, V][], weight: (entry: V) => number) {
    const order = ([one, left]: [EntryId, V], [other, right]: [EntryId, V]) =>
        weight(left) - weight(right) || compareTimes(left.at, right.at) || (one < other ? -1 : 1)
    return entries.toSorted(order).at(-1)
}

const MINUTE_MS = 60_000
const ROUND_MINUTES = 5

/** What lateness counts from, in milliseconds: the time agreed on; where that has passed, or none was, now, to the next five minutes. */
export function latenessFrom(agreed: string | undefined, now: number): number {
    const at = Date.parse(agreed ?? "")
    return at > now ? at : Math.ceil(now / (ROUND_MINUTES * MINUTE_MS)) * ROUND_MINUTES * MINUTE_MS
}
