import { expect, test } from "vitest"
import type { Alarm, JobRecord, Place } from "../../core/record.ts"
import { whereabouts } from "./call_for_help.ts"

const HERE = { latitude_e6: 31_230_416, longitude_e6: 121_473_701, accuracy_m: 12 }
const NEAR = { ...HERE, longitude_e6: 121_483_701 }
const alarm: Alarm = { reason: "求助", by: "li", at: "2026-11-23T02:00:00Z", place: null }

function record(more: Partial<JobRecord> = {}): JobRecord {
    const site = {
        latitude_e6: 31_230_416,
        longitude_e6: 121_473_701,
        address: "幸福路12号",
        at: "2026-11-22T00:00:00Z",
    }
    return { report: { address: "幸福路12号" }, corrections: {}, marks: {}, site, ...more } as unknown as JobRecord
}

function tick(by: string, at: string, place: Place | null) {
    return { kind: "done" as const, by, at, reason: null, place }
}

test("a call with a place says how far from the customer that is", () => {
    expect(whereabouts(record(), { ...alarm, place: NEAR })).toEqual({ place: NEAR, metres: 951, last: undefined })
    expect(whereabouts(record({ site: null }), { ...alarm, place: NEAR })?.metres).toBeUndefined()
})

test("a call without a place shows the caller's last one before it, and says whose tick that is", () => {
    const marks = {
        depart: tick("li", "2026-11-23T01:00:00Z", NEAR),
        knock: tick("li", "2026-11-23T01:30:00Z", HERE),
        listen: tick("li", "2026-11-23T01:40:00Z", null),
        introduce: tick("wang", "2026-11-23T01:50:00Z", NEAR),
        farewell: tick("li", "2026-11-23T02:30:00Z", NEAR),
    }
    const last = { step: "knock", at: "2026-11-23T01:30:00Z" }
    expect(whereabouts(record({ marks }), alarm)).toEqual({ place: HERE, metres: 0, last })
})

test("where nothing is known, nothing is said", () => {
    expect(whereabouts(record(), alarm)).toBeUndefined()
})
