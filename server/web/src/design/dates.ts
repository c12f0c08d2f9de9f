/** Moments as people read them: in their language, and in the zone where the work is done. */
import { signal } from "@preact/signals"
import { language } from "../words.ts"

/** The outlet's time zone; the device's own until it is known. */
export const zone = signal<string | undefined>(undefined)

function format(options: Intl.DateTimeFormatOptions): (at: string | number | Date) => string {
    return (at) => {
        const shown = { ...options, ...(zone.value ? { timeZone: zone.value } : {}) }
        return new Intl.DateTimeFormat(language.value, shown).format(new Date(at))
    }
}

/** As in 08:30. */
export const clockText = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
/** As in 11月22日 周日. */
export const dayText = format({ month: "short", day: "numeric", weekday: "short" })
/** As in 11月22日 08:30. */
export const momentText = format({
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
})

/** As in 08:30–10:30. */
export function hoursText(window: { from: string; to: string }): string {
    return `${clockText(window.from)}–${clockText(window.to)}`
}

/** From when until when: the day only where it is not the day of `now`. */
export function windowText(window: { from: string; to: string }, now: number): string {
    const hours = hoursText(window)
    return dayText(window.from) === dayText(now) ? hours : `${dayText(window.from)} ${hours}`
}
