/** What was taken away for repair: the receipts word for word, what is out, and how it came home; over the desk, too. */
import { useSignal } from "@preact/signals"
import { api, body } from "../../api/client.ts"
import type { EntryId } from "../../core/id.ts"
import { outOf } from "../../core/out.ts"
import { byTime, complete, entriesOf, type HandBackKind, type TakeBack } from "../../core/record.ts"
import { handBackFits, kindsOf, openReceipts, receiptFits, receiptOwed, saidOfKind } from "../../core/take_back.ts"
import { dayAndTime } from "../../design/dates.ts"
import { Button, Dialog, Field, Notice, Tag } from "../../design/parts.tsx"
import { language, words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Trouble } from "../answered.tsx"
import { Choice } from "../choice.tsx"
import { say } from "../said.ts"
import { type Detail, nameOf, type TabProps } from "./job.tsx"

/** What the technician owes, and what is out. */
export function TakenWarnings({ detail }: { detail: Detail }) {
    const { taken: said, deskShell } = words.value
    const record = complete(detail.record)
    const lent = openReceipts(record).filter(([id]) => outOf(record, id).loaner)
    return (
        <>
            {receiptOwed(record) && <Notice tone="warn">{words.value.deskJob.receiptOwed}</Notice>}
            {lent.length > 0 && (
                <Notice tone="info">
                    {words.value.everywhere.pair(
                        `${said.loaner} · ${said.loanerOut}`,
                        deskShell.listed(lent.map(([, { loaner }]) => loaner?.name ?? "")),
                    )}
                </Notice>
            )}
        </>
    )
}

export function Taken({ detail, reload }: TabProps) {
    const said = words.value.taken
    const asked = useSignal<EntryId | undefined>(undefined)
    const record = complete(detail.record)
    const receipts = byTime(entriesOf(record.take_backs))
    const ending = asked.value === undefined ? undefined : record.take_backs[asked.value]
    if (receipts.length === 0) return null
    return (
        <section class="card" aria-label={said.section}>
            <h2>{said.section}</h2>
            {receipts.map(([id, receipt]) => (
                <Receipt key={id} detail={detail} id={id} receipt={receipt} onEnd={() => (asked.value = id)} />
            ))}
            {asked.value !== undefined && ending && (
                <HandBackDialog
                    job={detail.job}
                    id={asked.value}
                    receipt={ending}
                    kinds={kindsOf(outOf(record, asked.value))}
                    onClose={() => {
                        asked.value = undefined
                        void reload()
                    }}
                />
            )}
        </section>
    )
}

interface ReceiptProps {
    detail: Detail
    id: EntryId
    receipt: TakeBack
    onEnd: () => void
}

function Receipt({ detail, id, receipt, onEnd }: ReceiptProps) {
    const { taken: said, deskJob } = words.value
    const record = complete(detail.record)
    const out = outOf(record, id)
    const ended = byTime(entriesOf(record.hand_backs)).filter(([, end]) => end.receipt === id)
    return (
        <div class="stack">
            <div class="row row-apart">
                <strong>{receipt.product}</strong>
                <span class="row">
                    <Tag tone={out.product ? "warn" : "good"}>{out.product ? said.productOut : said.productHome}</Tag>
                    {receipt.loaner && (
                        <Tag tone={out.loaner ? "warn" : "good"}>
                            {said.loaner} {out.loaner ? said.loanerOut : said.loanerHome}
                        </Tag>
                    )}
                    {!receiptFits(record, receipt) && <Tag tone="bad">{said.unfit}</Tag>}
                </span>
            </div>
            {out.product && <p>{said.returnOn(receipt.return_on)}</p>}
            <p class="small soft figures">
                {said.signedBy(receipt.name, dayAndTime(receipt.at))} · {nameOf(detail, receipt.by)}
            </p>
            <details>
                <summary>{deskJob.readReceipt}</summary>
                {receipt.text.split("\n").map((line) => (
                    <p key={line} class="small">
                        {line}
                    </p>
                ))}
            </details>
            {ended.map(([key, end]) => (
                <p key={key} class="small">
                    {saidOfKind(end.kind, receipt.loaner != null, language.value)} {end.condition}{" "}
                    <span class="soft figures">
                        {[end.name, end.strokes == null ? end.reason : undefined, dayAndTime(end.at)]
                            .filter(Boolean)
                            .join(" · ")}{" "}
                        · {nameOf(detail, end.by)}
                    </span>
                    {!handBackFits(record, end) && <Tag tone="bad">{said.unfit}</Tag>}
                </p>
            ))}
            {kindsOf(out).length > 0 && may("amend_jobs") && <Button onClick={onEnd}>{deskJob.noteHandBack}</Button>}
        </div>
    )
}

interface DialogProps {
    job: Detail["job"]
    id: EntryId
    receipt: TakeBack
    kinds: HandBackKind[]
    onClose: () => void
}

function HandBackDialog({ job, id, receipt, kinds, onClose }: DialogProps) {
    const { deskJob, taken: said, everywhere, quote } = words.value
    const act = useAct()
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const filled = new FormData(event.currentTarget as HTMLFormElement)
        const text = (field: string) => String(filled.get(field) ?? "").trim()
        const to = { params: { path: { id: job.id } }, headers: once() }
        const kind = text("kind") as HandBackKind
        const input = { receipt: id, kind, condition: text("condition"), name: text("name"), reason: text("reason") }
        if (!(await act.run(() => body(api.POST("/v1/jobs/{id}/hand-backs", { ...to, body: input }))))) return
        say(deskJob.done(job.number))
        onClose()
    }
    return (
        <Dialog title={`${deskJob.noteHandBack} ${receipt.product}`} onClose={onClose}>
            <form class="stack" onSubmit={submit}>
                <p class="soft">{deskJob.handBackHint}</p>
                <Choice label={said.which} name="kind" required>
                    {kinds.map((kind) => (
                        <option key={kind} value={kind}>
                            {receipt.loaner ? said.kinds[kind] : said.productOnly}
                        </option>
                    ))}
                </Choice>
                <Field label={said.endCondition} name="condition" required maxLength={300} />
                <Field label={quote.customerName} name="name" required maxLength={60} defaultValue={job.name ?? ""} />
                <Field label={deskJob.handBackReason} name="reason" required maxLength={300} />
                <Trouble of={act.problem} />
                <div class="row row-apart">
                    <Button onClick={onClose}>{everywhere.back}</Button>
                    <Button type="submit" kind="main" disabled={act.isBusy}>
                        {deskJob.noteHandBack}
                    </Button>
                </div>
            </form>
        </Dialog>
    )
}
