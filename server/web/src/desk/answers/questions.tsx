/** Questions that the desk passed upward: until the customer was told, their clock runs. */
import { useSignal } from "@preact/signals"
import { MessageCircleQuestionMark } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { Button, Dialog, Empty } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { Form, TextArea } from "../form.tsx"
import { useLoaded } from "../loaded.ts"
import { PAGE_ROWS } from "../pages.ts"
import { say } from "../said.ts"
import { AnswersHead, viewOf, Waiting } from "./answers.tsx"
import { QuestionLine } from "./question_line.tsx"

export type Question = Schemas["Question"]

export function QuestionsPage() {
    const text = words.value.deskAnswers
    const views = { open: text.open, untold: text.untold, answered: text.answered }
    const view = viewOf(views, useLocation().query.view)
    const asked = useSignal<Question | undefined>(undefined)
    const loaded = useLoaded(view, () => load(view), { keepsLast: true })
    return (
        <div class="page">
            <AnswersHead page="questions" views={views} view={view} />
            <Answered of={loaded}>
                {(items) =>
                    items.length === 0 ? (
                        <Empty icon={MessageCircleQuestionMark}>{text.noQuestions}</Empty>
                    ) : (
                        <Waiting>
                            {items.map((question) => (
                                <QuestionLine key={question.id} question={question} onChanged={loaded.reload}>
                                    <a href={`/desk/intake/${question.report}`}>{text.report(question.number)}</a>
                                    {!question.answer && may("answer_questions") && (
                                        <Button kind="main" onClick={() => (asked.value = question)}>
                                            {text.answerQuestion}
                                        </Button>
                                    )}
                                </QuestionLine>
                            ))}
                        </Waiting>
                    )
                }
            </Answered>
            {!may("answer_questions") && <p class="small soft">{text.onlyDeskSupervisor}</p>}
            {asked.value && (
                <AnswerDialog
                    question={asked.value}
                    onClose={() => {
                        asked.value = undefined
                        void loaded.reload()
                    }}
                />
            )}
        </div>
    )
}

async function load(view: "open" | "untold" | "answered"): Promise<Question[]> {
    // To the server a question is open until the customer was told.
    const query = { open: view !== "answered", limit: PAGE_ROWS }
    const { items } = await body(api.GET("/v1/questions", { params: { query } }))
    if (view === "answered") return items.toSorted((a, b) => b.asked_at.localeCompare(a.asked_at))
    const waits = items.filter((question) => (question.answer == null) === (view === "open"))
    return waits.toSorted((a, b) => a.due_at.localeCompare(b.due_at))
}

function AnswerDialog({ question, onClose }: { question: Question; onClose: () => void }) {
    const text = words.value.deskAnswers
    const act = useAct()
    return (
        <Dialog title={text.answerQuestion} onClose={onClose}>
            <p class="waiting-text">
                <strong>{question.text}</strong>
            </p>
            <Form
                act={act}
                save={text.answerQuestion}
                onCancel={onClose}
                onSubmit={async (filled) => {
                    const input = { text: filled.text("text"), told: filled.is("told") }
                    const to = { params: { path: { id: question.id } }, headers: once(), body: input }
                    if (!(await act.run(() => body(api.POST("/v1/questions/{id}/answer", to))))) return
                    say(text.sent)
                    onClose()
                }}
            >
                <TextArea
                    label={text.answerText}
                    name="text"
                    required
                    maxLength={2000}
                    error={aboutOf(act.problem)("/text")}
                />
                <label class="row job-check">
                    <input type="checkbox" name="told" /> {text.iTold}
                </label>
            </Form>
        </Dialog>
    )
}
