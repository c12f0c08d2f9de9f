import { CircleCheck, GripVertical } from "lucide"
import { Icon } from "../../design/icon.tsx"
import { Empty, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { clockTone } from "../../design/tones.ts"
import { untilDue } from "../times.ts"
import type { Day, Job, RunningClock } from "./day.ts"
import { dragged, grab } from "./drag.ts"
import type { BoardHands } from "./grid.tsx"
import { JobStatus } from "../job_status.tsx"

/** What waits to be sent out; the clock that breaks first comes first. */
export function Tray({ day, ...hands }: BoardHands & { day: Day }) {
    const text = words.value.deskBoard
    const isOver = dragged.value?.target !== undefined && dragged.value.target.technician === undefined
    return (
        <section class={`board-tray${isOver ? " board-tray-over" : ""}`} aria-label={text.unassigned} data-tray="">
            <h2>
                {text.unassigned} <span class="soft figures">{day.tray.length}</span>
            </h2>
            {day.tray.length > 0 && <p class="small soft">{text.grip}</p>}
            {day.tray.length === 0 && <Empty icon={CircleCheck}>{text.noneUnassigned}</Empty>}
            <ul class="board-cards">
                {day.tray.map((job) => (
                    <li key={job.id}>
                        <Card job={job} clock={day.clocks.get(job.id)} {...hands} />
                    </li>
                ))}
            </ul>
        </section>
    )
}

function Card({ job, clock, hours, onDrop, onOpen }: BoardHands & { job: Job; clock: RunningClock | undefined }) {
    const { terms, deskBoard } = words.value
    return (
        <button
            type="button"
            class={`board-card${dragged.value?.job.id === job.id ? " board-held" : ""}`}
            onClick={() => onOpen(job)}
            onPointerDown={(event) => onDrop && grab(event, { job, hours, onDrop })}
        >
            <span class="row">
                <JobStatus job={job} />
                {job.urgency === "urgent" && <Tag tone="bad">{terms.urgency.urgent}</Tag>}
                {job.technician && <span class="small">{job.technician.name}</span>}
                {job.technician && <span class="small soft">{deskBoard.noWindow}</span>}
                {onDrop && (
                    <span class="board-grip" data-grip="">
                        <Icon of={GripVertical} size={16} />
                    </span>
                )}
            </span>
            <span>
                <strong>{job.name ?? "–"}</strong> <span class="soft small figures">{job.number}</span>
            </span>
            <span class="small board-two-lines">{[job.product, job.fault].filter(Boolean).join(" · ")}</span>
            {job.address && <span class="small soft board-two-lines">{job.address}</span>}
            {clock && (
                <span class={`small board-clock board-clock-${clockTone(clock.state)}`}>
                    {deskBoard.due(pick(clock.name), untilDue(clock.due_at))}
                </span>
            )}
        </button>
    )
}
