/** What the price list does not have: asked of the engineering supervisor, and quoted at the price that they gave. */
import { useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { Problem } from "../../api/problem.ts"
import { askPrice, listPriceRequests, type PriceRequest } from "../../core/client/off_list.ts"
import { clockTime } from "../../design/dates.ts"
import { money } from "../../design/money.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { handset, isOnline } from "../phone.ts"

interface Props {
    job: string
    onTake: (request: PriceRequest) => void
}

export function OffList({ job, onTake }: Props) {
    const said = words.value.quote
    const text = useSignal("")
    const asked = useSignal<PriceRequest[]>([])
    const trouble = useSignal<string | undefined>(undefined)
    const load = async () => {
        try {
            if (handset.value) asked.value = await listPriceRequests(handset.value, job)
        } catch {
            // What was answered before is not shown without network; asking says why.
        }
    }
    useEffect(() => {
        void load()
    }, [isOnline.value])
    const ask = async (event: Event) => {
        event.preventDefault()
        trouble.value = undefined
        try {
            if (handset.value) await askPrice(handset.value, job, text.value.trim())
            text.value = ""
            await load()
        } catch (error) {
            const detail = error instanceof Problem ? (error.body?.detail ?? error.body?.title) : undefined
            trouble.value = detail ?? said.offListOffline
        }
    }
    return (
        // Who waits for an answer, or has one, sees it without looking for it.
        <details class="card" open={asked.value.length > 0}>
            <summary>{said.offList}</summary>
            {asked.value.length > 0 && (
                <ul class="stack asked">
                    {asked.value.map((request) => (
                        <li key={request.id}>
                            <strong>{request.text}</strong>
                            <Answer request={request} onTake={() => onTake(request)} />
                        </li>
                    ))}
                </ul>
            )}
            <form class="stack" onSubmit={(event) => void ask(event)}>
                <Field
                    label={said.askPriceText}
                    value={text.value}
                    maxLength={300}
                    required
                    onInput={(event) => (text.value = event.currentTarget.value)}
                />
                {trouble.value !== undefined && <Notice tone="bad">{trouble.value}</Notice>}
                {!isOnline.value && <Notice tone="warn">{said.offListOffline}</Notice>}
                <Button type="submit" disabled={!text.value.trim() || !isOnline.value}>
                    {said.askPrice}
                </Button>
            </form>
        </details>
    )
}

function Answer({ request, onTake }: { request: PriceRequest; onTake: () => void }) {
    const said = words.value.quote
    const { answer } = request
    if (!answer) {
        const due = clockTime(request.due_at)
        return <p class="soft">{request.is_late ? said.priceLate(due) : `${said.asked} · ${said.priceDue(due)}`}</p>
    }
    if (!answer.feasible || answer.price_minor == null)
        return <p class="soft">{said.notFeasible(answer.by.name, answer.remark ?? "")}</p>
    const price = money(answer.price_minor, answer.currency ?? request.currency)
    return (
        <div class="row row-apart">
            <span>{said.priced(price, answer.unit ?? "", answer.by.name)}</span>
            <Button onClick={onTake}>{said.takePrice}</Button>
        </div>
    )
}
