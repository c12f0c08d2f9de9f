import { useSignal } from "@preact/signals"
import type { ComponentChildren } from "preact"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Dialog, Field, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { SendOrCancel } from "../answered.tsx"
import { Choice } from "../choice.tsx"
import { dayAndTime } from "../../design/dates.ts"
import { span, untilDue } from "../times.ts"
import { clockTone } from "../../design/tones.ts"
import { Holder, LevelTag, mayTake, Outcome } from "../escalations/standing.tsx"
import { TakeDialog } from "../escalations/take_dialog.tsx"
import { useLoaded } from "../loaded.ts"
import { whole } from "../pages.ts"
import { nameOf, type TabProps } from "./job.tsx"

type JobClock = Schemas["JobClock"]
type Escalation = Schemas["Escalation"]

/** Where a moment may be off by no more than this, nobody reads it otherwise. */
const SURE_US = 60_000_000

/** Each clock with its due time, who has to hear of it, and why it was missed. */
export function Clocks({ detail, reload }: TabProps) {
    const { deskJob } = words.value
    const judged = useSignal<JobClock | undefined>(undefined)
    const taken = useSignal<Escalation | undefined>(undefined)
    const { id } = detail.job
    const raised = useLoaded(id, () => escalationsOf(id), { movesWith: (moved) => moved === null || moved === id })
    const ofClock = (clock: JobClock) =>
        raised.data?.filter((one) => one.rule === clock.rule && one.run === clock.run) ?? []
    return (
        <section class="card" aria-label={deskJob.clocks}>
            <h2>{deskJob.clocks}</h2>
            {detail.clocks.length === 0 && <p class="soft">{deskJob.noClocks}</p>}
            <ul class="job-clocks">
                {detail.clocks.map((clock) => (
                    <ClockLine key={`${clock.rule} ${clock.run}`} clock={clock} detail={detail} judged={judged}>
                        {ofClock(clock).map((one) => (
                            <EscalationLine key={one.id} of={one} onTake={() => (taken.value = one)} />
                        ))}
                    </ClockLine>
                ))}
            </ul>
            {judged.value && (
                <Judge
                    clock={judged.value}
                    detail={detail}
                    onClose={() => {
                        judged.value = undefined
                        void reload()
                    }}
                />
            )}
            {taken.value && (
                <TakeDialog
                    escalation={taken.value}
                    onClose={() => {
                        taken.value = undefined
                        void raised.reload()
                    }}
                />
            )}
        </section>
    )
}

async function escalationsOf(job: string): Promise<Escalation[]> {
    const raised = await whole((part) => body(api.GET("/v1/escalations", { params: { query: { job, ...part } } })))
    return raised.toReversed()
}

function EscalationLine({ of, onTake }: { of: Escalation; onTake: () => void }) {
    const text = words.value.deskEscalations
    return (
        <span class="small">
            <LevelTag of={of} /> <Holder of={of} /> {of.state !== "open" && <Outcome of={of} />}
            {mayTake(of) && (
                <Button kind="quiet" class="button-inline" onClick={onTake}>
                    {text.take}
                </Button>
            )}
        </span>
    )
}

interface LineProps {
    children: ComponentChildren
    clock: JobClock
    detail: TabProps["detail"]
    judged: { value: JobClock | undefined }
}

function ClockLine({ clock, detail, judged, children }: LineProps) {
    const { deskJob, terms } = words.value
    const isRunning = !clock.stopped_at && clock.kind !== "term"
    const pausedMs = clock.paused_us / 1000
    return (
        <li class="job-clock">
            <span class="row row-apart">
                <strong>{pick(clock.name)}</strong>
                <Tag tone={clockTone(clock.state)}>{terms.clockState[clock.state]}</Tag>
            </span>
            <span class="small soft figures">
                {deskJob.dueAt(dayAndTime(clock.due_at))}
                {isRunning && clock.state !== "paused" && ` · ${untilDue(clock.due_at)}`}
                {clock.stopped_at && ` · ${deskJob.stoppedAt(dayAndTime(clock.stopped_at))}`}
                {pausedMs > 0 && ` · ${deskJob.pausedFor(span(pausedMs))}`}
            </span>
            <Doubt clock={clock} />
            {children}
            {clock.causes.map((id, place) => {
                const breach = detail.record.breaches?.[id]
                return (
                    breach && (
                        <span key={id} class="small">
                            {place === 0 ? deskJob.causes(breach.cause) : deskJob.causeCorrected(breach.cause)}{" "}
                            <span class="soft">
                                {breach.whose ? nameOf(detail, breach.whose) : deskJob.nobodysFault} ·{" "}
                                {nameOf(detail, breach.by)}, {dayAndTime(breach.at)}
                            </span>
                        </span>
                    )
                )
            })}
            {clock.state === "breached" && may("judge_breach") && (
                <Button kind="quiet" class="button-inline" onClick={() => (judged.value = clock)}>
                    {deskJob.judge}
                </Button>
            )}
        </li>
    )
}

/** How far the moments that a phone told may be off, where that is more than a glance; and when it decides. */
function Doubt({ clock }: { clock: JobClock }) {
    const { deskJob } = words.value
    const told = [
        [clock.started_error_us, deskJob.startMayBeOff],
        [clock.stopped_error_us, deskJob.stopMayBeOff],
    ] as const
    const said = told.flatMap(([error, say]) => (error && error > SURE_US ? [say(span(error / 1000))] : []))
    if (said.length === 0 && !clock.in_doubt) return null
    return (
        <span class="small soft figures">
            {said.join(" · ")} {clock.in_doubt && <Tag tone="warn">{deskJob.inDoubt}</Tag>}
        </span>
    )
}

function Judge({ clock, detail, onClose }: { clock: JobClock; detail: TabProps["detail"]; onClose: () => void }) {
    const { deskJob } = words.value
    const act = useAct()
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const filled = new FormData(event.currentTarget as HTMLFormElement)
        const whose = String(filled.get("whose") ?? "")
        const input = { clock: clock.rule, run: clock.run, cause: String(filled.get("cause")), ...(whose && { whose }) }
        const to = { params: { path: { id: detail.job.id } }, headers: once(), body: input }
        if (await act.run(() => body(api.POST("/v1/jobs/{id}/breaches", to)))) onClose()
    }
    return (
        <Dialog title={deskJob.judgeTitle(pick(clock.name))} onClose={onClose}>
            <form class="stack" onSubmit={submit}>
                <Field label={deskJob.cause} name="cause" required maxLength={500} />
                <Choice label={deskJob.whose} name="whose">
                    <option value="">{deskJob.nobodysFault}</option>
                    {detail.people.map((person) => (
                        <option key={person.id} value={person.id}>
                            {person.name}
                        </option>
                    ))}
                </Choice>
                <SendOrCancel act={act} onCancel={onClose} />
            </form>
        </Dialog>
    )
}
