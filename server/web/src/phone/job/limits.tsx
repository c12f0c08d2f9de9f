import { AlarmClock } from "lucide"
import type { JobView } from "../../core/handset.ts"
import { type Limit, limitsToKeep, urgencyOf } from "../../core/limit.ts"
import { clockTime, dayOf, momentText } from "../../design/dates.ts"
import { Icon } from "../../design/icon.tsx"
import { Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { minute } from "../phone.ts"
import "./limits.css"

const TONES = { ahead: "plain", near: "warn", over: "bad" } as const

/** Of a visit that must begin within hours the limit is always worth a look; of others once it is near. */
const TIGHT = ["urgent_on_site"]

function limitText(limit: Limit, now: number): string {
    const { phone } = words.value
    const isToday = dayOf(limit.due_at) === dayOf(now)
    const due = isToday ? clockTime(limit.due_at) : momentText(limit.due_at)
    return (urgencyOf(limit, now) === "over" ? phone.limitOver : phone.limit)(pick(limit.name), due)
}

/** For the day's list: what is about to break, or has. */
export function NearLimit({ job }: { job: JobView }) {
    const now = minute.value
    if (job.gone) return null
    const [first] = limitsToKeep(job).filter((limit) => TIGHT.includes(limit.rule) || urgencyOf(limit, now) !== "ahead")
    if (!first) return null
    return <Tag tone={TONES[urgencyOf(first, now)]}>{limitText(first, now)}</Tag>
}

/** For the job's page: all that the technician has to keep. */
export function Limits({ job }: { job: JobView }) {
    const now = minute.value
    const limits = job.gone ? [] : limitsToKeep(job)
    if (limits.length === 0) return null
    return (
        <ul class="limits">
            {limits.map((limit) => (
                <li key={limit.rule} class={`limit limit-${urgencyOf(limit, now)} small figures`}>
                    <Icon of={AlarmClock} size={18} />
                    {limitText(limit, now)}
                </li>
            ))}
        </ul>
    )
}
