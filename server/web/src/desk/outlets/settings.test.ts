import { expect, test } from "vitest"
import { type Defaults, lengthFields, settingsOf, Typed, unitsFor } from "./settings.ts"

const HOUR_US = 3_600_000_000
const DEFAULTS = {
    settings: { follow_up_percent: 100, collects: "desk" },
    calls: { normal: { after_us: 24 * HOUR_US, late_after_us: 48 * HOUR_US } },
    clocks: [
        {
            id: "urgent_on_site",
            name: { zh: "急修到场", en: "Urgent: on site" },
            kind: "deadline",
            length: { micros: 2 * HOUR_US },
            warn_before_us: HOUR_US / 2,
            late_after_us: 0,
            pauses: ["customer"],
            escalations: [{ to: "dispatcher", from: "warning" }],
        },
        {
            id: "off_list_price",
            name: { zh: "目录外项目核价", en: "Item off the list: priced" },
            kind: "deadline",
            length: { micros: HOUR_US / 4 },
            warn_before_us: HOUR_US / 12,
            late_after_us: 0,
            pauses: [],
            escalations: [],
        },
    ],
} as unknown as Defaults

/** A form with these fields filled in, and nothing else. */
function filled(fields: Record<string, string | string[]>): Typed {
    const all = (name: string) => [fields[name] ?? []].flat()
    return new Typed({ all, text: (name) => all(name)[0] ?? "" })
}

const LEVELS = "/settings/clocks/urgent_on_site/escalations"
const AS_USUAL = {
    "/settings/collects": "desk",
    "/settings/clocks/urgent_on_site/pauses": ["customer"],
    [`${LEVELS}/0/to`]: "dispatcher",
    [`${LEVELS}/0/from`]: "warning",
    [`${LEVELS}/0/after_us`]: "0",
}

test("what is left empty is not set, so that it follows what is usual", () => {
    expect(settingsOf(filled(AS_USUAL), DEFAULTS)).toEqual({ collects: "desk", clocks: {}, calls: {} })
})

test("what is typed is set in the units that the server takes", () => {
    const typed = filled({
        ...AS_USUAL,
        "/settings/follow_up_percent": "30",
        "/settings/base": "31.2304，121.4737",
        "/settings/clocks/urgent_on_site/length": "1.5",
        "/settings/clocks/urgent_on_site/length#unit": "hours",
        "/settings/clocks/urgent_on_site/by_class/key": "45",
        "/settings/clocks/urgent_on_site/by_class/key#unit": "minutes",
        "/settings/clocks/urgent_on_site/pauses": ["part", "customer"],
        "/settings/calls/normal/after_us": "12",
    })
    const settings = settingsOf(typed, DEFAULTS)
    expect(settings.follow_up_percent).toBe(30)
    expect(settings.base).toEqual({ latitude_e6: 31_230_400, longitude_e6: 121_473_700 })
    expect(settings.clocks).toEqual({
        urgent_on_site: {
            length: { micros: 1.5 * HOUR_US },
            by_class: { key: { micros: 0.75 * HOUR_US } },
            pauses: ["part", "customer"],
        },
    })
    // A call's two times go together.
    expect(settings.calls).toEqual({ normal: { after_us: 12 * HOUR_US, late_after_us: 48 * HOUR_US } })
    expect(typed.wrong.size).toBe(0)
})

test("who hears of a clock is set level by level, and nobody is nobody", () => {
    const more = { [`${LEVELS}/1/to`]: "service_manager", [`${LEVELS}/1/from`]: "due", [`${LEVELS}/1/after_us`]: "30" }
    expect(settingsOf(filled({ ...AS_USUAL, ...more }), DEFAULTS).clocks?.["urgent_on_site"]?.escalations).toEqual([
        { to: "dispatcher", from: "warning", after_us: 0 },
        { to: "service_manager", from: "due", after_us: HOUR_US / 2 },
    ])
    const nobody = { ...AS_USUAL, [`${LEVELS}/0/to`]: "" }
    expect(settingsOf(filled(nobody), DEFAULTS).clocks).toEqual({ urgent_on_site: { escalations: [] } })
})

test("a clock that an outlet does not run says so, and one without pauses too", () => {
    const typed = filled({ "/settings/clocks/off_list_price/off": "on" })
    expect(settingsOf(typed, DEFAULTS).clocks).toEqual({
        urgent_on_site: { pauses: [], escalations: [] },
        off_list_price: { off: true },
    })
})

test("what is no number is told, and a unit without its number too", () => {
    const typed = filled({
        ...AS_USUAL,
        "/settings/call_tries": "three",
        "/settings/clocks/urgent_on_site/length#unit": "hours",
    })
    settingsOf(typed, DEFAULTS)
    expect([...typed.wrong]).toEqual(["/settings/call_tries", "/settings/clocks/urgent_on_site/length"])
})

test("a length is shown in the largest unit in which it is whole", () => {
    expect(lengthFields({ micros: 2 * HOUR_US })).toEqual({ unit: "hours", count: "2" })
    expect(lengthFields({ micros: HOUR_US / 4 })).toEqual({ unit: "minutes", count: "15" })
    expect(lengthFields({ working_days: 2 })).toEqual({ unit: "working_days", count: "2" })
    expect(lengthFields({ before_us: HOUR_US })).toEqual({ unit: "before", count: "60" })
    expect(lengthFields("same_day")).toEqual({ unit: "same_day", count: "" })
    expect(lengthFields(undefined)).toEqual({ unit: "", count: "" })
})

test("a clock that counts down to a moment ahead keeps doing so", () => {
    const clock = { ...DEFAULTS.clocks[0], length: { before_us: HOUR_US } } as Defaults["clocks"][number]
    expect(unitsFor(clock)).toEqual(["before"])
})
