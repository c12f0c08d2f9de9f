/** Where somebody who calls for help is: what the call says; else the last place that one of this job's ticks says. */
import { type Point, pointOf, straightMetres } from "../../core/travel.ts"
import type { Alarm, JobRecord, Place } from "../../core/record.ts"

export interface Whereabouts {
    place: Place
    /** From the customer's address, straight over the surface; none where nobody knows where that is. */
    metres: number | undefined
    /** The tick that the place is from, where the call has none. */
    last: { step: string; at: string } | undefined
}

export function whereabouts(record: JobRecord, alarm: Alarm): Whereabouts | undefined {
    const point = pointOf(record)
    if (alarm.place) return { place: alarm.place, metres: metresTo(point, alarm.place), last: undefined }
    const marks = Object.entries(record.marks ?? {}).filter(([, mark]) => mark.by === alarm.by && mark.at <= alarm.at)
    const placed = marks.flatMap(([step, { at, place }]) => (place ? [{ step, at, place }] : []))
    const [last] = placed.sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
    return last && { place: last.place, metres: metresTo(point, last.place), last: { step: last.step, at: last.at } }
}

function metresTo(point: Point | undefined, place: Place): number | undefined {
    return point && straightMetres(place, point)
}
