import { expect, test } from "vitest"
import { apart, frameOf, scaleBar } from "./projection.ts"

const SIZE = { width: 800, height: 500 }
const WEST = { latitude_e6: 31_200_000, longitude_e6: 121_400_000 }
const EAST = { latitude_e6: 31_200_000, longitude_e6: 121_500_000 }
const NORTH = { latitude_e6: 31_300_000, longitude_e6: 121_450_000 }

test("every place lies inside the picture, north up and east to the right", () => {
    const frame = frameOf([WEST, EAST, NORTH], SIZE)
    const [west, east, north] = [WEST, EAST, NORTH].map(frame.at)
    for (const spot of [west, east, north]) {
        expect(spot?.x).toBeGreaterThanOrEqual(40)
        expect(spot?.x).toBeLessThanOrEqual(760)
        expect(spot?.y).toBeGreaterThanOrEqual(40)
        expect(spot?.y).toBeLessThanOrEqual(460)
    }
    expect(west?.x).toBeLessThan(east?.x ?? 0)
    expect(north?.y).toBeLessThan(west?.y ?? 0)
})

test("a kilometre to the east is as long as one to the north", () => {
    const frame = frameOf([WEST, EAST, NORTH], SIZE)
    const [west, east, north] = [frame.at(WEST), frame.at(EAST), frame.at(NORTH)]
    // 0.1 degrees are 9.5 km to the east here, and 11.1 km to the north.
    expect(((east.x - west.x) * frame.metresPerPixel) / 1_000).toBeCloseTo(9.51, 1)
    expect(((west.y - north.y) * frame.metresPerPixel) / 1_000).toBeCloseTo(11.12, 1)
})

test("a single place stands in the middle, and none at all breaks nothing", () => {
    expect(frameOf([WEST], SIZE).at(WEST)).toEqual({ x: 400, y: 250 })
    expect(Number.isFinite(frameOf([], SIZE).metresPerPixel)).toBe(true)
})

test("the scale is a round length that fits", () => {
    expect(scaleBar(20, 160)).toEqual({ metres: 2_000, pixels: 100 })
    expect(scaleBar(1, 160)).toEqual({ metres: 100, pixels: 100 })
    expect(scaleBar(0.4, 160).metres).toBe(50)
})

test("stops in one house are moved apart, and the others stay", () => {
    const spots = apart(
        [
            { x: 100, y: 100 },
            { x: 100, y: 100 },
            { x: 101, y: 100 },
            { x: 300, y: 100 },
        ],
        30,
        SIZE,
    )
    expect(spots[0]).toEqual({ x: 100, y: 100 })
    expect(spots[3]).toEqual({ x: 300, y: 100 })
    spots.forEach((one, index) => {
        for (const other of spots.slice(index + 1))
            expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThanOrEqual(30)
    })
})
