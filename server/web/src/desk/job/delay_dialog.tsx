/** The technician phones in that they will be late: the desk writes it down for them, as their own phone would. */
import { api, body } from "../../api/client.ts"
import { latenessFrom } from "../../core/delay.ts"
import { fieldOf, ofField } from "../../design/dates.ts"
import { Button, Dialog, Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { Trouble } from "../answered.tsx"
import { say } from "../said.ts"
import { now } from "../times.ts"
import type { Detail } from "./job.tsx"

/** What is offered first. */
const LATE_MS = 30 * 60_000

export function DelayDialog({ job, onClose }: { job: Detail["job"]; onClose: () => void }) {
    const { deskJob, delay, everywhere } = words.value
    const act = useAct()
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const filled = new FormData(event.currentTarget as HTMLFormElement)
        const arrives_at = ofField(String(filled.get("arrives_at") ?? ""))
        if (!arrives_at) return
        const reason = String(filled.get("reason") ?? "").trim()
        const to = { params: { path: { id: job.id } }, headers: once() }
        const input = { arrives_at, ...(reason && { reason }) }
        if (!(await act.run(() => body(api.POST("/v1/jobs/{id}/delays", { ...to, body: input }))))) return
        say(deskJob.done(job.number))
        onClose()
    }
    const offered = latenessFrom(job.delay?.arrives_at ?? job.window?.from, Date.now()) + LATE_MS
    return (
        <Dialog title={`${deskJob.announceDelay} ${job.number}`} onClose={onClose}>
            <form class="stack" onSubmit={submit}>
                <p class="soft">{deskJob.delayHint}</p>
                <Field
                    label={delay.otherTime}
                    name="arrives_at"
                    type="datetime-local"
                    required
                    defaultValue={fieldOf(offered)}
                    min={fieldOf(now.value)}
                />
                <Field label={delay.reason} name="reason" maxLength={500} />
                <Trouble of={act.problem} />
                <div class="row row-apart">
                    <Button onClick={onClose}>{everywhere.back}</Button>
                    <Button type="submit" kind="main" disabled={act.isBusy}>
                        {deskJob.announceDelay}
                    </Button>
                </div>
            </form>
        </Dialog>
    )
}
