import { expect, test } from "vitest"
import { isBeforePurchase } from "./setup.ts"

test("nothing is installed before it is bought", () => {
    expect(isBeforePurchase("2026-03-01", "2026-03-02")).toBe(true)
    expect(isBeforePurchase("2026-03-02", "2026-03-02")).toBe(false)
    for (const unknown of [undefined, "", "去年"]) expect(isBeforePurchase("2026-03-01", unknown)).toBe(false)
    expect(isBeforePurchase("", "2026-03-02")).toBe(false)
})
