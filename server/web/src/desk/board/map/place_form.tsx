import { useSignal } from "@preact/signals"
import { readPoint } from "../../../core/travel.ts"
import { api, body } from "../../../api/client.ts"
import { Button, Field } from "../../../design/parts.tsx"
import { words } from "../../../words.ts"
import { useAct } from "../../act.ts"
import { may } from "../../allowed.ts"
import { Trouble } from "../../answered.tsx"
import { say } from "../../said.ts"
import type { Job } from "../day.ts"

/** Says where a customer is. It goes with their address to all their jobs that are open. */
export function PlaceForm({ job, onDone }: { job: Job; onDone: () => void }) {
    const text = words.value.deskMap
    const typed = useSignal("")
    const isWrong = useSignal(false)
    const act = useAct()
    const { customer } = job
    if (!customer || !may("keep_customers")) return null
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const point = readPoint(typed.value)
        isWrong.value = !point
        if (!point) return
        const input = { params: { path: { id: customer } }, body: point }
        if (!(await act.run(() => body(api.PATCH("/v1/customers/{id}", input))))) return
        say(text.placed(job.name ?? job.number))
        onDone()
    }
    return (
        <details class="map-place no-print">
            <summary>{text.place}</summary>
            <form class="stack" onSubmit={submit}>
                <Field
                    label={text.coordinates}
                    hint={text.coordinatesHint}
                    error={isWrong.value ? text.notCoordinates : undefined}
                    value={typed.value}
                    onInput={(event) => (typed.value = event.currentTarget.value)}
                    required
                    inputMode="text"
                    autocomplete="off"
                />
                <Trouble of={act.problem} />
                <Button type="submit" disabled={act.isBusy}>
                    {words.value.everywhere.save}
                </Button>
            </form>
        </details>
    )
}
