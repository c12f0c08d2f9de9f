import { expect, test } from "vitest"
import { minorOf } from "./money.ts"

test("an amount is typed in the currency's units", () => {
    expect(minorOf("120.5", "CNY")).toBe(12_050)
    expect(minorOf("1,200", "CNY")).toBe(120_000)
    expect(minorOf("500", "JPY")).toBe(500)
})

test("what is no amount is none", () => {
    for (const text of ["", "abc", "-3", "1e999"]) expect(minorOf(text, "CNY")).toBeUndefined()
})
