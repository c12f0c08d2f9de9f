import type { Schemas } from "../../api/client.ts"
import { entriesOf } from "../../core/record.ts"
import { outOfSheet, saidOfKind } from "../../core/take_back.ts"
import { language, pick, words } from "../../words.ts"
import { money } from "../../design/money.ts"
import { dayAndTime, windowText } from "../../design/dates.ts"

type Sheet = Schemas["Sheet"]

/** Whose, what, when and by whom. */
export function About({ sheet }: { sheet: Sheet }) {
    const { deskJob, terms } = words.value
    const text = deskJob.sheet
    const told = (field: string) => sheet.report[field]?.corrected ?? sheet.report[field]?.reported ?? ""
    const all = (...fields: string[]) => fields.map(told).filter(Boolean).join(" · ")
    const rows: [string, string][] = [
        [text.customer, all("name", "phone")],
        [terms.reportField.address, told("address")],
        [text.product, all("product", "model", "serial")],
        [text.fault, told("fault")],
        [text.window, sheet.window ? windowText(sheet.window) : ""],
        [text.technician, sheet.technician?.name ?? ""],
        [text.cause, sheet.cause ?? ""],
        [text.measures, sheet.measures ?? ""],
    ]
    return (
        <dl class="sheet-facts">
            {rows.map(([name, value]) => (
                <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value || "–"}</dd>
                </div>
            ))}
        </dl>
    )
}

/** The quote that was accepted, what was taken off it, and what is to be paid. */
export function Priced({ sheet }: { sheet: Sheet }) {
    const text = words.value.deskJob
    const quote = sheet.accepted ? sheet.quotes[sheet.accepted] : undefined
    if (!quote) return null
    const due = sheet.due_minor ?? sheet.charged_minor ?? quote.total_minor
    return (
        <section>
            <h3>{text.sheet.work}</h3>
            <table class="table sheet-table">
                <thead>
                    <tr>
                        <th>{text.money.item}</th>
                        <th class="number">{text.money.quantity}</th>
                        <th class="number">{text.money.price}</th>
                        <th class="number">{text.money.amount}</th>
                    </tr>
                </thead>
                <tbody>
                    {Object.entries(quote.lines).map(([id, line]) => (
                        <tr key={id}>
                            <td>{line.name}</td>
                            <td class="number figures">
                                {line.quantity_milli / 1000} {line.unit}
                            </td>
                            <td class="number figures">{money(line.unit_minor, sheet.currency)}</td>
                            <td class="number figures">{money(line.amount_minor, sheet.currency)}</td>
                        </tr>
                    ))}
                    {Object.entries(sheet.waivers).map(([id, waiver]) => (
                        <tr key={id}>
                            <td colSpan={3}>
                                {text.money.waivers} {waiver.reason}
                            </td>
                            <td class="number figures">−{money(waiver.minor, sheet.currency)}</td>
                        </tr>
                    ))}
                    <tr>
                        <td colSpan={3}>
                            <strong>{text.money.total}</strong>
                        </td>
                        <td class="number figures">
                            <strong>{money(due, sheet.currency)}</strong>
                        </td>
                    </tr>
                </tbody>
            </table>
            {sheet.warranty_months > 0 && <p class="small">{text.sheet.warranty(sheet.warranty_months)}</p>}
        </section>
    )
}

export function Parts({ sheet }: { sheet: Sheet }) {
    const parts = Object.entries(sheet.parts)
    if (parts.length === 0) return null
    return (
        <section>
            <h3>{words.value.deskJob.sheet.parts}</h3>
            <ul class="small">
                {parts.map(([id, part]) => (
                    <li key={id}>
                        {part.name} × {part.quantity_milli / 1000} {part.serial}
                    </li>
                ))}
            </ul>
        </section>
    )
}

/** What was taken away for repair and what the customer has meanwhile, word for word. */
export function TakenOnSheet({ sheet }: { sheet: Sheet }) {
    const said = words.value.taken
    const receipts = entriesOf(sheet.take_backs ?? {})
    if (receipts.length === 0) return null
    return (
        <section>
            <h3>{said.section}</h3>
            {receipts.map(([id, receipt]) => {
                const out = outOfSheet(sheet, id)
                return (
                    <div key={id} class="small">
                        <p>
                            <strong>{receipt.product}</strong> {out.product ? said.productOut : said.productHome}
                            {receipt.loaner &&
                                ` · ${said.loaner} ${receipt.loaner.name} ${out.loaner ? said.loanerOut : said.loanerHome}`}
                        </p>
                        {receipt.text.split("\n").map((line) => (
                            <p key={line}>{line}</p>
                        ))}
                        <p class="soft">{said.signedBy(receipt.name, dayAndTime(receipt.at))}</p>
                    </div>
                )
            })}
            {entriesOf(sheet.hand_backs ?? {}).map(([id, end]) => (
                <p key={id} class="small">
                    {said.ended} {dayAndTime(end.at)} ·{" "}
                    {saidOfKind(end.kind, sheet.take_backs?.[end.receipt]?.loaner != null, language.value)}{" "}
                    {[end.condition, end.name, end.reason].filter(Boolean).join(" · ")}
                </p>
            ))}
        </section>
    )
}

/** The steps that were done or left out, with their readings. */
export function Visit({ sheet }: { sheet: Sheet }) {
    const { deskJob, terms } = words.value
    const marked = sheet.steps.filter((step) => step.mark && step.mark.kind !== "open")
    if (marked.length === 0) return null
    return (
        <section>
            <h3>{deskJob.sheet.steps}</h3>
            <ul class="sheet-steps small">
                {marked.map((step) => (
                    <li key={step.id}>
                        {pick(step.name)}{" "}
                        <span class="figures soft">
                            {step.mark && `${terms.mark[step.mark.kind]} ${dayAndTime(step.mark.at)}`}
                        </span>
                        {Object.entries(step.readings).map(([id, reading]) => (
                            <span key={id} class="figures">
                                {" "}
                                {pick(reading.label)} {reading.value} {reading.unit}
                            </span>
                        ))}
                    </li>
                ))}
            </ul>
        </section>
    )
}
