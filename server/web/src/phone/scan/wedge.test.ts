import { expect, test } from "vitest"
import { newWedge } from "./wedge.ts"

/** Types the text with so many milliseconds between two keys, and Enter after it. */
function typed(take: ReturnType<typeof newWedge>, text: string, pauseMs: number, fromMs = 0): string | undefined {
    const keys = [...text, "Enter"]
    return keys.map((key, place) => take(key, fromMs + place * pauseMs)).at(-1)
}

test("what comes as fast as a scanner types, with Enter after it, was scanned", () => {
    expect(typed(newWedge(), "6901234567892", 8)).toBe("6901234567892")
})

test("what a hand types is no scan, nor is Enter alone, nor a slip on the keyboard", () => {
    expect(typed(newWedge(), "6901234567892", 180)).toBeUndefined()
    expect(typed(newWedge(), "", 8)).toBeUndefined()
    expect(typed(newWedge(), "ab", 8)).toBeUndefined()
})

test("keys that are no characters are passed over, and one scan does not run into the next", () => {
    const take = newWedge()
    const keys = ["Shift", "H", "Shift", "X", "-", "2", "Enter"]
    expect(keys.map((key, place) => take(key, place * 5)).at(-1)).toBe("HX-2")
    expect(typed(take, "9638507", 5, 2_000)).toBe("9638507")
    take("9", 4_000)
    expect(typed(take, "S101", 5, 5_000)).toBe("S101")
})
