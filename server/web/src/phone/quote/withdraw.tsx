/** Offers of one's own that are taken back, one by one, with the reason; and what was taken back so far, by whomever. */
import { Undo2 } from "lucide"
import { useSignal } from "@preact/signals"
import { acceptedQuote, withdrawalOf } from "../../core/bill.ts"
import type { JobView } from "../../core/handset.ts"
import type { EntryId } from "../../core/id.ts"
import { withdrawable } from "../../core/offer.ts"
import { byTime, entriesOf, type Quote } from "../../core/record.ts"
import { money } from "../../design/money.ts"
import { Button, Dialog, Field, Notice, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { type Hindrance, me, newEntry, now, write } from "../phone.ts"

export function Withdrawals({ job }: { job: JobView }) {
    const asked = useSignal<EntryId | undefined>(undefined)
    const said = words.value.quote
    const own = job.gone ? [] : withdrawable(job.record, me.value?.person ?? "")
    return (
        <>
            {own.map(([id, quote]) => (
                <div key={id} class="row row-apart">
                    <Named quote={quote} />
                    <Button icon={Undo2} onClick={() => (asked.value = id)}>
                        {said.withdraw}
                    </Button>
                </div>
            ))}
            <Withdrawn job={job} />
            {asked.value && <Ask job={job} quote={asked.value} onClose={() => (asked.value = undefined)} />}
        </>
    )
}

function Named({ quote }: { quote: Quote }) {
    return (
        <span>
            {quote.option || words.value.quote.title}{" "}
            <span class="figures">{money(quote.total_minor, quote.currency)}</span>
        </span>
    )
}

function Withdrawn({ job }: { job: JobView }) {
    const said = words.value.quote
    const inForce = acceptedQuote(job.record)?.[0]
    return byTime(entriesOf(job.record.quotes)).map(([id, quote]) => {
        const withdrawal = withdrawalOf(job.record, id)
        if (!withdrawal) return null
        return (
            <article key={id} class="card">
                <div class="row row-apart">
                    <Named quote={quote} />
                    <Tag tone="warn">{said.withdrawn(withdrawal.reason)}</Tag>
                </div>
                {id === inForce && <Notice tone="warn">{said.disputed}</Notice>}
            </article>
        )
    })
}

function Ask({ job, quote, onClose }: { job: JobView; quote: EntryId; onClose: () => void }) {
    const reason = useSignal("")
    const refused = useSignal<readonly Hindrance[]>([])
    const { quote: said, everywhere } = words.value
    const submit = async (event: Event) => {
        event.preventDefault()
        const by = me.value?.person
        if (!by) return
        const withdrawal = { quote, reason: reason.value.trim(), by, at: now() }
        refused.value = await write(job.id, [{ edit: "withdraw", id: newEntry(), withdrawal }])
        if (refused.value.length === 0) onClose()
    }
    return (
        <Dialog title={said.withdraw} onClose={onClose}>
            <form class="stack" onSubmit={(event) => void submit(event)}>
                <p>{said.withdrawHint}</p>
                <Field
                    label={said.withdrawReason}
                    value={reason.value}
                    maxLength={300}
                    required
                    onInput={(event) => (reason.value = event.currentTarget.value)}
                />
                {refused.value.map((violation) => (
                    <Notice key={violation.rule} tone="bad">
                        {pick(violation)}
                    </Notice>
                ))}
                <div class="row endings">
                    <Button onClick={onClose}>{everywhere.back}</Button>
                    <Button type="submit" kind="bad">
                        {said.withdraw}
                    </Button>
                </div>
            </form>
        </Dialog>
    )
}
