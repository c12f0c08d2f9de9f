import type { Schemas } from "../api/client.ts"
import { Tag, type Tone } from "../design/parts.tsx"
import { statusTone } from "../design/tones.ts"
import { words } from "../words.ts"

type Standing = Pick<Schemas["Job"], "status" | "signed_at">

/** Work that is finished, and that the customer would not sign for: the state is the same, the matter is not. */
export const isUnsigned = (job: Standing) => job.status === "signed" && !job.signed_at

export function jobStatus(job: Standing): { word: string; short: string; tone: Tone } {
    const { terms } = words.value
    if (isUnsigned(job)) return { word: terms.unsigned, short: terms.unsignedShort, tone: "warn" }
    const { status } = job
    return { word: terms.status[status], short: terms.statusShort[status], tone: statusTone(status) }
}

/** Where a job stands. */
export function JobStatus({ job }: { job: Standing }) {
    const { word, tone } = jobStatus(job)
    return <Tag tone={tone}>{word}</Tag>
}
