import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { Dialog, Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { SendOrCancel } from "../answered.tsx"
import { Choice } from "../choice.tsx"
import { minorOf, money } from "../../design/money.ts"

/** What is to be written about money. */
export type Ask =
    | { kind: "consent"; quote: string; hash: string; total: number }
    | { kind: "charge"; quote: string; total: number }
    | { kind: "waive"; quote: string }
    | { kind: "pay" }
    | { kind: "withdraw"; quote: string }

interface Props {
    ask: Ask
    job: Schemas["Job"]
    onClose: () => void
}

export function MoneyDialog({ ask, job, onClose }: Props) {
    const { deskJob, deskShell, quote } = words.value
    const text = deskJob.money
    const act = useAct()
    const wrong = useSignal(false)
    const isAmountAsked = ask.kind !== "consent" && ask.kind !== "withdraw"
    const titles = {
        consent: text.byPhoneTitle,
        charge: text.charge,
        waive: text.waiveTitle,
        pay: text.pay,
        withdraw: quote.withdraw,
    }
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const filled = new FormData(event.currentTarget as HTMLFormElement)
        const total = "total" in ask ? ask.total : 0
        const minor = !isAmountAsked ? total : minorOf(String(filled.get("amount") ?? ""), job.currency)
        wrong.value = minor === undefined
        if (minor !== undefined && (await act.run(() => write(ask, job.id, minor, filled)))) onClose()
    }
    return (
        <Dialog title={titles[ask.kind]} onClose={onClose}>
            <form class="stack" onSubmit={submit}>
                {"total" in ask && <p class="soft">{text.chargeHint(money(ask.total, job.currency))}</p>}
                {ask.kind === "consent" && (
                    <Field label={text.acceptedBy} name="name" required maxLength={100} value={job.name ?? ""} />
                )}
                {isAmountAsked && (
                    <Field
                        label={text.amountField}
                        name="amount"
                        inputMode="decimal"
                        required
                        error={wrong.value ? text.wrongAmount : undefined}
                    />
                )}
                {ask.kind === "withdraw" && (
                    <>
                        <p class="soft">{quote.withdrawHint}</p>
                        <Field label={quote.withdrawReason} name="reason" required maxLength={500} />
                    </>
                )}
                {ask.kind === "waive" && <Field label={deskShell.reason} name="reason" required maxLength={500} />}
                {ask.kind === "pay" && (
                    <>
                        <Choice label={text.method} name="method" required>
                            <option value="cash">{text.cash}</option>
                            <option value="card">{text.card}</option>
                            <option value="transfer">{text.transfer}</option>
                        </Choice>
                        <Field label={text.receipt} name="receipt" maxLength={60} />
                    </>
                )}
                <SendOrCancel
                    act={act}
                    onCancel={onClose}
                    takesBack={ask.kind === "withdraw" ? quote.withdraw : undefined}
                />
            </form>
        </Dialog>
    )
}

async function write(ask: Ask, id: string, minor: number, filled: FormData): Promise<unknown> {
    const to = { params: { path: { id } }, headers: once() }
    const typed = (name: string) => String(filled.get(name) ?? "").trim()
    switch (ask.kind) {
        case "charge":
            return body(api.POST("/v1/jobs/{id}/charges", { ...to, body: { quote: ask.quote, due_minor: minor } }))
        case "waive": {
            const waiver = { quote: ask.quote, minor, reason: typed("reason") }
            return body(api.POST("/v1/jobs/{id}/waivers", { ...to, body: waiver }))
        }
        case "withdraw": {
            const path = { id, quote: ask.quote }
            const because = { params: { path }, headers: once(), body: { reason: typed("reason") } }
            return body(api.POST("/v1/jobs/{id}/quotes/{quote}/withdraw", because))
        }
        case "pay": {
            const receipt = typed("receipt")
            const payment = { minor, method: typed("method"), ...(receipt && { receipt }) }
            return body(api.POST("/v1/jobs/{id}/payments", { ...to, body: payment }))
        }
        case "consent":
            // The customer accepted exactly the quote that the record holds, which its hash names.
            return body(
                api.POST("/v1/jobs/{id}/consents", {
                    ...to,
                    body: { quote: ask.quote, quote_hash: ask.hash, total_minor: minor, name: typed("name") },
                }),
            )
    }
}
