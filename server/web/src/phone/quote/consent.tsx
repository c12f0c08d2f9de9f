import { useSignal } from "@preact/signals"
import type { Edit } from "../../core/edit.ts"
import type { JobView } from "../../core/handset.ts"
import type { EntryId } from "../../core/id.ts"
import { pickedFrom } from "../../core/offer.ts"
import { quoteHash, totalOf } from "../../core/price.ts"
import { entriesOf, type Quote } from "../../core/record.ts"
import { money } from "../../design/money.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { known } from "../../core/course.ts"
import { type Hindrance, me, newEntry, now, write } from "../phone.ts"
import { Pad } from "../sign/pad.tsx"
import { LineNotes } from "./line_notes.tsx"

/** As many offers as one consent names. */
const SHOWN_MAX = 20

interface Props {
    job: JobView
    /** All that the customer may choose among. */
    offers: [EntryId, Quote][]
}

/** The customer chooses one of the offers and the lines of it, and accepts exactly these, by name and hand. */
export function ConsentForm({ job, offers }: Props) {
    const said = words.value.quote
    const chosen = useSignal(offers.at(-1)?.[0])
    /** Lines of the chosen offer that the customer does without. */
    const without = useSignal<readonly string[]>([])
    const name = useSignal(known(job.record, "name") ?? "")
    const strokes = useSignal("")
    const closed = useSignal<readonly Hindrance[]>([])
    const offer = offers.find(([id]) => id === chosen.value)
    if (!offer) return null
    const wanted = Object.keys(offer[1].lines).filter((number) => !without.value.includes(number))
    const accept = async () => {
        const by = me.value?.person
        if (!by) return
        const signed = { name: name.value.trim(), strokes: strokes.value, by }
        closed.value = await write(job.id, acceptance(job, { offers, offer, wanted }, signed))
    }
    return (
        <form
            class="stack"
            onSubmit={(event) => {
                event.preventDefault()
                void accept()
            }}
        >
            {offers.length > 1 && <p>{said.chooseOne}</p>}
            {offers.map(([id, quote]) => (
                <Offer
                    key={id}
                    quote={quote}
                    isOnly={offers.length === 1}
                    without={id === chosen.value ? without.value : undefined}
                    onChoose={() => {
                        chosen.value = id
                        without.value = []
                    }}
                    onTurn={(number) => {
                        const isOut = without.value.includes(number)
                        without.value = isOut
                            ? without.value.filter((out) => out !== number)
                            : [...without.value, number]
                    }}
                />
            ))}
            <p>{said.consentText}</p>
            <Field
                label={said.customerName}
                value={name.value}
                maxLength={60}
                required
                onInput={(event) => (name.value = event.currentTarget.value)}
            />
            <Pad onStrokes={(drawn) => (strokes.value = drawn)} />
            {closed.value.map((violation) => (
                <Notice key={violation.rule} tone="bad">
                    {pick(violation)}
                </Notice>
            ))}
            <Button
                type="submit"
                kind="main"
                large
                wide
                disabled={!strokes.value || !name.value.trim() || wanted.length === 0}
            >
                {said.accept}
            </Button>
        </form>
    )
}

interface Choice extends Pick<Props, "offers"> {
    offer: [EntryId, Quote]
    wanted: string[]
}

/** One change: what was picked, where that is not the whole offer, and the consent to exactly that. */
function acceptance(
    { record }: JobView,
    choice: Choice,
    signed: { name: string; strokes: string; by: string },
): Edit[] {
    const at = now()
    const { id, quote, isNew } = pickedFrom(record, choice.offer, choice.wanted, { id: newEntry(), by: signed.by, at })
    const consent = {
        ...signed,
        quote: id,
        quote_hash: quoteHash(quote),
        total_minor: quote.total_minor,
        currency: quote.currency,
        how: "phone_screen" as const,
        link: null,
        shown: choice.offers.slice(-SHOWN_MAX).map(([shown]) => shown),
        at,
    }
    const accepted: Edit = { edit: "consent", id: newEntry(), consent }
    return isNew ? [{ edit: "quote", id, quote }, accepted] : [accepted]
}

interface OfferProps {
    quote: Quote
    isOnly: boolean
    /** Lines that the customer does without; none where another offer is chosen. */
    without: readonly string[] | undefined
    onChoose: () => void
    onTurn: (number: string) => void
}

/** An offer with its lines; those of the chosen one can be turned off, one by one. */
function Offer({ quote, isOnly, without, onChoose, onTurn }: OfferProps) {
    const said = words.value.quote
    const amount = (minor: number) => money(minor, quote.currency)
    const lines = entriesOf(quote.lines)
    const kept = Object.fromEntries(lines.filter(([number]) => !without?.includes(number)))
    return (
        <fieldset class="card offer">
            <legend>
                {isOnly ? (
                    <strong>{quote.option || said.title}</strong>
                ) : (
                    <label class="check">
                        <input type="radio" name="offer" checked={without !== undefined} onChange={onChoose} />
                        <strong>{quote.option || said.title}</strong>
                    </label>
                )}
            </legend>
            {lines.map(([number, line]) => (
                <label class="check" key={number}>
                    <input
                        type="checkbox"
                        checked={without !== undefined && !without.includes(number)}
                        disabled={without === undefined}
                        onChange={() => onTurn(number)}
                    />
                    <span class="offer-line">
                        {line.name}
                        <span class="soft small figures">
                            {" "}
                            {amount(line.unit_minor)}/{line.unit} × {line.quantity_milli / 1000}
                        </span>
                        <LineNotes line={line} />
                    </span>
                    <span class="figures">{amount(line.amount_minor)}</span>
                </label>
            ))}
            <p class="row row-apart">
                <strong>{said.total}</strong>
                <strong class="figures" role={without ? "status" : undefined}>
                    {amount(totalOf(kept) ?? quote.total_minor)}
                </strong>
            </p>
        </fieldset>
    )
}
