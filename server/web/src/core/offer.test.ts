import { expect, test } from "vitest"
import { acceptedQuote } from "./bill.ts"
import type { Edit } from "./edit.ts"
import { check } from "./gate.ts"
import { lay } from "./lay.ts"
import { leftOut, pickedFrom, standingOffers, withdrawable } from "./offer.ts"
import { quoteHash } from "./price.ts"
import { complete, type JobRecord, type Quote } from "./record.ts"
import type { Template } from "./template.ts"
import { at, checklist, entry, job, LI, open } from "./tests/samples.ts"

const known = checklist()
const template = JSON.parse(known.entry === "reference" ? known.json : "{}") as Template

function reported(): JobRecord {
    const opening = open(job(1))
    if (opening.edit !== "open") throw new TypeError("samples open with an opening")
    return complete({ meta: opening.meta, report: opening.report })
}

function offer(second: number, option: string | null, amounts: number[]): Quote {
    const line = (amount: number) => ({
        code: "S1",
        request: null,
        name: "更换角阀",
        unit: "只",
        kind: "labour" as const,
        quantity_milli: 1_000,
        unit_minor: amount,
        amount_minor: amount,
    })
    return {
        lines: Object.fromEntries(amounts.map((amount, place) => [`0${place + 1}`, line(amount)])),
        total_minor: amounts.reduce((sum, amount) => sum + amount, 0),
        currency: "CNY",
        price_list: 1,
        warranty: { kind: "none", reason: null, decided_by: null },
        option,
        by: LI,
        at: at(second),
    }
}

function withOffers(...offers: Quote[]): JobRecord {
    return offers.reduce(
        (record, quote, place) => lay(record, { edit: "quote", id: entry(place + 1), quote }),
        reported(),
    )
}

function consentTo(id: string, quote: Quote, shown: string[]): Edit {
    const consent = {
        quote: id,
        quote_hash: quoteHash(quote),
        total_minor: quote.total_minor,
        currency: quote.currency,
        how: "phone_screen" as const,
        name: "王芳",
        strokes: "10,12,0 14,18,16",
        by: LI,
        link: null,
        shown,
        at: at(60),
    }
    return { edit: "consent", id: entry(20), consent }
}

const hand = { id: entry(9), by: LI, at: at(50) }

test("of one option only the newest offer stands, and options stand beside each other", () => {
    const record = withOffers(offer(1, "维修", [100]), offer(2, "更换", [900]), offer(3, "维修", [120]))
    expect(standingOffers(record).map(([id]) => id)).toEqual([entry(2), entry(3)])
})

test("what the customer picks is a quote of its own, and the record keeps what was shown beside it", () => {
    const shown = offer(1, null, [100, 200, 300])
    const record = withOffers(shown)
    const { id, quote, isNew } = pickedFrom(record, [entry(1), shown], ["01", "03"], hand)
    expect(isNew).toBe(true)
    expect(quote.total_minor).toBe(400)
    const picked: Edit = { edit: "quote", id, quote }
    expect(check(record, template, picked)).toEqual([])
    const after = lay(record, picked)
    const consent = consentTo(id, quote, [entry(1)])
    expect(check(after, template, consent)).toEqual([])
    const agreed = lay(after, consent)
    expect(acceptedQuote(agreed)?.[0]).toBe(id)
    expect(leftOut(agreed, quote).map(([number]) => number)).toEqual(["02"])
    expect(standingOffers(agreed)).toEqual([[entry(1), shown]])
})

test("an offer taken whole is accepted as it is, unless less of it was picked before", () => {
    const shown = offer(1, null, [100, 200])
    const record = withOffers(shown)
    expect(pickedFrom(record, [entry(1), shown], ["01", "02"], hand)).toEqual({
        id: entry(1),
        quote: shown,
        isNew: false,
    })
    const { id, quote } = pickedFrom(record, [entry(1), shown], ["02"], hand)
    const picked = lay(record, { edit: "quote", id, quote })
    const again = pickedFrom(picked, [entry(1), shown], ["01", "02"], { id: entry(10), by: LI, at: at(70) })
    expect(again).toMatchObject({ id: entry(10), isNew: true, quote: { of: entry(1), total_minor: 300 } })
})

test("a line that was not shown, or at another price, can't be picked", () => {
    const shown = offer(1, null, [100, 200])
    const record = withOffers(shown)
    const cheaper = { ...offer(2, null, [50]), of: entry(1) }
    const foreign = { ...shown, of: entry(7), at: at(2) }
    const rules = (quote: Quote) =>
        check(record, template, { edit: "quote", id: entry(5), quote }).map(({ rule }) => rule)
    expect(rules(cheaper)).toEqual(["quote_changed"])
    expect(rules(foreign)).toEqual(["quote_unknown"])
    expect(check(record, template, consentTo(entry(1), shown, [entry(1), entry(8)])).map(({ rule }) => rule)).toEqual([
        "quote_unknown",
    ])
})

test("what was taken back is offered no more, and the one that it had replaced is again", () => {
    const first = lay(reported(), { edit: "quote", id: entry(1), quote: offer(10, null, [8_000]) })
    const slip = lay(first, { edit: "quote", id: entry(2), quote: offer(20, null, [80_000]) })
    expect(withdrawable(slip, LI).map(([id]) => id)).toEqual([entry(2)])
    expect(withdrawable(slip, "somebody else")).toEqual([])
    const withdrawal = { quote: entry(2), reason: "报错价", by: LI, at: at(30) }
    const withdrawn = lay(slip, { edit: "withdraw", id: entry(3), withdrawal })
    expect(standingOffers(slip).map(([id]) => id)).toEqual([entry(2)])
    expect(standingOffers(withdrawn).map(([id]) => id)).toEqual([entry(1)])
    expect(withdrawable(withdrawn, LI).map(([id]) => id)).toEqual([entry(1)])
})
