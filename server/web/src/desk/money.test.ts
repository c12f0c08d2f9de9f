import { expect, test } from "vitest"
import { language } from "../words.ts"
import { minorOf, money } from "./money.ts"

test("an amount is typed in the currency's units", () => {
    expect(minorOf("120.5", "CNY")).toBe(12_050)
    expect(minorOf("1,200", "CNY")).toBe(120_000)
    expect(minorOf("500", "JPY")).toBe(500)
})

test("what is no amount is none", () => {
    for (const text of ["", "abc", "-3", "1e999"]) expect(minorOf(text, "CNY")).toBeUndefined()
})

test("an amount looks the same in both languages", () => {
    for (const spoken of ["zh-CN", "en"] as const) {
        language.value = spoken
        expect(money(29_100, "CNY")).toBe("¥291.00")
        expect(money(-123_456, "CNY")).toBe("-¥1,234.56")
        expect(money(980, "JPY")).toBe("JPY\u00a0980")
    }
})
