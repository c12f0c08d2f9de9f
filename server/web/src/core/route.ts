/** A technician's day as a route: the stops in the order of their windows, and the way to each. */
import { minutesBetween, type Point, type Travel, type Way, wayOf } from "./travel.ts"

export interface Stop {
    id: string
    /** In RFC 3339. */
    window: { from: string; to: string }
    point: Point | null | undefined
}

/** The way to a stop. */
export interface Leg extends Way {
    /** The stop before it; none for the first, to which the way leads from the outlet. */
    after: string | undefined
    /** The minutes between the two windows. */
    free: number | undefined
    /** The way takes longer than that. Where it is not known, or the windows overlap, nothing is said. */
    isTight: boolean
}

/** The stops of one day, the first first. */
export function inOrder<S extends Stop>(stops: readonly S[]): S[] {
    const from = (stop: S) => Date.parse(stop.window.from)
    return stops.toSorted((one, other) => from(one) - from(other) || (one.id < other.id ? -1 : 1))
}

/** The way to each stop of one technician's day, by the stop. */
export function legsOf(stops: readonly Stop[], travel: Travel): Map<string, Leg> {
    const legs = new Map<string, Leg>()
    let before: Stop | undefined
    for (const stop of inOrder(stops)) {
        const way = wayOf(travel, before ? before.point : travel.base, stop.point)
        const free = before && minutesBetween(before.window, stop.window)
        const isTight = way.distance_m != null && free !== undefined && free >= 0 && way.minutes > free
        legs.set(stop.id, { ...way, after: before?.id, free, isTight })
        before = stop
    }
    return legs
}

/** A window as it is to be expected once the technician said that they come later: it moves whole. */
export function delayed(window: Stop["window"], arrivesAt: string | undefined): Stop["window"] {
    const late = arrivesAt === undefined ? 0 : Date.parse(arrivesAt) - Date.parse(window.from)
    if (late <= 0) return window
    return { from: window.from, to: new Date(Date.parse(window.to) + late).toISOString() }
}
