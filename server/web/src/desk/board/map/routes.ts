/** What the map shows of a day: each technician's stops in their order, what is to be sent out, and what has no place. */
import { inOrder, type Leg } from "../../../core/route.ts"
import type { Point } from "../../../core/travel.ts"
import type { Day, Job } from "../day.ts"

/** Told apart by shape, line and number as well as by colour. */
export const SHAPES = ["circle", "square", "diamond", "triangle", "hexagon"] as const
export type Shape = (typeof SHAPES)[number]
/** So many colours there are (`--route-1` and on). */
export const COLOURS = 6
const DASHES = ["none", "9 5", "2 5", "14 5 2 5", "5 3"]

export interface Look {
    colour: number
    shape: Shape
    dash: string
}

export interface Stop {
    job: Job
    point: Point
    /** Counts the technician's stops of the day from 1; none for what is not sent out. */
    number: number | undefined
    leg: Leg | undefined
}

export interface Route {
    technician: Day["technicians"][number]
    look: Look
    stops: Stop[]
}

export interface DayMap {
    routes: Route[]
    unassigned: Stop[]
    /** Jobs that nobody knows the place of. */
    lost: Job[]
}

export function lookOf(index: number): Look {
    const of = <T>(all: readonly T[]) => all[index % all.length] as T
    return { colour: (index % COLOURS) + 1, shape: of(SHAPES), dash: of(DASHES) }
}

export function mapOf(day: Day, legs: Map<string, Leg>): DayMap {
    const routes = day.technicians.map((technician, index) => {
        const visits = day.visits.filter((job) => job.technician?.id === technician.id)
        return { technician, look: lookOf(index), stops: stopsOf(visits, legs) }
    })
    const unassigned = day.tray.filter((job) => !job.technician)
    const all = [...day.visits, ...unassigned]
    return {
        routes: routes.filter((route) => route.stops.length > 0),
        unassigned: unassigned.flatMap((job) =>
            job.point ? [{ job, point: job.point, number: undefined, leg: undefined }] : [],
        ),
        lost: all.filter((job) => !job.point),
    }
}

/** Numbers count what has no place too, so that they are those of the board. */
function stopsOf(visits: Job[], legs: Map<string, Leg>): Stop[] {
    const timed = visits.flatMap((job) =>
        job.window ? [{ id: job.id, window: job.window, point: job.point, job }] : [],
    )
    return inOrder(timed).flatMap(({ job }, index) =>
        job.point ? [{ job, point: job.point, number: index + 1, leg: legs.get(job.id) }] : [],
    )
}
