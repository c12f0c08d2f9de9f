import { afterEach, expect, test } from "vitest"
import { language } from "../words.ts"
import { money } from "./money.ts"

afterEach(() => (language.value = "zh-CN"))

test("an amount has its currency's sign, in both languages the same", () => {
    for (const spoken of ["zh-CN", "en"] as const) {
        language.value = spoken
        expect([money(29_100, "CNY"), money(-1_250, "CNY"), money(0, "CNY")]).toEqual(["¥291.00", "-¥12.50", "¥0.00"])
        expect(money(1_234_567, "CNY")).toBe("¥12,345.67")
    }
    expect(money(500, "KWD")).toMatch(/0\.500$/)
})
