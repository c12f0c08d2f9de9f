/** A quote with what became of it: what the customer was shown, what of it they took and what they left out. */
import type { Schemas } from "../../api/client.ts"
import { backupFits, backupWanted } from "../../core/backup.ts"
import { withdrawalOf } from "../../core/bill.ts"
import { leftOut } from "../../core/offer.ts"
import { quoteHash } from "../../core/price.ts"
import { complete, entriesOf, type QuoteLine } from "../../core/record.ts"
import { saidOfSetUp } from "../../core/setup.ts"
import { dayAndTime } from "../../design/dates.ts"
import { Button, Tag } from "../../design/parts.tsx"
import { language, words } from "../../words.ts"
import { may } from "../allowed.ts"
import { money } from "../../design/money.ts"
import { type Detail, nameOf } from "./job.tsx"
import type { Ask } from "./money_dialog.tsx"

type Quote = Schemas["Quote"]

interface Props {
    id: string
    quote: Quote
    detail: Detail
    onAsk: (ask: Ask) => void
}

export function QuoteCard({ id, quote, detail, onAsk }: Props) {
    const text = words.value.deskJob.money
    const quotes = detail.record.quotes ?? {}
    const offer = quote.of == null ? undefined : quotes[quote.of]
    return (
        <article class="card" aria-label={money(quote.total_minor, quote.currency)}>
            <div class="row row-apart">
                <h2 class="figures">{money(quote.total_minor, quote.currency)}</h2>
                <span class="row">
                    {offer && <Tag tone="info">{text.picked}</Tag>}
                    {quote.option && <Tag>{text.option(quote.option)}</Tag>}
                    <Tag>{text.priceList(quote.price_list)}</Tag>
                </span>
            </div>
            <p class="small soft figures">
                {nameOf(detail, quote.by)} · {dayAndTime(quote.at)}
                {offer && ` · ${text.pickedFrom(money(offer.total_minor, offer.currency), dayAndTime(offer.at))}`}
            </p>
            <Lines quote={quote} left={leftOut(complete(detail.record), quote)} />
            <Outcome id={id} quote={quote} detail={detail} onAsk={onAsk} />
        </article>
    )
}

function Lines({ quote, left }: { quote: Quote; left: [string, QuoteLine][] }) {
    const text = words.value.deskJob.money
    return (
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th>{text.item}</th>
                        <th class="number">{text.quantity}</th>
                        <th class="number">{text.price}</th>
                        <th class="number">{text.amount}</th>
                    </tr>
                </thead>
                <tbody>
                    {Object.entries(quote.lines).map(([key, line]) => (
                        <Line key={key} line={line} currency={quote.currency} />
                    ))}
                    {left.map(([key, line]) => (
                        <Line key={key} line={line} currency={quote.currency} isLeftOut />
                    ))}
                </tbody>
            </table>
        </div>
    )
}

function Line({ line, currency, isLeftOut }: { line: QuoteLine; currency: string; isLeftOut?: boolean }) {
    const { deskJob, terms } = words.value
    const amount = money(line.amount_minor, currency)
    return (
        <tr class={isLeftOut ? "soft" : undefined}>
            <td>
                {line.name} <span class="small soft">{terms.itemKind[line.kind]}</span>{" "}
                {isLeftOut && <Tag tone="warn">{deskJob.money.leftOut}</Tag>}
                {line.setup && <div class="small soft">{saidOfSetUp(line.setup, language.value)}</div>}
                {line.risk != null && <Tag tone="warn">{deskJob.money.risk}</Tag>}
            </td>
            <td class="number figures">
                {line.quantity_milli / 1000} {line.unit}
            </td>
            <td class="number figures">{money(line.unit_minor, currency)}</td>
            <td class="number figures">{isLeftOut ? <del>{amount}</del> : amount}</td>
        </tr>
    )
}

