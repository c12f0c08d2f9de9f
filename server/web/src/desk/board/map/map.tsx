/** The day on a schematic map, drawn from coordinates alone: no tiles, nobody else's service, and it prints. */
import { MapPinOff } from "lucide"
import { Empty } from "../../../design/parts.tsx"
import { words } from "../../../words.ts"
import type { Day, Job } from "../day.ts"
import { legsOfDay } from "../legs.ts"
import { StopList } from "./list.tsx"
import "./map.css"
import { Picture } from "./picture.tsx"
import { mapOf } from "./routes.ts"

interface Props {
    day: Day
    picked: string | undefined
    onPick: (job: string) => void
    onOpen: (job: Job) => void
    onPlaced: () => void
}

export function BoardMap({ day, ...hands }: Props) {
    const text = words.value.deskMap
    const map = mapOf(day, legsOfDay(day))
    const isEmpty = map.routes.length + map.unassigned.length + map.lost.length === 0
    return (
        <section class="map-halves" aria-label={text.title}>
            <h2 class="unseen">{text.title}</h2>
            {isEmpty ? (
                <Empty icon={MapPinOff}>{text.none}</Empty>
            ) : (
                <>
                    <figure>
                        <Picture map={map} base={day.travel.base} picked={hands.picked} onPick={hands.onPick} />
                        <figcaption class="small soft">{text.schematic}</figcaption>
                    </figure>
                    <StopList map={map} {...hands} />
                </>
            )}
        </section>
    )
}
