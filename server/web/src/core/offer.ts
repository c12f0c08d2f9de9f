/**
 * What the customer chooses among: the offers that stand, each to be taken whole or line by line. What they pick from one is a quote of its own
 * that names it, so that the record keeps both, what was shown and what was accepted.
 */
import { isReplaced, validConsents, withdrawalOf } from "./bill.ts"
import type { EntryId } from "./id.ts"
import { totalOf } from "./price.ts"
import { byTime, entriesOf, type JobRecord, type Quote } from "./record.ts"

/** The newest offer of each option, in the order in which they were made. What was picked from one is none, nor what was taken back. */
export function standingOffers(record: JobRecord): [EntryId, Quote][] {
    const newest = new Map<string | null, [EntryId, Quote]>()
    for (const [id, quote] of byTime(entriesOf(record.quotes)))
        if (quote.of == null && !withdrawalOf(record, id)) newest.set(quote.option ?? null, [id, quote])
    return byTime([...newest.values()])
}

/** The lines of the offer that the customer wants; the offer itself where that is all of it and nothing was picked from it since. */
export function pickedFrom(
    record: JobRecord,
    [id, offer]: [EntryId, Quote],
    wanted: readonly string[],
    hand: { id: EntryId; by: string; at: string },
): { id: EntryId; quote: Quote; isNew: boolean } {
    const lines = Object.fromEntries(entriesOf(offer.lines).filter(([number]) => wanted.includes(number)))
    const isWhole = Object.keys(lines).length === Object.keys(offer.lines).length
    const wasPicked = Object.values(record.quotes).some((quote) => quote.of === id)
    if (isWhole && !wasPicked) return { id, quote: offer, isNew: false }
    const { by, at } = hand
    const quote = { ...offer, lines, total_minor: totalOf(lines) ?? 0, of: id, by, at }
    return { id: hand.id, quote, isNew: true }
}

/** What this person offered, and can still take back. What was replaced nobody needs to. */
export function withdrawable(record: JobRecord, by: string): [EntryId, Quote][] {
    const accepted = new Set(validConsents(record).map(([, consent]) => consent.quote))
    const stands = ([id, quote]: [EntryId, Quote]) =>
        quote.by === by && !accepted.has(id) && !withdrawalOf(record, id) && !isReplaced(record, quote)
    return byTime(entriesOf(record.quotes)).filter(stands)
}

/** Lines of the offer that were shown and not taken. */
export function leftOut(record: JobRecord, quote: Quote): [string, Quote["lines"][string]][] {
    const offer = quote.of == null ? undefined : record.quotes[quote.of]
    return entriesOf(offer?.lines ?? {}).filter(([number]) => !(number in quote.lines))
}
