import { pointOf, type Point, pointText, straightMetres } from "../../core/travel.ts"
import { complete } from "../../core/record.ts"
import { distanceText } from "../../design/ways.ts"
import { words } from "../../words.ts"
import type { Detail } from "./job.tsx"

interface Props {
    place: (Point & { accuracy_m?: number | null }) | null | undefined
    detail: Detail
}

/** Where the phone believed it was when something was done: how far from the customer as the crow flies, and how sure it was. No judgement. */
export function Where({ place, detail }: Props) {
    const text = words.value.deskJob.where
    if (!place) return null
    const customer = pointOf(complete(detail.record))
    const said = [
        ...(customer ? [text.away(far(straightMetres(place, customer)))] : []),
        text.at(pointText(place)),
        ...(place.accuracy_m == null ? [] : [text.accuracy(place.accuracy_m)]),
    ]
    return <p class="small soft figures">{said.join(" · ")}</p>
}

/** At a door, fifty metres are much. */
const far = (metres: number) => (metres < 1_000 ? words.value.travel.metres(metres) : distanceText(metres))
