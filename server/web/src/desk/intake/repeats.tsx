import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { Problem } from "../../api/problem.ts"
import { Button, Field, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { Trouble } from "../answered.tsx"
import { dayAndTime } from "../../design/dates.ts"
import type { ReportProps } from "./report.tsx"

/** Earlier reports that this one may repeat: the agent says whether it is the same fault. */
export function Repeats({ report, reload }: ReportProps) {
    const { deskIntake, terms } = words.value
    const act = useAct()
    const reason = useSignal("")
    const decided = report.repeat
    const decide = async (of: string, verdict: Schemas["RepeatVerdict"]) => {
        const told = decided ? { of, verdict, reason: reason.value } : { of, verdict }
        const to = { params: { path: { id: report.id } }, headers: once(), body: told }
        await act.run(() => body(api.POST("/v1/reports/{id}/repeat", to)))
        await reload()
    }
    const other = decided?.verdict === "same" ? "new" : "same"
    if (report.repeats.length === 0 && !report.repeat) return null
    return (
        <section class="card" aria-label={deskIntake.repeatTitle}>
            <h2>{deskIntake.repeatTitle}</h2>
            <p class="soft">{deskIntake.repeatHint}</p>
            {report.repeat && (
                <p>
                    <Tag tone={report.repeat.verdict === "same" ? "warn" : "good"}>
                        {report.repeat.verdict === "same" ? deskIntake.decidedSame : deskIntake.decidedNew}
                    </Tag>
                </p>
            )}
            {decided && (
                <div class="stack">
                    <Field
                        label={deskIntake.changeWhy}
                        value={reason.value}
                        onInput={(event) => (reason.value = event.currentTarget.value)}
                        error={act.problem instanceof Problem ? act.problem.about("/reason") : undefined}
                    />
                    <Button disabled={act.isBusy} onClick={() => void decide(decided.of, other)}>
                        {other === "new" ? deskIntake.changeToNew : deskIntake.changeToSame}
                    </Button>
                </div>
            )}
            <ul class="stack">
                {report.repeats.map((suspect) => (
                    <li key={suspect.report} class="intake-earlier">
                        <span class="row">
                            <a
                                class="figures small"
                                href={suspect.job ? `/desk/jobs/${suspect.job}` : `/desk/intake/${suspect.report}`}
                            >
                                {suspect.number}
                            </a>
                            <Tag tone={suspect.closed_at ? "plain" : "accent"}>{terms.reportState[suspect.state]}</Tag>
                            {suspect.same.map((likeness) => (
                                <Tag key={likeness} tone="info">
                                    {terms.likeness[likeness]}
                                </Tag>
                            ))}
                            <span class="small soft figures">{dayAndTime(suspect.taken_at)}</span>
                        </span>
                        <span>{[suspect.product, suspect.fault].filter(Boolean).join(" · ")}</span>
                        <span class="row">
                            <Button disabled={act.isBusy} onClick={() => void decide(suspect.report, "same")}>
                                {deskIntake.sameFault}
                            </Button>
                            <Button disabled={act.isBusy} onClick={() => void decide(suspect.report, "new")}>
                                {deskIntake.newFault}
                            </Button>
                        </span>
                    </li>
                ))}
            </ul>
            <Trouble of={act.problem} />
        </section>
    )
}
