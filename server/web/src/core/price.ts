/**
 * Arithmetic of quotes: whole minor units, one rule for rounding, the same on phone and server; and the price list that a phone carries, so
 * that a quote can be made in a cellar.
 */
import { type Hash } from "./id.ts"
import { hashOf, QUOTE } from "./json.ts"
import { sum } from "./money.ts"
import type { Quote, QuoteLine } from "./record.ts"
import type { Schemas } from "./schemas.ts"
import { compareTimes, type Timestamp } from "./time.ts"

/** What phones need to know beside their jobs, as `GET /v1/reference` gives it. */
export type Reference = Schemas["Reference"]
export type PriceList = Schemas["PriceList"]
export type PriceItem = Schemas["PriceItem"]

/** Why a quote's figures don't hold. */
export type BadQuote = "empty" | "line" | "total"

/** The item of this code that holds at this moment. */
export function itemOf(list: PriceList, code: string, at: Timestamp): PriceItem | undefined {
    return list.items.find((item) => item.code === code && holdsAt(item, at))
}

/** Whether the item is offered at this moment: from its first until just before its last. */
export function holdsAt(item: PriceItem, at: Timestamp): boolean {
    const begun = item.valid_from == null || compareTimes(item.valid_from, at) <= 0
    return begun && (item.valid_to == null || compareTimes(at, item.valid_to) < 0)
}

/** Unit price × quantity, half a minor unit rounded up. None where a number is negative or the amount is not exact. */
export function lineAmount(unitMinor: number, quantityMilli: number): number | undefined {
    if (unitMinor < 0 || quantityMilli < 0) return undefined
    const amount = Number((BigInt(unitMinor) * BigInt(quantityMilli) + 500n) / 1_000n)
    return Number.isSafeInteger(amount) ? amount : undefined
}

/** The total of the lines; none where it is not exact. */
export function totalOf(lines: { [number: string]: QuoteLine }): number | undefined {
    return sum(Object.values(lines).map((line) => line.amount_minor))
}

/**
 * Checks lines and total; none where they hold. Under warranty a line may cost less than the list says, never more; set-up that is free costs
 * nothing.
 */
export function badQuote(quote: Quote): BadQuote | undefined {
    const lines = Object.values(quote.lines)
    if (lines.length === 0) return "empty"
    const inOrder = (line: QuoteLine) => {
        const full = lineAmount(line.unit_minor, line.quantity_milli)
        if (full === undefined) return false
        if (line.setup?.term === "free") return line.amount_minor === 0
        if (quote.warranty.kind === "none") return line.amount_minor === full
        return line.amount_minor >= 0 && line.amount_minor <= full
    }
    if (!lines.every(inOrder)) return "line"
    return totalOf(quote.lines) === quote.total_minor ? undefined : "total"
}

/** The hash by which a consent names exactly the lines and the total that were shown: SHA-256 of the quote's JSON. */
export function quoteHash(quote: Quote): Hash {
    return hashOf(QUOTE, quote)
}
