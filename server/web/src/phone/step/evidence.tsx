import type { JobView } from "../../core/handset.ts"
import type { Evidence, StepTemplate } from "../../core/template.ts"
import { Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { useTyped } from "../typed.ts"

/** What the step asks to be read off or counted. Photos have their own place. */
export function EvidenceList({ job, step }: { job: JobView; step: StepTemplate }) {
    const asked = (step.evidence ?? []).filter((evidence) => evidence.kind === "reading" || evidence.kind === "count")
    if (asked.length === 0) return null
    return (
        <section class="stack">
            <h2>{words.value.step.readings}</h2>
            {asked.map((evidence) => (
                <Reading key={evidence.name} job={job} step={step} evidence={evidence} />
            ))}
        </section>
    )
}

function Reading({ job, step, evidence }: { job: JobView; step: StepTemplate; evidence: Evidence }) {
    const { field, refused } = useTyped(job, `readings/${step.id}/${evidence.name}`)
    const unit = evidence.unit ?? ""
    const isNumber = evidence.kind === "count" || unit !== ""
    return (
        <label class="field">
            <span>
                {pick(evidence.label)}
                {evidence.required && <span class="soft small"> {words.value.step.required}</span>}
            </span>
            <span class="reading">
                <input
                    {...field}
                    inputMode={evidence.kind === "count" ? "numeric" : isNumber ? "decimal" : "text"}
                    maxLength={60}
                />
                {unit && <span class="soft">{unit}</span>}
            </span>
            {refused.map((violation) => (
                <Notice key={violation.rule} tone="bad">
                    {pick(violation)}
                </Notice>
            ))}
        </label>
    )
}
