import { ArrowLeft, Check, ChevronRight, CircleDashed, Minus, SkipForward, X } from "lucide"
import { useRoute } from "preact-iso"
import { useEffect } from "preact/hooks"
import type { JobView } from "../../core/handset.ts"
import type { MarkKind, ReportField, Urgency } from "../../core/record.ts"
import type { StepTemplate } from "../../core/template.ts"
import { momentText, visitText } from "../../design/dates.ts"
import { Icon } from "../../design/icon.tsx"
import { Empty, Notice, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { AlarmButton } from "./alarm.tsx"
import { HoldJob, HoldsOfJob } from "./hold.tsx"
import { DelayOfJob } from "./delay.tsx"
import { Conflicts } from "./conflicts.tsx"
import { Limits } from "./limits.tsx"
import { known, markOf, reported, reworkOf } from "../../core/course.ts"
import { handset, jobOf } from "../phone.ts"
import { windowOf } from "../route.ts"
import { isUrgent, Marks, Reach, WayThere } from "../today.tsx"
import { TakenOfJob } from "../taken/of_job.tsx"
import { EarlierVisits } from "./earlier.tsx"
import { WholeVisit } from "./whole_visit.tsx"
import { statusTone } from "../../design/tones.ts"

export function JobPage() {
    const { params } = useRoute()
    const job = jobOf(params.job ?? "")
    const id = job?.id
    useEffect(() => {
        if (id) void handset.value?.prepare(id)
    }, [id])
    if (!job) return <NotHere />
    const window = windowOf(job)
    return (
        <div class="stack-wide">
            <Back to="/phone/" label={job.number} />
            <header class="stack">
                <div class="row row-apart">
                    <h1>{known(job.record, "name") ?? job.number}</h1>
                    <Tag tone={statusTone(job.status)}>{words.value.status[job.status]}</Tag>
                </div>
                <p class="figures">{window ? visitText(window, Date.now()) : words.value.phone.noWindow}</p>
                <WayThere job={job} />
                <Limits job={job} />
                <Marks job={job} />
            </header>
            <Warnings job={job} />
            <HoldsOfJob job={job} />
            <TakenOfJob job={job} offers={false} />
            <Conflicts job={job} />
            <Reach job={job} />
            <DelayOfJob job={job} />
            <Facts job={job} />
            <EarlierVisits job={job} />
            {job.template ? <Steps job={job} /> : <Notice tone="warn">{words.value.phone.noChecklist}</Notice>}
            <WholeVisit job={job} />
            <HoldJob job={job} />
            <AlarmButton job={job.id} />
            <NextStep job={job} />
        </div>
    )
}

export function NotHere() {
    return (
        <div class="stack">
            <Back to="/phone/" label={words.value.phone.today} />
            <Empty icon={CircleDashed}>{words.value.phone.notHere}</Empty>
        </div>
    )
}

/** A step's page of a job whose checklist has not come yet. */
export function NoChecklist({ job }: { job: JobView }) {
    return (
        <div class="stack">
            <Back to={`/phone/jobs/${job.id}`} label={job.number} />
            <Notice tone="warn">{words.value.phone.noChecklist}</Notice>
        </div>
    )
}

export function Back({ to, label }: { to: string; label: string }) {
    return (
        <a class="back" href={to}>
            <Icon of={ArrowLeft} />
            {label}
        </a>
    )
}

function Warnings({ job }: { job: JobView }) {
    const { phone } = words.value
    const { record } = job
    return (
        <>
            {isUrgent(job) && <Notice tone="warn">{phone.urgentText(momentText(record.meta.reported_at))}</Notice>}
            {reworkOf(record) !== undefined && <Notice tone="warn">{phone.earlierText}</Notice>}
            {job.refusesCalls && <Notice>{phone.refusesCallsText}</Notice>}
        </>
    )
}

const FACTS: { title: "customer" | "product" | "fault"; fields: ReportField[] }[] = [
    { title: "fault", fields: ["fault", "wanted"] },
    { title: "customer", fields: ["address", "phone"] },
    { title: "product", fields: ["product", "model", "serial", "purchased_on"] },
]

/** What nobody could tell from its look. */
const LABELLED: ReportField[] = ["wanted", "serial", "purchased_on"]

function Facts({ job }: { job: JobView }) {
    const { terms, phone, sign } = words.value
    const { reported_at, customer_class } = job.record.meta
    const urgency = known(job.record, "urgency") as Urgency | undefined
    const told = [momentText(reported_at), urgency && terms.urgency[urgency]].filter(Boolean).join(" · ")
    return (
        <dl class="facts">
            {FACTS.map(({ title, fields }) => {
                const found = fields.filter((field) => known(job.record, field))
                if (found.length === 0) return null
                return (
                    <div key={title}>
                        <dt>{phone[title]}</dt>
                        {found.map((field) => (
                            <dd key={field}>
                                {LABELLED.includes(field) && `${terms.reportField[field]} `}
                                {known(job.record, field)}
                                <WasReported job={job} field={field} />
                            </dd>
                        ))}
                    </div>
                )
            })}
            <div>
                <dt>{sign.reportedAt}</dt>
                <dd>{told}</dd>
            </div>
            {customer_class && customer_class !== "ordinary" && (
                <div>
                    <dt>{phone.customerClass}</dt>
                    <dd>{terms.customerClass[customer_class]}</dd>
                </div>
            )}
        </dl>
    )
}

function WasReported({ job, field }: { job: JobView; field: ReportField }) {
    const was = reported(job.record.report, field)
    return was !== undefined && was !== known(job.record, field) ? (
        <span class="soft small"> {words.value.phone.wasCorrected(was)}</span>
    ) : null
}

const SIGNS = { done: Check, skipped: SkipForward, not_applicable: Minus, failed: X }

function sign(kind: MarkKind | undefined) {
    return kind && kind !== "open" ? SIGNS[kind] : CircleDashed
}

function Steps({ job }: { job: JobView }) {
    const { phone } = words.value
    const steps = job.template?.steps ?? []
    const marked = steps.filter((step) => markOf(job.record, step.id)).length
    return (
        <section class="stack">
            <div class="row row-apart">
                <h2>{phone.steps}</h2>
                <span class="soft figures">{phone.stepsDone(marked, steps.length)}</span>
            </div>
            <progress class="progress" max={steps.length} value={marked} aria-label={phone.steps} />
            <ol class="step-list">
                {steps.map((step) => {
                    const mark = markOf(job.record, step.id)
                    return (
                        <li key={step.id} class={step.stage ? "step-list-stage" : undefined}>
                            <a
                                href={`/phone/jobs/${job.id}/steps/${step.id}`}
                                class={`step-row step-row-${mark?.kind ?? "open"}`}
                            >
                                <Icon of={sign(mark?.kind)} label={words.value.terms.mark[mark?.kind ?? "open"]} />
                                <span>{pick(step.name)}</span>
                                <Icon of={ChevronRight} size={18} />
                            </a>
                        </li>
                    )
                })}
            </ol>
        </section>
    )
}

/** The first step that nobody has dealt with, after the last one that somebody has. */
export function nextStep(job: JobView): StepTemplate | undefined {
    const steps = job.template?.steps ?? []
    const last = steps.findLastIndex((step) => markOf(job.record, step.id))
    return (
        steps.slice(last + 1).find((step) => !markOf(job.record, step.id)) ??
        steps.find((step) => !markOf(job.record, step.id))
    )
}

function NextStep({ job }: { job: JobView }) {
    const next = nextStep(job)
    const { phone } = words.value
    if (job.gone || !job.template) return null
    if (!next) return <Notice tone="good">{phone.finished}</Notice>
    return (
        <div class="bottom-bar">
            <a class="button button-main button-large button-wide" href={`/phone/jobs/${job.id}/steps/${next.id}`}>
                {phone.next} · {pick(next.name)}
                <Icon of={ChevronRight} />
            </a>
        </div>
    )
}
