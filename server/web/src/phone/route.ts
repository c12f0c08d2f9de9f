/**
 * The technician's route, day by day: three days back, three ahead. What is open stays in sight whatever its day, and so does what is not yet
 * with the office; only what is finished leaves the lists when its days have passed. It leaves the phone itself when the server takes the job
 * out of its hands, and then only behind the acknowledgement (docs/decisions/0018).
 */
import type { JobView } from "../core/handset.ts"
import { assignmentOf } from "../core/course.ts"
import { byTime, entriesOf } from "../core/record.ts"
import { compareTimes, type Timestamp } from "../core/time.ts"
import { dayAfter, dayOf } from "../design/dates.ts"

/** Days before and after today. */
export const DAYS_AROUND = 3

const FINISHED = ["signed", "closed", "cancelled", "solved_remotely"]

export interface Route {
    /** By day, as in 2026-11-23 and in their order: what is to be done, and what is done. */
    days: Map<string, { open: JobView[]; done: JobView[] }>
    /** Open, and of an earlier day. */
    overdue: JobView[]
    /** Open, and of a day further off than the route goes, or of none yet. */
    later: JobView[]
    /** No longer in this technician's hands, with entries that are still to be sent. */
    gone: JobView[]
}

/** When the technician in force is expected. */
export function windowOf(job: JobView): { from: Timestamp; to: Timestamp } | undefined {
    return assignmentOf(job.record)?.window ?? undefined
}

export function routeOf(jobs: readonly JobView[], now: number): Route {
    const today = dayOf(now)
    const route: Route = { days: new Map(), overdue: [], later: [], gone: [] }
    for (let from = -DAYS_AROUND; from <= DAYS_AROUND; from++)
        route.days.set(dayAfter(today, from), { open: [], done: [] })
    for (const job of [...jobs].sort(byWindow)) {
        if (job.gone) {
            if (isUnsent(job)) route.gone.push(job)
            continue
        }
        const [day, isDone] = [visitDay(job), FINISHED.includes(job.status)]
        const onDay = day === undefined ? undefined : route.days.get(day)
        if (isDone) (onDay ?? (isUnsent(job) ? route.days.get(today) : undefined))?.done.push(job)
        else if (day !== undefined && day < today) route.overdue.push(job)
        else (onDay?.open ?? route.later).push(job)
    }
    return route
}

/** Something of it is on this phone only. */
function isUnsent(job: JobView): boolean {
    return job.unsent > 0 || job.photosOwed.length > 0
}

/** The day of the visit; of one that was never given a time, the day on which it was finished, if it was. */
function visitDay(job: JobView): string | undefined {
    const window = windowOf(job)
    if (window) return dayOf(window.from)
    if (!FINISHED.includes(job.status)) return undefined
    const last = byTime(entriesOf(job.record.sign_offs)).at(-1)?.[1].at
    return dayOf(last ?? job.record.meta.reported_at)
}

function byWindow(one: JobView, other: JobView): number {
    const [left, right] = [windowOf(one)?.from, windowOf(other)?.from]
    if (left && right) return compareTimes(left, right) || (one.number < other.number ? -1 : 1)
    return left ? -1 : right ? 1 : one.number < other.number ? -1 : 1
}
