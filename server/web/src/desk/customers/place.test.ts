import { expect, test } from "vitest"
import { placeFields, placeOf } from "./place.ts"

test("a place that was copied from a map is read, and shown as it was", () => {
    const place = { latitude_e6: 31_188_000, longitude_e6: 121_436_500 }
    for (const typed of ["31.188, 121.4365", "31.188，121.4365", " 31.188 121.4365 "])
        expect(placeOf(typed)).toEqual(place)
    expect(placeFields(place)).toBe("31.188, 121.4365")
    expect(placeOf(placeFields(place))).toEqual(place)
})

test("what is no place is told, and nothing is none", () => {
    for (const typed of ["31.188", "abc", "31.188, east", "1, 2, 3"]) expect(placeOf(typed)).toBe("wrong")
    expect(placeOf(" ")).toEqual({})
    expect(placeFields({ latitude_e6: null, longitude_e6: null })).toBe("")
})
