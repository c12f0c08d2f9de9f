import { useEffect, useRef } from "preact/hooks"
import { hoursText } from "../../../design/dates.ts"
import { Button } from "../../../design/parts.tsx"
import { legText } from "../../../design/ways.ts"
import { words } from "../../../words.ts"
import type { Job } from "../day.ts"
import { pathOf } from "./picture.tsx"
import { PlaceForm } from "./place_form.tsx"
import type { DayMap, Look, Stop } from "./routes.ts"
import { JobStatus } from "../../job_status.tsx"

interface Props {
    map: DayMap
    picked: string | undefined
    onPick: (job: string) => void
    onOpen: (job: Job) => void
    onPlaced: () => void
}

/** The same in words: it is the map's legend, and all of the map for whoever does not see it. */
export function StopList({ map, onPlaced, ...hands }: Props) {
    const text = words.value.deskMap
    return (
        <div class="map-list">
            {map.routes.map(({ technician, look, stops }) => (
                <section key={technician.id} aria-label={technician.name}>
                    <h3 class="map-who">
                        <LegendSign look={look} />
                        {technician.name}
                    </h3>
                    <ol>
                        {stops.map((stop) => (
                            <Line key={stop.job.id} stop={stop} {...hands} />
                        ))}
                    </ol>
                </section>
            ))}
            {map.unassigned.length > 0 && (
                <section aria-label={text.unassigned}>
                    <h3 class="map-who">
                        <LegendSign look={undefined} />
                        {text.unassigned}
                    </h3>
                    <ul>
                        {map.unassigned.map((stop) => (
                            <Line key={stop.job.id} stop={stop} {...hands} />
                        ))}
                    </ul>
                </section>
            )}
            {map.lost.length > 0 && (
                <section aria-label={text.lost}>
                    <h3>{text.lost}</h3>
                    <p class="small soft">{text.lostHint}</p>
                    <ul>
                        {map.lost.map((job) => (
                            <li key={job.id} class="map-lost">
                                <span>
                                    <strong>{job.name ?? job.number}</strong> <span class="small">{job.address}</span>
                                </span>
                                <PlaceForm job={job} onDone={onPlaced} />
                            </li>
                        ))}
                    </ul>
                </section>
            )}
        </div>
    )
}

function LegendSign({ look }: { look: Look | undefined }) {
    return (
        <svg class={`map-legend map-colour-${look?.colour ?? 0}`} viewBox="-20 -20 72 40" aria-hidden="true">
            {look && <path class="map-line" d="M 0 0 H 50" stroke-dasharray={look.dash} />}
            <path class="map-sign" d={pathOf(look?.shape)} />
        </svg>
    )
}

/** Scrolls the list alone: the page stays under the mouse. */
function reveal(line: HTMLElement): void {
    const list = line.closest(".map-list")
    if (!list) return
    const [inner, outer] = [line.getBoundingClientRect(), list.getBoundingClientRect()]
    if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top
    else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom
}

type LineProps = Omit<Props, "map" | "onPlaced"> & { stop: Stop }

function Line({ stop, picked, onPick, onOpen }: LineProps) {
    const { deskMap, deskBoard } = words.value
    const { job, number, leg } = stop
    const isPicked = picked === job.id
    const line = useRef<HTMLLIElement>(null)
    useEffect(() => {
        if (isPicked && line.current) reveal(line.current)
    }, [isPicked])
    return (
        <li ref={line} class={`map-row${isPicked ? " map-row-picked" : ""}`}>
            <button type="button" class="map-row-pick" aria-pressed={isPicked} onClick={() => onPick(job.id)}>
                <span class="row">
                    {number !== undefined && <strong class="figures">{number}</strong>}
                    <span class="figures">{job.window ? hoursText(job.window) : deskBoard.noWindow}</span>
                    <JobStatus job={job} />
                </span>
                <span>
                    <strong>{job.name ?? job.number}</strong> <span class="small soft">{job.address}</span>
                </span>
                {leg && <span class={`small${leg.isTight ? " board-clash" : " soft"}`}>{legText(leg)}</span>}
            </button>
            {isPicked && <Button onClick={() => onOpen(job)}>{deskMap.open}</Button>}
        </li>
    )
}
