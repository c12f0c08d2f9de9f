import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { Button, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { DueTag } from "../answers/answers.tsx"
import { PriceAnswered } from "../answers/price_requests.tsx"
import { Answered } from "../answered.tsx"
import { Form, TextArea } from "../form.tsx"
import { useLoaded } from "../loaded.ts"
import { say } from "../said.ts"
import type { DraftLine } from "./draft.ts"

interface Props {
    job: Schemas["Job"]
    onPick: (line: DraftLine) => void
}

/** What is not on the list: asked for, and offered once the supervisor has priced it. */
export function OffList({ job, onPick }: Props) {
    const text = words.value.deskQuote
    const act = useAct()
    const round = useSignal(0)
    const path = { job: job.id }
    const loaded = useLoaded(job.id, () => body(api.GET("/v1/jobs/{job}/price-requests", { params: { path } })), {
        movesWith: (moved) => moved === null || moved === job.id,
    })
    return (
        <section class="card" aria-label={text.offList}>
            <h2>{text.offList}</h2>
            <p class="small soft">{text.offListHint}</p>
            <Answered of={loaded}>
                {({ items }) => (
                    <ul class="stack">
                        {items.map((request) => (
                            <Request key={request.id} request={request} onPick={onPick} />
                        ))}
                    </ul>
                )}
            </Answered>
            <Form
                key={round.value}
                act={act}
                save={text.askPrice}
                onSubmit={async (filled) => {
                    const to = { params: { path }, headers: once(), body: { text: filled.text("text") } }
                    if (!(await act.run(() => body(api.POST("/v1/jobs/{job}/price-requests", to))))) return
                    round.value += 1
                    say(text.asked)
                    await loaded.reload()
                }}
            >
                <TextArea
                    label={text.askText}
                    name="text"
                    required
                    maxLength={1000}
                    error={aboutOf(act.problem)("/text")}
                />
            </Form>
        </section>
    )
}

function Request({ request, onPick }: { request: Schemas["PriceRequest"]; onPick: (line: DraftLine) => void }) {
    const text = words.value.deskQuote
    const { answer } = request
    const price = answer?.feasible ? answer.price_minor : undefined
    return (
        <li class="row row-apart">
            <span class="form-grow">
                {request.text}
                {answer ? <PriceAnswered request={request} /> : <Tag tone="warn">{text.waits}</Tag>}
            </span>
            <DueTag due={request.due_at} isOver={answer != null} />
            {price != null && (
                <Button
                    aria-label={text.addItem(request.text)}
                    onClick={() =>
                        onPick({
                            key: request.id,
                            from: { request: request.id },
                            name: request.text,
                            unit: answer?.unit ?? "",
                            unitMinor: price,
                            quantity: "1",
                            covered: true,
                        })
                    }
                >
                    {text.add}
                </Button>
            )}
        </li>
    )
}
