import { beforeEach, expect, test, vi } from "vitest"
import { answerPlace, looking, lookUp, placeNow, placeOf, tellsPlace } from "./here.ts"

const COORDS = { latitude: 31.1912341, longitude: -121.4370009, accuracy: 12.4 }
type Found = (position: { coords: typeof COORDS }) => void
type Failed = (error: { code: number; PERMISSION_DENIED: number }) => void

const asked = vi.fn<(found: Found, failed: Failed) => void>()
const kept = new Map<string, string>()
vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
})
vi.stubGlobal("navigator", { geolocation: { getCurrentPosition: asked } })

beforeEach(() => {
    asked.mockReset()
    kept.clear()
    tellsPlace.value = undefined
    looking.value = "idle"
})

test("nobody is looked for before they said yes, and nobody who said no", async () => {
    expect(await lookUp()).toBeNull()
    answerPlace("no")
    expect(await lookUp()).toBeNull()
    expect(asked).not.toHaveBeenCalled()
    expect(placeNow()).toBeNull()
})

test("who said yes is looked for once, and the place counts for what is done just then", async () => {
    asked.mockImplementation((found) => found({ coords: COORDS }))
    answerPlace("yes")
    expect(await lookUp()).toEqual({ latitude_e6: 31_191_234, longitude_e6: -121_437_001, accuracy_m: 12 })
    expect(asked).toHaveBeenCalledTimes(1)
    vi.useFakeTimers({ now: Date.now() + 121_000 })
    expect(placeNow()).toBeNull()
    vi.useRealTimers()
})

test("who changes their mind leaves no place behind", async () => {
    asked.mockImplementation((found) => found({ coords: COORDS }))
    answerPlace("yes")
    answerPlace("no")
    expect(placeNow()).toBeNull()
    expect(kept.get("tells place")).toBe("no")
})

test("a browser that refuses holds nothing up", async () => {
    asked.mockImplementation((_, failed) => failed({ code: 1, PERMISSION_DENIED: 1 }))
    tellsPlace.value = "yes"
    expect(await lookUp()).toBeNull()
    expect(looking.value).toBe("barred")
    asked.mockImplementation((_, failed) => failed({ code: 3, PERMISSION_DENIED: 1 }))
    expect(await lookUp()).toBeNull()
    expect(looking.value).toBe("unfound")
})

test("a place is kept in whole numbers", () => {
    expect(placeOf({ latitude: -0.0000004, longitude: 180, accuracy: 0.2 })).toEqual({
        latitude_e6: 0,
        longitude_e6: 180_000_000,
        accuracy_m: 0,
    })
})
