import { afterEach, expect, test } from "vitest"
import { dayAfter, dayOf, fieldOf, minuteOfDay, moment, ofField, zone } from "./dates.ts"

afterEach(() => {
    zone.value = "Asia/Shanghai"
})

test("a day is the outlet's, whatever the computer's clock shows", () => {
    expect(dayOf("2026-11-22T16:00:00Z")).toBe("2026-11-23")
    expect(minuteOfDay("2026-11-22T16:45:00Z")).toBe(45)
    expect(new Date(moment("2026-11-23", 90)).toISOString()).toBe("2026-11-22T17:30:00.000Z")
})

test("days on which clocks are put forward or back have their own length", () => {
    zone.value = "Europe/Berlin"
    expect(moment("2026-03-30") - moment("2026-03-29")).toBe(23 * 3_600_000)
    expect(moment("2026-10-26") - moment("2026-10-25")).toBe(25 * 3_600_000)
    expect(new Date(moment("2026-03-29", 10 * 60)).toISOString()).toBe("2026-03-29T08:00:00.000Z")
})

test("what stands in a field is the moment that it was filled from", () => {
    const at = "2026-11-23T01:30:00.000Z"
    expect(fieldOf(at)).toBe("2026-11-23T09:30")
    expect(ofField(fieldOf(at))).toBe(at)
    expect(ofField("2026-11-23")).toBeUndefined()
})

test("the day after the last of a month is the first of the next", () => {
    expect(dayAfter("2026-02-28")).toBe("2026-03-01")
    expect(dayAfter("2026-01-01", -1)).toBe("2025-12-31")
})
