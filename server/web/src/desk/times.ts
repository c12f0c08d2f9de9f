/** Times as people at the desk read them: in the outlet's time zone, whatever the computer's is. */
import { signal } from "@preact/signals"
import { language, words } from "../words.ts"

/** The outlet's, once it is known. */
export const zone = signal("Asia/Shanghai")
/** Moves each half minute, so that what is counted down stays true. */
export const now = signal(Date.now())

const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
const DAY_HOURS = 24

export function keepTime(): () => void {
    const timer = setInterval(() => (now.value = Date.now()), MINUTE_MS / 2)
    return () => clearInterval(timer)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(options: Intl.DateTimeFormatOptions, locale: string = language.value): Intl.DateTimeFormat {
    const key = `${locale} ${zone.value} ${JSON.stringify(options)}`
    const known = formats.get(key)
    if (known) return known
    const made = new Intl.DateTimeFormat(locale, { timeZone: zone.value, hourCycle: "h23", ...options })
    formats.set(key, made)
    return made
}

type Moment = string | number

export const clockTime = (at: Moment) => format({ hour: "2-digit", minute: "2-digit" }).format(new Date(at))
export const dayAndTime = (at: Moment) =>
    format({ month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }).format(new Date(at))
export const wholeTime = (at: Moment) => format({ dateStyle: "medium", timeStyle: "medium" }).format(new Date(at))
export const wholeDay = (at: Moment) =>
    format({ year: "numeric", month: "short", day: "numeric", weekday: "short" }).format(new Date(at))

export function windowText(window: { from: string; to: string }): string {
    const sameDay = dayOf(window.from) === dayOf(window.to)
    return `${dayAndTime(window.from)}–${sameDay ? clockTime(window.to) : dayAndTime(window.to)}`
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

/** A length of time, as long as a glance takes. */
export function span(ms: number): string {
    const { minutes, hours, days } = words.value.deskShell
    const whole = Math.round(Math.abs(ms) / MINUTE_MS)
    if (whole < 120) return minutes(whole)
    const inHours = Math.round(whole / 60)
    return inHours < 2 * DAY_HOURS ? hours(inHours) : days(Math.round(inHours / DAY_HOURS))
}

/** How long there is until something is due, or how long it is over. */
export function untilDue(due: string): string {
    const left = Date.parse(due) - now.value
    return left >= 0 ? words.value.deskShell.left(span(left)) : words.value.deskShell.over(span(left))
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
