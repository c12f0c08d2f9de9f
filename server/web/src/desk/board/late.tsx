import { Clock } from "lucide"
import { clockTime } from "../../design/dates.ts"
import { Icon } from "../../design/icon.tsx"
import { Tag, type Tone } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import type { Day, Job } from "./day.ts"

export const LATE_TONES: { [word in NonNullable<Job["delay"]>["word"]]: Tone } = {
    untold: "warn",
    told: "info",
    seen: "info",
    agreed: "good",
    someone_else: "bad",
}
/** What dispatch has to act on comes first. */
const ORDER = Object.keys(LATE_TONES)
const URGENCY = ["someone_else", "untold"]

/** Who said that they come late, and what the customer knows and says. */
export function Late({ day, onOpen }: { day: Day; onOpen: (job: Job) => void }) {
    const { delay, deskBoard } = words.value
    const late = [...day.visits, ...day.tray.filter((job) => job.technician)].flatMap((job) =>
        job.delay ? [{ job, said: job.delay }] : [],
    )
    if (late.length === 0) return null
    const rank = (word: string) => {
        const urgent = URGENCY.indexOf(word)
        return urgent === -1 ? URGENCY.length + ORDER.indexOf(word) : urgent
    }
    const sorted = late.toSorted((one, other) => rank(one.said.word) - rank(other.said.word))
    return (
        <section class="board-closing" aria-label={deskBoard.late}>
            <h2 class="board-closing-head">
                <Icon of={Clock} /> {deskBoard.late}
            </h2>
            <ul class="board-closing-list">
                {sorted.map(({ job, said }) => (
                    <li key={job.id}>
                        <button type="button" class="board-late" onClick={() => onOpen(job)}>
                            <span class="row">
                                <strong>{job.name ?? job.number}</strong>
                                <span class="figures">{delay.expected(clockTime(said.arrives_at))}</span>
                            </span>
                            <span class="row">
                                <Tag tone={LATE_TONES[said.word]}>{delay.word[said.word]}</Tag>
                                <span class="small soft">
                                    {job.technician?.name} · {delay.said(clockTime(said.at))}
                                </span>
                            </span>
                        </button>
                    </li>
                ))}
            </ul>
        </section>
    )
}
