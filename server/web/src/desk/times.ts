/** What is counted down at the desk. How a moment is written stands in `design/dates.ts`. */
import { signal } from "@preact/signals"
import { words } from "../words.ts"

/** Moves each half minute, so that what is counted down stays true. */
export const now = signal(Date.now())

const MINUTE_MS = 60_000
const DAY_HOURS = 24

export function keepTime(): () => void {
    const timer = setInterval(() => (now.value = Date.now()), MINUTE_MS / 2)
    return () => clearInterval(timer)
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
