/**
 * The state of a job, as a function of its record: never a field that a merge could get wrong. The first line that holds gives the state; "now" means
 * since the job was last re-opened. What each line means, and why they stand in this order, the server's `schema::status` says.
 */
import {
    assignmentOf,
    currentMark,
    currentSignOffs,
    holdEndedAt,
    isCurrent,
    last,
    lastDecision,
    lastingHolds,
    missingToDispatch,
    reopenedAt,
} from "./course.ts"
import type { Assignment, HoldKind, JobRecord } from "./record.ts"
import type { Schemas } from "./schemas.ts"
import { compareTimes, type Timestamp } from "./time.ts"

/** Where a job stands. */
export type Status = Schemas["Status"]

/** Steps that are only ticked at the customer's. */
export const ON_SITE_STEPS = ["knock", "introduce", "badge", "shoe_covers", "lay_out", "listen"]
/** Steps whose tick says where the technician is on this trip, furthest first. */
const TRIP: [Status, string[]][] = [
    ["on_site", ON_SITE_STEPS],
    ["en_route", ["depart", "en_route"]],
    ["appointed", ["contact"]],
]
/** Steps whose tick says that work has begun, on whatever trip and by whomever. */
const WORK = ["diagnose", "repair", "before_service"]
const TESTING = "testing"
const ACCEPT = "accept"

const WAITS: { [kind in HoldKind]: Status } = {
    part: "waiting_part",
    customer: "waiting_customer",
    price: "waiting_price",
    workshop: "in_workshop",
    absent: "customer_absent",
    proof: "awaiting_proof",
}
/** Waits that send the technician away: coming back is another trip. */
const SENDS_AWAY: HoldKind[] = ["absent", "part", "workshop"]

/** Where the job stands. */
export function statusOf(record: JobRecord): Status {
    const signed = currentSignOffs(record).length > 0
    const decided = lastDecision(record)?.kind
    if (decided === "closed") return "closed"
    if ((decided === "cancelled" || decided === "solved_remotely") && !signed) return decided
    const wait = lastingHolds(record).at(-1)
    if (wait) return WAITS[wait[1].kind]
    if (signed) return "signed"
    const begun = work(record)
    if (begun) return begun
    const assignment = assignmentOf(record)
    const reached = assignment && trip(record, assignment)
    if (reached) return reached
    return assignment && isCurrent(record, assignment.at) ? "assigned" : unassigned(record)
}

function work(record: JobRecord): Status | undefined {
    const tested = currentMark(record, TESTING)?.kind
    if (tested === "done") return "tested"
    const begun = WORK.some((step) => currentMark(record, step)?.kind === "done")
    return tested === "failed" || tested === "skipped" || begun ? "working" : undefined
}

/** How far the technician in force has come. */
function trip(record: JobRecord, assignment: Assignment): Status | undefined {
    const begins = tripFrom(record, assignment)
    const ticked = (step: string, from: Timestamp | undefined) => {
        const mark = currentMark(record, step)
        if (mark?.kind !== "done") return false
        const theirs = mark.by === assignment.technician || compareTimes(mark.at, assignment.at) >= 0
        return theirs && (from === undefined || compareTimes(mark.at, from) >= 0)
    }
    const reached = TRIP.find(([, steps]) => steps.some((step) => ticked(step, begins)))
    return reached?.[0] ?? (ticked(ACCEPT, undefined) ? "accepted" : undefined)
}

/** Where this trip begins: after the last wait that sent the technician away. */
function tripFrom(record: JobRecord, assignment: Assignment): Timestamp | undefined {
    const holds = Object.entries(record.holds)
    const away = holds.filter(([, hold]) => SENDS_AWAY.includes(hold.kind))
    const ended = away.map(([id]) => holdEndedAt(record, id)).filter((at) => at !== undefined)
    const moved = holds.some(([, hold]) => compareTimes(hold.at, assignment.at) < 0)
    return last(moved ? [...ended, assignment.at] : ended)
}

function unassigned(record: JobRecord): Status {
    if (reopenedAt(record) !== undefined) return "reopened"
    return missingToDispatch(record).length === 0 ? "ready" : "reported"
}
