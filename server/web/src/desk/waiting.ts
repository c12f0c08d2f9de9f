/**
 * How much waits for somebody at the desk, counted from the lists themselves: what is open, or due by now. Lists are asked for up to a limit
 * and no further; who has more than that to do needs no exact number.
 */
import { type Signal, signal } from "@preact/signals"
import { api, body } from "../api/client.ts"
import { may, type Permission } from "./allowed.ts"
import { openStatuses } from "./jobs/jobs.tsx"
import { type Kind, listen } from "./live.ts"
import { Loader, type State } from "./loaded.ts"
import { now } from "./times.ts"

/** One more than is shown as a number. */
export const ROWS = 100
/** The first notice is heard at once. A busy day says every moment that some job moved; for a number it is then asked so often at most. */
const REST_MS: Record<Kind, number> = { desk: 2_000, job: 10_000 }
/** A promise is somebody's concern before it is broken. */
const AHEAD_MS = 30 * 60_000

/** One thing that waits. */
interface Row {
    /** From when on it is anybody's concern; always, where there is none. */
    from?: number
    /** Late after this. */
    due?: number
}

export interface Waiting {
    count: number
    late: number
    /** There are more than were counted. */
    isMore: boolean
}

interface Matter {
    needs: Permission
    /** What of the stream may move it. */
    kind: Kind
    rows: () => Promise<Row[]>
}

const query = { limit: ROWS }
const open = { open: true, limit: ROWS }
const dueOf = (item: { due_at: string }): Row => ({ due: Date.parse(item.due_at) })

const MATTERS = {
    refused: {
        needs: "read_quarantine",
        kind: "job",
        rows: async () => (await body(api.GET("/v1/quarantine", { params: { query: open } }))).items.map(() => ({})),
    },
    differing: {
        needs: "read_quarantine",
        kind: "job",
        rows: async () => {
            const differing = { ...query, conflicts: true, status: openStatuses() }
            return (await body(api.GET("/v1/jobs", { params: { query: differing } }))).items.map(() => ({}))
        },
    },
    prices: {
        needs: "read_jobs",
        kind: "job",
        rows: async () => (await body(api.GET("/v1/price-requests", { params: { query: open } }))).items.map(dueOf),
    },
    questions: {
        needs: "read_jobs",
        kind: "desk",
        rows: async () => (await body(api.GET("/v1/questions", { params: { query: open } }))).items.map(dueOf),
    },
    promises: {
        needs: "read_jobs",
        kind: "desk",
        // First due first, so what is cut off is not due yet.
        rows: async () => {
            const { items } = await body(api.GET("/v1/promises", { params: { query: open } }))
            return items.map(({ due_at }) => ({ from: Date.parse(due_at) - AHEAD_MS, due: Date.parse(due_at) }))
        },
    },
    followUps: {
        needs: "follow_up",
        kind: "job",
        // All that are open, the next first: the minute in which one may be called then needs no further question.
        rows: async () => {
            const { items } = await body(api.GET("/v1/follow-ups", { params: { query: { ...query, state: "open" } } }))
            return items.map((call) => ({ from: Date.parse(call.not_before), due: Date.parse(call.due_at) }))
        },
    },
} as const satisfies Record<string, Matter>

export type Counted = keyof typeof MATTERS
const names = Object.keys(MATTERS) as Counted[]
const lists = Object.fromEntries(names.map((name) => [name, signal({ key: name })])) as Record<
    Counted,
    Signal<State<Row[]>>
>

/** Of one list, as of a moment. */
export function counted(rows: Row[], at: number): Waiting {
    const waiting = rows.filter((row) => (row.from ?? at) <= at)
    const late = waiting.filter((row) => (row.due ?? at) < at)
    return { count: waiting.length, late: late.length, isMore: waiting.length >= ROWS }
}

/** Of these together; none where nothing is known yet, or nothing of it is this person's to see. */
export function waitingFor(matters: readonly Counted[]): Waiting | undefined {
    const known = matters.flatMap((name) => {
        const rows = lists[name].value.data
        return rows ? [counted(rows, now.value)] : []
    })
    if (known.length === 0) return undefined
    const sum = (of: (one: Waiting) => number) => known.reduce((total, one) => total + of(one), 0)
    return { count: sum((one) => one.count), late: sum((one) => one.late), isMore: known.some((one) => one.isMore) }
}

/** Counts what this person may see until it is told to stop. */
export function keepCount(): () => void {
    const seen = names.filter((name) => may(MATTERS[name].needs))
    const loaders = seen.map((name) => ({
        kind: MATTERS[name].kind,
        loader: new Loader<Row[]>(lists[name], MATTERS[name].rows, REST_MS[MATTERS[name].kind]),
    }))
    for (const { loader } of loaders) void loader.now()
    const stopListening = listen((_moved, kind) => {
        for (const of of loaders) if (kind === null || kind === of.kind) of.loader.soon()
    })
    return () => {
        stopListening()
        for (const { loader } of loaders) loader.stop()
        // Whoever signs in next counts anew.
        for (const name of names) lists[name].value = { key: name }
    }
}
