/**
 * An outlet's settings as a form has them, and back. What is left empty is not set, so that it follows what is usual. The names of the form's
 * fields are the places of the settings, as problems name them: `/settings/clocks/urgent_on_site/length`.
 */
import type { Schemas } from "../../api/client.ts"
import { type Point, readPoint } from "../../core/travel.ts"

export type Settings = Schemas["OutletSettings"]
export type Defaults = Schemas["OutletDefaults"]
export type ClockDefault = Schemas["ClockDefault"]
export type Length = Schemas["Length"]
export type Level = Schemas["EscalationLevel"]
type ClockSetting = Schemas["ClockSetting"]

/** As many as the server takes. */
export const LEVELS_MAX = 5

const MINUTE_US = 60_000_000
const HOUR_US = 60 * MINUTE_US

export const FIGURES = [
    "follow_up_percent",
    "low_rating_max",
    "call_tries",
    "call_tries_apart_minutes",
    "travel_minutes",
    "detour_percent",
    "speed_kmh",
    "repeat_window_days",
    "price_request_minutes",
    "question_minutes",
    "setup_free_months",
    "setup_charged_months",
] as const
export type Figure = (typeof FIGURES)[number]

export const CLASSES = ["key", "contract"] as const
export const UNITS = ["minutes", "hours", "working_days", "same_day", "before"] as const
export type Unit = (typeof UNITS)[number]
/** Its length is the time for a price, which is set by itself. */
export const OFF_LIST = "off_list_price"

/** Where technicians set out. */
export const BASE = "/settings/base"

/** Where a clock's setting stands. */
export const clockAt = (id: string, field: string) => `/settings/clocks/${id}/${field}`
export const callAt = (reason: string, field: string) => `/settings/calls/${reason}/${field}`

/** The units in which this clock's length can be said. */
export function unitsFor(clock: ClockDefault): Unit[] {
    if (typeof clock.length === "object" && "before_us" in clock.length) return ["before"]
    return clock.kind === "not_before" ? ["minutes", "hours"] : ["minutes", "hours", "working_days", "same_day"]
}

/** A length as two fields have it. */
export function lengthFields(length: Length | null | undefined): { unit: Unit | ""; count: string } {
    if (length === null || length === undefined) return { unit: "", count: "" }
    if (typeof length === "string") return { unit: length === "same_day" ? "same_day" : "", count: "" }
    if ("before_us" in length) return { unit: "before", count: String(length.before_us / MINUTE_US) }
    if ("working_days" in length) return { unit: "working_days", count: String(length.working_days) }
    if ("months" in length) return { unit: "", count: "" }
    const isHours = length.micros % HOUR_US === 0
    return isHours
        ? { unit: "hours", count: String(length.micros / HOUR_US) }
        : { unit: "minutes", count: String(length.micros / MINUTE_US) }
}

export const inMinutes = (micros: number | null | undefined) => (micros == null ? "" : String(micros / MINUTE_US))
export const inHours = (micros: number | null | undefined) => (micros == null ? "" : String(micros / HOUR_US))

/** Reads what was typed; remembers what is no number. */
export class Typed {
    /** Places that hold no number where one must be. */
    readonly wrong = new Set<string>()
    readonly #text: (name: string) => string
    readonly #all: (name: string) => string[]

    constructor(filled: { text: (name: string) => string; all: (name: string) => string[] }) {
        this.#text = (name) => filled.text(name)
        this.#all = (name) => filled.all(name)
    }

    text(name: string): string {
        return this.#text(name)
    }

    all(name: string): string[] {
        return this.#all(name)
    }

    /** So many of a unit; none where nothing was typed. */
    count(name: string, unit = 1): number | undefined {
        const typed = this.#text(name)
        if (typed === "") return undefined
        const count = Math.round(Number(typed) * unit)
        if (Number.isFinite(count)) return count
        this.wrong.add(name)
        return undefined
    }

    /** Latitude and longitude; none where nothing was typed. */
    point(name: string): Point | undefined {
        const typed = this.#text(name)
        const point = readPoint(typed)
        if (typed.trim() !== "" && !point) this.wrong.add(name)
        return point
    }

