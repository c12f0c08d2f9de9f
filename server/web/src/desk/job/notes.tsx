import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { Button, Dialog } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Form, TextArea } from "../form.tsx"
import { dayAndTime } from "../../design/dates.ts"
import type { TabProps } from "./job.tsx"

type Note = Schemas["JobNote"]

/** What the staff tells each other about a job, and who wrote in its record. */
export function Notes({ detail, reload }: TabProps) {
    const text = words.value.deskJob
    const asked = useSignal<Note | undefined>(undefined)
    const round = useSignal(0)
    const act = useAct()
    // A note that was corrected stands below the one that is in its place.
    const corrected = new Set(detail.notes.map((note) => note.corrects))
    const shown = detail.notes.filter((note) => !corrected.has(note.id))
    return (
        <>
            <section class="card" aria-label={text.notes}>
                <h2>{text.notes}</h2>
                {shown.length === 0 && <p class="soft">{text.noNotes}</p>}
                {shown.map((note) => (
                    <OneNote key={note.id} note={note} notes={detail.notes} onCorrect={() => (asked.value = note)} />
                ))}
                {may("amend_jobs") && (
                    <Form
                        key={round.value}
                        class="stack no-print"
                        act={act}
                        onSubmit={async (filled) => {
                            if (!(await act.run(() => write(detail.job.id, filled.text("text"))))) return
                            round.value += 1
                            await reload()
                        }}
                    >
                        <TextArea
                            label={text.addNote}
                            name="text"
                            hint={text.noteHint}
                            required
                            maxLength={2000}
                            error={aboutOf(act.problem)("/text")}
                        />
                    </Form>
                )}
            </section>
            {asked.value && (
                <Correct
                    note={asked.value}
                    job={detail.job.id}
                    onClose={() => {
                        asked.value = undefined
                        void reload()
                    }}
                />
            )}
            <Writers detail={detail} />
        </>
    )
}

function write(id: string, text: string, corrects?: string) {
    const to = { params: { path: { id } }, headers: once(), body: { text, ...(corrects && { corrects }) } }
    return body(api.POST("/v1/jobs/{id}/notes", to))
}

/** A note as it reads now, and what stood there before, the latest first. */
function OneNote({ note, notes, onCorrect }: { note: Note; notes: Note[]; onCorrect: () => void }) {
    const { deskAmend } = words.value
    const earlier: Note[] = []
    for (let at: Note | undefined = note; at?.corrects;) {
        const before: Note | undefined = notes.find((other) => other.id === at?.corrects)
        if (before) earlier.push(before)
        at = before
    }
    return (
        <div class="job-office-note">
            <p class="waiting-text">{note.text}</p>
            <div class="row row-apart">
                <span class="small soft figures">
                    {note.corrects
                        ? deskAmend.corrected(note.by.name, dayAndTime(note.at))
                        : `${note.by.name} · ${dayAndTime(note.at)}`}
                </span>
                {may("amend_jobs") && (
                    <Button kind="quiet" class="button-inline no-print" onClick={onCorrect}>
                        {deskAmend.correctNote}
                    </Button>
                )}
            </div>
            {earlier.length > 0 && (
                <details class="small soft">
                    <summary>{deskAmend.was}</summary>
                    {earlier.map((before) => (
                        <p key={before.id}>
                            <del>{before.text}</del>{" "}
                            <span class="figures">
                                {before.by.name} · {dayAndTime(before.at)}
                            </span>
                        </p>
                    ))}
                </details>
            )}
        </div>
    )
}

function Correct({ note, job, onClose }: { note: Note; job: string; onClose: () => void }) {
    const { deskAmend, deskJob } = words.value
    const act = useAct()
    return (
        <Dialog title={deskAmend.correctTitle} onClose={onClose}>
            <Form
                act={act}
                onCancel={onClose}
                onSubmit={async (filled) => {
                    if (await act.run(() => write(job, filled.text("text"), note.id))) onClose()
                }}
            >
                <TextArea
                    label={deskJob.notes}
                    name="text"
                    initial={note.text}
                    required
                    maxLength={2000}
                    error={aboutOf(act.problem)("/text")}
                />
            </Form>
        </Dialog>
    )
}

function Writers({ detail }: Pick<TabProps, "detail">) {
    const text = words.value.deskJob
    return (
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
    )
}
