import type { JobView } from "../../core/handset.ts"
import { words } from "../../words.ts"
import { write } from "../phone.ts"

/** Cause and measures, as the sheet will name them. */
export function Diagnosis({ job }: { job: JobView }) {
    const said = words.value.step
    const { diagnosis } = job.record
    const save = (edit: "cause" | "measures", text: string) => {
        if (text.trim() !== (diagnosis[edit] ?? "").trim()) void write(job.id, [{ edit, text: text.trim() }])
    }
    return (
        <div class="stack">
            {(["cause", "measures"] as const).map((field) => (
                <label class="field" key={field}>
                    <span>{said[field]}</span>
                    <textarea
                        defaultValue={diagnosis[field] ?? ""}
                        maxLength={1000}
                        disabled={job.gone !== null}
                        onBlur={(event) => save(field, event.currentTarget.value)}
                    />
                </label>
            ))}
        </div>
    )
}
