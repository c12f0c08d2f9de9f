/**
 * Limits that the office's clocks set, as a technician meets them. When they are due, the server says; whether one was kept meanwhile, without
 * network, the record says. What is doubtful stays in sight until the server has said that it is over.
 */
import { currentMark } from "./course.ts"
import type { JobRecord } from "./record.ts"
import type { Schemas } from "./schemas.ts"
import type { Status } from "./status.ts"

export type Limit = Schemas["Limit"]

/** In order, each about to break or broken from some moment on. */
export type Urgency = "ahead" | "near" | "over"

const ENDED: Status[] = ["signed", "closed", "awaiting_proof", "solved_remotely", "cancelled"]
const REPAIRED: Status[] = ["tested", ...ENDED]
const ARRIVED: Status[] = ["on_site", "working", "customer_absent", "in_workshop", ...REPAIRED]
const FIXED: Status[] = ["appointed", "en_route", ...ARRIVED]

/** Others keep these: whoever prices, and the desk. */
const OTHERS = ["off_list_price", "remote_check"]

function isKept(rule: string, status: Status, record: JobRecord): boolean {
    const isTicked = (step: string) => currentMark(record, step)?.kind === "done"
    switch (rule) {
        case "urgent_on_site":
            return ARRIVED.includes(status)
        case "urgent_repaired":
        case "general_repaired":
            return REPAIRED.includes(status)
        case "departure_fixed":
            return FIXED.includes(status)
        case "result_returned":
            return isTicked("return")
        case "unsure_fix":
        case "incomplete_test":
            return isTicked("follow_up")
        default:
            return false
    }
}

/** What the technician has still to keep, the first due first. */
export function limitsToKeep(job: { limits: Limit[]; status: Status; record: JobRecord }): Limit[] {
    return job.limits.filter(({ rule }) => !OTHERS.includes(rule) && !isKept(rule, job.status, job.record))
}

export function urgencyOf(limit: Limit, now: number): Urgency {
    if (now > Date.parse(limit.due_at)) return "over"
    return now >= Date.parse(limit.warn_at) ? "near" : "ahead"
}