/** Who took it and beside what else it stood, who refused it, or that nobody has decided yet. */
function Outcome({ id, quote, detail, onAsk }: Props) {
    const { deskJob, terms } = words.value
    const text = deskJob.money
    const { quotes = {}, consents: given = {}, refusals: refused = {} } = detail.record
    const consents = Object.entries(given).filter(([, consent]) => consent.quote === id)
    const refusals = Object.entries(refused).filter(([, refusal]) => refusal.quote === id)
    const wasPickedFrom = Object.values(quotes).some((other) => other.of === id)
    const record = complete(detail.record)
    const withdrawal = withdrawalOf(record, id)
    const backups = entriesOf(record.backup_consents).filter(([, backup]) => backup.quote === id)
    const isUnsigned = backupWanted(record)?.[0] === id
    return (
        <>
            {consents.map(([key, consent]) => (
                <div key={key}>
                    <Tag tone="good">{terms.matter.consent}</Tag>{" "}
                    {text.accepted(consent.name, terms.how[consent.how], dayAndTime(consent.at))}
                    <Beside consent={consent} quote={quote} quotes={quotes} />
                </div>
            ))}
            {backups.map(([key, backup]) => (
                <p key={key}>
                    <Tag tone="good">{words.value.sign.backup}</Tag>{" "}
                    {words.value.backup.signedBy(
                        backup.name,
                        dayAndTime(backup.at),
                        words.value.backup.copies[backup.copy],
                    )}
                    {!backupFits(record, backup, quote) && <Tag tone="warn">{words.value.sign.unfit}</Tag>}
                </p>
            ))}
            {isUnsigned && <Tag tone="warn">{deskJob.money.backupMissing}</Tag>}
            {refusals.map(([key, refusal]) => (
                <p key={key}>{text.refused(refusal.reason, dayAndTime(refusal.at))}</p>
            ))}
            {withdrawal && (
                <p>
                    <Tag tone="warn">{terms.matter.withdrawal}</Tag>{" "}
                    {text.withdrawn(withdrawal.reason, nameOf(detail, withdrawal.by), dayAndTime(withdrawal.at))}
                    {consents.length > 0 && ` ${words.value.quote.disputed}`}
                </p>
            )}
            {consents.length === 0 && !withdrawal && (
                <div class="row row-apart">
                    <span class="soft">{wasPickedFrom ? text.wasPickedFrom : text.open}</span>
                    <Choices id={id} quote={quote} detail={detail} onAsk={onAsk} />
                </div>
            )}
        </>
    )
}

/** What the office can do with an offer that nobody has accepted. */
function Choices({ id, quote, detail, onAsk }: Props) {
    const { deskJob, quote: said } = words.value
    const isOver = detail.job.sign_offs > 0 || Boolean(detail.job.closed_at)
    const accepted: Ask = { kind: "consent", quote: id, hash: quoteHash(quote), total: quote.total_minor }
    return (
        <span class="row">
            {may("quote_jobs") && !isOver && (
                <Button onClick={() => onAsk({ kind: "withdraw", quote: id })}>{said.withdraw}</Button>
            )}
            {may("record_consent") && <Button onClick={() => onAsk(accepted)}>{deskJob.money.byPhone}</Button>}
        </span>
    )
}

interface BesideProps {
    consent: Schemas["Consent"]
    quote: Quote
    quotes: Record<string, Quote>
}

/** What else the customer was shown when they chose. */
function Beside({ consent, quote, quotes }: BesideProps) {
    const { deskJob, deskShell } = words.value
    const others = (consent.shown ?? []).flatMap((id) => {
        const shown = quotes[id]
        // What it was picked from is said at its head.
        if (!shown || shown === quote || id === quote.of) return []
        const total = money(shown.total_minor, shown.currency)
        return [shown.option ? `${deskJob.money.option(shown.option)} ${total}` : total]
    })
    if (others.length === 0) return null
    return <p class="small soft figures">{deskJob.money.besides(deskShell.listed(others))}</p>
}
