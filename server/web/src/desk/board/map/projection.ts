/**
 * Where places stand on the schematic map. A plain equirectangular projection at the middle latitude: over a city it is off by less than a stroke is
 * wide. All coordinates are WGS 84; there is no map beneath to which they would have to be shifted.
 */
import { type Point, straightMetres } from "../../../core/travel.ts"

export interface Spot {
    x: number
    y: number
}

export interface Size {
    width: number
    height: number
}

export interface Frame {
    at: (point: Point) => Spot
    /** How many metres a pixel is. */
    metresPerPixel: number
}

/** Room for a stop's sign and its number at each side. */
const MARGIN_PX = 40
/** Where all places are the same, so much around them is shown. */
const SPREAD_E6_MIN = 8_000

/** Fits the places into a picture of so many pixels. */
export function frameOf(points: readonly Point[], { width, height }: Size): Frame {
    const latitudes = points.map((point) => point.latitude_e6)
    const longitudes = points.map((point) => point.longitude_e6)
    const middle = { latitude_e6: middleOf(latitudes), longitude_e6: middleOf(longitudes) }
    const narrowing = Math.cos((middle.latitude_e6 / 1e6) * (Math.PI / 180))
    const across = Math.max(SPREAD_E6_MIN, spreadOf(longitudes)) * narrowing
    const up = Math.max(SPREAD_E6_MIN, spreadOf(latitudes))
    const scale = Math.min((width - 2 * MARGIN_PX) / across, (height - 2 * MARGIN_PX) / up)
    const degree = { ...middle, latitude_e6: middle.latitude_e6 + 10_000 }
    return {
        at: ({ latitude_e6, longitude_e6 }) => ({
            x: width / 2 + (longitude_e6 - middle.longitude_e6) * narrowing * scale,
            y: height / 2 - (latitude_e6 - middle.latitude_e6) * scale,
        }),
        metresPerPixel: straightMetres(middle, degree) / (10_000 * scale),
    }
}

function middleOf(values: readonly number[]): number {
    return values.length === 0 ? 0 : (Math.min(...values) + Math.max(...values)) / 2
}

function spreadOf(values: readonly number[]): number {
    return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values)
}

/** The longest round length that is not longer than so many pixels, for the scale. */
export function scaleBar(metresPerPixel: number, pixelsMax: number): { metres: number; pixels: number } {
    const most = Math.max(1, metresPerPixel * pixelsMax)
    const power = 10 ** Math.floor(Math.log10(most))
    const metres = [5, 2, 1].map((times) => times * power).find((length) => length <= most) ?? power
    return { metres, pixels: metres / metresPerPixel }
}

/** Moves signs that would cover each other apart, each as little as it takes; the first stays where it is. */
export function apart(spots: readonly Spot[], distance: number, { width, height }: Size): Spot[] {
    const placed: Spot[] = []
    const isInside = ({ x, y }: Spot) => x >= EDGE_PX && y >= EDGE_PX && x <= width - EDGE_PX && y <= height - EDGE_PX
    const isFree = (spot: Spot) =>
        isInside(spot) && placed.every((other) => Math.hypot(other.x - spot.x, other.y - spot.y) >= distance)
    for (const spot of spots) placed.push(freeSpot(spot, distance, isFree))
    return placed
}

/** A sign at the edge is still whole. */
const EDGE_PX = 22
const TURN = 2.4
const TRIES = 60

/** On a spiral around where it belongs, the first place that is free. */
function freeSpot(spot: Spot, distance: number, isFree: (spot: Spot) => boolean): Spot {
    for (let step = 0; step < TRIES; step += 1) {
        const radius = distance * 0.45 * Math.sqrt(step)
        const found = { x: spot.x + radius * Math.cos(step * TURN), y: spot.y + radius * Math.sin(step * TURN) }
        if (isFree(found)) return found
    }
    return spot
}
