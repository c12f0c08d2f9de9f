/** A quote while it is made at the desk: what the server will make of it, worked out by the same rules. */
import type { Schemas } from "../../api/client.ts"
import { lineAmount } from "../../core/price.ts"

export type Kind = Schemas["WarrantyKind"]

/** One line: an item of the list, or what the supervisor priced. */
export interface DraftLine {
    /** The item's code, or the request's id. */
    key: string
    from: { code: string } | { request: string }
    name: string
    unit: string
    unitMinor: number
    /** As it is typed. */
    quantity: string
    covered: boolean
    /** Set-up of software: whether it is free, the server says by the day of installation. */
    isSetUp?: boolean
}

export interface Draft {
    lines: DraftLine[]
    option: string
    kind: Kind
    reason: string
    /** The product's, where it is not the day of purchase. */
    installedOn?: string
}

export const EMPTY: Draft = { lines: [], option: "", kind: "none", reason: "" }

/** A thousand units: more is a slip of the finger. */
const QUANTITY_MILLI_MAX = 1_000_000

/** Thousandths of the unit; none where what is typed is no such quantity. */
export function quantityMilli(typed: string): number | undefined {
    if (!/^\d{1,4}([.]\d{1,3})?$/.test(typed.trim())) return undefined
    const milli = Math.round(Number(typed) * 1000)
    return milli > 0 && milli <= QUANTITY_MILLI_MAX ? milli : undefined
}

/** Whether the customer pays nothing for it. */
export function isCovered(kind: Kind, line: DraftLine): boolean {
    if (kind === "none") return false
    // What our own work caused is never charged.
    return kind === "rework" || line.covered
}

export function amountOf(kind: Kind, line: DraftLine): number | undefined {
    const milli = quantityMilli(line.quantity)
    if (milli === undefined) return undefined
    return isCovered(kind, line) ? 0 : lineAmount(line.unitMinor, milli)
}

/** None while a line's quantity is wrong. */
export function totalOf(draft: Draft): number | undefined {
    let total = 0
    for (const line of draft.lines) {
        const amount = amountOf(draft.kind, line)
        if (amount === undefined) return undefined
        total += amount
    }
    return total
}

/** One more of it where it is there already. */
export function withLine(draft: Draft, line: DraftLine): Draft {
    const known = draft.lines.find((other) => other.key === line.key)
    if (!known) return { ...draft, lines: [...draft.lines, line] }
    const milli = quantityMilli(known.quantity)
    return changed(draft, line.key, { quantity: String(((milli ?? 0) + 1000) / 1000) })
}

export function changed(draft: Draft, key: string, change: Partial<DraftLine>): Draft {
    return { ...draft, lines: draft.lines.map((line) => (line.key === key ? { ...line, ...change } : line)) }
}

export function without(draft: Draft, key: string): Draft {
    return { ...draft, lines: draft.lines.filter((line) => line.key !== key) }
}

/** As the server takes it; none while a line's quantity is wrong. */
export function asQuote(draft: Draft): Schemas["CreateQuote"] | undefined {
    const lines: Schemas["CreateQuoteLine"][] = []
    for (const line of draft.lines) {
        const quantity_milli = quantityMilli(line.quantity)
        if (quantity_milli === undefined) return undefined
        lines.push({
            ...line.from,
            quantity_milli,
            ...(draft.kind !== "none" && { covered: isCovered(draft.kind, line) }),
        })
    }
    const option = draft.option.trim()
    return {
        lines,
        ...(option && { option }),
        ...(draft.installedOn && { installed_on: draft.installedOn }),
        ...(draft.kind !== "none" && { warranty: { kind: draft.kind, reason: draft.reason.trim() } }),
    }
}
