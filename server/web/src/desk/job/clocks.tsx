import { useSignal } from "@preact/signals"
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
import { nameOf, type TabProps } from "./job.tsx"

type JobClock = Schemas["JobClock"]

/** Each clock with its due time, and why it was missed. */
export function Clocks({ detail, reload }: TabProps) {
    const { deskJob } = words.value
    const judged = useSignal<JobClock | undefined>(undefined)
    return (
        <section class="card" aria-label={deskJob.clocks}>
            <h2>{deskJob.clocks}</h2>
            {detail.clocks.length === 0 && <p class="soft">{deskJob.noClocks}</p>}
            <ul class="job-clocks">
                {detail.clocks.map((clock) => (
                    <ClockLine key={`${clock.rule} ${clock.run}`} clock={clock} detail={detail} judged={judged} />
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
        </section>
    )
}

interface LineProps {
    clock: JobClock
    detail: TabProps["detail"]
    judged: { value: JobClock | undefined }
}

function ClockLine({ clock, detail, judged }: LineProps) {
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
            {clock.causes.map((id) => {
                const breach = detail.record.breaches?.[id]
                return (
                    breach && (
                        <span key={id} class="small">
                            {deskJob.causes(breach.cause)}{" "}
                            <span class="soft">
                                {breach.whose ? nameOf(detail, breach.whose) : deskJob.nobodysFault} ·{" "}
                                {nameOf(detail, breach.by)}
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
