import { corrected, reported } from "../../core/course.ts"
import type { JobView } from "../../core/handset.ts"
import type { ReportField } from "../../core/record.ts"
import { Button, Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { useTyped } from "../typed.ts"

const FIELDS: ReportField[] = ["name", "phone", "address", "fault", "product", "model", "serial", "purchased_on"]

/** What was reported, to be put right where it is otherwise. What the customer told the desk stays beside it. */
export function Corrections({ job }: { job: JobView }) {
    return (
        <details class="card">
            <summary>{words.value.phone.correct}</summary>
            <div class="stack">
                {FIELDS.map((field) => (
                    <Correction key={field} job={job} of={field} />
                ))}
            </div>
        </details>
    )
}

function Correction({ job, of }: { job: JobView; of: ReportField }) {
    const { field, refused, meanwhile, choose } = useTyped(job, `corrections/${of}`)
    const { conflict } = words.value
    const was = corrected(job.record, of) === undefined ? undefined : reported(job.record.report, of)
    return (
        <div class="stack">
            <label class="field">
                <span>{words.value.terms.reportField[of]}</span>
                <input {...field} inputMode={of === "phone" ? "tel" : "text"} maxLength={300} />
                {was && <span class="soft small">{words.value.phone.wasCorrected(was)}</span>}
                {refused.map((violation) => (
                    <Notice key={violation.rule} tone="bad">
                        {pick(violation)}
                    </Notice>
                ))}
            </label>
            {meanwhile !== undefined && (
                <Notice tone="warn">
                    <p>{conflict.meanwhile(meanwhile)}</p>
                    <div class="row">
                        <Button onClick={() => choose("theirs")}>{conflict.take}</Button>
                        <Button onClick={() => choose("mine")}>{conflict.takeMine}</Button>
                    </div>
                </Notice>
            )}
        </div>
    )
}
