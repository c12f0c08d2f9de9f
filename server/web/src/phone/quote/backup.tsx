/** Before work that can destroy data: the customer reads what will be done and what may be lost, says whether there is a copy, and signs. */
import { useSignal } from "@preact/signals"
import { backupText, backupWanted, COPIES, type Language, saidOfCopy, textHash } from "../../core/backup.ts"
import { known } from "../../core/course.ts"
import type { JobView } from "../../core/handset.ts"
import type { EntryId } from "../../core/id.ts"
import { type BackupCopy, byTime, entriesOf, type Quote } from "../../core/record.ts"
import { momentText } from "../../design/dates.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { language, pick, words } from "../../words.ts"
import { type Hindrance, me, newEntry, now, write } from "../phone.ts"
import { type Drawn, LanguageChoice, PadUnder, ShownWords, strokesUnder } from "../sign/shown.tsx"

export function Backup({ job }: { job: JobView }) {
    const said = words.value.backup
    const wanted = job.gone ? undefined : backupWanted(job.record)
    return (
        <>
            {byTime(entriesOf(job.record.backup_consents)).map(([id, backup]) => (
                <Notice key={id} tone="good">
                    {said.signedBy(backup.name, momentText(backup.at), said.copies[backup.copy])}
                </Notice>
            ))}
            {wanted && <BackupForm key={wanted[0]} job={job} wanted={wanted} />}
        </>
    )
}

function BackupForm({ job, wanted: [id, quote] }: { job: JobView; wanted: [EntryId, Quote] }) {
    const said = words.value.backup
    /** The customer's, which need not be the technician's. */
    const theirs = useSignal<Language>(language.value)
    const copy = useSignal<BackupCopy | undefined>(undefined)
    const name = useSignal(known(job.record, "name") ?? "")
    const drawn = useSignal<Drawn>({ strokes: "", under: "" })
    const closed = useSignal<readonly Hindrance[]>([])
    const text = copy.value && backupText(job.record.meta.number, quote, copy.value, theirs.value)
    const strokes = text ? strokesUnder(text, drawn) : ""
    const sign = async (event: Event) => {
        event.preventDefault()
        const by = me.value?.person
        if (!by || !text || !copy.value) return
        const backup = {
            quote: id,
            copy: copy.value,
            text,
            text_hash: textHash(text),
            language: theirs.value,
            how: "phone_screen" as const,
            name: name.value.trim(),
            strokes,
            by,
            link: null,
            at: now(),
        }
        closed.value = await write(job.id, [{ edit: "backup", id: newEntry(), backup }])
    }
    return (
        <form class="card" onSubmit={(event) => void sign(event)}>
            <h2>{said.title}</h2>
            <p>{said.why}</p>
            <LanguageChoice theirs={theirs} />
            <fieldset class="stack">
                <legend>{said.copy}</legend>
                {COPIES.map((one) => (
                    <label key={one} class="check">
                        <input
                            type="radio"
                            name="backup-copy"
                            checked={copy.value === one}
                            onChange={() => (copy.value = one)}
                        />
                        {saidOfCopy(one, theirs.value)}
                    </label>
                ))}
            </fieldset>
            {text && (
                <>
                    <ShownWords text={text} language={theirs.value} />
                    <Field
                        label={words.value.quote.customerName}
                        value={name.value}
                        maxLength={60}
                        required
                        onInput={(event) => (name.value = event.currentTarget.value)}
                    />
                    <PadUnder text={text} drawn={drawn} />
                    {closed.value.map((violation) => (
                        <Notice key={violation.rule} tone="bad">
                            {pick(violation)}
                        </Notice>
                    ))}
                    <Button type="submit" kind="main" large wide disabled={!strokes || !name.value.trim()}>
                        {said.sign}
                    </Button>
                </>
            )}
        </form>
    )
}
