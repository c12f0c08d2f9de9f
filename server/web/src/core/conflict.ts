/**
 * Where two people wrote without knowing of each other: what may be settled by a choice, and by whom, and what is a matter for the supervisor. Who knew
 * of what only the document tells, so that is asked for.
 */
import { validConsents, withdrawalsOf } from "./bill.ts"
import { currentSignOffs, overruled } from "./course.ts"
import type { EntryId } from "./id.ts"
import { type ConflictValue, type JobRecord, type MatterKind, entriesOf } from "./record.ts"

/** Entries that contradict each other and were made without knowing of each other, on which nobody has ruled. */
export type Matter = { kind: MatterKind; entries: EntryId[] }

const KINDS: MatterKind[] = ["consent", "sign_off", "charge", "withdrawal"]

/**
 * Who may choose between the values at a place by writing one of them again: whoever has the job in hand, or the office alone. None where what stands
 * is never written twice.
 */
export function settledBy(path: string[]): "crew" | "office" | undefined {
    switch (path[0]) {
        case "marks":
        case "notes":
        case "diagnosis":
            return "crew"
        case "report":
        case "assigned":
            return "office"
        default:
            return undefined
    }
}

/** Whether the values at one place are not all the same. */
export function differ(values: ConflictValue[]): boolean {
    return values.some(({ value }) => !isSame(value, values[0]?.value))
}

/** Whether two values of JSON say the same; what is null and what is not there do. */
export function isSame(one: unknown, other: unknown): boolean {
    if (one == null || other == null) return one == null && other == null
    if (typeof one !== "object" || typeof other !== "object") return one === other
    const [left, right] = [one as { [key: string]: unknown }, other as { [key: string]: unknown }]
    const keys = new Set([...Object.keys(left), ...Object.keys(right)])
    return Array.isArray(one) === Array.isArray(other) && [...keys].every((key) => isSame(left[key], right[key]))
}

/** The entries of which only one can count: those that nobody overruled. */
export function rivals(record: JobRecord, kind: MatterKind): EntryId[] {
    if (kind === "consent") return validConsents(record).map(([id]) => id)
    if (kind === "sign_off") return currentSignOffs(record).map(([id]) => id)
    if (kind === "withdrawal") return disputedWithdrawal(record)
    const passed = overruled(record, kind)
    return entriesOf(record.charges)
        .map(([id]) => id)
        .filter((id) => !passed.has(id))
}

/**
 * The withdrawals of a quote and the consents to it, where there are both. The gate lets neither be written where the other is known, so that they
 * never knew of each other. Of several such quotes the first: a ruling is about one.
 */
function disputedWithdrawal(record: JobRecord): EntryId[] {
    for (const [quote] of entriesOf(record.quotes)) {
        const withdrawals = withdrawalsOf(record, quote).map(([id]) => id)
        const consents = validConsents(record).filter(([, consent]) => consent.quote === quote)
        if (withdrawals.length > 0 && consents.length > 0) return [...withdrawals, ...consents.map(([id]) => id)]
    }
    return []
}

/** Whether two entries of this kind say the same, so that it does not matter which counts. A signature is nobody else's. */
export function agree(record: JobRecord, kind: MatterKind, one: EntryId, other: EntryId): boolean {
    if (kind === "sign_off") return false
    if (kind === "withdrawal") return one in record.withdrawals === other in record.withdrawals
    if (kind === "charge") {
        const [left, right] = [record.charges[one], record.charges[other]]
        return left?.quote === right?.quote && left?.due_minor === right?.due_minor
    }
    const [left, right] = [record.consents[one], record.consents[other]]
    const sameFigures = left?.quote_hash === right?.quote_hash && left?.total_minor === right?.total_minor
    return sameFigures && left?.quote === right?.quote
}

/** What no merge may settle and nobody has ruled on. `knows` tells whether the second entry stood in the record that the first was written on. */
export function mattersOf(
    record: JobRecord,
    knows: (kind: MatterKind, one: EntryId, other: EntryId) => boolean,
): Matter[] {
    const matter = (kind: MatterKind): Matter => {
        const entries = rivals(record, kind)
        const contradicts = (one: EntryId, other: EntryId) =>
            one !== other && !knows(kind, one, other) && !knows(kind, other, one) && !agree(record, kind, one, other)
        return { kind, entries: entries.filter((one) => entries.some((other) => contradicts(one, other))) }
    }
    return KINDS.map(matter).filter(({ entries }) => entries.length > 0)
}
