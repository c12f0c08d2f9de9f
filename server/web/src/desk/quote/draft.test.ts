import { expect, test } from "vitest"
import {
    asQuote,
    changed,
    type Draft,
    type DraftLine,
    EMPTY,
    quantityMilli,
    totalOf,
    withLine,
    without,
} from "./draft.ts"

const VALVE: DraftLine = {
    key: "P-01",
    from: { code: "P-01" },
    name: "阀芯",
    unit: "个",
    unitMinor: 1_001,
    quantity: "1",
    covered: true,
}
const PRICED: DraftLine = { ...VALVE, key: "r1", from: { request: "r1" }, unitMinor: 26_000 }
const draft: Draft = { ...EMPTY, lines: [VALVE, PRICED] }

test("the total is that of the lines, rounded as the server rounds", () => {
    expect(totalOf(draft)).toBe(27_001)
    expect(totalOf(changed(draft, "P-01", { quantity: "0.5" }))).toBe(26_501)
    expect(totalOf(changed(draft, "P-01", { quantity: "half" }))).toBeUndefined()
})

test("a quantity is more than nothing, with three decimals at most", () => {
    expect(["1", "0.001", "2.5", "1000"].map(quantityMilli)).toEqual([1000, 1, 2500, 1_000_000])
    expect(["0", "0.0005", "-1", "1e3", "", "1001"].map(quantityMilli)).toEqual(Array(6).fill(undefined))
})

test("what is added twice is there twice", () => {
    const twice = withLine(draft, VALVE)
    expect(twice.lines.map((line) => line.quantity)).toEqual(["2", "1"])
    expect(without(twice, "P-01").lines).toEqual([PRICED])
})

test("under warranty what is covered costs nothing, and what our own work caused never does", () => {
    const product = { ...changed(draft, "r1", { covered: false }), kind: "product", reason: "购买未满一年" } as const
    expect(totalOf(product)).toBe(26_000)
    expect(asQuote(product)?.lines).toEqual([
        { code: "P-01", quantity_milli: 1000, covered: true },
        { request: "r1", quantity_milli: 1000, covered: false },
    ])
    expect(totalOf({ ...product, kind: "rework" })).toBe(0)
})

test("what is not said is not sent", () => {
    expect(asQuote(draft)).toEqual({
        lines: [
            { code: "P-01", quantity_milli: 1000 },
            { request: "r1", quantity_milli: 1000 },
        ],
    })
    expect(asQuote({ ...draft, option: " 更换 " })?.option).toBe("更换")
    expect(asQuote(changed(draft, "P-01", { quantity: "" }))).toBeUndefined()
})
