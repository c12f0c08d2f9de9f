import { useSignal } from "@preact/signals"
import type { JobView } from "../../core/handset.ts"
import type { EntryId, Hash } from "../../core/id.ts"
import type { Quote } from "../../core/record.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { known } from "../../core/course.ts"
import { type Hindrance, me, newEntry, now, write } from "../phone.ts"
import { Pad } from "../sign/pad.tsx"

interface Props {
    job: JobView
    id: EntryId
    quote: Quote
    /** Of the quote as it is shown. */
    hash: Hash
}

/** The customer accepts exactly the lines above, by name and hand. */
export function ConsentForm({ job, id, quote, hash }: Props) {
    const said = words.value.quote
    const name = useSignal(known(job.record, "name") ?? "")
    const strokes = useSignal("")
    const closed = useSignal<readonly Hindrance[]>([])
    const accept = async () => {
        const by = me.value?.person
        if (!by) return
        const { total_minor, currency } = quote
        const consent = {
            quote: id,
            quote_hash: hash,
            total_minor,
            currency,
            how: "phone_screen" as const,
            name: name.value.trim(),
            strokes: strokes.value,
            by,
            link: null,
            at: now(),
        }
        closed.value = await write(job.id, [{ edit: "consent", id: newEntry(), consent }])
    }
    return (
        <form
            class="stack"
            onSubmit={(event) => {
                event.preventDefault()
                void accept()
            }}
        >
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
            <Button type="submit" kind="main" large wide disabled={!strokes.value || !name.value.trim()}>
                {said.accept}
            </Button>
        </form>
    )
}
