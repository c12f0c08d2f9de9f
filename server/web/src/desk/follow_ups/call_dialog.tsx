import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { Dialog, Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { SendOrCancel } from "../answered.tsx"
import { PhoneOfJob } from "../phone.tsx"

interface Props {
    followUp: Schemas["FollowUp"]
    onClose: () => void
}

/** What came of a call. */
export function CallDialog({ followUp, onClose }: Props) {
    const { deskLists, terms } = words.value
    const text = deskLists.followUps
    /** Before the visit, about its time; else after the work. */
    const isAboutTime = followUp.reason === "delay" || followUp.reason === "someone_else"
    const act = useAct()
    const reached = useSignal<string>("")
    const satisfied = useSignal<string>("")
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const filled = new FormData(event.currentTarget as HTMLFormElement)
        const remarks = String(filled.get("remarks") ?? "").trim()
        const isReached = reached.value === "yes"
        const input = {
            reached: isReached,
            ...(isReached && satisfied.value && { satisfied: satisfied.value === "yes" }),
            ...(remarks && { remarks }),
            ...(filled.has("complaint") && { complaint: true }),
            ...(filled.has("refuses") && { refuses_calls: true }),
        }
        const to = { params: { path: { id: followUp.id } }, headers: once(), body: input }
        if (await act.run(() => body(api.POST("/v1/follow-ups/{id}/calls", to)))) onClose()
    }
    return (
        <Dialog title={text.titleOf(followUp.number)} onClose={onClose}>
            <form class="stack" onSubmit={submit}>
                <p>
                    <strong>{followUp.name}</strong> <span class="soft">{terms.callReason[followUp.reason]}</span>{" "}
                    {may("see_phones") && <PhoneOfJob job={followUp.job} />}
                </p>
                <OneOf name="reached" label={text.reached} chosen={reached} words={{ yes: text.yes, no: text.no }} />
                {reached.value === "yes" && (
                    <OneOf
                        name="satisfied"
                        label={isAboutTime ? text.newTime : text.satisfied}
                        chosen={satisfied}
                        words={
                            isAboutTime
                                ? { yes: text.agrees, no: text.wantsElse }
                                : { yes: text.isSatisfied, no: text.isNot }
                        }
                    />
                )}
                {reached.value === "yes" && satisfied.value === "no" && !isAboutTime && (
                    <label class="row job-check">
                        <input type="checkbox" name="complaint" /> {text.complaint}
                    </label>
                )}
                <Field name="remarks" label={text.remarks} maxLength={2000} required={satisfied.value === "no"} />
                {reached.value === "yes" && !isAboutTime && (
                    <label class="row job-check">
                        <input type="checkbox" name="refuses" /> {text.refuses}
                    </label>
                )}
                <SendOrCancel act={act} onCancel={onClose} />
            </form>
        </Dialog>
    )
}

interface OneOfProps {
    name: string
    label: string
    chosen: { value: string }
    words: Record<string, string>
}

function OneOf({ name, label, chosen, words: answers }: OneOfProps) {
    return (
        <fieldset class="field">
            <legend>{label}</legend>
            <div class="row">
                {Object.entries(answers).map(([value, answer]) => (
                    <label key={value} class="row job-check">
                        <input
                            type="radio"
                            name={name}
                            value={value}
                            required
                            checked={chosen.value === value}
                            onChange={() => (chosen.value = value)}
                        />
                        {answer}
                    </label>
                ))}
            </div>
        </fieldset>
    )
}
