import { api, body } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { Form, TextArea } from "../form.tsx"
import { useLoaded } from "../loaded.ts"
import { say } from "../said.ts"
import { useSignal } from "@preact/signals"
import { Button } from "../../design/parts.tsx"
import { QuestionLine } from "./question_line.tsx"

/** What of a customer's report was passed upward, and what came back. */
export function AskUpward({ report, isOver }: { report: string; isOver: boolean }) {
    const text = words.value.deskAnswers
    const act = useAct()
    const isAsking = useSignal(false)
    const path = { report }
    const loaded = useLoaded(report, () => body(api.GET("/v1/reports/{report}/questions", { params: { path } })))
    return (
        <section class="card" aria-label={text.questions}>
            <h2>{text.questions}</h2>
            <Answered of={loaded}>
                {({ items }) =>
                    items.length === 0 ? (
                        <p class="soft">{text.noQuestions}</p>
                    ) : (
                        <ul class="stack">
                            {items.map((question) => (
                                <QuestionLine key={question.id} question={question} onChanged={loaded.reload} />
                            ))}
                        </ul>
                    )
                }
            </Answered>
            {!isOver && may("amend_jobs") && !isAsking.value && (
                <Button onClick={() => (isAsking.value = true)}>{text.ask}</Button>
            )}
            {isAsking.value && (
                <Form
                    act={act}
                    save={text.ask}
                    onCancel={() => (isAsking.value = false)}
                    onSubmit={async (filled) => {
                        const to = { params: { path }, headers: once(), body: { text: filled.text("text") } }
                        if (!(await act.run(() => body(api.POST("/v1/reports/{report}/questions", to))))) return
                        isAsking.value = false
                        say(text.asked)
                        await loaded.reload()
                    }}
                >
                    <TextArea
                        label={text.askText}
                        name="text"
                        hint={text.askHint}
                        required
                        maxLength={2000}
                        error={aboutOf(act.problem)("/text")}
                    />
                </Form>
            )}
        </section>
    )
}
