import type { ComponentChildren } from "preact"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Notice, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Trouble } from "../answered.tsx"
import { dayAndTime } from "../../design/dates.ts"
import { DueTag } from "./answers.tsx"

interface Props {
    question: Schemas["Question"]
    onChanged: () => Promise<void>
    /** Where it leads, and what else is done about it. */
    children?: ComponentChildren
}

/** A question, what was answered, and whether the customer knows. */
export function QuestionLine({ question, onChanged, children }: Props) {
    const text = words.value.deskAnswers
    const act = useAct()
    const tell = async () => {
        await act.run(() => body(api.POST("/v1/questions/{id}/told", { params: { path: { id: question.id } } })))
        await onChanged()
    }
    const { answer, told } = question
    return (
        <li class="card waiting">
            <div class="stack">
                <p class="waiting-text">
                    <strong>{question.text}</strong>
                </p>
                <p class="small soft figures">{text.askedBy(question.asked_by.name, dayAndTime(question.asked_at))}</p>
                {answer && (
                    <Notice tone="good">
                        <span class="waiting-text">{answer.text}</span>
                        <br />
                        <span class="small soft figures">
                            {text.answeredBy(answer.by.name, dayAndTime(answer.at))} ·{" "}
                            {told ? text.told(dayAndTime(told.at)) : text.notTold}
                        </span>
                    </Notice>
                )}
            </div>
            <div class="row">
                <DueTag due={question.due_at} isOver={told != null} />
                {told && question.is_late && <Tag tone="bad">{text.wasLate}</Tag>}
                {answer && !told && may("amend_jobs") && (
                    <Button kind="main" disabled={act.isBusy} onClick={() => void tell()}>
                        {text.toldCustomer}
                    </Button>
                )}
                {children}
            </div>
            {act.problem !== undefined && (
                <div class="waiting-foot">
                    <Trouble of={act.problem} />
                </div>
            )}
        </li>
    )
}
