import { expect, test } from "vitest"
import { dropAt, type Job, place, shownHours, stretch } from "./day.ts"

const visit = (id: string, from: number, to: number) => ({ id, from, to })
const midnight = Date.parse("2026-11-22T16:00:00Z")
const job = (from: string, to: string) => ({ id: "j", window: { from, to } }) as Job

test("visits that overlap stand below each other, and those after them on the first free line", () => {
    const placed = place([visit("a", 9, 11), visit("b", 10, 12), visit("c", 11, 13), visit("d", 9.5, 10)])
    expect(placed.map(({ id, line }) => [id, line])).toEqual([
        ["a", 0],
        ["d", 1],
        ["b", 2],
        ["c", 0],
    ])
})

test("a visit that is shorter than it is drawn covers nothing of the one after it", () => {
    const placed = place([visit("a", 9, 9.5), visit("b", 9.5, 10.5), visit("c", 10.5, 11)])
    expect(placed.map(({ id, line }) => [id, line])).toEqual([
        ["a", 0],
        ["b", 1],
        ["c", 0],
    ])
})

test("the board shows the usual hours, and more where somebody works", () => {
    expect(shownHours([])).toEqual({ from: 8, to: 20 })
    expect(shownHours([visit("a", 5.5, 7), visit("b", 19, 22.2)])).toEqual({ from: 5, to: 23 })
})

test("a window that reaches over midnight is shown up to it", () => {
    expect(stretch(job("2026-11-23T14:00:00Z", "2026-11-23T18:00:00Z"), midnight)).toEqual(visit("j", 22, 24))
    expect(stretch(job("2026-11-23T17:00:00Z", "2026-11-23T18:00:00Z"), midnight)).toBeUndefined()
})

test("what is dropped begins on the half hour and ends within the day", () => {
    const hours = { from: 8, to: 20 }
    expect(dropAt(0.13, hours, 2)).toBe(9.5)
    expect(dropAt(-0.2, hours, 2)).toBe(8)
    expect(dropAt(1, { from: 8, to: 24 }, 2)).toBe(22)
})
