import { api, body } from "../../api/client.ts"
import { Button, Field, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { Answered, Trouble } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { dayAndTime, ofField } from "../../design/dates.ts"
import { untilDue } from "../times.ts"
import type { Report } from "./report.tsx"

/** What the customer was promised, by whom, until when. */
export function Promises({ report }: { report: Report }) {
    const text = words.value.deskIntake
    const act = useAct()
    const query = { report: report.id, limit: 50 }
    const loaded = useLoaded(report.id, () => body(api.GET("/v1/promises", { params: { query } })))
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const form = event.currentTarget as HTMLFormElement
        const filled = new FormData(form)
        const due_at = ofField(String(filled.get("due")))
        if (!due_at) return
        const input = { report: report.id, text: String(filled.get("text")), due_at }
        if (!(await act.run(() => body(api.POST("/v1/promises", { headers: once(), body: input }))))) return
        form.reset()
        await loaded.reload()
    }
    const keep = async (id: string) => {
        await act.run(() => body(api.POST("/v1/promises/{id}/keep", { params: { path: { id } } })))
        await loaded.reload()
    }
    return (
        <section class="card" aria-label={text.promises}>
            <h2>{text.promises}</h2>
            <Answered of={loaded}>
                {({ items }) =>
                    items.length === 0 ? (
                        <p class="soft">{text.noPromises}</p>
                    ) : (
                        <ul class="stack">
                            {items.map((promise) => (
                                <li key={promise.id} class="row row-apart">
                                    <span>
                                        {promise.text}
                                        <br />
                                        <span class="small soft figures">
                                            {promise.owner.name} · {dayAndTime(promise.due_at)} ·{" "}
                                            {promise.kept_at
                                                ? text.kept(dayAndTime(promise.kept_at))
                                                : untilDue(promise.due_at)}
                                        </span>
                                    </span>
                                    {promise.is_broken && <Tag tone="bad">{text.broken}</Tag>}
                                    {!promise.kept_at && (
                                        <Button disabled={act.isBusy} onClick={() => void keep(promise.id)}>
                                            {text.keep}
                                        </Button>
                                    )}
                                </li>
                            ))}
                        </ul>
                    )
                }
            </Answered>
            <form class="stack" onSubmit={submit}>
                <Field name="text" label={text.promiseText} required maxLength={500} />
                <Field name="due" label={text.promiseDue} type="datetime-local" required />
                <Trouble of={act.problem} />
                <Button type="submit" disabled={act.isBusy}>
                    {text.promiseAdd}
                </Button>
            </form>
        </section>
    )
}
