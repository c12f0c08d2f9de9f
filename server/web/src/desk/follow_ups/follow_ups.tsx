/** Who is to be called, the most urgent first, and what was said. */
import { useSignal } from "@preact/signals"
import { PhoneOff } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Empty, Tag, type Tone } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Listed } from "../listed.tsx"
import { useList } from "../pages.ts"
import { PhoneOfJob } from "../phone.tsx"
import { Tabs, viewOf } from "../tabs.tsx"
import { dayAndTime } from "../../design/dates.ts"
import { CallDialog } from "./call_dialog.tsx"

type FollowUp = Schemas["FollowUp"]

const VIEWS = { due: { due: true }, all: { open: true }, done: { open: false } }

const STATES: Record<Schemas["FollowUpState"], Tone> = {
    open: "accent",
    satisfied: "good",
    unsatisfied: "bad",
    unreached: "warn",
    refused: "plain",
}

export function FollowUps() {
    const text = words.value.deskLists.followUps
    const views = { due: text.due, all: text.all, done: text.done }
    const view = viewOf(views, useLocation().query.view)
    const calling = useSignal<FollowUp | undefined>(undefined)
    const list = useList(view, (part) =>
        body(api.GET("/v1/follow-ups", { params: { query: { ...VIEWS[view], ...part } } })),
    )
    return (
        <div class="page">
            <div class="page-head">
                <h1>{text.title}</h1>
                <Tabs at="/desk/follow-ups" label={text.title} views={views} view={view} />
            </div>
            <Listed of={list} empty={<Empty icon={PhoneOff}>{text.none}</Empty>}>
                {(items) => <Table items={items} onCall={(followUp) => (calling.value = followUp)} />}
            </Listed>
            {calling.value && (
                <CallDialog
                    followUp={calling.value}
                    onClose={() => {
                        calling.value = undefined
                        void list.reload()
                    }}
                />
            )}
        </div>
    )
}

function Table({ items, onCall }: { items: FollowUp[]; onCall: (followUp: FollowUp) => void }) {
    const { deskLists, terms } = words.value
    const text = deskLists.followUps
    const seesPhones = may("see_phones")
    return (
        <div class="table-frame">
            <table class="table table-cards">
                <thead>
                    <tr>
                        <th>{text.customer}</th>
                        {seesPhones && <th>{text.phone}</th>}
                        <th>{text.reason}</th>
                        <th>{text.time}</th>
                        <th>{text.state}</th>
                        <th>
                            <span class="unseen">{text.call}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {items.map((followUp) => (
                        <tr key={followUp.id}>
                            <td>
                                <strong>{followUp.name ?? "–"}</strong>
                                <br />
                                <a class="figures small" href={`/desk/jobs/${followUp.job}`}>
                                    {followUp.number}
                                </a>
                            </td>
                            {seesPhones && (
                                <td class="keep">
                                    <PhoneOfJob job={followUp.job} />
                                </td>
                            )}
                            <td>
                                <Tag tone={followUp.reason === "normal" ? "plain" : "warn"}>
                                    {terms.callReason[followUp.reason]}
                                </Tag>
                            </td>
                            <td class="figures keep">
                                {followUp.is_due
                                    ? text.dueAt(dayAndTime(followUp.due_at))
                                    : text.notBefore(dayAndTime(followUp.not_before))}{" "}
                                {followUp.is_late && !followUp.closed_at && <Tag tone="bad">{text.late}</Tag>}
                            </td>
                            <td>
                                <Tag tone={STATES[followUp.state]}>{terms.followUpState[followUp.state]}</Tag>{" "}
                                {followUp.calls.length > 0 && (
                                    <span class="small soft">
                                        <span class="keep">{text.calls(followUp.calls.length)}</span>{" "}
                                        {followUp.calls.at(-1)?.remarks}
                                    </span>
                                )}
                            </td>
                            <td class="number">
                                {!followUp.closed_at && <Button onClick={() => onCall(followUp)}>{text.call}</Button>}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    )
}
