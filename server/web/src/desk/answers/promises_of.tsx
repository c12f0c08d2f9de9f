import { api, body, type Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { session } from "../../api/session.ts"
import { Button, Field, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { Answered, Trouble } from "../answered.tsx"
import { Choice } from "../choice.tsx"
import { everybody } from "../everybody.ts"
import { type Filled, Form } from "../form.tsx"
import { useLoaded } from "../loaded.ts"
import { whole } from "../pages.ts"
import { dayAndTime, ofField } from "../../design/dates.ts"
import { useSignal } from "@preact/signals"
import { DueTag } from "./answers.tsx"
import { mayKeep } from "./promises.tsx"

/** What a promise is about. */
type About = { report: string } | { job: string }

/** What the customer was promised about a report or a job: by whom, until when, kept or broken. */
export function PromisesOf({ about }: { about: About }) {
    const text = words.value.deskIntake
    const keeping = useAct()
    const isMaking = useSignal(false)
    const loaded = useLoaded(JSON.stringify(about), () =>
        whole((part) => body(api.GET("/v1/promises", { params: { query: { ...about, ...part } } }))),
    )
    const keep = async (id: string) => {
        await keeping.run(() => body(api.POST("/v1/promises/{id}/keep", { params: { path: { id } } })))
        await loaded.reload()
    }
    return (
        <section class="card" aria-label={text.promises}>
            <h2>{text.promises}</h2>
            <Answered of={loaded}>
                {(items) =>
                    items.length === 0 ? (
                        <p class="soft">{text.noPromises}</p>
                    ) : (
                        <ul class="stack">
                            {items.map((promise) => (
                                <Line key={promise.id} promise={promise} isBusy={keeping.isBusy} onKeep={keep} />
                            ))}
                        </ul>
                    )
                }
            </Answered>
            <Trouble of={keeping.problem} />
            {isMaking.value ? (
                <Make about={about} onMade={loaded.reload} onOver={() => (isMaking.value = false)} />
            ) : (
                <Button class="no-print" onClick={() => (isMaking.value = true)}>
                    {text.promiseAdd}
                </Button>
            )}
        </section>
    )
}

interface LineProps {
    promise: Schemas["Promise"]
    isBusy: boolean
    onKeep: (id: string) => Promise<void>
}

function Line({ promise, isBusy, onKeep }: LineProps) {
    const text = words.value.deskIntake
    return (
        <li class="row row-apart">
            <span class="form-grow">
                {promise.text}
                <br />
                <span class="small soft figures">
                    {promise.owner.name} · {dayAndTime(promise.due_at)}
                    {promise.kept_at && ` · ${text.kept(dayAndTime(promise.kept_at))}`}
                </span>
            </span>
            {promise.is_broken ? (
                <Tag tone="bad">{text.broken}</Tag>
            ) : (
                <DueTag due={promise.due_at} isOver={promise.kept_at != null} />
            )}
            {!promise.kept_at && mayKeep(promise) && (
                <Button disabled={isBusy} onClick={() => void onKeep(promise.id)}>
                    {text.keep}
                </Button>
            )}
        </li>
    )
}

interface MakeProps {
    about: About
    onMade: () => Promise<void>
    onOver: () => void
}

function Make({ about, onMade, onOver }: MakeProps) {
    const { deskAnswers, deskIntake } = words.value
    const act = useAct()
    const wrong = aboutOf(act.problem)
    const people = useLoaded("people", () => everybody(), { movesWith: () => false })
    const me = session.value?.person.id
    const make = async (filled: Filled) => {
        const due_at = ofField(filled.text("due"))
        if (!due_at) return
        const input = { ...about, text: filled.text("text"), due_at, owner: filled.text("owner") }
        if (!(await act.run(() => body(api.POST("/v1/promises", { headers: once(), body: input }))))) return
        onOver()
        await onMade()
    }
    return (
        <Form act={act} save={deskIntake.promiseAdd} onSubmit={make} onCancel={onOver}>
            <Field name="text" label={deskIntake.promiseText} required maxLength={500} error={wrong("/text")} />
            <div class="form-two">
                <Field
                    name="due"
                    label={deskIntake.promiseDue}
                    type="datetime-local"
                    required
                    error={wrong("/due_at")}
                />
                <Choice name="owner" label={deskAnswers.owner} error={wrong("/owner")}>
                    <option value={me}>{deskAnswers.myself}</option>
                    {people.data
                        ?.filter((person) => person.id !== me)
                        .map((person) => (
                            <option key={person.id} value={person.id}>
                                {person.name}
                            </option>
                        ))}
                </Choice>
            </div>
        </Form>
    )
}
