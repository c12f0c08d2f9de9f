import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Form } from "../form.tsx"
import { say } from "../said.ts"

/** Unsent work of a phone that can't reach the server, by a file that it wrote. */
export function HandIn({ onHandedIn }: { onHandedIn: () => Promise<void> }) {
    const text = words.value.deskOwed
    const act = useAct()
    const file = useSignal<File | undefined>(undefined)
    const isUnreadable = useSignal(false)
    const handIn = async () => {
        const input = file.value && (await read(file.value))
        isUnreadable.value = input === undefined
        if (!input) return
        const went = await act.run(async () => {
            const { entries, known } = await body(api.POST("/v1/quarantine/hand-in", { body: input }))
            say(text.handedIn(entries.length, known))
        })
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
                    required
                    error={isUnreadable.value ? text.notReadable : undefined}
                    onChange={(event) => {
                        file.value = event.currentTarget.files?.[0]
                        isUnreadable.value = false
                        act.forget()
                    }}
                />
            </Form>
        </details>
    )
}

async function read(file: File): Promise<Schemas["UnsentFile"] | undefined> {
    try {
        const found = JSON.parse(await file.text()) as unknown
        return typeof found === "object" && found !== null ? (found as Schemas["UnsentFile"]) : undefined
    } catch {
        return undefined
    }
}
