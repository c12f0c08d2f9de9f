import { computed, signal } from "@preact/signals"
import type { ComponentChildren } from "preact"
import { CalendarOff, MapPin, Phone as PhoneIcon, Route, TriangleAlert } from "lucide"
import { standingDelay } from "../core/delay.ts"
import type { JobView } from "../core/handset.ts"
import { delayed, type Leg, legsOf, type Stop } from "../core/route.ts"
import { pointOf } from "../core/travel.ts"
import { clockTime, dayAfter, dayOf, dayText, hoursText, moment, weekday } from "../design/dates.ts"
import { Icon } from "../design/icon.tsx"
import { Empty, Notice, Tag } from "../design/parts.tsx"
import { legText } from "../design/ways.ts"
import { words } from "../words.ts"
import { known, reworkOf } from "../core/course.ts"
import { statusTone } from "../design/tones.ts"
import { NearLimit } from "./job/limits.tsx"
import { wayTo } from "./navigate.ts"
import { jobs, summary, travel } from "./phone.ts"
import { DAYS_AROUND, type Route as Days, routeOf, windowOf } from "./route.ts"

const TO_COME = ["assigned", "accepted", "appointed", "en_route"]

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

/** The day that is looked at, from today: the choice outlives the page of a job. */
const chosenDay = signal(0)

/** The technician's jobs by day, in the order in which they are due; on today's page also what has no day or an earlier one. */
export function Today() {
    const { phone, days: said } = words.value
    const today = dayOf(Date.now())
    const chosen = dayAfter(today, chosenDay.value)
    const route = routeOf(jobs.value, Date.now())
    const { open, done } = route.days.get(chosen) ?? { open: [], done: [] }
    const isToday = chosenDay.value === 0
    const others = isToday ? [...route.overdue, ...route.later, ...route.gone] : []
    const isIdle = open.length + done.length + others.length === 0
    return (
        <div class="stack-wide">
            <div class="row row-apart">
                <h1>{phone.today}</h1>
                <span class="soft">{dayText(moment(chosen))}</span>
            </div>
            <DayChoice route={route} />
            {summary.value?.isWhole === false && <Notice>{phone.loading}</Notice>}
            {isIdle && <Empty icon={CalendarOff}>{isToday ? phone.noJobs : said.none}</Empty>}
            {isToday && <Section title={said.overdue} jobs={route.overdue} />}
            {open.length > 0 && <JobList jobs={open} />}
            {isToday && <Section title={said.later} jobs={route.later} />}
            <Section title={phone.done} jobs={done} />
            {isToday && <Section title={phone.gone} jobs={route.gone} />}
        </div>
    )
}

/** Seven days to choose from, each with how much is still to be done. */
function DayChoice({ route }: { route: Days }) {
    const said = words.value.days
    return (
        <nav class="days" aria-label={said.choose}>
            {[...route.days].map(([day, { open }], place) => {
                const [from, begins] = [place - DAYS_AROUND, moment(day)]
                return (
                    <button
                        key={day}
                        type="button"
                        class="day"
                        aria-current={from === chosenDay.value ? "date" : undefined}
                        onClick={() => (chosenDay.value = from)}
                    >
                        <span class="small" aria-hidden>
                            {said.near[from] ?? weekday(begins)}
                        </span>
                        <strong class="figures" aria-hidden>
                            {Number(day.slice(-2))}
                        </strong>
                        <span class="day-count small figures" aria-hidden>
                            {open.length > 0 ? open.length : "·"}
                        </span>
                        <span class="unseen">{said.label(dayText(begins), open.length)}</span>
                    </button>
                )
            })}
        </nav>
    )
}

function Section({ title, jobs }: { title: string; jobs: JobView[] }) {
    if (jobs.length === 0) return null
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
            <Marks job={job} limit={<NearLimit job={job} />} />
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

/** As reported, or as it was corrected since. */
export function isUrgent(job: JobView): boolean {
    return known(job.record, "urgency") === "urgent"
}

/** What the technician should know before they open it. */
export function Marks({ job, limit }: { job: JobView; limit?: ComponentChildren }) {
    const { phone, delay, terms } = words.value
    const late = standingDelay(job.record)
    const { customer_class } = job.record.meta
    const marks = [
        limit,
        isUrgent(job) && <Tag tone="bad">{terms.urgency.urgent}</Tag>,
        customer_class && customer_class !== "ordinary" && <Tag tone="info">{terms.customerClass[customer_class]}</Tag>,
        job.refusesCalls && <Tag tone="info">{phone.refusesCalls}</Tag>,
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
                <a class="button" href={wayTo(address, pointOf(job.record), navigator.userAgent)}>
                    <Icon of={MapPin} />
                    {phone.navigate}
                </a>
            )}
        </div>
    )
}
