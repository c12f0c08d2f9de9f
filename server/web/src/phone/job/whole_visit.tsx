import type { JobView } from "../../core/handset.ts"
import { stepName } from "../../core/place.ts"
import { type StepTemplate, WHOLE_VISIT } from "../../core/template.ts"
import { pick } from "../../words.ts"
import { Note } from "../step/note.tsx"
import { Photos } from "../step/photos.tsx"

const NAME = stepName(WHOLE_VISIT)
/** As if it were a step of the checklist: it asks for nothing. */
const PLACE: StepTemplate = { id: WHOLE_VISIT, name: NAME, task: NAME }

/** Notes and photos that belong to no step: where the checklist is not here yet, and where somebody kept something so before it came. */
export function WholeVisit({ job }: { job: JobView }) {
    const { notes, photos } = job.record
    const isKept = WHOLE_VISIT in notes || Object.values(photos).some(({ step }) => step === WHOLE_VISIT)
    if (job.template && !isKept) return null
    return (
        <section class="stack" aria-label={pick(NAME)}>
            <h2>{pick(NAME)}</h2>
            <Photos job={job} step={PLACE} />
            <Note job={job} step={PLACE} />
        </section>
    )
}
