import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { fromHex, hex } from "../../core/bytes.ts"
import { readShot, type Shot, withShot } from "./exif.ts"

/** The start of a picture, a table that no photo is without, and what stands for the picture itself. */
const PLAIN = fromHex("ffd8ffdb0004aabbffda0002112233ffd9")
const SHOT: Shot = {
    make: "HUAWEI",
    model: "P60",
    orientation: 6,
    takenAt: "2026:11:23 09:30:00",
    place: { latitude_e6: 31_191_234, longitude_e6: -121_437_001, accuracy_m: 12 },
}
/** The same file as the server's own test reads. */
const fixture = `${import.meta.dirname}/../../../../src/photos/from_a_phone.hex`

test("what was written is read again to the millionth of a degree", () => {
    expect(readShot(withShot(PLAIN, SHOT))).toEqual(SHOT)
    for (const e6 of [0, 1, -1, 89_999_999, -90_000_000, 33_333_333]) {
        const place = { latitude_e6: e6, longitude_e6: e6 * 2, accuracy_m: 0 }
        expect(readShot(withShot(PLAIN, { place }))).toEqual({ place })
    }
})

test("the server reads what this phone writes", () => {
    expect(hex(withShot(PLAIN, SHOT))).toBe(readFileSync(fixture, "utf8").trim())
})

test("the picture itself stays as it was, and what stood beside it before is gone", () => {
    const once = withShot(PLAIN, SHOT)
    const twice = withShot(once, { model: "P70" })
    expect(readShot(twice)).toEqual({ model: "P70" })
    expect(hex(twice)).toContain(hex(PLAIN.subarray(2)))
    expect(twice.length).toBeLessThan(once.length)
})

test("what a camera writes the other way round is read too", () => {
    // Little end first: the model, and where the pixels' top is.
    const block = "49492a00080000000200100102000400000050363000120103000100000003000000" + "00000000"
    const length = (2 + 6 + block.length / 2).toString(16).padStart(4, "0")
    const jpeg = fromHex(`ffd8ffe1${length}457869660000${block}ffda0002112233ffd9`)
    expect(readShot(jpeg)).toEqual({ model: "P60", orientation: 3 })
})

test("harmed files and files of another kind say nothing, and are not touched", () => {
    const whole = withShot(PLAIN, SHOT)
    for (let length = 0; length < whole.length; length++) expect(() => readShot(whole.slice(0, length))).not.toThrow()
    for (let place = 12; place < whole.length; place++) {
        const harmed = whole.slice()
        harmed[place] = 0xff
        expect(() => readShot(harmed)).not.toThrow()
    }
    const png = fromHex("89504e470d0a1a0a")
    expect(readShot(png)).toEqual({})
    expect(withShot(png, SHOT)).toBe(png)
})
