import { expect, test } from "vitest"
import { shown } from "./count.tsx"
import { together } from "./waiting.ts"

test("what waits in several places is counted together", () => {
    const parts = [
        { count: 120, late: 3 },
        { count: 2, late: 0 },
    ]
    expect(together(parts)).toEqual({ count: 122, late: 3 })
})

test("nothing is said of what is not known, or not one's own to see", () => {
    expect(together([])).toBeUndefined()
})

test("a number is exact as long as it has its room", () => {
    expect([0, 100, 999, 1_000].map((count) => shown({ count, late: 0 }))).toEqual(["0", "100", "999", "999+"])
})
