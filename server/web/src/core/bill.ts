/** What a job costs: which consents hold, which quote they put in force, what is due of it and what was paid. */
import { overruled } from "./course.ts"
import type { EntryId } from "./id.ts"
import { quoteHash } from "./price.ts"
import { type Consent, type JobRecord, type Quote, type Withdrawal, entriesOf, latest } from "./record.ts"
import { compareTimes } from "./time.ts"

/** Whether the consent is for exactly this quote's lines and total. */
export function accepts(consent: Consent, quote: Quote): boolean {
    const agreed = consent.total_minor === quote.total_minor && consent.currency === quote.currency
    return agreed && consent.quote_hash === quoteHash(quote)
}

/** The consents that hold: each to a quote that is on record, for that quote's lines and total, and not overruled. */
export function validConsents(record: JobRecord): [EntryId, Consent][] {
    const passed = overruled(record, "consent")
    const withdrawn = overruled(record, "withdrawal")
    return entriesOf(record.consents).filter(([id, consent]) => {
        const quote = record.quotes[consent.quote]
        return !passed.has(id) && !withdrawn.has(id) && quote !== undefined && accepts(consent, quote)
    })
}

/** The withdrawals of a quote that nobody overruled. */
export function withdrawalsOf(record: JobRecord, quote: EntryId): [EntryId, Withdrawal][] {
    const passed = overruled(record, "withdrawal")
    return entriesOf(record.withdrawals).filter(([id, entry]) => entry.quote === quote && !passed.has(id))
}

/** Who took the quote back first; none while it stands. */
export function withdrawalOf(record: JobRecord, quote: EntryId): Withdrawal | undefined {
    const found = withdrawalsOf(record, quote)
    const first = found.reduce<Withdrawal | undefined>(
        (first, [, entry]) => (first && compareTimes(first.at, entry.at) <= 0 ? first : entry),
        undefined,
    )
    return first
}

/** Whether a later offer of the same option took the quote's place. One that was taken back itself takes nobody's place. */
export function isReplaced(record: JobRecord, quote: Quote): boolean {
    return entriesOf(record.quotes).some(([id, other]) => {
        const isOfSameOption = (other.option ?? null) === (quote.option ?? null)
        return isOfSameOption && compareTimes(other.at, quote.at) > 0 && !withdrawalOf(record, id)
    })
}

/**
 * The quote in force: the one that the latest valid consent accepted, unless a newer offer of the same option stands beside it, for a changed
 * quote needs a new consent. Where it was taken back at the same time, the consent holds until the supervisor says otherwise.
 */
export function acceptedQuote(record: JobRecord): [EntryId, Quote] | undefined {
    const id = latest(validConsents(record))?.[1].quote
    const accepted = id === undefined ? undefined : record.quotes[id]
    if (id === undefined || !accepted) return undefined
    return isReplaced(record, accepted) ? undefined : [id, accepted]
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