    length(name: string): Length | undefined {
        const unit = this.#text(`${name}#unit`)
        if (unit === "same_day") return "same_day"
        if (unit === "") return undefined
        const count = this.count(name, unit === "working_days" ? 1 : unit === "hours" ? HOUR_US : MINUTE_US)
        // A unit without its number is no length.
        if (count === undefined) {
            this.wrong.add(name)
            return undefined
        }
        if (unit === "working_days") return { working_days: count }
        return unit === "before" ? { before_us: count } : { micros: count }
    }
}

/** What is set, and nothing that is as usual. */
export function settingsOf(typed: Typed, defaults: Defaults): Partial<Settings> {
    const figures = FIGURES.map((name) => [name, typed.count(`/settings/${name}`)] as const)
    const currency = typed.text("/settings/currency")
    const base = typed.point(BASE)
    const clocks = defaults.clocks.map((clock) => [clock.id, clockOf(typed, clock)] as const)
    const between = typed.text("/settings/setup_between")
    return {
        ...Object.fromEntries(figures.filter(([, value]) => value !== undefined)),
        collects: typed.text("/settings/collects") as Schemas["Collects"],
        ...(between && { setup_between: between as Schemas["Between"] }),
        ...(currency && { currency }),
        ...(base && { base }),
        clocks: Object.fromEntries(
            clocks.filter(([, setting]) => Object.keys(setting).length > 0),
        ) as Settings["clocks"],
        calls: callsOf(typed, defaults),
    }
}

function clockOf(typed: Typed, clock: ClockDefault): Partial<ClockSetting> {
    const at = (field: string) => clockAt(clock.id, field)
    const length = clock.id === OFF_LIST ? undefined : typed.length(at("length"))
    const warn_before_us = typed.count(at("warn_before_us"), MINUTE_US)
    const late_after_us = typed.count(at("late_after_us"), MINUTE_US)
    const escalations = levelsOf(typed, clock)
    const pauses = typed.all(at("pauses")) as Schemas["HoldKind"][]
    const classes = CLASSES.map((name) => [name, typed.length(at(`by_class/${name}`))] as const)
    const by_class = Object.fromEntries(classes.filter(([, own]) => own !== undefined)) as ClockSetting["by_class"]
    const isUsual = pauses.toSorted().join() === clock.pauses.toSorted().join()
    return {
        ...(length !== undefined && { length }),
        ...(Object.keys(by_class ?? {}).length > 0 && { by_class }),
        ...(warn_before_us !== undefined && { warn_before_us }),
        ...(late_after_us !== undefined && { late_after_us }),
        ...(!isUsual && { pauses }),
        ...(!isSame(escalations, clock.escalations) && { escalations }),
        ...(typed.text(at("off")) === "on" && { off: true }),
    }
}

/** Those of the levels that name a role, one after the other. */
function levelsOf(typed: Typed, clock: ClockDefault): Level[] {
    const levels: Level[] = []
    for (let place = 0; place < LEVELS_MAX; place += 1) {
        const at = (field: string) => clockAt(clock.id, `escalations/${place}/${field}`)
        const to = typed.text(at("to"))
        if (to === "") continue
        const from = typed.text(at("from")) === "warning" ? "warning" : "due"
        levels.push({ to: to as Level["to"], from, after_us: typed.count(at("after_us"), MINUTE_US) ?? 0 })
    }
    return levels
}

function isSame(some: Level[], others: Level[]): boolean {
    const text = (levels: Level[]) => levels.map(({ to, from, after_us }) => `${to} ${from} ${after_us ?? 0}`).join()
    return text(some) === text(others)
}

/** A call's two times go together: the one that is left empty is the usual one. */
function callsOf(typed: Typed, defaults: Defaults): Settings["calls"] {
    const calls: NonNullable<Settings["calls"]> = {}
    for (const [reason, usual] of Object.entries(defaults.calls)) {
        const after_us = typed.count(callAt(reason, "after_us"), HOUR_US)
        const late_after_us = typed.count(callAt(reason, "late_after_us"), HOUR_US)
        if (after_us === undefined && late_after_us === undefined) continue
        calls[reason as Schemas["CallReason"]] = {
            after_us: after_us ?? usual.after_us,
            late_after_us: late_after_us ?? usual.late_after_us,
        }
    }
    return calls
}
