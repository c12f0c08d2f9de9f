/** What the office corrects in a record: the report's fields and a step's note, on the state that was seen. */
import { useRef } from "preact/hooks"
import type { Schemas } from "../../api/client.ts"
import { api, body } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { known } from "../../core/course.ts"
import { complete } from "../../core/record.ts"
import { Dialog } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Form, TextArea } from "../form.tsx"
import { changedFields, type ReportField, ReportFields } from "../report_fields.tsx"
import { say } from "../said.ts"
import type { Detail } from "./job.tsx"

interface Props {
    detail: Detail
    onClose: () => void
}

/** As it stands. The number is masked here, so what is typed takes its place. */
function knownOf(detail: Detail, field: ReportField): string {
    if (field === "phone") return ""
    return known(complete(detail.record), field) ?? ""
}

/** What is written builds on what its writer saw, not on what has come since; so both stay to be read. */
const useSeen = (detail: Detail): Detail => useRef(detail).current

export function AmendReport({ onClose, ...props }: Props) {
    const { deskAmend } = words.value
    const detail = useSeen(props.detail)
    const act = useAct()
    const about = aboutOf(act.problem)
    const now = (field: ReportField) => knownOf(detail, field)
    const { job } = detail
    return (
        <Dialog title={deskAmend.amendOf(job.number)} wide onClose={onClose}>
            <p class="small soft">{deskAmend.hint}</p>
            <Form
                act={act}
                onCancel={onClose}
                onSubmit={async (filled) => {
                    const fields = Object.fromEntries(changedFields(filled, now))
                    if (Object.keys(fields).length === 0) return onClose()
                    const input = { fields, base_heads: detail.heads }
                    const to = { params: { path: { id: job.id } }, body: input }
                    if (!(await act.run(() => body(api.PATCH("/v1/jobs/{id}/report", to))))) return
                    say(deskAmend.saved(job.number))
                    onClose()
                }}
            >
                <ReportFields now={now} about={(field) => about(`/fields/${field}`)} />
            </Form>
        </Dialog>
    )
}

export function AmendNote({ step, onClose, ...props }: Props & { step: Schemas["StepTemplate"] }) {
    const { deskAmend } = words.value
    const detail = useSeen(props.detail)
    const act = useAct()
    const { job, record, heads } = detail
    return (
        <Dialog title={deskAmend.note(pick(step.name))} onClose={onClose}>
            <p class="small soft">{deskAmend.hint}</p>
            <Form
                act={act}
                onCancel={onClose}
                onSubmit={async (filled) => {
                    const path = { id: job.id, step: step.id }
                    const input = { text: filled.text("text"), base_heads: heads }
                    if (
                        !(await act.run(() =>
                            body(api.PUT("/v1/jobs/{id}/steps/{step}/note", { params: { path }, body: input })),
                        ))
                    )
                        return
                    say(deskAmend.saved(job.number))
                    onClose()
                }}
            >
                <TextArea
                    label={deskAmend.noteLabel}
                    name="text"
                    initial={record.notes?.[step.id] ?? ""}
                    maxLength={4000}
                    error={aboutOf(act.problem)("/text")}
                />
            </Form>
        </Dialog>
    )
}
