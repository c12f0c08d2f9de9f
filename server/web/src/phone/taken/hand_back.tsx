/** What was taken comes home, and the loaner goes back with us; signed, or with the reason why not. */
import { useSignal } from "@preact/signals"
import { useLocation, useRoute } from "preact-iso"
import { type Language, textHash } from "../../core/backup.ts"
import { known } from "../../core/course.ts"
import type { JobView } from "../../core/handset.ts"
import type { EntryId } from "../../core/id.ts"
import { outOf } from "../../core/out.ts"
import type { HandBack, HandBackKind, TakeBack } from "../../core/record.ts"
import { handBackText, kindsOf } from "../../core/take_back.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { language, pick, words } from "../../words.ts"
import { Back, NotHere } from "../job/page.tsx"
import { type Hindrance, jobOf, me, newEntry, now, write } from "../phone.ts"
import { type Drawn, LanguageChoice, PadUnder, ShownWords, strokesUnder } from "../sign/shown.tsx"

export function HandBackPage() {
    const { params } = useRoute()
    const job = jobOf(params.job ?? "")
    const id = params.receipt ?? ""
    const receipt = job?.record.take_backs[id]
    return job && !job.gone && receipt ? <Form key={id} job={job} id={id} receipt={receipt} /> : <NotHere />
}

function Form({ job, id, receipt }: { job: JobView; id: EntryId; receipt: TakeBack }) {
    const { route } = useLocation()
    const said = words.value.taken
    const kinds = kindsOf(outOf(job.record, id))
    const chosen = useSignal<HandBackKind | undefined>(kinds[0])
    const condition = useSignal("")
    const theirs = useSignal<Language>(language.value)
    const name = useSignal(known(job.record, "name") ?? "")
    const declines = useSignal(false)
    const reason = useSignal("")
    const drawn = useSignal<Drawn>({ strokes: "", under: "" })
    const refused = useSignal<readonly Hindrance[]>([])
    const kind = kinds.find((one) => one === chosen.value) ?? kinds[0]
    const facts = kind &&
        condition.value.trim() && { receipt: id, kind, condition: condition.value.trim(), language: theirs.value }
    const text = facts ? handBackText(job.record.meta.number, receipt, facts as HandBack, theirs.value) : undefined
    const strokes = text ? strokesUnder(text, drawn) : ""
    const finish = async (isSigned: boolean) => {
        const by = me.value?.person
        if (!by || !facts || !text) return
        const hand = isSigned ? { strokes, reason: null } : { strokes: null, reason: reason.value.trim() }
        const end = { ...facts, text, text_hash: textHash(text), name: name.value.trim(), ...hand, by, at: now() }
        refused.value = await write(job.id, [{ edit: "hand_back", id: newEntry(), hand_back: end }])
        if (refused.value.length === 0) route(`/phone/jobs/${job.id}`)
    }
    if (!kind) return <NotHere />
    const isNamed = name.value.trim() !== ""
    return (
        <div class="stack-wide">
            <Back to={`/phone/jobs/${job.id}`} label={job.number} />
            <h1>{kind === "loaner" ? said.collect : said.handBack}</h1>
            <form class="card" onSubmit={(event) => event.preventDefault()}>
                <h2>{receipt.product}</h2>
                <fieldset class="stack">
                    <legend>{said.which}</legend>
                    {kinds.map((one) => (
                        <label key={one} class="check">
                            <input
                                type="radio"
                                name="hand-back-kind"
                                checked={kind === one}
                                onChange={() => (chosen.value = one)}
                            />
                            {receipt.loaner ? said.kinds[one] : said.productOnly}
                        </label>
                    ))}
                </fieldset>
                <Field
                    label={said.endCondition}
                    value={condition.value}
                    maxLength={300}
                    required
                    onInput={(event) => (condition.value = event.currentTarget.value)}
                />
                <LanguageChoice theirs={theirs} />
                <Field
                    label={words.value.quote.customerName}
                    value={name.value}
                    maxLength={60}
                    required
                    onInput={(event) => (name.value = event.currentTarget.value)}
                />
                {text && <ShownWords text={text} language={theirs.value} />}
                {refused.value.map((violation) => (
                    <Notice key={violation.zh} tone="bad">
                        {pick(violation)}
                    </Notice>
                ))}
                {text && declines.value && (
                    <>
                        <Field
                            label={words.value.sign.declineReason}
                            required
                            maxLength={300}
                            onInput={(event) => (reason.value = event.currentTarget.value)}
                        />
                        <Button
                            kind="bad"
                            large
                            wide
                            disabled={!reason.value.trim() || !isNamed}
                            onClick={() => void finish(false)}
                        >
                            {said.unsigned}
                        </Button>
                        <Button onClick={() => (declines.value = false)}>{words.value.everywhere.back}</Button>
                    </>
                )}
                {text && !declines.value && (
                    <>
                        <PadUnder text={text} drawn={drawn} />
                        <Button
                            kind="main"
                            large
                            wide
                            disabled={!strokes || !isNamed}
                            onClick={() => void finish(true)}
                        >
                            {words.value.sign.sign}
                        </Button>
                        <Button kind="quiet" onClick={() => (declines.value = true)}>
                            {words.value.sign.decline}
                        </Button>
                    </>
                )}
            </form>
        </div>
    )
}
