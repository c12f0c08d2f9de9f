/** Quotes with what became of them, what is charged, waived and paid. */
import { useSignal } from "@preact/signals"
import { ReceiptText } from "lucide"
import { acceptedQuote } from "../../core/bill.ts"
import { complete } from "../../core/record.ts"
import { Button, Empty, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { money } from "../../design/money.ts"
import { Offer } from "../quote/offer.tsx"
import { dayAndTime } from "../../design/dates.ts"
import { type Detail, nameOf, type TabProps } from "./job.tsx"
import { type Ask, MoneyDialog } from "./money_dialog.tsx"
import { QuoteCard } from "./quote_card.tsx"
import { methodText } from "./words_of.ts"

export function MoneyTab({ detail, reload }: TabProps) {
    const text = words.value.deskJob.money
    const asked = useSignal<Ask | undefined>(undefined)
    const { job, record } = detail
    const quotes = Object.entries(record.quotes ?? {}).toSorted(([, a], [, b]) => b.at.localeCompare(a.at))
    const [accepted, quote] = acceptedQuote(complete(record)) ?? []
    const total = quote?.total_minor
    const ask = (what: Ask) => (asked.value = what)
    return (
        <div class="job-halves">
            <section class="stack" aria-label={text.quotes}>
                <Offer detail={detail} reload={reload} />
                {quotes.length === 0 && <Empty icon={ReceiptText}>{text.noQuotes}</Empty>}
                {quotes.map(([id, quote]) => (
                    <QuoteCard key={id} id={id} quote={quote} detail={detail} onAsk={ask} />
                ))}
            </section>
            <div class="stack">
                <section class="card" aria-label={text.due}>
                    <dl class="facts job-sums">
                        <dt>{text.charged}</dt>
                        <dd class="figures">{job.due_minor == null ? "–" : money(job.due_minor, job.currency)}</dd>
                        <dt>{text.paid}</dt>
                        <dd class="figures">{money(job.paid_minor, job.currency)}</dd>
                        <dt>{text.due}</dt>
                        <dd class="figures job-sum">
                            {job.due_minor == null
                                ? "–"
                                : money(Math.max(0, job.due_minor - job.paid_minor), job.currency)}
                        </dd>
                    </dl>
                    <div class="row">
                        {may("quote_jobs") && accepted && total !== undefined && (
                            <Button onClick={() => ask({ kind: "charge", quote: accepted, total })}>
                                {text.charge}
                            </Button>
                        )}
                        {may("waive") && accepted && (
                            <Button onClick={() => ask({ kind: "waive", quote: accepted })}>{text.waive}</Button>
                        )}
                        {may("take_payment") && <Button onClick={() => ask({ kind: "pay" })}>{text.pay}</Button>}
                    </div>
                </section>
                <Entries detail={detail} />
            </div>
            {asked.value && (
                <MoneyDialog
                    ask={asked.value}
                    job={job}
                    onClose={() => {
                        asked.value = undefined
                        void reload()
                    }}
                />
            )}
        </div>
    )
}

/** Waivers and payments, one by one. */
function Entries({ detail }: { detail: Detail }) {
    const text = words.value.deskJob.money
    const { record, job } = detail
    const payments = Object.entries(record.payments ?? {})
    const waivers = Object.entries(record.waivers ?? {})
    return (
        <section class="card" aria-label={text.payments}>
            <h2>{text.payments}</h2>
            {payments.length === 0 && <p class="soft">{text.noPayments}</p>}
            <ul class="stack">
                {payments.map(([id, payment]) => (
                    <li key={id}>
                        <strong class="figures">{money(payment.minor, payment.currency)}</strong>{" "}
                        {methodText(payment.method)} {payment.receipt}
                        <br />
                        <span class="small soft figures">
                            {nameOf(detail, payment.by)} · {dayAndTime(payment.at)}
                        </span>
                    </li>
                ))}
                {waivers.map(([id, waiver]) => (
                    <li key={id}>
                        <Tag tone="info">{text.waivers}</Tag>{" "}
                        <strong class="figures">−{money(waiver.minor, job.currency)}</strong> {waiver.reason}
                        <br />
                        <span class="small soft figures">
                            {nameOf(detail, waiver.by)} · {dayAndTime(waiver.at)}
                        </span>
                    </li>
                ))}
            </ul>
        </section>
    )
}
