/** The ways between the visits of a day, each technician's for themselves. */
import { delayed, type Leg, legsOf, type Stop } from "../../core/route.ts"
import type { Day, Job } from "./day.ts"

export function legsOfDay(day: Day): Map<string, Leg> {
    const stops = new Map<string, Stop[]>()
    for (const job of day.visits) {
        const stop = stopOf(job)
        if (!stop || !job.technician) continue
        stops.set(job.technician.id, [...(stops.get(job.technician.id) ?? []), stop])
    }
    return new Map([...stops.values()].flatMap((visits) => [...legsOf(visits, day.travel)]))
}

/** Somebody who comes late leaves late. */
function stopOf(job: Job): Stop | undefined {
    if (!job.window) return undefined
    return { id: job.id, window: delayed(job.window, job.delay?.arrives_at), point: job.point }
}
