/** A product is taken away for repair: what it is and how it looks, what of the data, what the customer gets meanwhile; and their hand under that. */
import { type Signal, useSignal } from "@preact/signals"
import { useLocation, useRoute } from "preact-iso"
import { COPIES, type Language, textHash } from "../../core/backup.ts"
import { known, lastingHolds } from "../../core/course.ts"
import type { Edit } from "../../core/edit.ts"
import type { JobView } from "../../core/handset.ts"
import type { BackupCopy, TakeBack } from "../../core/record.ts"
import type { Schemas } from "../../core/schemas.ts"
import { receiptText, saidOfErasure, saidOfTakenCopy } from "../../core/take_back.ts"
import { dayAfter, dayOf } from "../../design/dates.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { language, pick, words } from "../../words.ts"
import { Back, NotHere } from "../job/page.tsx"
import { type Hindrance, jobOf, me, newEntry, now, write } from "../phone.ts"
import { type Drawn, LanguageChoice, PadUnder, ShownWords, strokesUnder } from "../sign/shown.tsx"

/** Characters that a receipt takes of one thing, with room for what is put around it. */
const CHARS_MAX = 300
/** What is promised unless somebody says otherwise. */
const RETURN_DAYS = 7
const ERASURES = ["forbidden", "allowed"] as const

export function TakeBackPage() {
    const { params } = useRoute()
    const job = jobOf(params.job ?? "")
    return job && !job.gone ? <Form key={job.id} job={job} /> : <NotHere />
}

function useFilled(job: JobView) {
    return {
        product: useSignal(known(job.record, "product") ?? ""),
        model: useSignal(known(job.record, "model") ?? ""),
        serial: useSignal(known(job.record, "serial") ?? ""),
        accessories: useSignal(""),
        condition: useSignal(""),
        hasData: useSignal(false),
        configuration: useSignal(""),
        copy: useSignal<BackupCopy | undefined>(undefined),
        erasure: useSignal<Schemas["Erasure"] | undefined>(undefined),
        lends: useSignal(false),
        loaner: useSignal(""),
        loanerSerial: useSignal(""),
        returnOn: useSignal(dayAfter(dayOf(Date.now()), RETURN_DAYS)),
        theirs: useSignal<Language>(language.value),
    }
}
type Filled = ReturnType<typeof useFilled>

const trimmed = (text: Signal<string>) => text.value.trim()
const orNull = (text: Signal<string>) => trimmed(text) || null

/** The receipt but for the hand; none while something is not said. */
function receiptOf(filled: Filled): Omit<TakeBack, "text" | "text_hash" | "name" | "by" | "at"> | undefined {
    const { copy, erasure, hasData, lends, theirs } = filled
    const [product, condition, returnOn] = [trimmed(filled.product), trimmed(filled.condition), filled.returnOn.value]
    if (!product || !condition || !returnOn || (lends.value && !trimmed(filled.loaner))) return undefined
    const configuration = trimmed(filled.configuration)
    if (hasData.value && (!configuration || !copy.value || !erasure.value)) return undefined
    return {
        product,
        model: orNull(filled.model),
        serial: orNull(filled.serial),
        accessories: orNull(filled.accessories),
        condition,
        computer:
            hasData.value && copy.value && erasure.value
                ? { configuration, copy: copy.value, erasure: erasure.value }
                : null,
        loaner: lends.value ? { name: trimmed(filled.loaner), serial: orNull(filled.loanerSerial) } : null,
        taken_on: dayOf(Date.now()),
        return_on: returnOn,
        language: theirs.value,
    }
}

