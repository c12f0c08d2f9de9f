import { useSignal } from "@preact/signals"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Dialog, Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Trouble } from "../answered.tsx"
import { Choice } from "../choice.tsx"
import { say } from "../said.ts"
import { ofField } from "../../design/dates.ts"
import { DelayDialog } from "./delay_dialog.tsx"
import type { Detail } from "./job.tsx"

type Status = Schemas["Status"]
type Action = "hold" | "cancel" | "reopen" | "close" | "solve" | "prove"

/** While one of these holds, somebody waits for the technician. */
const AWAITED: Status[] = ["assigned", "accepted", "appointed", "en_route"]
const OVER: Status[] = ["closed", "cancelled", "solved_remotely"]

/** What this role may do with a job that stands so. */
function actionsFor(status: Status): Action[] {
    const isOver = OVER.includes(status)
    const dispatch: Action[] = isOver || status === "signed" ? ["reopen"] : ["hold", "cancel"]
    const desk: Action[] = isOver
        ? []
        : [
              ...(status === "awaiting_proof" ? (["prove"] as const) : []),
              ...(status === "signed" ? [] : (["solve"] as const)),
              "close",
          ]
    return [...(may("dispatch") ? dispatch : []), ...(may("close_jobs") ? desk : [])]
}

/** What the office may decide about a job now. */
export function Actions({ detail, reload }: { detail: Detail; reload: () => Promise<void> }) {
    const text = words.value.deskJob
    const { path, route } = useLocation()
    const asked = useSignal<Action | "delay" | undefined>(undefined)
    const { job } = detail
    const close = () => {
        asked.value = undefined
        void reload()
    }
    const canAssign = may("dispatch") && !OVER.includes(job.status) && job.status !== "signed"
    return (
        <div class="row">
            {canAssign && (
                <Button kind="main" onClick={() => route(`${path}?assign=1`, true)}>
                    {job.technician ? text.reassign : text.assign}
                </Button>
            )}
            {may("amend_jobs") && AWAITED.includes(job.status) && (
                <Button onClick={() => (asked.value = "delay")}>{text.announceDelay}</Button>
            )}
            {actionsFor(job.status).map((action) => (
                <Button
                    key={action}
                    {...(action === "cancel" && { kind: "bad" as const })}
                    onClick={() => (asked.value = action)}
                >
                    {text[action]}
                </Button>
            ))}
            {asked.value === "delay" && <DelayDialog job={job} onClose={close} />}
            {asked.value && asked.value !== "delay" && <ActionDialog action={asked.value} job={job} onClose={close} />}
        </div>
    )
}

interface DialogProps {
    action: Action
    job: Schemas["Job"]
    onClose: () => void
}

const AT = {
    cancel: "/v1/jobs/{id}/cancel",
    reopen: "/v1/jobs/{id}/reopen",
    solve: "/v1/jobs/{id}/solve-remotely",
    prove: "/v1/jobs/{id}/prove",
    close: "/v1/jobs/{id}/close",
} as const

function decide(action: Action, id: string, filled: FormData): Promise<unknown> {
    const reason = String(filled.get("reason") ?? "").trim()
    const to = { params: { path: { id } }, headers: once() }
    if (action !== "hold") return body(api.POST(AT[action], { ...to, body: { reason } }))
    const until = ofField(String(filled.get("until") ?? ""))
    const kind = String(filled.get("kind")) as Schemas["HoldKind"]
    return body(api.POST("/v1/jobs/{id}/holds", { ...to, body: { kind, reason, ...(until && { until }) } }))
}

function ActionDialog({ action, job, onClose }: DialogProps) {
    const { deskJob, deskShell, everywhere, terms } = words.value
    const act = useAct()
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const filled = new FormData(event.currentTarget as HTMLFormElement)
        if (!(await act.run(() => decide(action, job.id, filled)))) return
        say(deskJob.done(job.number))
        onClose()
    }
    const mayBeEmpty = action === "prove" || action === "close"
    return (
        <Dialog title={`${deskJob[action]} ${job.number}`} onClose={onClose}>
            <form class="stack" onSubmit={submit}>
                {action === "hold" ? (
                    <>
                        <Choice label={deskJob.holdKind} name="kind" required>
                            {(Object.keys(terms.hold) as Schemas["HoldKind"][]).map((kind) => (
                                <option key={kind} value={kind}>
                                    {terms.hold[kind]}
                                </option>
                            ))}
                        </Choice>
                        <Field label={deskJob.until} name="until" type="datetime-local" />
                    </>
                ) : (
                    <p class="soft">{deskJob.sure[action]}</p>
                )}
                <Field label={deskShell.reason} name="reason" required={!mayBeEmpty} maxLength={500} />
                <Trouble of={act.problem} />
                <div class="row row-apart">
                    <Button onClick={onClose}>{everywhere.back}</Button>
                    <Button type="submit" kind={action === "cancel" ? "bad" : "main"} disabled={act.isBusy}>
                        {deskJob[action]}
                    </Button>
                </div>
            </form>
        </Dialog>
    )
}
