/** What customers were promised, over all reports and jobs: still to keep, broken, kept. */
import { Handshake } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { session } from "../../api/session.ts"
import { Button, Empty, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Trouble } from "../answered.tsx"
import { Listed } from "../listed.tsx"
import { useList } from "../pages.ts"
import { viewOf } from "../tabs.tsx"
import { dayAndTime } from "../../design/dates.ts"
import { AnswersHead, DueTag } from "./answers.tsx"

type Promised = Schemas["Promise"]

const VIEWS = { open: { open: true }, broken: { broken: true }, kept: { open: false } }

export function PromisesPage() {
    const text = words.value.deskAnswers
    const { query, path, route } = useLocation()
    const views = { open: text.openPromises, broken: text.brokenPromises, kept: text.keptPromises }
    const view = viewOf(views, query.view)
    const isMine = query.mine === "1"
    const owner = isMine ? session.value?.person.id : undefined
    const asks = { ...VIEWS[view], ...(owner && { owner }) }
    const list = useList(JSON.stringify(asks), (part) =>
        body(api.GET("/v1/promises", { params: { query: { ...asks, ...part } } })),
    )
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
            <Listed of={list} empty={<Empty icon={Handshake}>{text.noPromises}</Empty>}>
                {(items) => <Table items={items} onChanged={list.reload} />}
            </Listed>
        </div>
    )
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
