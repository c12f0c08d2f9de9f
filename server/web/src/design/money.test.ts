import { afterEach, expect, test } from "vitest"
import { language } from "../words.ts"
import { minorOf, money } from "./money.ts"

afterEach(() => (language.value = "zh-CN"))

test("an amount looks the same in both languages", () => {
    for (const spoken of ["zh-CN", "en"] as const) {
        language.value = spoken
        expect([money(29_100, "CNY"), money(-1_250, "CNY"), money(0, "CNY")]).toEqual(["¥291.00", "-¥12.50", "¥0.00"])
        expect(money(1_234_567, "CNY")).toBe("¥12,345.67")
        expect([money(980, "JPY"), money(29_100, "USD"), money(500, "KWD")]).toEqual([
            "JPY\u00a0980",
            "USD\u00a0291.00",
            "KWD\u00a00.500",
        ])
    }
})

test("an amount is typed in the currency's units", () => {
    expect(minorOf("120.5", "CNY")).toBe(12_050)
    expect(minorOf("1,200", "CNY")).toBe(120_000)
    expect(minorOf("500", "JPY")).toBe(500)
})

test("what is no amount is none", () => {
    for (const text of ["", "abc", "-3", "1e999"]) expect(minorOf(text, "CNY")).toBeUndefined()
})
