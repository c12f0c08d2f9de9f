import { expect, test } from "vitest"
import { partOf, partsLike } from "./barcode.ts"
import type { PriceItem, PriceList } from "./price.ts"
import { timestampOf } from "./time.ts"

const now = timestampOf(1_790_000_000_000_000)

function item(code: string, barcode: string | null, more: Partial<PriceItem> = {}): PriceItem {
    const name = { zh: "角阀", en: "Angle valve" }
    return { code, barcode, name, unit: "只", kind: "part", price_minor: 2_800, ...more }
}

function listOf(...items: PriceItem[]): PriceList {
    return { version: 1, name: "V1", currency: "CNY", items }
}

test("a part is found by its barcode, however many digits the scanner makes of it, and by its code", () => {
    const list = listOf(item("S101", "6901234567892"), item("S102", "012345678905"))
    expect(partOf(list, " 6901234567892 ", now)?.code).toBe("S101")
    expect(partOf(list, "0012345678905", now)?.code).toBe("S102")
    expect(partOf(list, "s102", now)?.code).toBe("S102")
    expect(partOf(list, "6901234567893", now)).toBeUndefined()
})

test("a barcode goes before a code that reads alike", () => {
    const list = listOf(item("HX-1", null), item("S102", "hx-1"))
    expect(partOf(list, "HX-1", now)?.code).toBe("S102")
})

test("work, fees and what is no longer offered are no parts to fit", () => {
    const list = listOf(
        item("W1", "6901234567892", { kind: "labour" }),
        item("S1", "012345678905", { valid_to: timestampOf(1_780_000_000_000_000) }),
    )
    expect(partOf(list, "6901234567892", now)).toBeUndefined()
    expect(partOf(list, "012345678905", now)).toBeUndefined()
    expect(partsLike(list, "角阀", now)).toEqual([])
    expect(partOf(undefined, "6901234567892", now)).toBeUndefined()
})

test("a part is searched by any piece of its name, code or barcode", () => {
    const list = listOf(item("S101", "6901234567892"))
    for (const text of ["角", "angle", "s10", "4567"]) expect(partsLike(list, text, now)).toHaveLength(1)
    expect(partsLike(list, " ", now)).toEqual([])
})
