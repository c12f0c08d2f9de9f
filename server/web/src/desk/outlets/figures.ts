/** The figures that an outlet works by, each with its name and its unit: shown on its page, and asked for in its form. */
import { words } from "../../words.ts"
import type { Figure } from "./settings.ts"

export function figures(): [Figure, string, (count: number) => string][] {
    const { deskLists, deskOutlets } = words.value
    const text = deskLists.outlets
    return [
        ["follow_up_percent", text.followUp, text.percent],
        ["low_rating_max", text.lowRating, text.points],
        ["call_tries", text.callTries, text.times],
        ["call_tries_apart_minutes", deskOutlets.callTriesApart, text.minutes],
        ["travel_minutes", text.travel, text.minutes],
        ["detour_percent", text.detour, text.percent],
        ["speed_kmh", text.speed, text.kmh],
        ["repeat_window_days", text.repeatDays, text.days],
        ["question_minutes", text.questionMinutes, text.minutes],
        ["price_request_minutes", text.priceMinutes, text.minutes],
        ["setup_free_months", deskOutlets.setupFree, deskOutlets.months],
        ["setup_charged_months", deskOutlets.setupCharged, deskOutlets.months],
    ]
}
