/** What a report is missing, to be filled in. What somebody has begun to type stays, whatever becomes of the report meanwhile. */
import { useSignal } from "@preact/signals"
import { api, body, changing, type Schemas } from "../../api/client.ts"
import { REPORT_FIELDS } from "../../core/course.ts"
import { Button, Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Trouble } from "../answered.tsx"
import type { ReportField } from "../report_fields.tsx"
import type { ReportProps } from "./report.tsx"

export function Complete({ report, reload }: ReportProps) {
    const { deskIntake, terms, everywhere } = words.value
    const act = useAct()
    const typed = useSignal<Partial<Record<ReportField, string>>>({})
    const begun = Object.entries(typed.value).filter(([, text]) => text.trim() !== "") as [ReportField, string][]
    const missing = report.closed_at ? [] : report.missing
    const fields = REPORT_FIELDS.filter((field) => typed.value[field]?.trim() || missing.includes(field))
    if (fields.length === 0) return null
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const filled = Object.fromEntries(begun.map(([field, text]) => [field, text.trim()]))
        const to = { params: { path: { id: report.id } }, body: changing<Schemas["PatchReport"]>(filled) }
        if (!(await act.run(() => body(api.PATCH("/v1/reports/{id}", to))))) return
        typed.value = {}
        await reload()
    }
    const meanwhile = (field: ReportField) => {
        const told = missing.includes(field) ? undefined : report.told[field]
        return told ? deskIntake.meanwhile(String(told)) : undefined
    }
    return (
        <form class="card" onSubmit={submit}>
            <h2>{deskIntake.completeTitle}</h2>
            {fields.map((field) => (
                <Field
                    key={field}
                    name={field}
                    label={terms.reportField[field]}
                    value={typed.value[field] ?? ""}
                    hint={meanwhile(field)}
                    onInput={(event) => (typed.value = { ...typed.peek(), [field]: event.currentTarget.value })}
                    autocomplete="off"
                />
            ))}
            <Trouble of={act.problem} />
            <Button type="submit" kind="main" disabled={act.isBusy}>
                {everywhere.save}
            </Button>
        </form>
    )
}
