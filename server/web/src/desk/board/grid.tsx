import { GripVertical, Users } from "lucide"
import { useEffect, useRef } from "preact/hooks"
import { Icon } from "../../design/icon.tsx"
import { Empty, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { statusTone } from "../../design/tones.ts"
import { clockTime, HOUR_MS, windowText } from "../../design/dates.ts"
import { now } from "../times.ts"
import { type Day, type Hours, type Job, type Placed, place, type Stretch } from "./day.ts"
import { dragged, grab, type Target } from "./drag.ts"

export interface BoardHands {
    hours: Hours
    /** None where one only looks. */
    onDrop: ((job: Job, target: Target) => void) | undefined
    onOpen: (job: Job) => void
}

interface Props extends BoardHands {
    day: Day
    midnight: number
    stretches: Map<string, Stretch>
}

/** Technicians by time. */
export function Grid({ day, midnight, stretches, ...hands }: Props) {
    const text = words.value.deskBoard
    const { hours } = hands
    const ticks = Array.from({ length: hours.to - hours.from }, (_, index) => hours.from + index)
    const frame = useRef<HTMLDivElement>(null)
    useEffect(() => {
        // Where the board is wider than its place, it begins with what is under way.
        const part = ((Date.now() - midnight) / HOUR_MS - 1 - hours.from) / ticks.length
        if (frame.current && part > 0 && part < 1)
            frame.current.scrollLeft = part * ticks.length * hourWidth(frame.current)
    }, [midnight])
    if (day.technicians.length === 0) return <Empty icon={Users}>{text.noTechnicians}</Empty>
    return (
        <div ref={frame} class="board-grid" style={{ "--hours": String(ticks.length) }}>
            <div class="board-row board-hours" aria-hidden="true">
                <span class="board-name" />
                <div class="board-ticks figures small soft">
                    {ticks.map((hour) => (
                        <span key={hour}>{String(hour).padStart(2, "0")}:00</span>
                    ))}
                </div>
            </div>
            {day.technicians.map((technician) => (
                <Lane
                    key={technician.id}
                    technician={technician}
                    jobs={day.visits.filter((job) => job.technician?.id === technician.id)}
                    midnight={midnight}
                    stretches={stretches}
                    {...hands}
                />
            ))}
        </div>
    )
}

function hourWidth(frame: HTMLElement): number {
    return frame.querySelector(".board-ticks > span")?.getBoundingClientRect().width ?? 0
}

interface LaneProps extends BoardHands {
    technician: Day["technicians"][number]
    jobs: Job[]
    midnight: number
    stretches: Map<string, Stretch>
}

function Lane({ technician, jobs, midnight, stretches, ...hands }: LaneProps) {
    const { deskBoard, terms } = words.value
    const { hours } = hands
    const placed = place(jobs.flatMap((job) => stretches.get(job.id) ?? []))
    const lines = Math.max(1, ...placed.map((visit) => visit.line + 1))
    const nowHour = (now.value - midnight) / HOUR_MS
    const target = dragged.value?.target
    const byId = new Map(jobs.map((job) => [job.id, job]))
    return (
        <section class="board-row" aria-label={technician.name}>
            <h3 class="board-name">
                <span class="board-name-text">{technician.name}</span>
                <span class="soft small">{deskBoard.load(jobs.length)}</span>
                <span class="soft small board-skills">
                    {technician.skills.map((skill) => terms.skill[skill] ?? skill).join(" · ")}
                </span>
            </h3>
            <div class="board-lane" data-lane={technician.id} style={{ "--lines": String(lines) }}>
                {nowHour > hours.from && nowHour < hours.to && (
                    <span class="board-now" style={{ left: `${share(nowHour, hours)}%` }} />
                )}
                {placed.map((visit) => {
                    const job = byId.get(visit.id)
                    return job && <Block key={visit.id} job={job} at={visit} {...hands} />
                })}
                {target?.technician === technician.id && (
                    <span class="board-drop figures small" style={box(target, hours)}>
                        {clockTime(midnight + target.from * HOUR_MS)}–{clockTime(midnight + target.to * HOUR_MS)}
                    </span>
                )}
            </div>
        </section>
    )
}

const share = (hour: number, hours: Hours) => ((hour - hours.from) / (hours.to - hours.from)) * 100

function box(visit: { from: number; to: number; line?: number }, hours: Hours) {
    const width = share(visit.to, hours) - share(visit.from, hours)
    return { left: `${share(visit.from, hours)}%`, width: `${width}%`, "--line-number": String(visit.line ?? 0) }
}

function Block({ job, at, hours, onDrop, onOpen }: BoardHands & { job: Job; at: Placed }) {
    const { deskBoard, terms } = words.value
    const window = job.window ? windowText(job.window) : deskBoard.noWindow
    const tone = statusTone(job.status)
    const isHeld = dragged.value?.job.id === job.id
    const label = deskBoard.block(job.number, job.name ?? "", terms.status[job.status], window)
    return (
        <button
            type="button"
            class={`board-block board-${tone}${isHeld ? " board-held" : ""}`}
            style={box(at, hours)}
            title={`${label}\n${job.fault ?? ""}\n${job.address ?? ""}`}
            onClick={() => onOpen(job)}
            onPointerDown={(event) => onDrop && grab(event, { job, hours, onDrop })}
        >
            <span class="board-block-head">
                <Tag tone={tone}>{terms.status[job.status]}</Tag>
                {job.urgency === "urgent" && <Tag tone="bad">{terms.urgency.urgent}</Tag>}
                {onDrop && (
                    <span class="board-grip" data-grip="">
                        <Icon of={GripVertical} size={16} />
                    </span>
                )}
            </span>
            <span class="board-block-line">
                <strong>{job.name ?? job.number}</strong>
            </span>
            <span class="board-block-line small">{job.product ?? job.fault ?? job.address}</span>
            <span class="unseen">
                {job.number} {window}
            </span>
        </button>
    )
}
