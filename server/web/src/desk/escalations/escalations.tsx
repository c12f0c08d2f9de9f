/** Clocks that somebody has to hear of: about to be missed, or missed. They end by themselves, and are kept. */
import { useSignal } from "@preact/signals"
import { BellRing } from "lucide"
import type { ComponentChildren } from "preact"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { dayAndTime } from "../../design/dates.ts"
import { Button, Empty } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { may } from "../allowed.ts"
import { DueTag } from "../answers/answers.tsx"
import { Listed } from "../listed.tsx"
import { useList } from "../pages.ts"
import { Tabs, viewOf } from "../tabs.tsx"
import { Holder, LevelTag, mayTake, Outcome } from "./standing.tsx"
import { TakeDialog } from "./take_dialog.tsx"

type Escalation = Schemas["Escalation"]

const VIEWS = { mine: { open: true, mine: true }, open: { open: true }, ended: { open: false } }

export function EscalationsPage() {
    const text = words.value.deskEscalations
    const view = viewOf(text.views, useLocation().query.view)
    const taken = useSignal<Escalation | undefined>(undefined)
    const list = useList(
        view,
        (part) => body(api.GET("/v1/escalations", { params: { query: { ...VIEWS[view], ...part } } })),
        { movesWith: (_, kind) => kind !== "desk" },
    )
    return (
        <div class="page">
            <div class="page-head">
                <h1>{text.title}</h1>
                <Tabs at="/desk/escalations" label={text.title} views={text.views} view={view} />
            </div>
            <Listed of={list} empty={<Empty icon={BellRing}>{view === "ended" ? text.noneEnded : text.none}</Empty>}>
                {(items) =>
                    view === "ended" ? (
                        <Ended items={items} />
                    ) : (
                        <Open items={items} onTake={(one) => (taken.value = one)} />
                    )
                }
            </Listed>
            {!may("take_escalations") && <p class="small soft">{text.notYours}</p>}
            {taken.value && (
                <TakeDialog
                    escalation={taken.value}
                    onClose={() => {
                        taken.value = undefined
                        void list.reload()
                    }}
                />
            )}
        </div>
    )
}

function Open({ items, onTake }: { items: Escalation[]; onTake: (one: Escalation) => void }) {
    const text = words.value.deskEscalations
    return (
        <Table last={<span class="unseen">{text.take}</span>}>
            {items.map((one) => (
                <Row key={one.id} of={one} due={dayAndTime(one.due_at)}>
                    <td class="number">{mayTake(one) && <Button onClick={() => onTake(one)}>{text.take}</Button>}</td>
                </Row>
            ))}
        </Table>
    )
}

function Ended({ items }: { items: Escalation[] }) {
    const text = words.value.deskEscalations
    return (
        <Table last={text.outcome}>
            {items.map((one) => (
                <Row key={one.id} of={one} due={text.dueAt(dayAndTime(one.due_at))}>
                    <td>
                        <Outcome of={one} />
                    </td>
                </Row>
            ))}
        </Table>
    )
}

function Table({ last, children }: { last: ComponentChildren; children: ComponentChildren }) {
    const text = words.value.deskEscalations
    return (
        <div class="table-frame">
            <table class="table table-cards">
                <thead>
                    <tr>
                        <th>{text.clock}</th>
                        <th>{text.about}</th>
                        <th>{text.due}</th>
                        <th>{text.whose}</th>
                        <th>{last}</th>
                    </tr>
                </thead>
                <tbody>{children}</tbody>
            </table>
        </div>
    )
}

function Row({ of: one, due, children }: { of: Escalation; due: string; children: ComponentChildren }) {
    return (
        <tr>
            <td>
                <strong>{pick(one.name)}</strong>
                <br />
                <LevelTag of={one} />
            </td>
            <td class="keep">
                <a href={`/desk/jobs/${one.job}`}>{one.number}</a>
                {one.technician && <span class="small soft"> · {one.technician.name}</span>}
            </td>
            <td class="figures">
                <span class="keep">{due}</span> <DueTag due={one.due_at} isOver={one.state !== "open"} />
            </td>
            <td>
                <Holder of={one} />
            </td>
            {children}
        </tr>
    )
}
