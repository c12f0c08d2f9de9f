import { corrected, known, reported } from "../../core/course.ts"
import type { JobView } from "../../core/handset.ts"
import type { ReportField } from "../../core/record.ts"
import { words } from "../../words.ts"
import { me, newEntry, now, write } from "../phone.ts"

const FIELDS: ReportField[] = ["name", "phone", "address", "fault", "product", "model", "serial", "purchased_on"]

/** What was reported, to be put right where it is otherwise. What the customer told the desk stays beside it. */
export function Corrections({ job }: { job: JobView }) {
    const save = (field: ReportField, typed: string) => {
        const [by, value] = [me.value?.person, typed.trim()]
        if (!by || value === (known(job.record, field) ?? "")) return
        void write(job.id, [{ edit: "correct", id: newEntry(), correction: { field, value, by, at: now() } }])
    }
    return (
        <details class="card">
            <summary>{words.value.phone.correct}</summary>
            <div class="stack">
                {FIELDS.map((field) => {
                    const was =
                        corrected(job.record, field) === undefined ? undefined : reported(job.record.report, field)
                    return (
                        <label class="field" key={field}>
                            <span>{words.value.terms.reportField[field]}</span>
                            <input
                                inputMode={field === "phone" ? "tel" : "text"}
                                defaultValue={known(job.record, field) ?? ""}
                                maxLength={300}
                                disabled={job.gone !== null}
                                onBlur={(event) => save(field, event.currentTarget.value)}
                            />
                            {was && <span class="soft small">{words.value.phone.wasCorrected(was)}</span>}
                        </label>
                    )
                })}
            </div>
        </details>
    )
}
