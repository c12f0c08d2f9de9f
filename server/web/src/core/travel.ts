/**
 * How far it is between two places and how long the way takes: an estimate from coordinates, with no map and no service, as `schema::travel` in the
 * server's source reckons it. Coordinates are WGS 84 in millionths of a degree; those of Chinese map makers (GCJ-02) must not be mixed in.
 */
import type { JobRecord } from "./record.ts"
import type { Schemas } from "./schemas.ts"
import { known } from "./course.ts"

export type Point = Schemas["Point"]
export type Travel = Schemas["Travel"]
export type Way = Schemas["Way"]

/** The mean radius of the earth. */
const EARTH_M = 6_371_008.8
const E6 = 1e6
const MINUTE_MS = 60_000

/** Where the customer is; none where the address is not the one that the place was found for. */
export function pointOf(record: JobRecord): Point | undefined {
    const { site } = record
    if (!site || known(record, "address") !== site.address) return undefined
    return { latitude_e6: site.latitude_e6, longitude_e6: site.longitude_e6 }
}

/** Latitude, then longitude, as people copy them: `31.2304, 121.4737`. */
export function readPoint(text: string): Point | undefined {
    const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,，;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text)
    const [latitude, longitude] = [Number(found?.[1]), Number(found?.[2])]
    if (!found || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined
    return { latitude_e6: Math.round(latitude * E6), longitude_e6: Math.round(longitude * E6) }
}

export function pointText({ latitude_e6, longitude_e6 }: Point): string {
    return `${latitude_e6 / E6}, ${longitude_e6 / E6}`
}

/** Straight over the surface, in whole metres. */
export function straightMetres(from: Point, to: Point): number {
    const radians = (degreesE6: number) => (degreesE6 / E6) * (Math.PI / 180)
    const [south, north] = [radians(from.latitude_e6), radians(to.latitude_e6)]
    const halfSine = (angle: number) => Math.sin(angle / 2) ** 2
    const across = radians(to.longitude_e6 - from.longitude_e6)
    const chord = halfSine(north - south) + Math.cos(south) * Math.cos(north) * halfSine(across)
    return Math.round(2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, Math.max(0, chord)))))
}

/** From where somebody is to where they are wanted; as long as the outlet reckons with where one of the two is not known. */
export function wayOf(travel: Travel, from: Point | null | undefined, to: Point | null | undefined): Way {
    if (!from || !to) return { distance_m: null, minutes: travel.usual_minutes }
    const distance_m = Math.floor((straightMetres(from, to) * travel.detour_percent) / 100)
    return { distance_m, minutes: Math.ceil((distance_m * 60) / (Math.max(1, travel.speed_kmh) * 1_000)) }
}

/** The minutes between two visits, none or less where the second begins before the first ends. */
export function minutesBetween(earlier: { to: string }, later: { from: string }): number {
    return Math.floor((Date.parse(later.from) - Date.parse(earlier.to)) / MINUTE_MS)
}

/** As an outlet's settings say it. */
export function travelOf(settings: Schemas["OutletSettings"]): Travel {
    const { base = null, detour_percent = 140, speed_kmh = 25, travel_minutes = 30 } = settings
    return { base, detour_percent, speed_kmh, usual_minutes: travel_minutes }
}
