import type { JobView } from "../../core/handset.ts"
import type { StepTemplate } from "../../core/template.ts"
import { words } from "../../words.ts"
import { Conflicts } from "../job/conflicts.tsx"
import { useTyped } from "../typed.ts"

/** The step's note; where two wrote one, both. */
export function Note({ job, step }: { job: JobView; step: StepTemplate }) {
    const { field, isSaved } = useTyped(job, `notes/${step.id}`)
    return (
        <>
            <label class="field">
                <span>{words.value.step.note}</span>
                <textarea {...field} maxLength={2000} />
                <span class="soft small" role="status">
                    {isSaved ? words.value.step.noteSaved : ""}
                </span>
            </label>
            <Conflicts job={job} of={["notes", step.id]} />
        </>
    )
}
