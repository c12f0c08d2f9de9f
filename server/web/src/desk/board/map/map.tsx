/** The day on a schematic map, drawn from coordinates alone: no tiles, nobody else's service, and it prints. */
import { MapPinOff, X } from "lucide"
import { useEffect, useRef } from "preact/hooks"
import { Empty, IconButton } from "../../../design/parts.tsx"
import { words } from "../../../words.ts"
import type { Day, Job } from "../day.ts"
import { legsOfDay } from "../legs.ts"
import { StopList } from "./list.tsx"
import "./map.css"
import { Picture } from "./picture.tsx"
import { mapOf } from "./routes.ts"

export interface BoardMapProps {
    day: Day
    picked: string | undefined
    onPick: (job: string) => void
    onOpen: (job: Job) => void
    onPlaced: () => void
    onClose: () => void
    /** Whether it was just asked for: then it is gone to. Another day's map comes where the last one stood. */
    wasAskedFor: { current: boolean }
}

export function BoardMap({ day, onClose, wasAskedFor, ...hands }: BoardMapProps) {
    const text = words.value.deskMap
    const section = useRef<HTMLElement>(null)
    useEffect(() => {
        if (!wasAskedFor.current || !section.current) return
        wasAskedFor.current = false
        goTo(section.current)
    }, [])
    const map = mapOf(day, legsOfDay(day))
    const isEmpty = map.routes.length + map.unassigned.length + map.lost.length === 0
    return (
        <section ref={section} class="map-room" aria-label={text.title} tabIndex={-1}>
            <div class="row row-apart">
                <h2>{text.title}</h2>
                <IconButton class="no-print" icon={X} label={text.close} onClick={onClose} />
            </div>
            {isEmpty ? (
                <Empty icon={MapPinOff}>{text.none}</Empty>
            ) : (
                <div class="map-halves">
                    <figure>
                        <Picture map={map} base={day.travel.base} picked={hands.picked} onPick={hands.onPick} />
                        <figcaption class="small soft">{text.schematic}</figcaption>
                    </figure>
                    <StopList map={map} {...hands} />
                </div>
            )}
        </section>
    )
}

/** Into sight, unless it stands there already; the keyboard goes along. */
function goTo(section: HTMLElement): void {
    const { top } = section.getBoundingClientRect()
    if (top < 0 || top > innerHeight / 2) section.scrollIntoView({ block: "start" })
    section.focus({ preventScroll: true })
}
