/** The record as it stands: the visit's steps by stage, and beside it what one has to know. */
import { CircleCheck, CircleDashed, CircleMinus, CircleX, SkipForward } from "lucide"
import type { Schemas } from "../../api/client.ts"
import { Icon } from "../../design/icon.tsx"
import { Empty, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { dayAndTime } from "../../design/dates.ts"
import { Clocks } from "./clocks.tsx"
import { Facts } from "./facts.tsx"
import { type Detail, nameOf, type TabProps } from "./job.tsx"
import { Notes } from "./notes.tsx"

const MARK_ICONS = {
    done: CircleCheck,
    skipped: SkipForward,
    not_applicable: CircleMinus,
    failed: CircleX,
    open: CircleDashed,
}

export function RecordTab(props: TabProps) {
    return (
        <div class="job-halves">
            <div class="stack-wide">
                <Facts {...props} />
                <Steps {...props} />
            </div>
            <div class="stack-wide">
                <Clocks {...props} />
                <Notes {...props} />
            </div>
        </div>
    )
}

function Steps({ detail, template }: TabProps) {
    const text = words.value.deskJob
    const { record } = detail
    const marks = record.marks ?? {}
    if (!template) return <Empty icon={CircleDashed}>{text.notYet}</Empty>
    const settled = template.steps.filter((step) => (marks[step.id]?.kind ?? "open") !== "open").length
    return (
        <section class="card" aria-label={text.visit}>
            <div class="row row-apart">
                <h2>{text.visit}</h2>
                <span class="soft figures">{text.stepsDone(settled, template.steps.length)}</span>
            </div>
            {(record.diagnosis?.cause || record.diagnosis?.measures) && (
                <p>
                    <span class="soft small">{text.diagnosis}</span>
                    <br />
                    {[record.diagnosis.cause, record.diagnosis.measures].filter(Boolean).join(" → ")}
                </p>
            )}
            <ol class="job-steps">
                {template.steps.map((step) => (
                    <Step key={step.id} step={step} detail={detail} />
                ))}
            </ol>
        </section>
    )
}

const ofStep = <T extends { step: string }>(entries: Record<string, T> | undefined, step: string) =>
    Object.entries(entries ?? {}).filter(([, entry]) => entry.step === step)

function Step({ step, detail }: { step: Schemas["StepTemplate"]; detail: Detail }) {
    const { terms, deskJob } = words.value
    const { record } = detail
    const mark = record.marks?.[step.id]
    const kind = mark?.kind ?? "open"
    const photos = ofStep(record.photos, step.id).length
    const note = record.notes?.[step.id]
    return (
        <li class={`job-step job-step-${kind}`}>
            <Icon of={MARK_ICONS[kind]} label={terms.mark[kind]} />
            <div>
                <span class="row">
                    <strong>{pick(step.name)}</strong>
                    {step.stage && <Tag>{terms.stage[step.stage]}</Tag>}
                    {kind !== "done" && kind !== "open" && <Tag tone="warn">{terms.mark[kind]}</Tag>}
                </span>
                {mark?.reason && <p class="small">{mark.reason}</p>}
                {note && <p class="small job-note">{note}</p>}
                {ofStep(record.readings, step.id).map(([id, reading]) => (
                    <p key={id} class="small">
                        <span class="soft">{labelOf(step, reading.name)}</span>{" "}
                        <span class="figures">
                            {reading.value} {reading.unit}
                        </span>
                    </p>
                ))}
                {ofStep(record.plays, step.id).map(([id, play]) => {
                    const known = step.plays?.find((offered) => offered.id === play.play)
                    return (
                        <p key={id} class="small">
                            {known ? pick(known.happens) : play.play} {play.note}
                        </p>
                    )
                })}
                {photos > 0 && (
                    <a class="small" href={`/desk/jobs/${detail.job.id}/photos`}>
                        {deskJob.tabs.photos} {photos}
                    </a>
                )}
            </div>
            <span class="small soft figures job-step-when">
                {mark && kind !== "open" && (
                    <>
                        {dayAndTime(mark.at)}
                        <br />
                        {nameOf(detail, mark.by)}
                    </>
                )}
            </span>
        </li>
    )
}

/** What a reading is called where it is asked for. */
function labelOf(step: Schemas["StepTemplate"], name: string): string {
    const asked = step.evidence?.find((evidence) => evidence.name === name)
    return asked ? pick(asked.label) : name
}
