import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Trouble } from "../answered.tsx"
import { Phone } from "../phone.tsx"
import { say } from "../said.ts"
import { dayAndTime, windowText } from "../../design/dates.ts"
import { AmendReport } from "./amend.tsx"
import { type Detail, nameOf, type TabProps } from "./job.tsx"

type Field = Schemas["ReportField"]
const SHOWN: Field[] = ["address", "fault", "product", "model", "serial", "purchased_on", "wanted", "skill", "area"]

/** The report with its corrections, who goes, and what it waits for. */
export function Facts({ detail, reload }: TabProps) {
    const { deskAmend, deskJob, terms } = words.value
    const { job, record } = detail
    const isAmending = useSignal(false)
    return (
        <section class="card" aria-label={deskJob.reported}>
            <div class="row row-apart">
                <h2>{deskJob.reported}</h2>
                {may("amend_jobs") && !job.closed_at && (
                    <Button class="no-print" onClick={() => (isAmending.value = true)}>
                        {deskAmend.amend}
                    </Button>
                )}
            </div>
            {isAmending.value && (
                <AmendReport
                    detail={detail}
                    onClose={() => {
                        isAmending.value = false
                        void reload()
                    }}
                />
            )}
            <dl class="facts">
                <dt>{deskJob.customer}</dt>
                <dd>
                    {job.customer ? (
                        <a href={`/desk/customers/${job.customer}`}>{job.name ?? "–"}</a>
                    ) : (
                        (job.name ?? "–")
                    )}{" "}
                    <Phone job={job} />{" "}
                    {detail.refuses_calls && <Tag tone="warn">{words.value.phone.refusesCalls}</Tag>}
                </dd>
                {SHOWN.map((field) => {
                    const told = reported(detail, field)
                    if (!told.value && !told.corrected) return null
                    return (
                        <>
                            <dt>{terms.reportField[field]}</dt>
                            <dd>
                                {told.corrected ?? told.value}
                                {told.corrected && (
                                    <span class="small soft">
                                        {" "}
                                        <del>{told.value}</del> {deskJob.corrected(told.by)}
                                    </span>
                                )}
                            </dd>
                        </>
                    )
                })}
                <dt>{deskJob.reportedBy}</dt>
                <dd class="figures">
                    {dayAndTime(job.reported_at)} <span class="soft">{nameOf(detail, record.meta.opened_by)}</span>
                </dd>
                <dt>{deskJob.assignment}</dt>
                <dd>
                    <Assignment detail={detail} />
                </dd>
            </dl>
            <Holds detail={detail} reload={reload} />
        </section>
    )
}

function reported(detail: Detail, field: Field): { value: string; corrected: string | undefined; by: string } {
    const { area, skill } = words.value.terms
    const { record } = detail
    const shown = (raw: unknown) => {
        const text = raw == null ? "" : String(raw)
        if (field === "area") return area[text as keyof typeof area] ?? text
        return field === "skill" ? (skill[text] ?? text) : text
    }
    const corrections = Object.values(record.corrections ?? {}).filter((correction) => correction.field === field)
    const last = corrections.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1)
    const value = shown(record.report[field])
    const corrected = last && shown(last.value) !== value ? shown(last.value) : undefined
    return { value, corrected, by: last ? nameOf(detail, last.by) : "" }
}

function Assignment({ detail }: { detail: Detail }) {
    const text = words.value.deskJob
    const { job, record } = detail
    const current = record.assigned ? record.assignments?.[record.assigned] : undefined
    if (!job.technician) return <>{text.nobody}</>
    return (
        <>
            <strong>{job.technician.name}</strong> <span class="figures">{job.window && windowText(job.window)}</span>
            {current && (
                <span class="small soft">
                    <br />
                    {text.assignedBy(nameOf(detail, current.by), dayAndTime(current.at))}
                    {current.reason && ` · ${current.reason}`}
                </span>
            )}
        </>
    )
}

function Holds({ detail, reload }: { detail: Detail; reload: () => Promise<void> }) {
    const { deskJob, terms } = words.value
    const act = useAct()
    const { record, job } = detail
    const open = Object.entries(record.holds ?? {}).filter(([id]) => !record.releases?.[id])
    const release = async (hold: string) => {
        const path = { id: job.id, hold }
        if (!(await act.run(() => body(api.POST("/v1/jobs/{id}/holds/{hold}/release", { params: { path } }))))) return
        say(deskJob.done(job.number))
        await reload()
    }
    return (
        <>
            {open.map(([id, hold]) => (
                <div key={id} class="row row-apart job-hold">
                    <span>
                        <Tag tone="warn">{terms.hold[hold.kind]}</Tag> {hold.reason}
                        <span class="small soft figures">
                            {" "}
                            {dayAndTime(hold.at)} {nameOf(detail, hold.by)}
                            {hold.until && ` · ${deskJob.until} ${dayAndTime(hold.until)}`}
                        </span>
                    </span>
                    {may("dispatch") && (
                        <Button disabled={act.isBusy} onClick={() => void release(id)}>
                            {deskJob.release}
                        </Button>
                    )}
                </div>
            ))}
            <Trouble of={act.problem} />
        </>
    )
}
