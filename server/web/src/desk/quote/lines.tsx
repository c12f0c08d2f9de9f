import { Trash2 } from "lucide"
import { IconButton } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { money } from "../../design/money.ts"
import { amountOf, changed, type Draft, type DraftLine, isCovered, quantityMilli, without } from "./draft.ts"

interface Props {
    draft: Draft
    currency: string
    about: (at: string) => string | undefined
    /** Whether it was tried to save: before that nothing is wrong with what is being typed. */
    isChecked: boolean
    onChange: (draft: Draft) => void
}

/** The lines of the offer, each with its quantity and what it comes to. */
export function Lines({ draft, currency, about, isChecked, onChange }: Props) {
    const text = words.value.deskQuote
    if (draft.lines.length === 0)
        return (
            <p class="soft">
                {text.noLines} {about("/lines") && <span class="field-error">{about("/lines")}</span>}
            </p>
        )
    return (
        <ul class="quote-lines">
            {draft.lines.map((line, place) => {
                const at = `/lines/${place}`
                const told = about(at) ?? about(`${at}/quantity_milli`)
                const isWrong = isChecked && quantityMilli(line.quantity) === undefined
                return (
                    <Line
                        key={line.key}
                        line={line}
                        draft={draft}
                        currency={currency}
                        error={isWrong ? text.wrongQuantity : told}
                        onChange={onChange}
                    />
                )
            })}
        </ul>
    )
}

interface LineProps extends Omit<Props, "about" | "isChecked"> {
    line: DraftLine
    error: string | undefined
}

function Line({ line, draft, currency, error, onChange }: LineProps) {
    const text = words.value.deskQuote
    const amount = amountOf(draft.kind, line)
    const mayBeCovered = draft.kind === "product" || draft.kind === "repair"
    return (
        <li class="quote-line">
            <span class="quote-name">
                {line.name}{" "}
                <span class="small soft figures">
                    {money(line.unitMinor, currency)} / {line.unit}
                </span>
                {mayBeCovered && (
                    <label class="row small">
                        <input
                            type="checkbox"
                            checked={isCovered(draft.kind, line)}
                            aria-label={text.coveredOf(line.name)}
                            onChange={(event) =>
                                onChange(changed(draft, line.key, { covered: event.currentTarget.checked }))
                            }
                        />
                        {text.covered}
                    </label>
                )}
                {error && <span class="field-error">{error}</span>}
            </span>
            <span class="field">
                <input
                    class="quote-quantity figures"
                    inputMode="decimal"
                    value={line.quantity}
                    aria-label={text.quantityOf(line.name)}
                    aria-invalid={Boolean(error)}
                    onInput={(event) => onChange(changed(draft, line.key, { quantity: event.currentTarget.value }))}
                />
            </span>
            <span class="figures quote-amount">{amount === undefined ? "–" : money(amount, currency)}</span>
            <IconButton
                icon={Trash2}
                label={text.remove(line.name)}
                onClick={() => onChange(without(draft, line.key))}
            />
        </li>
    )
}
