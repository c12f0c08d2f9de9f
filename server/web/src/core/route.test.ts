import { expect, test } from "vitest"
import { delayed, legsOf, type Stop } from "./route.ts"
import type { Travel } from "./travel.ts"

const HOME = { latitude_e6: 31_230_416, longitude_e6: 121_473_701 }
const TRAVEL: Travel = { base: HOME, detour_percent: 140, speed_kmh: 25, usual_minutes: 30 }

/** So many tenths of a degree to the east, about 9.5 km each. */
function stop(id: string, from: string, to: string, east: number | undefined): Stop {
    const point = east === undefined ? undefined : { ...HOME, longitude_e6: HOME.longitude_e6 + east * 100_000 }
    return { id, window: { from: `2026-11-23T${from}:00Z`, to: `2026-11-23T${to}:00Z` }, point }
}

test("each way leads from the stop before, the first from the outlet", () => {
    const legs = legsOf([stop("late", "05:00", "06:00", 2), stop("early", "01:00", "02:00", 1)], TRAVEL)
    expect([...legs.keys()]).toEqual(["early", "late"])
    expect(legs.get("early")).toMatchObject({ after: undefined, free: undefined, minutes: 32, isTight: false })
    expect(legs.get("late")).toMatchObject({ after: "early", free: 180, minutes: 32, isTight: false })
})

test("a way that takes longer than there is between two windows is said to be tight, and one that nobody knows is not", () => {
    const legs = legsOf(
        [
            stop("a", "01:00", "02:00", 0),
            stop("b", "02:20", "03:00", 1),
            stop("c", "03:05", "04:00", undefined),
            stop("d", "03:30", "05:00", 9),
        ],
        TRAVEL,
    )
    expect(legs.get("b")).toMatchObject({ free: 20, minutes: 32, isTight: true })
    expect(legs.get("c")).toMatchObject({ distance_m: null, minutes: 30, isTight: false })
    expect(legs.get("d")).toMatchObject({ free: -30, isTight: false })
})

test("a window lasts as much longer as its technician is late", () => {
    const { window } = stop("a", "01:00", "02:00", 0)
    expect(delayed(window, "2026-11-23T01:45:00Z").to).toBe("2026-11-23T02:45:00.000Z")
    expect(delayed(window, "2026-11-23T00:45:00Z")).toBe(window)
    expect(delayed(window, undefined)).toBe(window)
})
