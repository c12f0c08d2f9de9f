import type { JobView } from "../../core/handset.ts"
import type { EarlierVisit } from "../../core/store/entry.ts"
import { compareTimes } from "../../core/time.ts"
import { dayText } from "../../design/dates.ts"
import { Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { now } from "../phone.ts"

/** What was found, repaired and replaced at this customer's before, by whom, and whether that is still warranted. */
export function EarlierVisits({ job }: { job: JobView }) {
    const said = words.value.earlier
    const visits = job.earlier
    if (job.gone) return null
    if (!visits) return <p class="soft small">{said.notHere}</p>
    if (visits.length === 0) return <p class="soft small">{said.none}</p>
    return (
        <details class="card" open={visits.some((visit) => visit.is_same_product)}>
            <summary>{said.title(visits.length)}</summary>
            <ol class="stack">
                {visits.map((visit) => (
                    <li key={visit.number} class="earlier">
                        <Visit visit={visit} />
                    </li>
                ))}
            </ol>
        </details>
    )
}

function Visit({ visit }: { visit: EarlierVisit }) {
    const said = words.value.earlier
    const product = [visit.product, visit.model, visit.serial].filter(Boolean).join(" · ")
    const parts = visit.parts.map((part) => {
        const count = part.quantity_milli === 1_000 ? "" : ` × ${part.quantity_milli / 1_000}`
        return `${part.name}${count}${part.serial ? ` (${part.serial})` : ""}`
    })
    const told: [string, string | null | undefined][] = [
        [said.fault, visit.fault],
        [said.cause, visit.cause],
        [said.measures, visit.measures],
        [said.parts, parts.join(" · ")],
    ]
    return (
        <>
            <p class="row row-apart">
                <strong class="figures">{dayText(visit.ended_at ?? visit.reported_at)}</strong>
                <span class="soft small">{[visit.technician, visit.number].filter(Boolean).join(" · ")}</span>
            </p>
            <p class="row">
                {visit.is_same_product && <Tag tone="info">{said.sameProduct}</Tag>}
                <Warranty until={visit.warranted_until} />
                <span class="soft small">{product}</span>
            </p>
            <dl class="facts">
                {told
                    .filter(([, text]) => text)
                    .map(([name, text]) => (
                        <div key={name}>
                            <dt>{name}</dt>
                            <dd>{text}</dd>
                        </div>
                    ))}
            </dl>
        </>
    )
}

function Warranty({ until }: { until: string | null | undefined }) {
    const said = words.value.earlier
    if (!until) return null
    const holds = compareTimes(now(), until) < 0
    return (
        <Tag tone={holds ? "good" : "plain"}>
            {holds ? said.warranted(dayText(until)) : said.lapsed(dayText(until))}
        </Tag>
    )
}
