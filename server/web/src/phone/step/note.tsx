import { useSignal } from "@preact/signals"
import type { JobView } from "../../core/handset.ts"
import type { StepTemplate } from "../../core/template.ts"
import { words } from "../../words.ts"
import { write } from "../phone.ts"

/** The step's note. Kept when the field is left, and when the page is. */
export function Note({ job, step }: { job: JobView; step: StepTemplate }) {
    const kept = job.record.notes[step.id] ?? ""
    const isSaved = useSignal(false)
    const save = async (text: string) => {
        if (text.trim() === kept.trim()) return
        const refused = await write(job.id, [{ edit: "note", step: step.id, text: text.trim() }])
        isSaved.value = refused.length === 0
    }
    return (
        <label class="field">
            <span>{words.value.step.note}</span>
            <textarea
                defaultValue={kept}
                maxLength={2000}
                disabled={job.gone !== null}
                onInput={() => (isSaved.value = false)}
                onBlur={(event) => void save(event.currentTarget.value)}
            />
            <span class="soft small" role="status">
                {isSaved.value ? words.value.step.noteSaved : ""}
            </span>
        </label>
    )
}
