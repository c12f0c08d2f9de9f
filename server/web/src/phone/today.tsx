import { computed } from "@preact/signals"
import { CalendarOff, MapPin, Phone as PhoneIcon, Route, TriangleAlert } from "lucide"
import { standingDelay } from "../core/delay.ts"
import type { JobView } from "../core/handset.ts"
import { delayed, type Leg, legsOf, type Stop } from "../core/route.ts"
import { compareTimes } from "../core/time.ts"
import { pointOf } from "../core/travel.ts"
import { clockTime, dayOf, dayText, hoursText } from "../design/dates.ts"
import { Icon } from "../design/icon.tsx"
import { Empty, Notice, Tag } from "../design/parts.tsx"
import { legText } from "../design/ways.ts"
import { words } from "../words.ts"
import { assignmentOf, known, reworkOf } from "../core/course.ts"
import { statusTone } from "../design/tones.ts"
import { jobs, summary, travel } from "./phone.ts"

const TO_COME = ["assigned", "accepted", "appointed", "en_route"]
const FINISHED = ["signed", "closed", "cancelled", "solved_remotely"]

/** The technician's jobs in the order in which they are due; what is finished, or no longer theirs, below. */
/** The way to each of the technician's visits, from the one before it that day. */
const ways = computed<Map<string, Leg>>(() => {
    const reckons = travel.value
    const days = new Map<string, Stop[]>()
    for (const job of jobs.value) {
        const window = windowOf(job)
        if (!window || job.gone || job.status === "cancelled") continue
        const day = dayOf(window.from)
        const late = delayed(window, standingDelay(job.record)?.delay.arrives_at)
        days.set(day, [...(days.get(day) ?? []), { id: job.id, window: late, point: pointOf(job.record) }])
    }
    return new Map(reckons ? [...days.values()].flatMap((stops) => [...legsOf(stops, reckons)]) : [])
})

export function Today() {
    const { phone } = words.value
    const sorted = [...jobs.value].sort(byWindow)
    const isDone = (job: JobView) => FINISHED.includes(job.status)
    const open = sorted.filter((job) => !job.gone && !isDone(job))
    const done = sorted.filter((job) => !job.gone && isDone(job))
    const gone = sorted.filter((job) => job.gone && job.unsent > 0)
    return (
        <div class="stack-wide">
            <div class="row row-apart">
                <h1>{phone.today}</h1>
                <span class="soft">{dayText(Date.now())}</span>
            </div>
            {summary.value?.isWhole === false && <Notice>{phone.loading}</Notice>}
            {open.length === 0 && done.length === 0 && <Empty icon={CalendarOff}>{phone.noJobs}</Empty>}
            <JobList jobs={open} />
            {done.length > 0 && <Section title={phone.done} jobs={done} />}
            {gone.length > 0 && <Section title={phone.gone} jobs={gone} />}
        </div>
    )
}

function byWindow(one: JobView, other: JobView): number {
    const [left, right] = [windowOf(one)?.from, windowOf(other)?.from]
    if (left && right) return compareTimes(left, right) || (one.number < other.number ? -1 : 1)
    return left ? -1 : right ? 1 : one.number < other.number ? -1 : 1
}

/** When the technician in force is expected. */
export function windowOf(job: JobView) {
    return assignmentOf(job.record)?.window ?? undefined
}

function Section({ title, jobs }: { title: string; jobs: JobView[] }) {
    return (
        <section class="stack">
            <h2>{title}</h2>
            <JobList jobs={jobs} />
        </section>
    )
}

function JobList({ jobs }: { jobs: JobView[] }) {
    return (
        <ul class="stack">
            {jobs.map((job) => (
                <li key={job.id}>
                    <JobCard job={job} />
                </li>
            ))}
        </ul>
    )
}

function JobCard({ job }: { job: JobView }) {
    const { phone } = words.value
    const window = windowOf(job)
    const [name, address, fault] = [known(job.record, "name"), known(job.record, "address"), known(job.record, "fault")]
    return (
        <article class="card job-card">
            <a class="job-card-link" href={`/phone/jobs/${job.id}`}>
                <span class="job-card-when figures">
                    {window && dayOf(window.from) !== dayOf(Date.now()) && <span>{dayText(window.from)}</span>}
                    {window ? hoursText(window) : phone.noWindow}
                </span>
                <Tag tone={statusTone(job.status)}>{words.value.status[job.status]}</Tag>
                <strong class="job-card-name">{name ?? job.number}</strong>
                <span class="job-card-fault">{fault}</span>
                <span class="soft job-card-address">{address}</span>
            </a>
            <WayThere job={job} />
            <Marks job={job} />
            <Reach job={job} />
        </article>
    )
}

/** How far it is from the stop before, while it is still to be gone. */
export function WayThere({ job }: { job: JobView }) {
    const leg = ways.value.get(job.id)
    if (!leg || !TO_COME.includes(job.status)) return null
    return (
        <p class={`way-there small${leg.isTight ? " way-there-tight" : ""}`}>
            <Icon of={leg.isTight ? TriangleAlert : Route} size={18} />
            {legText(leg)}
        </p>
    )
}

/** What the technician should know before they open it. */
export function Marks({ job }: { job: JobView }) {
    const { phone, delay } = words.value
    const late = standingDelay(job.record)
    const marks = [
        job.gone && <Tag tone="bad">{phone.goneReasons[job.gone]}</Tag>,
        job.unsent > 0 && <Tag tone="info">{phone.unsent(job.unsent)}</Tag>,
        job.wholeness === "incomplete" && <Tag tone="warn">{phone.incomplete}</Tag>,
        late && (
            <Tag tone={late.word === "untold" ? "warn" : "info"}>
                {delay.expected(clockTime(late.delay.arrives_at))}
            </Tag>
        ),
        job.conflicts.length > 0 && <Tag tone="warn">{phone.conflict}</Tag>,
        reworkOf(job.record) !== undefined ? <Tag tone="warn">{phone.earlier}</Tag> : null,
    ].filter(Boolean)
    return marks.length > 0 ? <div class="row">{marks}</div> : null
}

/** One tap to call, one to be led there. */
export function Reach({ job }: { job: JobView }) {
    const { phone } = words.value
    const [number, address] = [known(job.record, "phone"), known(job.record, "address")]
    return (
        <div class="reach">
            {number && (
                <a class="button" href={`tel:${number.replaceAll(/[^+\d]/g, "")}`}>
                    <Icon of={PhoneIcon} />
                    {phone.call}
                </a>
            )}
            {address && (
                <a class="button" href={`geo:0,0?q=${encodeURIComponent(address)}`}>
                    <Icon of={MapPin} />
                    {phone.navigate}
                </a>
            )}
        </div>
    )
}
