import { api, body, type Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { Dialog } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { Form, TextArea } from "../form.tsx"
import { say } from "../said.ts"

type Escalation = Schemas["Escalation"]

/** Takes one over from whom it was seen with: who came first meanwhile is named by the server. */
export function TakeDialog({ escalation, onClose }: { escalation: Escalation; onClose: () => void }) {
    const text = words.value.deskEscalations
    const act = useAct()
    return (
        <Dialog title={text.takeTitle(pick(escalation.name))} onClose={onClose}>
            <p class="small soft">{text.takeHint}</p>
            <Form
                act={act}
                save={text.take}
                onCancel={onClose}
                onSubmit={async (filled) => {
                    const from = escalation.takers.at(-1)?.by.id ?? null
                    const input = { remark: filled.text("remark"), from }
                    const to = { params: { path: { id: escalation.id } }, headers: once(), body: input }
                    if (!(await act.run(() => body(api.POST("/v1/escalations/{id}/take", to))))) return
                    say(text.taken)
                    onClose()
                }}
            >
                <TextArea
                    label={text.remark}
                    name="remark"
                    required
                    maxLength={2000}
                    error={aboutOf(act.problem)("/remark")}
                />
            </Form>
        </Dialog>
    )
}
