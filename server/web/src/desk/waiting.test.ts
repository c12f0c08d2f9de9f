import { expect, test } from "vitest"
import { counted, ROWS } from "./waiting.ts"

const AT = Date.parse("2026-11-23T09:00:00Z")
const MINUTE_MS = 60_000

test("what is not due yet waits for nobody, and what is past its time is late", () => {
    const rows = [
        { from: AT - MINUTE_MS, due: AT + MINUTE_MS },
        { from: AT - 9 * MINUTE_MS, due: AT - MINUTE_MS },
        { from: AT + MINUTE_MS, due: AT + 9 * MINUTE_MS },
    ]
    expect(counted(rows, AT)).toEqual({ count: 2, late: 1, isMore: false })
    expect(counted(rows, AT + 2 * MINUTE_MS)).toEqual({ count: 3, late: 2, isMore: false })
})

test("what has no time waits from the first, and is never late", () => {
    expect(counted([{}, {}], AT)).toEqual({ count: 2, late: 0, isMore: false })
})

test("a list that is full may go on", () => {
    const rows = Array.from({ length: ROWS }, () => ({}))
    expect(counted(rows, AT).isMore).toBe(true)
    expect(counted(rows.slice(1), AT).isMore).toBe(false)
})
