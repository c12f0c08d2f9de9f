/** What is done with quotes that are made: sent to the customer by a link, or withdrawn until they are priced anew. */
import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { Button, Dialog, Field, Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Form } from "../form.tsx"
import { copy } from "../job/links.tsx"
import { say } from "../said.ts"

interface Props {
    detail: Schemas["JobDetail"]
    reload: () => Promise<void>
}

export function Offer({ detail, reload }: Props) {
    const text = words.value.deskQuote
    const asked = useSignal<"send" | "withdraw" | undefined>(undefined)
    const { job, record } = detail
    if (job.sign_offs > 0 || job.closed_at) return null
    const hasQuotes = Object.keys(record.quotes ?? {}).length > 0
    const isAccepted = Object.keys(record.consents ?? {}).length > 0
    const isPricing = Object.entries(record.holds ?? {}).some(
        ([id, hold]) => hold.kind === "price" && !record.releases?.[id],
    )
    const close = () => {
        asked.value = undefined
        void reload()
    }
    return (
        <div class="stack no-print">
            <div class="row">
                {may("quote_jobs") && (
                    <a class="button button-main" href={`/desk/jobs/${job.id}/money/quote`}>
                        {hasQuotes ? text.makeAnother : text.make}
                    </a>
                )}
                {hasQuotes && may("invite_customer") && !isPricing && (
                    <Button onClick={() => (asked.value = "send")}>{text.offer}</Button>
                )}
                {hasQuotes && !isAccepted && may("dispatch") && !isPricing && (
                    <Button kind="bad" onClick={() => (asked.value = "withdraw")}>
                        {text.withdraw}
                    </Button>
                )}
            </div>
            {isPricing && <Notice tone="warn">{text.isWithdrawn}</Notice>}
            {asked.value === "send" && <Send job={job.id} onClose={close} />}
            {asked.value === "withdraw" && <Withdraw job={job.id} onClose={close} />}
        </div>
    )
}

interface DialogProps {
    job: string
    onClose: () => void
}

function Send({ job, onClose }: DialogProps) {
    const { deskJob, deskQuote, everywhere } = words.value
    const act = useAct()
    const made = useSignal<string | undefined>(undefined)
    if (made.value !== undefined)
        return (
            <Dialog title={deskQuote.offerTitle} onClose={onClose}>
                <Notice tone="good">
                    <p>{deskJob.links.address}</p>
                    <p class="job-address figures">{made.value}</p>
                </Notice>
                <div class="row row-apart">
                    <Button onClick={onClose}>{everywhere.close}</Button>
                    <Button kind="main" onClick={() => void copy(made.value ?? "", deskJob.links.copied)}>
                        {deskJob.links.copy}
                    </Button>
                </div>
            </Dialog>
        )
    return (
        <Dialog title={deskQuote.offerTitle} onClose={onClose}>
            <p>{deskQuote.offerHint}</p>
            <Form
                act={act}
                save={deskQuote.makeLink}
                onCancel={onClose}
                onSubmit={async (filled) => {
                    const days = filled.whole("days")
                    const scope: Schemas["LinkScope"][] = ["view", "accept"]
                    const input = { scope, ...(days !== undefined && { expires_in_days: days }) }
                    const to = { params: { path: { id: job } }, headers: once(), body: input }
                    await act.run(async () => (made.value = (await body(api.POST("/v1/jobs/{id}/links", to))).url))
                }}
            >
                <Field
                    label={deskQuote.days}
                    name="days"
                    type="number"
                    min={1}
                    max={90}
                    error={aboutOf(act.problem)("/expires_in_days")}
                />
            </Form>
        </Dialog>
    )
}

/** While a price is awaited nothing that was offered can be accepted. */
function Withdraw({ job, onClose }: DialogProps) {
    const { deskQuote, deskShell } = words.value
    const act = useAct()
    return (
        <Dialog title={deskQuote.withdrawTitle} onClose={onClose}>
            <p>{deskQuote.withdrawHint}</p>
            <Form
                act={act}
                save={deskQuote.withdraw}
                onCancel={onClose}
                onSubmit={async (filled) => {
                    const input = { kind: "price" as const, reason: filled.text("reason") }
                    const to = { params: { path: { id: job } }, headers: once(), body: input }
                    if (!(await act.run(() => body(api.POST("/v1/jobs/{id}/holds", to))))) return
                    say(deskQuote.withdrawn)
                    onClose()
                }}
            >
                <Field
                    label={deskShell.reason}
                    name="reason"
                    required
                    maxLength={500}
                    error={aboutOf(act.problem)("/reason")}
                />
            </Form>
        </Dialog>
    )
}
