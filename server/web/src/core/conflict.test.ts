import { expect, test } from "vitest"
import { differ, isSame, mattersOf, settledBy } from "./conflict.ts"
import { type Charge, type JobRecord, complete } from "./record.ts"

const person = "01a200c4-6280-7101-8101-010101010101"
const meta = {
    job: person,
    number: "WX-20261122-0007",
    outlet: person,
    report: person,
    template: "home_repair",
    template_version: 1,
    currency: "CNY",
    reported_at: "2026-11-22T01:00:00Z",
    opened_by: person,
}

function charged(...amounts: number[]): JobRecord {
    const charge = (due_minor: number): Charge => {
        return { quote: "1111111111111111", due_minor, currency: "CNY", by: person, at: "2026-11-22T02:00:00Z" }
    }
    const charges = Object.fromEntries(amounts.map((amount, number) => [`${number}`.repeat(16), charge(amount)]))
    return { ...complete({ meta, report: {} }), charges }
}

test("two charges that nobody who made one knew the other of are a matter for the supervisor", () => {
    const matters = mattersOf(charged(8_000, 9_000), () => false)
    expect(matters).toEqual([{ kind: "charge", entries: ["0".repeat(16), "1".repeat(16)] }])
})

test("who saw the other charge has replaced it, and two that say the same do not contradict each other", () => {
    expect(mattersOf(charged(8_000, 9_000), (_, one) => one === "1".repeat(16))).toEqual([])
    expect(mattersOf(charged(8_000, 8_000), () => false)).toEqual([])
})

test("the one charge that agrees with no other is a matter with each of them", () => {
    const [matter] = mattersOf(charged(8_000, 8_000, 9_000), () => false)
    expect(matter?.entries).toHaveLength(3)
})

test("whoever has the job settles ticks and notes, the office its own fields, nobody a signature", () => {
    const who = ["marks", "notes", "diagnosis", "report", "assigned", "sign_offs", "consents"].map((map) =>
        settledBy([map]),
    )
    expect(who).toEqual(["crew", "crew", "crew", "office", "office", undefined, undefined])
})

test("values differ only where they say something else", () => {
    expect(isSame({ kind: "done", reason: null }, { kind: "done" })).toBe(true)
    expect(isSame([1, 2], { 0: 1, 1: 2 })).toBe(false)
    const value = (text: string) => ({ value: text, actor: "a", change: "c" })
    expect(differ([value("漏"), value("漏")])).toBe(false)
    expect(differ([value("漏"), value("不漏")])).toBe(true)
})
