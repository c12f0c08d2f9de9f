import type { JobView } from "../../core/handset.ts"
import { words } from "../../words.ts"
import { Conflicts } from "../job/conflicts.tsx"
import { useTyped } from "../typed.ts"

/** Cause and measures, as the sheet will name them. */
export function Diagnosis({ job }: { job: JobView }) {
    return (
        <div class="stack">
            <Finding job={job} of="cause" />
            <Finding job={job} of="measures" />
            <Conflicts job={job} of={["diagnosis"]} />
        </div>
    )
}

function Finding({ job, of }: { job: JobView; of: "cause" | "measures" }) {
    const { field } = useTyped(job, `diagnosis/${of}`)
    return (
        <label class="field">
            <span>{words.value.step[of]}</span>
            <textarea {...field} maxLength={1000} />
        </label>
    )
}
