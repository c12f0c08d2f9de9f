/** A report corrected, and handed to another named person. */
import { useRef } from "preact/hooks"
import { api, body, changing, type Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { Dialog } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { Choice } from "../choice.tsx"
import { everybody } from "../everybody.ts"
import { Form } from "../form.tsx"
import { useLoaded } from "../loaded.ts"
import { changedFields, type ReportField, ReportFields } from "../report_fields.tsx"
import { say } from "../said.ts"

interface Props {
    report: Schemas["CustomerReport"]
    onClose: () => void
}

export function AmendTold({ report, onClose }: Props) {
    const { deskAmend } = words.value
    const act = useAct()
    const about = aboutOf(act.problem)
    // As it stood when the dialog was opened: what others write meanwhile neither takes the place of what is typed here, nor is undone by it.
    const { current: told } = useRef(report.told)
    const now = (field: ReportField) => (field === "phone" ? "" : String(told[field] ?? ""))
    return (
        <Dialog title={deskAmend.amendOf(report.number)} wide onClose={onClose}>
            <Form
                act={act}
                onCancel={onClose}
                onSubmit={async (filled) => {
                    const fields = changedFields(filled, now)
                    if (fields.length === 0) return onClose()
                    const input = changing<Schemas["PatchReport"]>(Object.fromEntries(fields))
                    const to = { params: { path: { id: report.id } }, body: input }
                    if (!(await act.run(() => body(api.PATCH("/v1/reports/{id}", to))))) return
                    say(deskAmend.saved(report.number))
                    onClose()
                }}
            >
                <ReportFields now={now} about={(field) => about(`/${field}`)} />
            </Form>
        </Dialog>
    )
}

export function HandOver({ report, onClose }: Props) {
    const { deskAmend, deskAnswers, terms } = words.value
    const act = useAct()
    const people = useLoaded("people", () => everybody(), { movesWith: () => false })
    const others = people.data?.filter((person) => person.id !== report.owner.id) ?? []
    return (
        <Dialog title={deskAmend.handOverTitle} onClose={onClose}>
            <p>{deskAmend.handOverHint}</p>
            <Form
                act={act}
                save={deskAmend.handOver}
                onCancel={onClose}
                onSubmit={async (filled) => {
                    const person = filled.text("person")
                    const to = { params: { path: { id: report.id } }, headers: once(), body: { person } }
                    if (!(await act.run(() => body(api.POST("/v1/reports/{id}/owner", to))))) return
                    say(deskAmend.handedOver(others.find((other) => other.id === person)?.name ?? ""))
                    onClose()
                }}
            >
                <Choice name="person" label={deskAnswers.owner} required error={aboutOf(act.problem)("/person")}>
                    {others.map((person) => (
                        <option key={person.id} value={person.id}>
                            {person.name} · {terms.role[person.role]}
                        </option>
                    ))}
                </Choice>
            </Form>
        </Dialog>
    )
}
