import { api, body } from "../../api/client.ts"
import { Button } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Trouble } from "../answered.tsx"
import { dayAndTime } from "../../design/dates.ts"
import type { TabProps } from "./job.tsx"

/** What the staff tells each other about a job, and who wrote in its record. */
export function Notes({ detail, reload }: TabProps) {
    const text = words.value.deskJob
    const act = useAct()
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const form = event.currentTarget as HTMLFormElement
        const input = { text: String(new FormData(form).get("text")).trim() }
        const to = { params: { path: { id: detail.job.id } }, headers: once(), body: input }
        if (!(await act.run(() => body(api.POST("/v1/jobs/{id}/notes", to))))) return
        form.reset()
        await reload()
    }
    return (
        <>
            <section class="card" aria-label={text.notes}>
                <h2>{text.notes}</h2>
                {detail.notes.length === 0 && <p class="soft">{text.noNotes}</p>}
                {detail.notes.map((note) => (
                    <p key={note.id}>
                        {note.text}
                        <br />
                        <span class="small soft figures">
                            {note.by.name} · {dayAndTime(note.at)}
                        </span>
                    </p>
                ))}
                {may("amend_jobs") && (
                    <form class="stack" onSubmit={submit}>
                        <label class="field">
                            <span>{text.addNote}</span>
                            <textarea name="text" required maxLength={2000} />
                            <span class="soft small">{text.noteHint}</span>
                        </label>
                        <Trouble of={act.problem} />
                        <Button type="submit" disabled={act.isBusy}>
                            {words.value.everywhere.save}
                        </Button>
                    </form>
                )}
            </section>
            <section class="card" aria-label={text.writers}>
                <h2>{text.writers}</h2>
                <ul>
                    {detail.writers.map((writer) => (
                        <li key={writer.person.id} class="row row-apart">
                            <span>{writer.person.name}</span>
                            <span class="small soft figures">
                                {text.writer(writer.changes)} · {dayAndTime(writer.last_received_at)}
                            </span>
                        </li>
                    ))}
                </ul>
            </section>
        </>
    )
}
