import { PenLine } from "lucide"
import type { JobView } from "../../core/handset.ts"
import { byTime, entriesOf } from "../../core/record.ts"
import type { StepTemplate } from "../../core/template.ts"
import { momentText } from "../../design/dates.ts"
import { Icon } from "../../design/icon.tsx"
import { Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"

/** At the step where the customer signs: the way to the sheet, and who signed already. */
export function SignOfStep({ job, step }: { job: JobView; step: StepTemplate }) {
    if (step.stage !== "sign_off") return null
    const said = words.value.sign
    const signed = byTime(entriesOf(job.record.sign_offs))
    return (
        <section class="stack">
            {signed.map(([id, signOff]) => (
                <Notice key={id} tone={signOff.kind === "signed" ? "good" : "warn"}>
                    {signOff.kind === "signed"
                        ? said.signedBy(signOff.name, momentText(signOff.at))
                        : said.declinedBy(signOff.name, signOff.reason ?? "", momentText(signOff.at))}
                </Notice>
            ))}
            {!job.gone && (
                <a class="button button-main button-large button-wide" href={`/phone/jobs/${job.id}/sign`}>
                    <Icon of={PenLine} />
                    {said.showSheet}
                </a>
            )}
        </section>
    )
}
