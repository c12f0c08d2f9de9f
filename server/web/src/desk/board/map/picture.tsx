import { useEffect, useRef } from "preact/hooks"
import { useSignal } from "@preact/signals"
import type { Point } from "../../../core/travel.ts"
import { distanceText } from "../../../design/ways.ts"
import { words } from "../../../words.ts"
import { jobStatus } from "../../job_status.tsx"
import { apart, type Frame, frameOf, scaleBar, type Size, type Spot } from "./projection.ts"
import type { DayMap, Look, Shape, Stop } from "./routes.ts"

const HEIGHT_PART = 0.6
const HEIGHT_MIN_PX = 320
const HEIGHT_MAX_PX = 600
const SIGN_PX = 13
const APART_PX = 30
const SCALE_PX_MAX = 160

interface Props {
    map: DayMap
    base: Point | null | undefined
    picked: string | undefined
    onPick: (job: string) => void
}

/** The day drawn: the outlet, the stops and the ways between them. What it shows stands in the list beside it too. */
export function Picture({ map, base, picked, onPick }: Props) {
    const text = words.value.deskMap
    const holder = useRef<HTMLDivElement>(null)
    const width = useSignal(800)
    useEffect(() => {
        const { current } = holder
        if (!current) return
        const measure = () => (width.value = Math.max(240, current.clientWidth))
        measure()
        const watching = new ResizeObserver(measure)
        watching.observe(current)
        return () => watching.disconnect()
    }, [])
    const height = Math.min(HEIGHT_MAX_PX, Math.max(HEIGHT_MIN_PX, Math.round(width.value * HEIGHT_PART)))
    const stops = [...map.routes.flatMap((route) => route.stops), ...map.unassigned]
    const points = stops.map((stop) => stop.point)
    const size = { width: width.value, height }
    const frame = frameOf(base ? [base, ...points] : points, size)
    const spots = placed(stops, base, frame, size)
    return (
        <div ref={holder} class="map-holder">
            <svg class="map" viewBox={`0 0 ${width.value} ${height}`} role="group" aria-label={text.title}>
                {map.routes.map((route) => (
                    <Line key={route.technician.id} look={route.look} spots={lineOf(route.stops, base, frame, spots)} />
                ))}
                {base && <Outlet at={frame.at(base)} />}
                {map.unassigned.map((stop) => (
                    <Sign key={stop.job.id} stop={stop} at={spots.get(stop.job.id)} picked={picked} onPick={onPick} />
                ))}
                {map.routes.map(({ stops, look, technician }) =>
                    stops.map((stop) => (
                        <Sign
                            key={stop.job.id}
                            stop={stop}
                            look={look}
                            who={technician.name}
                            at={spots.get(stop.job.id)}
                            picked={picked}
                            onPick={onPick}
                        />
                    )),
                )}
                <Scale frame={frame} height={height} />
            </svg>
        </div>
    )
}

/** Where each stop's sign stands, so that none covers another or the outlet's. */
function placed(stops: Stop[], base: Point | null | undefined, frame: Frame, size: Size): Map<string, Spot> {
    const fixed = base ? [frame.at(base)] : []
    const spots = apart([...fixed, ...stops.map((stop) => frame.at(stop.point))], APART_PX, size).slice(fixed.length)
    return new Map(stops.flatMap((stop, index) => (spots[index] ? [[stop.job.id, spots[index]] as const] : [])))
}

function lineOf(stops: Stop[], base: Point | null | undefined, frame: Frame, spots: Map<string, Spot>): Spot[] {
    return [...(base ? [frame.at(base)] : []), ...stops.flatMap((stop) => spots.get(stop.job.id) ?? [])]
}

function Line({ look, spots }: { look: Look; spots: Spot[] }) {
    const points = spots.map(({ x, y }) => `${x},${y}`).join(" ")
    return <polyline class={`map-line map-colour-${look.colour}`} points={points} stroke-dasharray={look.dash} />
}

function Outlet({ at }: { at: Spot }) {
    return (
        <g class="map-outlet" transform={`translate(${at.x} ${at.y})`}>
            <path d="M -13 -1 L 0 -13 L 13 -1 V 12 H -13 Z" />
            <text y={27}>{words.value.deskMap.outlet}</text>
        </g>
    )
}

interface SignProps {
    stop: Stop
    look?: Look
    who?: string
    at: Spot | undefined
    picked: string | undefined
    onPick: (job: string) => void
}

function Sign({ stop, look, who, at, picked, onPick }: SignProps) {
    const { deskMap } = words.value
    const { job } = stop
    if (!at) return null
    const isPicked = picked === job.id
    const pick = () => onPick(job.id)
    return (
        <g
            class={`map-stop map-colour-${look?.colour ?? 0}${isPicked ? " map-picked" : ""}`}
            transform={`translate(${at.x} ${at.y})`}
            role="button"
            tabindex={0}
            aria-pressed={isPicked}
            aria-label={deskMap.stop(stop.number, who, job.name ?? job.number, jobStatus(job).word)}
            onClick={pick}
            onKeyDown={(event) => {
                if (event.key !== "Enter" && event.key !== " ") return
                event.preventDefault()
                pick()
            }}
        >
            <circle class="map-touch" r={22} />
            {isPicked && <circle class="map-ring" r={SIGN_PX + 6} />}
            <path class="map-sign" d={pathOf(look?.shape)} />
            <text y={5}>{stop.number ?? "?"}</text>
        </g>
    )
}

/** The outline of a sign around its middle. */
export function pathOf(shape: Shape | undefined): string {
    const r = SIGN_PX
    switch (shape) {
        case "square":
            return `M ${-r + 1} ${-r + 1} H ${r - 1} V ${r - 1} H ${-r + 1} Z`
        case "diamond":
            return `M 0 ${-r - 3} L ${r + 3} 0 L 0 ${r + 3} L ${-r - 3} 0 Z`
        case "triangle":
            return `M 0 ${-r - 4} L ${r + 4} ${r - 1} H ${-r - 4} Z`
        case "hexagon":
            return `M ${-r - 1} 0 L ${-r / 2} ${-r} H ${r / 2} L ${r + 1} 0 L ${r / 2} ${r} H ${-r / 2} Z`
        default:
            return `M ${-r} 0 A ${r} ${r} 0 1 1 ${r} 0 A ${r} ${r} 0 1 1 ${-r} 0 Z`
    }
}

function Scale({ frame, height }: { frame: Frame; height: number }) {
    const { metres, pixels } = scaleBar(frame.metresPerPixel, SCALE_PX_MAX)
    return (
        <g class="map-scale" transform={`translate(16 ${height - 16})`}>
            <path d={`M 0 -6 V 0 H ${pixels} V -6`} />
            <text x={pixels / 2} y={-8}>
                {distanceText(metres)}
            </text>
        </g>
    )
}
