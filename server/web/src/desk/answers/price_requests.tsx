/** Prices of what is not on the list: asked on site or at the desk, with a quarter of an hour for the engineering supervisor. */
import { useSignal } from "@preact/signals"
import { BadgeJapaneseYen } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Empty, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Listed } from "../listed.tsx"
import { money } from "../../design/money.ts"
import { useList } from "../pages.ts"
import { viewOf } from "../tabs.tsx"
import { dayAndTime } from "../../design/dates.ts"
import { AnswersHead, DueTag, Waiting } from "./answers.tsx"
import { PriceDialog } from "./price_dialog.tsx"

export type PriceRequest = Schemas["PriceRequest"]

export function PriceRequestsPage() {
    const text = words.value.deskAnswers
    const views = { open: text.open, answered: text.answered }
    const view = viewOf(views, useLocation().query.view)
    const asked = useSignal<PriceRequest | undefined>(undefined)
    const query = { open: view === "open" }
    const list = useList(view, (part) =>
        body(api.GET("/v1/price-requests", { params: { query: { ...query, ...part } } })),
    )
    return (
        <div class="page">
            <AnswersHead page="prices" views={views} view={view} />
            <Listed of={list} empty={<Empty icon={BadgeJapaneseYen}>{text.noPrices}</Empty>}>
                {(items) => (
                    <Waiting>
                        {items.map((request) => (
                            <Line key={request.id} request={request} onAnswer={() => (asked.value = request)} />
                        ))}
                    </Waiting>
                )}
            </Listed>
            {asked.value && (
                <PriceDialog
                    request={asked.value}
                    onClose={() => {
                        asked.value = undefined
                        void list.reload()
                    }}
                />
            )}
        </div>
    )
}

function Line({ request, onAnswer }: { request: PriceRequest; onAnswer: () => void }) {
    const text = words.value.deskAnswers
    return (
        <li class="card waiting">
            <div class="stack">
                <p class="waiting-text">
                    <strong>{request.text}</strong>
                </p>
                <p class="small soft figures">
                    <a href={`/desk/jobs/${request.job}`}>{text.job(request.number)}</a> ·{" "}
                    {text.askedBy(request.asked_by.name, dayAndTime(request.asked_at))}
                </p>
                {request.answer && <PriceAnswered request={request} />}
            </div>
            <div class="row">
                <DueTag due={request.due_at} isOver={request.answer != null} />
                {!request.answer && may("price_off_list") && (
                    <Button kind="main" onClick={onAnswer}>
                        {text.answerPrice}
                    </Button>
                )}
            </div>
            {!request.answer && !may("price_off_list") && <p class="small soft waiting-foot">{text.onlySupervisor}</p>}
        </li>
    )
}

/** The supervisor's word. */
export function PriceAnswered({ request }: { request: PriceRequest }) {
    const text = words.value.deskAnswers
    const { answer } = request
    if (!answer) return null
    const price = money(answer.price_minor ?? 0, answer.currency ?? request.currency)
    return (
        <p>
            <Tag tone={answer.feasible ? "good" : "bad"}>{answer.feasible ? text.feasible : text.notFeasible}</Tag>{" "}
            {answer.feasible && <strong class="figures">{text.priced(price, answer.unit ?? "")}</strong>}{" "}
            {answer.destroys_data && <Tag tone="warn">{text.risk}</Tag>} {answer.remark}{" "}
            <span class="small soft figures">
                {text.answeredBy(answer.by.name, dayAndTime(answer.at))}
                {request.is_late && ` · ${text.wasLate}`}
            </span>
        </p>
    )
}
