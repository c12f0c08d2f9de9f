/** The record as it stands: the visit's steps by stage, and beside it what one has to know. */
import { useSignal } from "@preact/signals"
import { CircleCheck, CircleDashed, CircleMinus, CircleX, NotebookPen, SkipForward } from "lucide"
import type { Schemas } from "../../api/client.ts"
import { stepName } from "../../core/place.ts"
import { WHOLE_VISIT } from "../../core/template.ts"
import { Icon } from "../../design/icon.tsx"
import { Empty, IconButton, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { PromisesOf } from "../answers/promises_of.tsx"
import { dayAndTime } from "../../design/dates.ts"
import { may } from "../allowed.ts"
import { AmendNote } from "./amend.tsx"
import { Clocks } from "./clocks.tsx"
import { Facts } from "./facts.tsx"
import { type Detail, nameOf, type TabProps } from "./job.tsx"
import { Notes } from "./notes.tsx"
import { Taken } from "./taken.tsx"
import { Where } from "./where.tsx"

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
                <Taken {...props} />
                <PromisesOf about={{ job: props.detail.job.id }} />
                <Notes {...props} />
            </div>
        </div>
    )
}

function Steps({ detail, template, reload }: TabProps) {
    const noted = useSignal<Schemas["StepTemplate"] | undefined>(undefined)
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
            <WholeVisit detail={detail} />
            <ol class="job-steps">
                {template.steps.map((step) => (
                    <Step key={step.id} step={step} detail={detail} onNote={() => (noted.value = step)} />
                ))}
            </ol>
            {noted.value && (
                <AmendNote
                    detail={detail}
                    step={noted.value}
                    onClose={() => {
                        noted.value = undefined
                        void reload()
                    }}
                />
            )}
        </section>
    )
}

/** What a phone kept that had no checklist yet. */
function WholeVisit({ detail }: { detail: Detail }) {
    const note = detail.record.notes?.[WHOLE_VISIT]
    const photos = ofStep(detail.record.photos, WHOLE_VISIT).length
    if (!note && photos === 0) return null
    return (
        <div>
            <span class="soft small">{pick(stepName(WHOLE_VISIT))}</span>
            {note && <p class="small job-note">{note}</p>}
            {photos > 0 && (
                <a class="small" href={`/desk/jobs/${detail.job.id}/photos`}>
                    {words.value.deskJob.tabs.photos} {photos}
                </a>
            )}
        </div>
    )
}

const ofStep = <T extends { step: string }>(entries: Record<string, T> | undefined, step: string) =>
    Object.entries(entries ?? {}).filter(([, entry]) => entry.step === step)

function Step({ step, detail, onNote }: { step: Schemas["StepTemplate"]; detail: Detail; onNote: () => void }) {
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
                {kind !== "open" && <Where place={mark?.place} detail={detail} />}
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
            {may("amend_jobs") && !detail.job.closed_at && (
                <IconButton icon={NotebookPen} label={words.value.deskAmend.note(pick(step.name))} onClick={onNote} />
            )}
        </li>
    )
}

/** What a reading is called where it is asked for. */
function labelOf(step: Schemas["StepTemplate"], name: string): string {
    const asked = step.evidence?.find((evidence) => evidence.name === name)
    return asked ? pick(asked.label) : name
}
