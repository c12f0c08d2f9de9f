/** What a job costs: which consents hold, which quote they put in force, what is due of it and what was paid. */
import { last, overruled } from "./course.ts"
import type { EntryId } from "./id.ts"
import { quoteHash } from "./price.ts"
import { type Consent, type JobRecord, type Quote, entriesOf, latest } from "./record.ts"
import { compareTimes } from "./time.ts"

/** Whether the consent is for exactly this quote's lines and total. */
export function accepts(consent: Consent, quote: Quote): boolean {
    const agreed = consent.total_minor === quote.total_minor && consent.currency === quote.currency
    return agreed && consent.quote_hash === quoteHash(quote)
}

/** The consents that hold: each to a quote that is on record, for that quote's lines and total, and not overruled. */
export function validConsents(record: JobRecord): [EntryId, Consent][] {
    const passed = overruled(record, "consent")
    return entriesOf(record.consents).filter(([id, consent]) => {
        const quote = record.quotes[consent.quote]
        return !passed.has(id) && quote !== undefined && accepts(consent, quote)
    })
}

/**
 * The quote in force: the one that the latest valid consent accepted, unless a newer offer of the same option stands beside it, for a changed
 * quote needs a new consent.
 */
export function acceptedQuote(record: JobRecord): [EntryId, Quote] | undefined {
    const id = latest(validConsents(record))?.[1].quote
    const accepted = id === undefined ? undefined : record.quotes[id]
    if (id === undefined || !accepted) return undefined
    const sameOption = (quote: Quote) => (quote.option ?? null) === (accepted.option ?? null)
    const offers = Object.values(record.quotes).filter(sameOption)
    const newest = last(offers.map((quote) => quote.at)) ?? accepted.at
    return compareTimes(newest, accepted.at) > 0 ? undefined : [id, accepted]
}

/** What the customer owes: the accepted quote less what the centre waived of it, never below zero. */
export function dueMinor(record: JobRecord): number | undefined {
    const accepted = acceptedQuote(record)
    if (!accepted) return undefined
    const waivers = Object.values(record.waivers).filter((waiver) => waiver.quote === accepted[0])
    const waived = waivers.reduce((sum, waiver) => sum + Math.max(waiver.minor, 0), 0)
    return Math.max(accepted[1].total_minor - waived, 0)
}

/** What was paid so far. */
export function paidMinor(record: JobRecord): number {
    return Object.values(record.payments).reduce((sum, payment) => sum + payment.minor, 0)
}
