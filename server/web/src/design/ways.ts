/** Ways as people read them. */
import type { Leg } from "../core/route.ts"
import type { Way } from "../core/travel.ts"
import { language, words } from "../words.ts"

/** As in 850 m, 3.2 km, 14 km: an estimate, and no finer than that. */
export function distanceText(metres: number): string {
    const { travel } = words.value
    if (metres < 1_000) return travel.metres(Math.round(metres / 50) * 50)
    const digits = metres < 10_000 ? 1 : 0
    return travel.kilometres(
        new Intl.NumberFormat(language.value, { maximumFractionDigits: digits }).format(metres / 1_000),
    )
}

export function wayText({ distance_m, minutes }: Way): string {
    const { travel } = words.value
    const time = travel.minutes(minutes)
    return distance_m == null ? travel.unknownWay(time) : travel.way(distanceText(distance_m), time)
}

/** From where, how far, and that there is too little time for it. */
export function legText(leg: Leg): string {
    const { travel } = words.value
    const way = leg.after === undefined ? travel.fromBase(wayText(leg)) : travel.fromBefore(wayText(leg))
    return leg.isTight ? `${way} · ${travel.tight(travel.minutes(Math.max(0, leg.free ?? 0)))}` : way
}
