import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { Problem } from "../../api/problem.ts"
import { Button, Dialog, Field, Notice, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { type Act, once, useAct } from "../act.ts"
import { Answered, Trouble } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { say } from "../said.ts"
import { fieldOf, HOUR_MS, ofField, windowText } from "../../design/dates.ts"
import { Candidates } from "./candidates.tsx"
import type { Job } from "./day.ts"
import { JobStatus } from "../job_status.tsx"

type Window = Schemas["Window"]

export interface Wish {
    technician: Schemas["PersonName"]
    window: Window
}

interface Props {
    id: string
    /** Who was meant, where the server said no to it. */
    wish: Wish | undefined
    refusal: unknown
    onClose: () => void
}

/** Who could go, when, and what speaks against it: for a job that is to be sent out, or to go to somebody else. */
export function AssignDialog({ id, wish, refusal, onClose }: Props) {
    const text = words.value.deskBoard
    const detail = useLoaded(id, () => body(api.GET("/v1/jobs/{id}", { params: { path: { id } } })), {
        movesWith: (job) => job === null || job === id,
    })
    const job = detail.data?.job
    const title = job?.technician ? text.moveTitle(job.number) : text.assignTitle(job?.number ?? "")
    return (
        <Dialog title={title} onClose={onClose} wide>
            <Answered of={detail}>
                {(found) => (
                    <Choice
                        key={id}
                        job={found.job}
                        missing={found.missing}
                        wish={wish}
                        refusal={refusal}
                        onClose={onClose}
                    />
                )}
            </Answered>
        </Dialog>
    )
}

interface ChoiceProps extends Omit<Props, "id"> {
    job: Job
    missing: Schemas["ReportField"][]
}

function Choice({ job, missing, wish, refusal, onClose }: ChoiceProps) {
    const { deskBoard, deskShell, terms, everywhere } = words.value
    const chosen = useSignal<Window | undefined>(wish?.window)
    // What somebody else has agreed on meanwhile is kept, unless another is chosen here.
    const window = chosen.value ?? job.window ?? undefined
    const act = useAct()
    const meant = useSignal<Schemas["PersonName"] | undefined>(wish?.technician)
    const said = act.problem ?? refusal
    const assign = async (technician: Schemas["PersonName"], reason?: string) => {
        meant.value = technician
        if (await act.run(() => sendOut(job, technician, window, reason))) onClose()
    }
    return (
        <>
            <Summary job={job} />
            {missing.length > 0 && (
                <Notice tone="warn">
                    {deskBoard.missing(deskShell.listed(missing.map((field) => terms.reportField[field])))}
                </Notice>
            )}
            <WindowFields window={window} onChange={(wanted) => (chosen.value = wanted)} />
            <Refused problem={said} technician={meant.value} act={act} onInsist={assign} />
            <Candidates job={job} window={window} isBusy={act.isBusy} onAssign={assign} />
            {job.technician && <TakeBack job={job} onDone={onClose} />}
            <div class="row row-apart">
                <a class="button" href={`/desk/jobs/${job.id}`}>
                    {deskBoard.openJob}
                </a>
                <Button onClick={onClose}>{everywhere.close}</Button>
            </div>
        </>
    )
}

/** Sends a job out; throws why not. */
export async function sendOut(
    job: Job,
    technician: Schemas["PersonName"],
    window: Window | undefined,
    reason?: string,
): Promise<void> {
    const input = {
        technician: technician.id,
        ...(window && { window }),
        ...(job.technician && { instead_of: job.technician.id }),
        ...(reason && { reason, override: true }),
    }
    await body(api.POST("/v1/jobs/{id}/assign", { params: { path: { id: job.id } }, headers: once(), body: input }))
    const text = words.value.deskBoard
    say(text.assigned(job.number, technician.name, window ? windowText(window) : text.noWindow))
}

function Summary({ job }: { job: Job }) {
    const { terms } = words.value
    return (
        <div class="board-summary">
            <span class="row">
                <JobStatus job={job} />
                {job.urgency && (
                    <Tag tone={job.urgency === "urgent" ? "bad" : "plain"}>{terms.urgency[job.urgency]}</Tag>
                )}
                {job.skill && <Tag>{terms.skill[job.skill] ?? job.skill}</Tag>}
                <strong>{job.name}</strong>
            </span>
            <span>{[job.product, job.fault].filter(Boolean).join(" · ")}</span>
            <span class="soft small">{job.address}</span>
        </div>
    )
}

const USUAL_MS = 2 * HOUR_MS

function WindowFields({
    window,
    onChange,
}: {
    window: Window | undefined
    onChange: (window: Window | undefined) => void
}) {
    const { deskShell, deskBoard } = words.value
    const from = window ? fieldOf(window.from) : ""
    const to = window ? fieldOf(window.to) : ""
    const change = (begin: string | undefined, end: string | undefined) => {
        if (!begin) return
        // A window keeps its length when its start moves.
        const length = window ? Date.parse(window.to) - Date.parse(window.from) : USUAL_MS
        const isMoved = begin !== window?.from
        const ends = isMoved || !end ? new Date(Date.parse(begin) + length).toISOString() : end
        if (Date.parse(ends) > Date.parse(begin)) onChange({ from: begin, to: ends })
    }
    return (
        <fieldset class="field">
            <legend>{deskBoard.window}</legend>
            <div class="board-window">
                <Field
                    label={deskShell.from}
                    type="datetime-local"
                    value={from}
                    onChange={(event) => change(ofField(event.currentTarget.value), window?.to)}
                />
                <Field
                    label={deskShell.to}
                    type="datetime-local"
                    value={to}
                    min={from}
                    onChange={(event) => change(window?.from, ofField(event.currentTarget.value))}
                />
            </div>
        </fieldset>
    )
}

interface RefusedProps {
    problem: unknown
    technician: Schemas["PersonName"] | undefined
    act: Act
    onInsist: (technician: Schemas["PersonName"], reason: string) => void
}

/** What the server said, and where it is a matter of judgement a way to insist. */
function Refused({ problem, technician, act, onInsist }: RefusedProps) {
    const { deskBoard, deskShell } = words.value
    if (problem === undefined) return null
    const slug = problem instanceof Problem ? problem.body?.slug : undefined
    if (slug === "stale") return <Notice tone="warn">{deskBoard.staleHint}</Notice>
    return (
        <>
            <Trouble of={problem} />
            {slug === "conflict" && technician && (
                <form
                    class="stack"
                    onSubmit={(event) => {
                        event.preventDefault()
                        onInsist(technician, String(new FormData(event.currentTarget).get("reason")))
                    }}
                >
                    <p class="small soft">{deskBoard.refusedHint}</p>
                    <Field name="reason" label={deskShell.reason} required maxLength={500} />
                    <Button type="submit" kind="bad" disabled={act.isBusy}>
                        {deskShell.about(deskBoard.assignAnyway, technician.name)}
                    </Button>
                </form>
            )}
        </>
    )
}

function TakeBack({ job, onDone }: { job: Job; onDone: () => void }) {
    const { deskBoard } = words.value
    const act = useAct()
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const reason = String(new FormData(event.currentTarget as HTMLFormElement).get("reason"))
        const input = { params: { path: { id: job.id } }, headers: once(), body: { reason } }
        if (!(await act.run(() => body(api.POST("/v1/jobs/{id}/unassign", input))))) return
        say(deskBoard.withdrawn(job.number))
        onDone()
    }
    return (
        <form class="board-take-back" onSubmit={submit}>
            <Field name="reason" label={deskBoard.unassignWhy} required maxLength={500} />
            <Button type="submit" disabled={act.isBusy}>
                {deskBoard.unassign}
            </Button>
            <Trouble of={act.problem} />
        </form>
    )
}
