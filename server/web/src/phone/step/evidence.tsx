import type { JobView } from "../../core/handset.ts"
import { byTime, entriesOf } from "../../core/record.ts"
import type { Evidence, StepTemplate } from "../../core/template.ts"
import { pick, words } from "../../words.ts"
import { me, newEntry, now, write } from "../phone.ts"

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
    const taken = byTime(entriesOf(job.record.readings)).filter(
        ([, reading]) => reading.step === step.id && reading.name === evidence.name,
    )
    const last = taken.at(-1)?.[1].value ?? ""
    const unit = evidence.unit ?? ""
    const save = (value: string) => {
        const by = me.value?.person
        if (!by || value.trim() === "" || value.trim() === last) return
        const reading = { step: step.id, name: evidence.name, value: value.trim(), unit, by, at: now() }
        void write(job.id, [{ edit: "reading", id: newEntry(), reading }])
    }
    const isNumber = evidence.kind === "count" || unit !== ""
    return (
        <label class="field">
            <span>
                {pick(evidence.label)}
                {evidence.required && <span class="soft small"> {words.value.step.required}</span>}
            </span>
            <span class="reading">
                <input
                    defaultValue={last}
                    inputMode={evidence.kind === "count" ? "numeric" : isNumber ? "decimal" : "text"}
                    maxLength={60}
                    disabled={job.gone !== null}
                    onBlur={(event) => save(event.currentTarget.value)}
                />
                {unit && <span class="soft">{unit}</span>}
            </span>
        </label>
    )
}
