/** A day of the board: what is asked of the server, and where each visit stands. */
import { api, body, type Schemas } from "../../api/client.ts"
import { type Travel, travelOf } from "../../core/travel.ts"
import { may } from "../allowed.ts"
import { everybody } from "../everybody.ts"
import { PAGE_ROWS, whole } from "../pages.ts"
import { dayAfter, HOUR_MS, moment } from "../../design/dates.ts"

export type Job = Schemas["Job"]
export type RunningClock = Schemas["RunningClock"]

export interface Day {
    /** How the outlet reckons ways. */
    travel: Travel
    technicians: Schemas["Person"][]
    visits: Job[]
    /** In nobody's hands, or without a window; the clock that breaks first comes first. */
    tray: Job[]
    /** Of each job the clock that breaks first. */
    clocks: Map<string, RunningClock>
    /** All that break soon, over all jobs. */
    closing: RunningClock[]
}

/** Where somebody has to be sent. */
const TO_SEND: Schemas["Status"][] = [
    "reported",
    "ready",
    "reopened",
    "assigned",
    "accepted",
    "waiting_part",
    "waiting_customer",
    "waiting_price",
    "in_workshop",
    "customer_absent",
]

export async function loadDay(day: string, outlet: string): Promise<Day> {
    const [visit_from, visit_to] = [moment(day), moment(dayAfter(day))].map((at) => new Date(at).toISOString())
    const jobs = (query: { status?: string; visit_from?: string; visit_to?: string }) =>
        whole((part) => body(api.GET("/v1/jobs", { params: { query: { ...query, ...part } } })))
    const [of, technicians, leads, visits, toSend, running] = await Promise.all([
        body(api.GET("/v1/outlets/{id}", { params: { path: { id: outlet } } })),
        everybody({ role: "technician", outlet }),
        may("see_all_outlets") ? everybody({ role: "team_lead", outlet }) : [],
        jobs({ ...(visit_from && { visit_from }), ...(visit_to && { visit_to }) }),
        jobs({ status: TO_SEND.join(",") }),
        body(api.GET("/v1/clocks", { params: { query: { limit: PAGE_ROWS } } })),
    ])
    const here = (job: Job) => job.outlet === outlet
    const known = new Set([...technicians, ...leads, ...[...visits, ...toSend].filter(here)].map(({ id }) => id))
    // Who sees all outlets is sent the clocks of all; one's own are the server's choice.
    const isHere = ({ job, technician }: RunningClock) =>
        !may("see_all_outlets") || known.has(technician?.id ?? job) || known.has(job)
    const clocks = new Map<string, RunningClock>()
    for (const clock of running) if (!clocks.has(clock.job)) clocks.set(clock.job, clock)
    return {
        travel: travelOf(of.settings),
        technicians: technicians.toSorted((a, b) => a.staff_number.localeCompare(b.staff_number)),
        visits: visits.filter((job) => here(job) && job.technician && job.status !== "cancelled"),
        tray: toSend.filter((job) => here(job) && (!job.technician || !job.window)).toSorted(byClock),
        clocks,
        closing: running
            .filter((clock) => !clock.not_before && clock.state !== "running" && isHere(clock))
            .toSorted(bySaving),
    }
}

function byClock(a: Job, b: Job): number {
    const due = (job: Job) => (job.next_due_at ? Date.parse(job.next_due_at) : Infinity)
    // Two that have no clock are as the server lists them.
    return due(a) === due(b) ? 0 : due(a) - due(b)
}

/** What can still be saved comes first, then what was missed last. */
function bySaving(a: RunningClock, b: RunningClock): number {
    const [due, other] = [Date.parse(a.due_at), Date.parse(b.due_at)]
    if (a.state === "warning" && b.state === "warning") return due - other
    return a.state === b.state ? other - due : a.state === "warning" ? -1 : 1
}

export interface Hours {
    /** In hours since the day's midnight. */
    from: number
    to: number
}

const USUAL: Hours = { from: 8, to: 20 }

export interface Stretch {
    id: string
    /** In hours since the day's midnight, within the day. */
    from: number
    to: number
}

/** A visit's window as it lies in a day that begins at `midnight`. */
export function stretch(job: Job, midnight: number): Stretch | undefined {
    if (!job.window) return undefined
    const hour = (at: string) => (Date.parse(at) - midnight) / HOUR_MS
    const [from, to] = [Math.max(0, hour(job.window.from)), Math.min(24, hour(job.window.to))]
    return to > from ? { id: job.id, from, to } : undefined
}

/** The hours that the board shows: the usual ones, and more where somebody works. */
export function shownHours(stretches: Stretch[]): Hours {
    const from = Math.min(USUAL.from, ...stretches.map((visit) => Math.floor(visit.from)))
    const to = Math.max(USUAL.to, ...stretches.map((visit) => Math.ceil(visit.to)))
    return { from, to }
}

export interface Placed extends Stretch {
    /** Which line of the technician's, from the top. */
    line: number
}

/** So wide is drawn whatever is shorter, so that it can be read. */
const LEAST_HOURS = 1

/** Visits that overlap, as they are drawn, stand on lines below each other, each on the first that is free. */
export function place(stretches: Stretch[]): Placed[] {
    const freeFrom: number[] = []
    const inOrder = stretches.toSorted((a, b) => a.from - b.from || a.to - b.to)
    return inOrder.map((visit) => {
        const found = freeFrom.findIndex((free) => free <= visit.from)
        const line = found === -1 ? freeFrom.length : found
        freeFrom[line] = Math.max(visit.to, visit.from + LEAST_HOURS)
        return { ...visit, line }
    })
}

const SNAP_HOURS = 0.5

/** Where a visit of so many hours begins that is dropped with its start at this part (0 to 1) of the shown hours. */
export function dropAt(part: number, hours: Hours, length: number): number {
    const wanted = hours.from + part * (hours.to - hours.from)
    const snapped = Math.round(wanted / SNAP_HOURS) * SNAP_HOURS
    return Math.max(hours.from, Math.min(snapped, 24 - length))
}
