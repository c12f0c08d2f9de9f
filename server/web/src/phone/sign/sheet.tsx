import { amountText } from "../../core/money.ts"
import { entriesOf, type ReportField } from "../../core/record.ts"
import type { Sheet } from "../../core/sheet.ts"
import { momentText } from "../../design/dates.ts"
import { pick, words } from "../../words.ts"

/** The service sheet: all of what a signature covers, in the order of the paper. */
export function SheetView({ sheet }: { sheet: Sheet }) {
    const { sign: said, terms } = words.value
    const amount = (minor: number) => `${sheet.currency} ${amountText(minor, sheet.currency)}`
    return (
        <article class="card sheet">
            <header>
                <h1>{said.sheet}</h1>
                <p class="figures soft">{sheet.number}</p>
            </header>
            <dl class="facts">
                {Object.entries(sheet.report).map(([field, { reported, corrected }]) => (
                    <div key={field}>
                        <dt>{terms.reportField[field as ReportField] ?? field}</dt>
                        <dd>{inWords(corrected ?? reported ?? "")}</dd>
                    </div>
                ))}
                {sheet.technician && (
                    <div>
                        <dt>{said.technician}</dt>
                        <dd>{sheet.technician.name}</dd>
                    </div>
                )}
                {sheet.cause && (
                    <div>
                        <dt>{words.value.step.cause}</dt>
                        <dd>{sheet.cause}</dd>
                    </div>
                )}
                {sheet.measures && (
                    <div>
                        <dt>{words.value.step.measures}</dt>
                        <dd>{sheet.measures}</dd>
                    </div>
                )}
            </dl>
            <ul class="sheet-steps">
                {sheet.steps
                    .filter((step) => step.mark && step.mark.kind !== "open")
                    .map((step) => (
                        <li key={step.id}>
                            <span>{pick(step.name)}</span>
                            <span class="soft small figures">
                                {step.mark && words.value.terms.mark[step.mark.kind]}{" "}
                                {step.mark && momentText(step.mark.at)}
                            </span>
                            {Object.values(step.readings).map((reading) => (
                                <span class="small" key={`${reading.name}${reading.at}`}>
                                    {words.value.everywhere.pair(
                                        pick(reading.label),
                                        `${reading.value} ${reading.unit}`,
                                    )}
                                </span>
                            ))}
                        </li>
                    ))}
            </ul>
            {entriesOf(sheet.quotes)
                .filter(([id]) => id === sheet.accepted)
                .map(([id, quote]) => (
                    <table class="lines figures" key={id}>
                        <tbody>
                            {entriesOf(quote.lines).map(([number, line]) => (
                                <tr key={number}>
                                    <th scope="row">
                                        {line.name} × {line.quantity_milli / 1000}
                                    </th>
                                    <td>{amountText(line.amount_minor, sheet.currency)}</td>
                                </tr>
                            ))}
                        </tbody>
                        <tfoot>
                            <tr>
                                <th scope="row">{said.due}</th>
                                <td>{amount(sheet.due_minor ?? quote.total_minor)}</td>
                            </tr>
                        </tfoot>
                    </table>
                ))}
            <p class="soft small">{said.warranty(sheet.warranty_months)}</p>
        </article>
    )
}

/** The closed words among the report's values, as people say them. */
function inWords(value: string): string {
    const { urgency, area } = words.value.terms
    const closed: { [value: string]: string } = { ...urgency, ...area }
    return closed[value] ?? value
}
