/**
 * What happened to a job since something was written to it that was not taken over: its author reads of the refusal hours later, and asks what
 * came of the job meanwhile.
 */
import type { JobRecord } from "./record.ts"
import type { LostWrite } from "./store/entry.ts"
import { compareTimes, type Timestamp } from "./time.ts"

/** An entry of the record, and its place. */
export interface Event {
    at: Timestamp
    path: [map: string, id: string]
    value: { at: Timestamp }
}

/** What changes a job's course; ticks and notes by the dozen would hide it. */
const TELLING = [
    "assignments",
    "decisions",
    "holds",
    "quotes",
    "withdrawals",
    "consents",
    "take_backs",
    "hand_backs",
    "charges",
    "sign_offs",
] as const

/** The latest that are told: the rest stands in the job. */
const EVENTS_MAX = 5

/** What stands at a place now; undefined where nothing does. */
export function presentAt(record: JobRecord, path: readonly string[]): unknown {
    let value: unknown = record
    for (const key of path)
        value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined
    return value ?? undefined
}

/** Oldest first; where the writes do not tell their time, the last that happened at all. */
export function eventsSince(record: JobRecord, writes: readonly LostWrite[]): Event[] {
    const times = writes.flatMap(({ value }) => momentOf(value) ?? []).sort(compareTimes)
    const lost = new Set(writes.map(({ path }) => path.join("/")))
    const all = TELLING.flatMap((map) =>
        Object.entries<{ at: Timestamp }>(record[map]).map(([id, value]): Event => {
            return { at: value.at, path: [map, id], value }
        }),
    )
    const later = all.filter(({ at, path }) => {
        return !lost.has(path.join("/")) && (times[0] === undefined || compareTimes(at, times[0]) > 0)
    })
    return later.sort((one, other) => compareTimes(one.at, other.at)).slice(-EVENTS_MAX)
}

function momentOf(value: unknown): Timestamp | undefined {
    const at = typeof value === "object" && value !== null && "at" in value ? value.at : undefined
    return typeof at === "string" ? at : undefined
}
