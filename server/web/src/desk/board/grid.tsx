import { Clock, GripVertical, Siren, TriangleAlert, Users } from "lucide"
import { Fragment } from "preact"
import { useEffect, useRef } from "preact/hooks"
import type { Leg } from "../../core/route.ts"
import { Icon } from "../../design/icon.tsx"
import { Empty } from "../../design/parts.tsx"
import { legText } from "../../design/ways.ts"
import { words } from "../../words.ts"
import { clockTime, HOUR_MS, windowText } from "../../design/dates.ts"
import { jobStatus } from "../job_status.tsx"
import { now } from "../times.ts"
import { type Day, type Hours, type Job, type Placed, place, type Stretch } from "./day.ts"
import { dragged, grab, type Target } from "./drag.ts"
import { LATE_TONES } from "./late.tsx"
import { stateIcon } from "./state_icon.ts"
import "./ways.css"

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
    /** The ways to the visits. */
    legs: Map<string, Leg>
    /** The job that is marked, on the map too. */
    picked: string | undefined
}

/** Technicians by time. */
export function Grid({ day, midnight, stretches, legs, picked, ...hands }: Props) {
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
                    legs={legs}
                    picked={picked}
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
    legs: Map<string, Leg>
    picked: string | undefined
}

function Lane({ technician, jobs, midnight, stretches, legs, picked, ...hands }: LaneProps) {
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
                    const leg = legs.get(visit.id)
                    return (
                        job && (
                            <Fragment key={visit.id}>
                                {leg && <WayBar leg={leg} at={visit} hours={hours} />}
                                <Block job={job} leg={leg} at={visit} isPicked={picked === visit.id} {...hands} />
                            </Fragment>
                        )
                    )
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

/** The way to a visit, hatched before it; its words stand with the visit. */
function WayBar({ leg, at, hours }: { leg: Leg; at: Placed; hours: Hours }) {
    const from = Math.max(hours.from, at.from - leg.minutes / 60)
    if (from >= at.from) return null
    return (
        <span
            class={`board-way${leg.isTight ? " board-way-tight" : ""}`}
            style={box({ from, to: at.from, line: at.line }, hours)}
            title={legText(leg)}
            aria-hidden="true"
        >
            <span class="figures">{leg.minutes}</span>
        </span>
    )
}

interface BlockProps extends BoardHands {
    job: Job
    at: Placed
    leg: Leg | undefined
    isPicked: boolean
}

function Block({ job, at, leg, isPicked, hours, onDrop, onOpen }: BlockProps) {
    const { deskBoard, terms, delay } = words.value
    const window = job.window ? windowText(job.window) : deskBoard.noWindow
    const { word, short, tone } = jobStatus(job)
    const late = job.delay && `${delay.expected(clockTime(job.delay.arrives_at))} · ${delay.word[job.delay.word]}`
    const isHeld = dragged.value?.job.id === job.id
    const label = deskBoard.block(job.number, job.name ?? "", word, window)
    const isUrgent = job.urgency === "urgent"
    const told = [label, isUrgent && terms.urgency.urgent, late, job.fault, job.address, leg && legText(leg)]
    return (
        <button
            type="button"
            class={`board-block board-${tone}${isHeld ? " board-held" : ""}${isPicked ? " board-picked" : ""}`}
            data-job={job.id}
            style={box(at, hours)}
            title={told.filter(Boolean).join("\n")}
            onClick={() => onOpen(job)}
            onPointerDown={(event) => onDrop && grab(event, { job, hours, onDrop })}
        >
            <span class="board-block-head">
                <Icon of={stateIcon(job)} size={14} />
                <span class="board-block-state">{short}</span>
                {onDrop && (
                    <span class="board-grip" data-grip="">
                        <Icon of={GripVertical} size={16} />
                    </span>
                )}
            </span>
            <span class="board-block-line">
                {isUrgent && <Icon of={Siren} size={14} label={terms.urgency.urgent} />}
                {leg?.isTight && <Icon of={TriangleAlert} size={14} label={legText(leg)} />}
                <strong>{job.name ?? job.number}</strong>
            </span>
            {job.delay ? (
                <span class={`board-block-line board-block-late board-clock-${LATE_TONES[job.delay.word]}`}>
                    <Icon of={Clock} size={14} />
                    <span class="figures">{clockTime(job.delay.arrives_at)}</span>
                </span>
            ) : (
                <span class="board-block-line">{job.product ?? job.fault ?? job.address}</span>
            )}
            <span class="unseen">
                {word} {job.number} {window} {leg && legText(leg)} {late}
            </span>
        </button>
    )
}
