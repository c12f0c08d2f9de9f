import { useSignal } from "@preact/signals"
import { useLocation, useRoute } from "preact-iso"
import type { JobView } from "../../core/handset.ts"
import { sheetOf, sheetHash } from "../../core/sheet.ts"
import type { SignOff } from "../../core/record.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { Back, NoChecklist, NotHere } from "../job/page.tsx"
import { known } from "../../core/course.ts"
import { type Hindrance, jobOf, me, newEntry, now, write } from "../phone.ts"
import { Marks } from "./marks.tsx"
import { Pad } from "./pad.tsx"
import { SheetView } from "./sheet.tsx"

export function SignPage() {
    const { params } = useRoute()
    const job = jobOf(params.job ?? "")
    if (job && !job.template) return <NoChecklist job={job} />
    if (!job?.template) return <NotHere />
    return <Sign job={job} template={job.template} />
}

/**
 * The sheet first, then the hand under it. What is signed is the sheet that stands on the screen: where the record moves on while the customer
 * reads, the sheet is shown anew and must be signed anew.
 */
function Sign({ job, template }: { job: JobView; template: NonNullable<JobView["template"]> }) {
    const { route } = useLocation()
    const said = words.value.sign
    const sheet = sheetOf(job.record, template)
    const hash = sheetHash(sheet)
    /** Which sheet was on the screen when somebody last began to sign. */
    const begun = useSignal(hash)
    const isChanged = begun.value !== hash
    const name = useSignal(known(job.record, "name") ?? "")
    const drawn = useSignal("")
    const strokes = isChanged ? "" : drawn.value
    const rating = useSignal<{ quality: number | null; attitude: number | null }>({ quality: null, attitude: null })
    const remarks = useSignal("")
    const reason = useSignal("")
    const declines = useSignal(false)
    const closed = useSignal<readonly Hindrance[]>([])
    const finish = async (kind: SignOff["kind"]) => {
        const by = me.value?.person
        if (!by) return
        const { quality, attitude } = rating.value
        const sign_off: SignOff = {
            kind,
            how: "phone_screen",
            name: name.value.trim(),
            reason: kind === "declined" ? reason.value.trim() : null,
            strokes: kind === "signed" ? strokes : null,
            rating: quality !== null || attitude !== null ? { quality, attitude } : null,
            remarks: remarks.value.trim() || null,
            covers: job.heads,
            sheet_hash: hash,
            by,
            link: null,
            at: now(),
        }
        const mark = { kind: "done" as const, by, at: sign_off.at, reason: null, place: null }
        const step = template.steps.find(({ stage }) => stage === "sign_off")
        const ticks = step ? [{ edit: "mark" as const, step: step.id, mark }] : []
        closed.value = await write(job.id, [{ edit: "sign_off", id: newEntry(), sign_off }, ...ticks])
        if (closed.value.length === 0) route(`/phone/jobs/${job.id}`)
    }
    return (
        <div class="stack-wide">
            <Back to={`/phone/jobs/${job.id}`} label={job.number} />
            <SheetView sheet={sheet} />
            <form class="card" onSubmit={(event) => event.preventDefault()}>
                <h2>{said.opinion}</h2>
                <Marks
                    label={said.quality}
                    onChange={(quality) => (rating.value = { ...rating.value, quality })}
                    value={rating.value.quality}
                />
                <Marks
                    label={said.attitude}
                    onChange={(attitude) => (rating.value = { ...rating.value, attitude })}
                    value={rating.value.attitude}
                />
                <Field
                    label={said.remarks}
                    maxLength={500}
                    onInput={(event) => (remarks.value = event.currentTarget.value)}
                />
                <Field
                    label={said.name}
                    value={name.value}
                    required
                    maxLength={60}
                    onInput={(event) => (name.value = event.currentTarget.value)}
                />
                {closed.value.map((violation) => (
                    <Notice key={violation.rule} tone="bad">
                        {pick(violation)}
                    </Notice>
                ))}
                {declines.value ? (
                    <>
                        <Field
                            label={said.declineReason}
                            required
                            maxLength={300}
                            onInput={(event) => (reason.value = event.currentTarget.value)}
                        />
                        <Button
                            kind="bad"
                            large
                            wide
                            disabled={!reason.value.trim() || !name.value.trim()}
                            onClick={() => void finish("declined")}
                        >
                            {said.decline}
                        </Button>
                        <Button onClick={() => (declines.value = false)}>{words.value.everywhere.back}</Button>
                    </>
                ) : (
                    <>
                        <p>{said.text}</p>
                        {isChanged && <Notice tone="bad">{said.changed}</Notice>}
                        <Pad
                            key={hash}
                            onStrokes={(strokes) => {
                                drawn.value = strokes
                                begun.value = hash
                            }}
                        />
                        <Button
                            kind="main"
                            large
                            wide
                            disabled={!strokes || !name.value.trim()}
                            onClick={() => void finish("signed")}
                        >
                            {said.sign}
                        </Button>
                        <Button kind="quiet" onClick={() => (declines.value = true)}>
                            {said.decline}
                        </Button>
                    </>
                )}
            </form>
        </div>
    )
}
