import { FileText } from "lucide"
import type { JobView } from "../../core/handset.ts"
import { acceptedQuote, dueMinor } from "../../core/bill.ts"
import { leftOut, standingOffers } from "../../core/offer.ts"
import { byTime, entriesOf, type Quote } from "../../core/record.ts"
import type { EntryId } from "../../core/id.ts"
import { chargeStep, quoteStep, type StepTemplate } from "../../core/template.ts"
import { money } from "../../design/money.ts"
import { Button, Notice, Tag } from "../../design/parts.tsx"
import { Icon } from "../../design/icon.tsx"
import { words } from "../../words.ts"
import { me, newEntry, now, write } from "../phone.ts"
import { Backup } from "./backup.tsx"
import { ConsentForm } from "./consent.tsx"
import { LineNotes } from "./line_notes.tsx"
import { Withdrawals } from "./withdraw.tsx"

/** What belongs to the steps that are about money: the quotes and the customer's consent; the amount to collect. */
export function QuoteOfStep({ job, step }: { job: JobView; step: StepTemplate }) {
    const { template } = job
    if (!template) return null
    return (
        <>
            {quoteStep(template)?.id === step.id && <Quotes job={job} />}
            {chargeStep(template)?.id === step.id && <ChargeDue job={job} />}
        </>
    )
}

function Quotes({ job }: { job: JobView }) {
    const said = words.value.quote
    const offers = standingOffers(job.record)
    const inForce = acceptedQuote(job.record)
    const choice = offers.length > 0 && !job.gone && (
        <ConsentForm key={offers.map(([id]) => id).join()} job={job} offers={offers} />
    )
    return (
        <section class="stack">
            {!job.gone && (
                <a class={offers.length === 0 ? "button button-main" : "button"} href={`/phone/jobs/${job.id}/quote`}>
                    <Icon of={FileText} />
                    {offers.length === 0 ? said.make : said.makeAnother}
                </a>
            )}
            {inForce && <Accepted job={job} quote={inForce[1]} />}
            <Backup job={job} />
            {inForce && choice ? (
                <details class="card">
                    <summary>{said.chooseAgain}</summary>
                    {choice}
                </details>
            ) : (
                choice
            )}
            <Withdrawals job={job} />
        </section>
    )
}

/** What the customer accepted, and what they were shown and did not take. */
function Accepted({ job, quote }: { job: JobView; quote: Quote }) {
    const said = words.value.quote
    const left = leftOut(job.record, quote)
    return (
        <article class="card">
            <div class="row row-apart">
                <h3>{quote.option || said.title}</h3>
                <Tag tone="good">{said.accepted}</Tag>
            </div>
            <QuoteLines quote={quote} />
            {left.length > 0 && (
                <>
                    <h4>{said.notTaken}</h4>
                    <ul class="soft">
                        {left.map(([number, line]) => (
                            <li key={number} class="row row-apart">
                                <span>{line.name}</span>
                                <span class="figures">{money(line.amount_minor, quote.currency)}</span>
                            </li>
                        ))}
                    </ul>
                </>
            )}
        </article>
    )
}

/** The lines and the total, exactly as the customer consents to them. */
export function QuoteLines({ quote }: { quote: Quote }) {
    const amount = (minor: number) => money(minor, quote.currency)
    return (
        <table class="lines figures">
            <tbody>
                {entriesOf(quote.lines).map(([number, line]) => (
                    <tr key={number}>
                        <th scope="row">
                            {line.name}
                            <span class="soft small">
                                {" "}
                                {amount(line.unit_minor)}/{line.unit} × {line.quantity_milli / 1000}
                            </span>
                            <LineNotes line={line} />
                        </th>
                        <td>{amount(line.amount_minor)}</td>
                    </tr>
                ))}
            </tbody>
            <tfoot>
                <tr>
                    <th scope="row">{words.value.quote.total}</th>
                    <td>{amount(quote.total_minor)}</td>
                </tr>
            </tfoot>
        </table>
    )
}

/** What the customer owes by the quote they accepted; one tap puts it on record as agreed. */
function ChargeDue({ job }: { job: JobView }) {
    const said = words.value.quote
    const agreed = acceptedQuote(job.record)
    const due = dueMinor(job.record)
    if (!agreed || due === undefined) return <Notice tone="warn">{said.nothingAgreed}</Notice>
    const [quote, { currency }] = agreed
    const last = byTime(entriesOf(job.record.charges)).at(-1)?.[1]
    const isFilled = last?.quote === quote && last.due_minor === due
    const charge = (id: EntryId) => {
        const by = me.value?.person
        if (by) void write(job.id, [{ edit: "charge", id, charge: { quote, due_minor: due, currency, by, at: now() } }])
    }
    return (
        <section class="card">
            <h2>{said.due}</h2>
            <p class="amount figures">{money(due, currency)}</p>
            {isFilled ? (
                <Notice tone="good">{said.charged}</Notice>
            ) : (
                !job.gone && (
                    <Button kind="main" large wide onClick={() => charge(newEntry())}>
                        {said.charge}
                    </Button>
                )
            )}
        </section>
    )
}
