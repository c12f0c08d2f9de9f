/** Clocks that somebody has to hear of: about to be missed, or missed. They end by themselves, and are kept. */
import { useSignal } from "@preact/signals"
import { BellRing } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { dayAndTime } from "../../design/dates.ts"
import { Button, Empty } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { DueTag, viewOf } from "../answers/answers.tsx"
import { useLoaded } from "../loaded.ts"
import { PAGE_ROWS } from "../pages.ts"
import { Holder, LevelTag, mayTake, Outcome } from "./standing.tsx"
import { TakeDialog } from "./take_dialog.tsx"

type Escalation = Schemas["Escalation"]
type View = "mine" | "open" | "ended"
const AT = "/desk/escalations"

export function EscalationsPage() {
    const text = words.value.deskEscalations
    const view = viewOf(text.views, useLocation().query.view)
    const taken = useSignal<Escalation | undefined>(undefined)
    const loaded = useLoaded(view, () => load(view), { keepsLast: true, movesWith: (_, kind) => kind !== "desk" })
    return (
        <div class="page">
            <div class="page-head">
                <h1>{text.title}</h1>
                <nav class="tabs" aria-label={text.title}>
                    {(Object.entries(text.views) as [View, string][]).map(([name, label]) => (
                        <a
                            key={name}
                            href={name === "mine" ? AT : `${AT}?view=${name}`}
                            aria-current={name === view ? "page" : undefined}
                        >
                            {label}
                        </a>
                    ))}
                </nav>
            </div>
            <Answered of={loaded}>
                {(items) =>
                    items.length === 0 ? (
                        <Empty icon={BellRing}>{text.none}</Empty>
                    ) : (
                        <Table items={items} onTake={(one) => (taken.value = one)} />
                    )
                }
            </Answered>
            {!may("take_escalations") && <p class="small soft">{text.notYours}</p>}
            {taken.value && (
                <TakeDialog
                    escalation={taken.value}
                    onClose={() => {
                        taken.value = undefined
                        void loaded.reload()
                    }}
                />
            )}
        </div>
    )
}

/** What is open, the first due first; what has ended, the last first. */
async function load(view: View): Promise<Escalation[]> {
    const query = { open: view !== "ended", mine: view === "mine", limit: PAGE_ROWS }
    const { items } = await body(api.GET("/v1/escalations", { params: { query } }))
    return view === "ended" ? items : items.toSorted((a, b) => a.due_at.localeCompare(b.due_at))
}

function Table({ items, onTake }: { items: Escalation[]; onTake: (one: Escalation) => void }) {
    const text = words.value.deskEscalations
    return (
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th>{text.clock}</th>
                        <th>{text.about}</th>
                        <th>{text.due}</th>
                        <th>{text.whose}</th>
                        <th>
                            <span class="unseen">{text.take}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {items.map((one) => (
                        <tr key={one.id}>
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
                                <span class="keep">{dayAndTime(one.due_at)}</span>{" "}
                                <DueTag due={one.due_at} isOver={one.state !== "open"} />
                            </td>
                            <td>
                                <Holder of={one} />
                            </td>
                            <td class="number">
                                {mayTake(one) && (
                                    <Button kind="main" onClick={() => onTake(one)}>
                                        {text.take}
                                    </Button>
                                )}
                                {one.state !== "open" && <Outcome of={one} />}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    )
}
