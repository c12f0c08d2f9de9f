import { expect, test } from "vitest"
import { compareTimes, microsOf, plus, timestampOf } from "./time.ts"

test("a moment is written with as many digits as it needs, and reads back", () => {
    for (const [micros, text] of [
        [1_795_309_200_000_000, "2026-11-22T01:00:00Z"],
        [1_795_309_200_500_000, "2026-11-22T01:00:00.500Z"],
        [1_795_309_200_000_001, "2026-11-22T01:00:00.000001Z"],
        [-1, "1969-12-31T23:59:59.999999Z"],
    ] as const) {
        expect(timestampOf(micros)).toBe(text)
        expect(microsOf(text)).toBe(micros)
    }
})

test("a moment that no calendar knows is shown at the calendar's end", () => {
    expect(timestampOf(-(2n ** 63n))).toBe("0000-01-01T00:00:00Z")
    expect(timestampOf(2n ** 63n - 1n)).toBe("9999-12-31T23:59:59.999999Z")
})

test("moments are told apart to the microsecond, whatever their digits", () => {
    const [whole, half, later] = ["2026-11-22T01:00:00Z", "2026-11-22T01:00:00.500Z", "2026-11-22T01:00:00.500001Z"]
    expect([half, later, whole].sort(compareTimes)).toEqual([whole, half, later])
    expect(compareTimes(half, plus(whole, 500_000))).toBe(0)
})
