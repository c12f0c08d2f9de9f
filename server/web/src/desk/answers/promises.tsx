/** What customers were promised, over all reports and jobs: still to keep, broken, kept. */
import { Handshake } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { session } from "../../api/session.ts"
import { Button, Empty, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered, Trouble } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { PAGE_ROWS } from "../pages.ts"
import { dayAndTime } from "../../design/dates.ts"
import { AnswersHead, DueTag, viewOf } from "./answers.tsx"

type Promised = Schemas["Promise"]

export function PromisesPage() {
    const text = words.value.deskAnswers
    const { query, path, route } = useLocation()
    const views = { open: text.openPromises, broken: text.brokenPromises, kept: text.keptPromises }
    const view = viewOf(views, query.view)
    const isMine = query.mine === "1"
    const loaded = useLoaded(`${view} ${isMine}`, () => load(view, isMine), { keepsLast: true })
    const narrow = (mine: boolean) => {
        const wanted = new URLSearchParams({ ...query, mine: "1" })
        if (!mine) wanted.delete("mine")
        route(`${path}${wanted.size > 0 ? `?${wanted}` : ""}`, true)
    }
    return (
        <div class="page">
            <AnswersHead page="promises" views={views} view={view} />
            <label class="row job-check no-print">
                <input type="checkbox" checked={isMine} onChange={(event) => narrow(event.currentTarget.checked)} />
                {text.mine}
            </label>
            <Answered of={loaded}>
                {(items) =>
                    items.length === 0 ? (
                        <Empty icon={Handshake}>{text.noPromises}</Empty>
                    ) : (
                        <Table items={items} onChanged={loaded.reload} />
                    )
                }
            </Answered>
        </div>
    )
}

async function load(view: "open" | "broken" | "kept", isMine: boolean): Promise<Promised[]> {
    const me = session.peek()?.person.id
    const query = {
        limit: PAGE_ROWS,
        ...(isMine && me && { owner: me }),
        ...(view === "broken" ? { broken: true } : { open: view === "open" }),
    }
    const { items } = await body(api.GET("/v1/promises", { params: { query } }))
    return view === "open" ? items : items.toReversed()
}

function Table({ items, onChanged }: { items: Promised[]; onChanged: () => Promise<void> }) {
    const text = words.value.deskAnswers
    const act = useAct()
    const keep = async (id: string) => {
        await act.run(() => body(api.POST("/v1/promises/{id}/keep", { params: { path: { id } } })))
        await onChanged()
    }
    return (
        <>
            <Trouble of={act.problem} />
            <div class="table-frame">
                <table class="table table-cards">
                    <thead>
                        <tr>
                            <th>{text.text}</th>
                            <th>{text.about}</th>
                            <th>{text.owner}</th>
                            <th>{text.time}</th>
                            <th>
                                <span class="unseen">{text.keep}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {items.map((promise) => (
                            <tr key={promise.id}>
                                <td class="words">{promise.text}</td>
                                <td class="keep">
                                    <About promise={promise} />
                                </td>
                                <td class="keep">{promise.owner.name}</td>
                                <td class="keep figures">
                                    {dayAndTime(promise.due_at)}{" "}
                                    <DueTag due={promise.due_at} isOver={promise.kept_at != null} />{" "}
                                    {promise.kept_at && (
                                        <span class="small soft">{text.kept(dayAndTime(promise.kept_at))}</span>
                                    )}{" "}
                                    {promise.is_broken && promise.kept_at && <Tag tone="bad">{text.broken}</Tag>}
                                </td>
                                <td class="number">
                                    {!promise.kept_at && mayKeep(promise) && (
                                        <Button disabled={act.isBusy} onClick={() => void keep(promise.id)}>
                                            {text.keep}
                                        </Button>
                                    )}
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </>
    )
}

/** Who made it, who is to keep it, and the desk. */
export function mayKeep(promise: Promised): boolean {
    const me = session.value?.person.id
    return may("amend_jobs") || promise.owner.id === me || promise.made_by === me
}

function About({ promise }: { promise: Promised }) {
    const text = words.value.deskAnswers
    if (promise.job) return <a href={`/desk/jobs/${promise.job}`}>{text.job(promise.number ?? "")}</a>
    if (promise.report) return <a href={`/desk/intake/${promise.report}`}>{text.report(promise.number ?? "")}</a>
    return <>–</>
}
