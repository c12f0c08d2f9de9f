import { useSignal } from "@preact/signals"
import { api, body } from "../../api/client.ts"
import { sentence } from "../../api/problem.ts"
import { Field, Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Form } from "../form.tsx"
import { say } from "../said.ts"
import { FILE_BYTES_MAX, readUnsent, sendPhotos } from "./unsent_file.ts"

/** Unsent work of a phone that can't reach the server, by a file that it wrote. */
export function HandIn({ onHandedIn }: { onHandedIn: () => Promise<void> }) {
    const text = words.value.deskOwed
    const act = useAct()
    const file = useSignal<File | undefined>(undefined)
    const wrong = useSignal<string | undefined>(undefined)
    /** Photos that were sent, of how many. */
    const progress = useSignal<[number, number] | undefined>(undefined)
    /** What of the photos was not taken. */
    const refused = useSignal<string[]>([])
    const handIn = async () => {
        refused.value = []
        const isLarge = (file.value?.size ?? 0) > FILE_BYTES_MAX
        const unsent = file.value && !isLarge ? await readUnsent(file.value) : undefined
        wrong.value = unsent ? undefined : isLarge ? text.tooLarge(FILE_BYTES_MAX / 1_000_000) : text.notReadable
        if (!unsent) return
        const { records, photos } = unsent
        const went = await act.run(async () => {
            const { entries, known } = await body(api.POST("/v1/quarantine/hand-in", { body: records }))
            // What names them is here now.
            const { taken, problems } = await sendPhotos(photos, (done) => (progress.value = [done, photos.length]))
            refused.value = [...new Set(problems.map(sentence))]
            say(text.handedIn(entries.length, known, taken))
        })
        progress.value = undefined
        if (went) await onHandedIn()
    }
    return (
        <details class="card no-print">
            <summary>{text.handIn}</summary>
            <Form act={act} save={text.send} onSubmit={handIn}>
                <p class="small soft">{text.handInHint}</p>
                <Field
                    label={text.file}
                    type="file"
                    accept=".json,application/json"
                    required
                    error={wrong.value}
                    onChange={(event) => {
                        file.value = event.currentTarget.files?.[0]
                        wrong.value = undefined
                        act.forget()
                    }}
                />
                {progress.value && (
                    <p class="small figures" role="status">
                        {text.photosSent(...progress.value)}
                    </p>
                )}
                {refused.value.map((why) => (
                    <Notice tone="bad" key={why}>
                        {text.photosRefused(why)}
                    </Notice>
                ))}
            </Form>
        </details>
    )
}
