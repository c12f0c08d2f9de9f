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
import { Form, TextArea } from "../form.tsx"
import { Listed } from "../listed.tsx"
import { useList } from "../pages.ts"
import { say } from "../said.ts"
import { viewOf } from "../tabs.tsx"
import { AnswersHead, Waiting } from "./answers.tsx"
import { QuestionLine } from "./question_line.tsx"

export type Question = Schemas["Question"]

/** To the server a question is open until the customer was told. */
const WAITS = {
    open: { open: true, answered: false },
    untold: { open: true, answered: true },
    answered: { open: false },
}

export function QuestionsPage() {
    const text = words.value.deskAnswers
    const views = { open: text.open, untold: text.untold, answered: text.answered }
    const view = viewOf(views, useLocation().query.view)
    const asked = useSignal<Question | undefined>(undefined)
    const list = useList(view, (part) =>
        body(api.GET("/v1/questions", { params: { query: { ...WAITS[view], ...part } } })),
    )
    return (
        <div class="page">
            <AnswersHead page="questions" views={views} view={view} />
            <Listed of={list} empty={<Empty icon={MessageCircleQuestionMark}>{text.noQuestions}</Empty>}>
                {(items) => (
                    <Waiting>
                        {items.map((question) => (
                            <QuestionLine key={question.id} question={question} onChanged={list.reload}>
                                <a href={`/desk/intake/${question.report}`}>{text.report(question.number)}</a>
                                {!question.answer && may("answer_questions") && (
                                    <Button kind="main" onClick={() => (asked.value = question)}>
                                        {text.answerQuestion}
                                    </Button>
                                )}
                            </QuestionLine>
                        ))}
                    </Waiting>
                )}
            </Listed>
            {!may("answer_questions") && <p class="small soft">{text.onlyDeskSupervisor}</p>}
            {asked.value && (
                <AnswerDialog
                    question={asked.value}
                    onClose={() => {
                        asked.value = undefined
                        void list.reload()
                    }}
                />
            )}
        </div>
    )
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
