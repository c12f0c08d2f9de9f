import { expect, test } from "vitest"
import { latenessFrom } from "./delay.ts"

const at = (time: string) => Date.parse(`2026-11-23T${time}Z`)

test("lateness counts from what was agreed, while that lies ahead", () => {
    expect(latenessFrom("2026-11-23T01:00:00Z", at("00:50:00"))).toBe(at("01:00:00"))
})

test("once that has passed it counts from now, to the next five minutes", () => {
    expect(latenessFrom("2026-11-23T01:00:00Z", at("01:07:30"))).toBe(at("01:10:00"))
    expect(latenessFrom(undefined, at("01:10:00"))).toBe(at("01:10:00"))
})
