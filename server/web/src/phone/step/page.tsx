import { Check, ChevronRight, RotateCcw } from "lucide"
import { useSignal } from "@preact/signals"
import { useLocation, useRoute } from "preact-iso"
import { useEffect } from "preact/hooks"
import { markOf } from "../../core/course.ts"
import type { JobView } from "../../core/handset.ts"
import type { MarkKind } from "../../core/record.ts"
import type { StepTemplate } from "../../core/template.ts"
import { clockTime } from "../../design/dates.ts"
import { Icon } from "../../design/icon.tsx"
import { Button, Notice, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { DelayOfJob } from "../job/delay.tsx"
import { Back, NoChecklist, nextStep, NotHere } from "../job/page.tsx"
import { placeNow } from "../here.ts"
import { type Hindrance, handset, jobOf, me, now, write } from "../phone.ts"
import { settleTyped } from "../typed.ts"
import { Corrections } from "./corrections.tsx"
import { Diagnosis } from "./diagnosis.tsx"
import { EvidenceList } from "./evidence.tsx"
import { Here, saysPlace } from "./here.tsx"
import { Note } from "./note.tsx"
import { Parts } from "./parts.tsx"
import { Photos } from "./photos.tsx"
import { Phrases, Plays } from "./plays.tsx"
import { ReasonDialog } from "./reason.tsx"
import { QuoteOfStep } from "../quote/step.tsx"
import { TakenAtStep } from "../taken/of_job.tsx"
import { SignOfStep } from "../sign/step.tsx"

/** Where the customer's data is checked, or found to be otherwise. */
const CHECKED_AT = ["accept", "contact", "introduce"]

export function StepPage() {
    const { params } = useRoute()
    const job = jobOf(params.job ?? "")
    const step = job?.template?.steps.find((step) => step.id === params.step)
    if (job && !job.template) return <NoChecklist job={job} />
    if (!job || !step) return <NotHere />
    // A page of its own for each step, so that nothing typed in one shows in the next.
    return <Step key={step.id} job={job} step={step} />
}

function Step({ job, step }: { job: JobView; step: StepTemplate }) {
    useEffect(() => void handset.value?.prepare(job.id), [job.id])
    const mark = markOf(job.record, step.id)
    const place = (job.template?.steps ?? []).findIndex(({ id }) => id === step.id) + 1
    return (
        <div class="stack-wide">
            <Back to={`/phone/jobs/${job.id}`} label={job.number} />
            <header class="stack">
                <div class="row row-apart">
                    <h1>
                        <span class="soft figures">{place}</span> {pick(step.name)}
                    </h1>
                    {mark && (
                        <Tag tone={mark.kind === "done" ? "good" : mark.kind === "failed" ? "bad" : "warn"}>
                            {words.value.terms.mark[mark.kind]} {clockTime(mark.at)}
                        </Tag>
                    )}
                </div>
                <p>{pick(step.task)}</p>
                {step.rule && <p class="soft small">{pick(step.rule)}</p>}
            </header>
            {mark?.place && <p class="soft small">{words.value.here.noted(mark.place.accuracy_m)}</p>}
            {step.id === "follow_up" && job.refusesCalls && <Notice>{words.value.phone.refusesCallsText}</Notice>}
            {saysPlace(step) && !mark && !job.gone && <Here />}
            <EvidenceList job={job} step={step} />
            {step.id === "en_route" && <DelayOfJob job={job} />}
            {CHECKED_AT.includes(step.id) && <Corrections job={job} />}
            {step.id === "diagnose" && <Diagnosis job={job} />}
            {step.id === "repair" && <Parts job={job} />}
            <TakenAtStep job={job} step={step.id} />
            <QuoteOfStep job={job} step={step} />
            <SignOfStep job={job} step={step} />
            <Photos job={job} step={step} />
            <Note job={job} step={step} />
            <Phrases step={step} />
            <Plays job={job} step={step} />
            {!job.gone && <Ending job={job} step={step} />}
        </div>
    )
}

/** How the step ends: done is the large one, the others stand beside it; each can be undone. */
function Ending({ job, step }: { job: JobView; step: StepTemplate }) {
    const { route } = useLocation()
    const asked = useSignal<MarkKind | null>(null)
    const closed = useSignal<readonly Hindrance[]>([])
    const said = words.value.step
    const mark = markOf(job.record, step.id)
    const set = async (kind: MarkKind, reason: string | null = null) => {
        const by = me.value?.person
        if (!by) return
        asked.value = null
        // On some phones a tap on a button does not leave the field, and what stands in it may be what the gate asks for.
        await settleTyped()
        closed.value = await write(job.id, [
            {
                edit: "mark",
                step: step.id,
                mark: { kind, by, at: now(), reason, place: saysPlace(step) ? placeNow() : null },
            },
        ])
        if (closed.value.length > 0 || kind === "open") return
        const next = nextStep({
            ...job,
            record: { ...job.record, marks: { ...job.record.marks, [step.id]: { kind, by, at: now() } } },
        })
        route(next ? `/phone/jobs/${job.id}/steps/${next.id}` : `/phone/jobs/${job.id}`)
    }
    return (
        <div class="bottom-bar stack">
            {closed.value.map((violation) => (
                <ClosedGate key={violation.rule} job={job} violation={violation} here={step.id} />
            ))}
            {asked.value && (
                <ReasonDialog
                    kind={asked.value}
                    onReason={(kind, reason) => void set(kind, reason)}
                    onClose={() => (asked.value = null)}
                />
            )}
            {mark ? (
                <Marked job={job} step={step} onUndo={() => void set("open")} />
            ) : (
                <>
                    <Button kind="main" icon={Check} large wide onClick={() => void set("done")}>
                        {said.done}
                    </Button>
                    <div class="row endings">
                        <Button onClick={() => (asked.value = "skipped")}>{said.skip}</Button>
                        {step.optional && (
                            <Button onClick={() => (asked.value = "not_applicable")}>{said.notApplicable}</Button>
                        )}
                        {step.stage === "testing" && (
                            <Button onClick={() => (asked.value = "failed")}>{said.failed}</Button>
                        )}
                    </div>
                </>
            )}
        </div>
    )
}

/** A step that is dealt with leads on, and can be taken back. */
function Marked({ job, step, onUndo }: { job: JobView; step: StepTemplate; onUndo: () => void }) {
    const next = nextStep(job)
    return (
        <>
            {next && next.id !== step.id && (
                <a class="button button-main button-large button-wide" href={`/phone/jobs/${job.id}/steps/${next.id}`}>
                    {words.value.phone.next} · {pick(next.name)}
                    <Icon of={ChevronRight} />
                </a>
            )}
            <Button icon={RotateCcw} wide onClick={onUndo}>
                {words.value.step.undo}
            </Button>
        </>
    )
}

/** What is missing, by the rule that misses it, is got at another step than the rule is about. */
const GOT_AT: { [rule: string]: string } = { consent: "quote" }

/** What must be done first, and the way there. */
function ClosedGate({ job, violation, here }: { job: JobView; violation: Hindrance; here: string }) {
    const wanted = GOT_AT[violation.rule] ?? violation.step
    const attend = job.template?.steps.find((step) => step.id === wanted && step.id !== here)
    return (
        <Notice tone="bad">
            <p>{pick(violation)}</p>
            {attend && (
                <a href={`/phone/jobs/${job.id}/steps/${attend.id}`}>{words.value.step.attend(pick(attend.name))}</a>
            )}
        </Notice>
    )
}
