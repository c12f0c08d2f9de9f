/** What was taken away for repair: what is still out, what is owed, and the ways to the customer's hand under it. */
import { PackageCheck, PackageMinus } from "lucide"
import type { JobView } from "../../core/handset.ts"
import type { EntryId } from "../../core/id.ts"
import { outOf } from "../../core/out.ts"
import { byTime, entriesOf, type TakeBack } from "../../core/record.ts"
import { kindsOf, receiptOwed, saidOfKind } from "../../core/take_back.ts"
import { momentText } from "../../design/dates.ts"
import { Icon } from "../../design/icon.tsx"
import { Notice, Tag } from "../../design/parts.tsx"
import { language, words } from "../../words.ts"

/** Where a fault turns out to be none for the customer's home. */
const TAKEN_AT = ["analyse", "diagnose", "repair"]

export function TakenAtStep({ job, step }: { job: JobView; step: string }) {
    return TAKEN_AT.includes(step) ? <TakenOfJob job={job} offers={!job.gone} /> : null
}

/** `offers`: shows the way to a receipt where nobody owes one. */
export function TakenOfJob({ job, offers }: { job: JobView; offers: boolean }) {
    const said = words.value.taken
    const receipts = byTime(entriesOf(job.record.take_backs))
    const isOwed = receiptOwed(job.record)
    if (receipts.length === 0 && !isOwed && !offers) return null
    return (
        <section class="stack">
            {isOwed && <Notice tone="warn">{said.owed}</Notice>}
            {receipts.map(([id, receipt]) => (
                <Receipt key={id} job={job} id={id} receipt={receipt} />
            ))}
            {!job.gone && (offers || isOwed) && (
                <a class={isOwed ? "button button-main" : "button"} href={`/phone/jobs/${job.id}/take-back`}>
                    <Icon of={PackageMinus} />
                    {said.take}
                </a>
            )}
        </section>
    )
}

function Receipt({ job, id, receipt }: { job: JobView; id: EntryId; receipt: TakeBack }) {
    const said = words.value.taken
    const out = outOf(job.record, id)
    const ended = byTime(entriesOf(job.record.hand_backs)).filter(([, end]) => end.receipt === id)
    return (
        <article class="card">
            <div class="row row-apart">
                <h3>{receipt.product}</h3>
                <Tag tone={out.product ? "warn" : "good"}>{out.product ? said.productOut : said.productHome}</Tag>
            </div>
            {out.product && <p>{said.returnOn(receipt.return_on)}</p>}
            {receipt.loaner && (
                <p class="row">
                    {words.value.everywhere.pair(said.loaner, receipt.loaner.name)}{" "}
                    <Tag tone={out.loaner ? "warn" : "good"}>{out.loaner ? said.loanerOut : said.loanerHome}</Tag>
                </p>
            )}
            <p class="soft small">{said.signedBy(receipt.name, momentText(receipt.at))}</p>
            {ended.map(([key, end]) => (
                <p key={key} class="soft small">
                    {momentText(end.at)} · {saidOfKind(end.kind, receipt.loaner != null, language.value)}
                </p>
            ))}
            {!job.gone && kindsOf(out).length > 0 && (
                <a class="button" href={`/phone/jobs/${job.id}/hand-back/${id}`}>
                    <Icon of={PackageCheck} />
                    {out.product ? said.handBack : said.collect}
                </a>
            )}
        </article>
    )
}