function Form({ job }: { job: JobView }) {
    const { route } = useLocation()
    const said = words.value.taken
    const filled = useFilled(job)
    const name = useSignal(known(job.record, "name") ?? "")
    const drawn = useSignal<Drawn>({ strokes: "", under: "" })
    const refused = useSignal<readonly Hindrance[]>([])
    const receipt = receiptOf(filled)
    const text = receipt && receiptText(job.record.meta.number, receipt as TakeBack, receipt.language)
    const strokes = text ? strokesUnder(text, drawn) : ""
    const sign = async (event: Event) => {
        event.preventDefault()
        const by = me.value?.person
        if (!by || !receipt || !text || !strokes) return
        const at = now()
        const signed = { ...receipt, text, text_hash: textHash(text), name: name.value.trim(), strokes, by, at }
        const edits: Edit[] = [{ edit: "take_back", id: newEntry(), take_back: signed }]
        // What lies with us the job waits for: one tap less.
        if (!lastingHolds(job.record).some(([, hold]) => hold.kind === "workshop")) {
            const hold = { kind: "workshop" as const, reason: said.holdReason(receipt.product), by, at, until: null }
            edits.push({ edit: "hold", id: newEntry(), hold })
        }
        refused.value = await write(job.id, edits)
        if (refused.value.length === 0) route(`/phone/jobs/${job.id}`)
    }
    return (
        <div class="stack-wide">
            <Back to={`/phone/jobs/${job.id}`} label={job.number} />
            <h1>{said.title}</h1>
            <Notice>{said.refusal}</Notice>
            <form class="stack-wide" onSubmit={(event) => void sign(event)}>
                <What filled={filled} />
                <Data filled={filled} />
                <Meanwhile filled={filled} />
                <section class="card">
                    <LanguageChoice theirs={filled.theirs} />
                    {text === undefined ? (
                        <p class="soft">{said.notWhole}</p>
                    ) : (
                        <>
                            <ShownWords text={text} language={filled.theirs.value} />
                            <Text label={words.value.quote.customerName} of={name} required />
                            <PadUnder text={text} drawn={drawn} />
                        </>
                    )}
                    {refused.value.map((violation) => (
                        <Notice key={violation.zh} tone="bad">
                            {pick(violation)}
                        </Notice>
                    ))}
                    <Button type="submit" kind="main" large wide disabled={!strokes || !name.value.trim()}>
                        {said.sign}
                    </Button>
                </section>
            </form>
        </div>
    )
}

function Text({ label, of, hint, required }: { label: string; of: Signal<string>; hint?: string; required?: boolean }) {
    return (
        <Field
            label={label}
            value={of.value}
            hint={hint}
            maxLength={CHARS_MAX}
            required={required}
            onInput={(event) => (of.value = event.currentTarget.value)}
        />
    )
}

function What({ filled }: { filled: Filled }) {
    const { taken: said, terms } = words.value
    return (
        <section class="card">
            <h2>{said.what}</h2>
            <Text label={terms.reportField.product} of={filled.product} required />
            <Text label={terms.reportField.model} of={filled.model} />
            <Text label={terms.reportField.serial} of={filled.serial} />
            <Text label={said.accessories} of={filled.accessories} hint={said.accessoriesHint} />
            <Text label={said.condition} of={filled.condition} hint={said.conditionHint} required />
        </section>
    )
}

function Check({ label, of }: { label: string; of: Signal<boolean> }) {
    return (
        <label class="check">
            <input type="checkbox" checked={of.value} onChange={() => (of.value = !of.value)} />
            {label}
        </label>
    )
}

function Data({ filled }: { filled: Filled }) {
    const said = words.value.taken
    const { copy, erasure, theirs } = filled
    return (
        <section class="card">
            <Check label={said.hasData} of={filled.hasData} />
            {filled.hasData.value && (
                <>
                    <Text label={said.configuration} of={filled.configuration} hint={said.configurationHint} required />
                    <fieldset class="stack">
                        <legend>{words.value.backup.copy}</legend>
                        {COPIES.map((one) => (
                            <label key={one} class="check">
                                <input
                                    type="radio"
                                    name="taken-copy"
                                    checked={copy.value === one}
                                    onChange={() => (copy.value = one)}
                                />
                                {saidOfTakenCopy(one, theirs.value)}
                            </label>
                        ))}
                    </fieldset>
                    <fieldset class="stack">
                        <legend>{said.erasure}</legend>
                        {ERASURES.map((one) => (
                            <label key={one} class="check">
                                <input
                                    type="radio"
                                    name="taken-erasure"
                                    checked={erasure.value === one}
                                    onChange={() => (erasure.value = one)}
                                />
                                {saidOfErasure(one, theirs.value)}
                            </label>
                        ))}
                    </fieldset>
                </>
            )}
        </section>
    )
}

function Meanwhile({ filled }: { filled: Filled }) {
    const said = words.value.taken
    return (
        <section class="card">
            <Check label={said.lends} of={filled.lends} />
            {filled.lends.value && (
                <>
                    <Text label={said.loaner} of={filled.loaner} required />
                    <Text label={said.loanerSerial} of={filled.loanerSerial} />
                </>
            )}
            <Field
                label={said.returnDay}
                type="date"
                value={filled.returnOn.value}
                min={dayOf(Date.now())}
                required
                onInput={(event) => (filled.returnOn.value = event.currentTarget.value)}
            />
        </section>
    )
}
