/** Moments as people read them: in their language, and in the time zone of the outlet, whatever the device's is. */
import { signal } from "@preact/signals"
import { language } from "../words.ts"

/** The outlet's; until it is known, the one that most outlets are in. */
export const zone = signal("Asia/Shanghai")

const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
const DAY_HOURS = 24

export type Moment = string | number
type Span = { from: string; to: string }

const formats = new Map<string, Intl.DateTimeFormat>()

function format(options: Intl.DateTimeFormatOptions, locale: string = language.value): Intl.DateTimeFormat {
    const key = `${locale} ${zone.value} ${JSON.stringify(options)}`
    const known = formats.get(key)
    if (known) return known
    const made = new Intl.DateTimeFormat(locale, { timeZone: zone.value, hourCycle: "h23", ...options })
    formats.set(key, made)
    return made
}

function text(options: Intl.DateTimeFormatOptions): (at: Moment) => string {
    return (at) => format(options).format(new Date(at))
}

/** As in 08:30. */
export const clockTime = text({ hour: "2-digit", minute: "2-digit" })
/** As in 11/22 08:30, for tables. */
export const dayAndTime = text({ month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" })
/** As in 11月22日 08:30. */
export const momentText = text({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" })
/** As in 11月22日 周日. */
export const dayText = text({ month: "short", day: "numeric", weekday: "short" })
/** As in 周日. */
export const weekday = text({ weekday: "short" })
/** As in 2026年11月22日周日. */
export const wholeDay = text({ year: "numeric", month: "short", day: "numeric", weekday: "short" })
/** To the second. */
export const wholeTime = text({ dateStyle: "medium", timeStyle: "medium" })

/** As in 11/22 08:30–10:30: the second day only where it is another. */
export function windowText({ from, to }: Span): string {
    return `${dayAndTime(from)}–${dayOf(from) === dayOf(to) ? clockTime(to) : dayAndTime(to)}`
}

/** As in 08:30–10:30. */
export function hoursText({ from, to }: Span): string {
    return `${clockTime(from)}–${clockTime(to)}`
}

/** From when until when: the day only where it is not the day of `now`. */
export function visitText(window: Span, now: Moment): string {
    const hours = hoursText(window)
    return dayOf(window.from) === dayOf(now) ? hours : `${dayText(window.from)} ${hours}`
}

/** `2026-11-23`, as in addresses. */
export function dayOf(at: Moment): string {
    return format({ year: "numeric", month: "2-digit", day: "2-digit" }, "sv-SE").format(new Date(at))
}

/** Minutes since the outlet's midnight. */
export function minuteOfDay(at: Moment): number {
    const [hour = 0, minute = 0] = format({ hour: "2-digit", minute: "2-digit" }, "sv-SE")
        .format(new Date(at))
        .split(":")
        .map(Number)
    return hour * 60 + minute
}

/** The moment at which the outlet's clocks show so much after midnight of a day. */
export function moment(day: string, minutes = 0): number {
    const shown = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS
    // What the zone's clocks show at a first guess says how far it is off; twice, for the days on which clocks are put forward or back.
    let at = shown
    for (let round = 0; round < 2; round += 1) at = shown - (shows(at) - at)
    return at
}

function shows(at: number): number {
    return Date.parse(`${dayOf(at)}T00:00:00Z`) + minuteOfDay(at) * MINUTE_MS + (at % MINUTE_MS)
}

/** The day so many days later. */
export function dayAfter(day: string, days = 1): string {
    return new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY_HOURS * HOUR_MS).toISOString().slice(0, 10)
}

/** `2026-11-23T09:30` of a field, in the outlet's time. */
export function fieldOf(at: Moment): string {
    return `${dayOf(at)}T${format({ hour: "2-digit", minute: "2-digit" }, "sv-SE").format(new Date(at))}`
}

/** The moment that such a field means; none where it is not whole. */
export function ofField(text: string): string | undefined {
    const [day, time] = text.split("T")
    if (!day || !time) return undefined
    const [hour = 0, minute = 0] = time.split(":").map(Number)
    return new Date(moment(day, hour * 60 + minute)).toISOString()
}
