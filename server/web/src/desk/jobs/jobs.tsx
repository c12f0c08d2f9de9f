/** The list of jobs; what narrows it stands in the address. */
import { ClipboardX } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Empty, Field, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { everybody } from "../everybody.ts"
import { Listed } from "../listed.tsx"
import { useLoaded } from "../loaded.ts"
import { useList } from "../pages.ts"
import { dayAfter, dayAndTime, moment, windowText } from "../../design/dates.ts"
import { untilDue } from "../times.ts"
import { Choice } from "../choice.tsx"
import { JobStatus } from "../job_status.tsx"

type Status = Schemas["Status"]
const OVER: Status[] = ["signed", "closed", "solved_remotely", "cancelled"]
/** As a query says it: all of a job's states in which something is left to do. */
export const openStatuses = () =>
    (Object.keys(words.peek().terms.status) as Status[]).filter((status) => !OVER.includes(status)).join(",")

export function Jobs() {
    const text = words.value.deskJobs
    const { query, route } = useLocation()
    const set = (changes: Record<string, string>) => {
        const wanted = new URLSearchParams({ ...query, ...changes })
        for (const [key, value] of [...wanted]) if (!value) wanted.delete(key)
        route(`/desk/jobs${wanted.size > 0 ? `?${wanted}` : ""}`, true)
    }
    return (
        <div class="page">
            <div class="page-head">
                <h1>{text.title}</h1>
            </div>
            <Filters query={query} set={set} />
            <List query={query} />
        </div>
    )
}

type Query = Record<string, string>

function Filters({ query, set }: { query: Query; set: (changes: Query) => void }) {
    const { deskJobs, terms, deskShell } = words.value
    const flag = (name: string, label: string) => (
        <label class="row">
            <input
                type="checkbox"
                checked={query[name] === "1"}
                onChange={(event) => set({ [name]: event.currentTarget.checked ? "1" : "" })}
            />
            {label}
        </label>
    )
    const technicians = useLoaded("technicians", () => everybody({ role: "technician" }))
    return (
        <form class="filters no-print" onSubmit={(event) => event.preventDefault()}>
            <Field
                label={deskShell.search}
                type="search"
                value={query.q ?? ""}
                onChange={(event) => set({ q: event.currentTarget.value.trim() })}
            />
            <Choice label={deskJobs.status} value={query.status ?? ""} onChoose={(status) => set({ status })}>
                <option value="">{deskJobs.open}</option>
                <option value="all">{deskJobs.all}</option>
                {(Object.keys(terms.status) as Status[]).map((status) => (
                    <option key={status} value={status}>
                        {terms.status[status]}
                    </option>
                ))}
            </Choice>
            <Choice
                label={terms.role.technician}
                value={query.technician ?? ""}
                onChoose={(technician) => set({ technician })}
            >
                <option value="">{deskJobs.everybody}</option>
                {technicians.data?.map((person) => (
                    <option key={person.id} value={person.id}>
                        {person.name}
                    </option>
                ))}
            </Choice>
            <Field
                label={deskJobs.reportedFrom}
                type="date"
                value={query.from ?? ""}
                onChange={(event) => set({ from: event.currentTarget.value })}
            />
            <Field
                label={deskJobs.reportedTo}
                type="date"
                value={query.to ?? ""}
                onChange={(event) => set({ to: event.currentTarget.value })}
            />
            <div class="filters-flags">
                {flag("overdue", deskJobs.overdue)}
                {flag("conflicts", deskJobs.conflicts)}
                {flag("matters", deskJobs.matters)}
            </div>
        </form>
    )
}

function asked(query: Query) {
    const status = query.status === "all" ? undefined : query.status || openStatuses()
    const from = query.from && new Date(moment(query.from)).toISOString()
    const to = query.to && new Date(moment(dayAfter(query.to))).toISOString()
    return {
        ...(status && { status }),
        ...(query.q && { q: query.q }),
        ...(query.technician && { technician: query.technician }),
        ...(query.customer && { customer: query.customer }),
        ...(from && { from }),
        ...(to && { to }),
        ...(query.overdue && { overdue: true }),
        ...(query.conflicts && { conflicts: true }),
        ...(query.matters && { matters: true }),
    }
}

function List({ query }: { query: Query }) {
    const text = words.value.deskJobs
    const wanted = asked(query)
    const list = useList(JSON.stringify(wanted), (part) =>
        body(api.GET("/v1/jobs", { params: { query: { ...wanted, ...part } } })),
    )
    return (
        <Listed of={list} empty={<Empty icon={ClipboardX}>{text.none}</Empty>}>
            {(jobs) => <Table jobs={jobs} />}
        </Listed>
    )
}

function Table({ jobs }: { jobs: Schemas["Job"][] }) {
    const { deskJobs, terms } = words.value
    return (
        <div class="table-frame">
            <table class="table table-cards">
                <thead>
                    <tr>
                        <th>{deskJobs.number}</th>
                        <th>{deskJobs.status}</th>
                        <th>{deskJobs.customer}</th>
                        <th>{deskJobs.matter}</th>
                        <th>{deskJobs.visit}</th>
                        <th>{deskJobs.due}</th>
                    </tr>
                </thead>
                <tbody>
                    {jobs.map((job) => (
                        <tr key={job.id}>
                            <td class="keep">
                                <a class="figures" href={`/desk/jobs/${job.id}`}>
                                    {job.number}
                                </a>
                                <br />
                                <span class="small soft figures">{dayAndTime(job.reported_at)}</span>
                            </td>
                            <td>
                                <JobStatus job={job} />{" "}
                                {job.urgency === "urgent" && <Tag tone="bad">{terms.urgency.urgent}</Tag>}{" "}
                                <Flags job={job} />
                            </td>
                            <td class="words">
                                {job.name ?? "–"} <span class="soft small figures">{job.phone}</span>
                                <br />
                                <span class="small soft">{job.address}</span>
                            </td>
                            <td class="words">
                                {job.product}
                                <br />
                                <span class="small soft">{job.fault}</span>
                            </td>
                            <td class="keep">
                                {job.technician?.name ?? "–"}
                                <br />
                                <span class="small soft figures">{job.window && windowText(job.window)}</span>
                            </td>
                            <td class="keep">
                                {job.next_due_at && (
                                    <span class={job.is_overdue ? "board-clock board-clock-bad" : undefined}>
                                        {untilDue(job.next_due_at)}
                                    </span>
                                )}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    )
}

/** What somebody should look at. */
export function Flags({ job }: { job: Schemas["Job"] }) {
    const text = words.value.deskJobs
    return (
        <>
            {job.alarms > 0 && <Tag tone="bad">{text.alarm}</Tag>}{" "}
            {job.conflicts > 0 && <Tag tone="warn">{text.conflicts}</Tag>}{" "}
            {job.matters > 0 && <Tag tone="warn">{text.matters}</Tag>}{" "}
            {job.rework_of && <Tag tone="warn">{text.rework}</Tag>}
        </>
    )
}
