/** Values that stand beside each other, what awaits the supervisor, and what was not taken over of this job. */
import { useSignal } from "@preact/signals"
import { Equal } from "lucide"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Dialog, Empty, Field, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered, SendOrCancel, Trouble } from "../answered.tsx"
import { QuarantineEntry } from "../inbox/entry.tsx"
import { useLoaded } from "../loaded.ts"
import { wholeTime } from "../../design/dates.ts"
import type { TabProps } from "./job.tsx"

type Hand = Schemas["Hand"]

export function Differences({ detail, reload }: TabProps) {
    const text = words.value.deskJob.differences
    const { id } = detail.job
    const loaded = useLoaded(id, () => load(id), { movesWith: (job) => job === null || job === id })
    const done = async () => {
        await Promise.all([loaded.reload(), reload()])
    }
    return (
        <Answered of={loaded}>
            {({ conflicts: found, entries }) => {
                const { conflicts, matters, settled } = found
                if (conflicts.length + matters.length + settled.length + entries.length === 0)
                    return <Empty icon={Equal}>{text.none}</Empty>
                return (
                    <div class="stack-wide">
                        {conflicts.length > 0 && (
                            <section class="stack" aria-label={text.conflicts}>
                                <h2>{text.conflicts}</h2>
                                <p class="soft">{text.conflictsHint}</p>
                                {conflicts.map((conflict) => (
                                    <OpenConflict
                                        key={conflict.path.join("/")}
                                        job={id}
                                        conflict={conflict}
                                        onDone={done}
                                    />
                                ))}
                            </section>
                        )}
                        {matters.length > 0 && <Matters job={id} matters={matters} onDone={done} />}
                        {entries.length > 0 && (
                            <section class="stack" aria-label={text.quarantine}>
                                <h2>{text.quarantine}</h2>
                                {entries.map((entry) => (
                                    <QuarantineEntry key={entry.id} id={entry.id} onDecided={done} />
                                ))}
                            </section>
                        )}
                        {settled.length > 0 && <Settled settled={settled} />}
                    </div>
                )
            }}
        </Answered>
    )
}

async function load(id: string) {
    const [conflicts, quarantine] = await Promise.all([
        body(api.GET("/v1/jobs/{id}/conflicts", { params: { path: { id } } })),
        may("read_quarantine")
            ? body(api.GET("/v1/quarantine", { params: { query: { job: id } } }))
            : { items: [] as Schemas["QuarantineEntry"][] },
    ])
    return { conflicts, entries: quarantine.items }
}

function By({ hand }: { hand: Hand }) {
    const text = words.value.deskJob.differences
    const name = hand.person?.name ?? text.customer
    return <span class="small soft figures">{text.by(name, wholeTime(hand.written_at ?? hand.claimed_at))}</span>
}

interface ConflictProps {
    job: string
    conflict: Schemas["OpenConflict"]
    onDone: () => Promise<void>
}

function OpenConflict({ job, conflict, onDone }: ConflictProps) {
    const text = words.value.deskJob.differences
    const act = useAct()
    const choose = async (chosen: string) => {
        const seen = conflict.values.map((value) => value.change)
        const to = { params: { path: { id: job } }, headers: once(), body: { path: conflict.path, chosen, seen } }
        await act.run(() => body(api.POST("/v1/jobs/{id}/settle", to)))
        await onDone()
    }
    return (
        <article class="card">
            <h3>{pick(conflict.place)}</h3>
            <div class="beside">
                {conflict.values.map((value, index) => (
                    <div key={value.change} class="beside-one">
                        <span class="row">
                            <By hand={value.hand} />
                            {index === 0 && <Tag>{text.shows}</Tag>}
                        </span>
                        <p class="beside-value">{pick(value.words)}</p>
                        {may("amend_jobs") && (
                            <Button disabled={act.isBusy} onClick={() => void choose(value.change)}>
                                {text.choose}
                            </Button>
                        )}
                    </div>
                ))}
            </div>
            <Trouble of={act.problem} />
        </article>
    )
}

interface MattersProps {
    job: string
    matters: Schemas["OpenMatter"][]
    onDone: () => Promise<void>
}

interface Ruled {
    matter: Schemas["OpenMatter"]
    counts: Schemas["MatterEntry"]
}

function Matters({ job, matters, onDone }: MattersProps) {
    const { deskJob, terms } = words.value
    const text = deskJob.differences
    const ruled = useSignal<Ruled | undefined>(undefined)
    return (
        <section class="stack" aria-label={text.matters}>
            <h2>{text.matters}</h2>
            <p class="soft">{text.mattersHint}</p>
            {matters.map((matter) => (
                <article
                    key={[matter.deviations.length, ...matter.entries.map((entry) => entry.id)].join(" ")}
                    class="card"
                >
                    <h3>{matter.deviations.length > 0 ? text.price : terms.matter[matter.kind]}</h3>
                    {matter.deviations.length > 0 && (
                        <>
                            <p class="soft">{text.priceHint}</p>
                            <ul>
                                {matter.deviations.map((deviation) => (
                                    <li key={deviation.line}>{pick(deviation.words)}</li>
                                ))}
                            </ul>
                        </>
                    )}
                    <div class="beside">
                        {matter.entries.map((entry) => (
                            <div key={entry.id} class="beside-one">
                                <By hand={entry.hand} />
                                <p class="beside-value">{pick(entry.words)}</p>
                                {may("rule_matters") && (
                                    <Button onClick={() => (ruled.value = { matter, counts: entry })}>
                                        {matter.deviations.length > 0 ? text.stands : text.counts}
                                    </Button>
                                )}
                            </div>
                        ))}
                    </div>
                </article>
            ))}
            {ruled.value && (
                <Rule
                    job={job}
                    ruled={ruled.value}
                    onClose={() => {
                        ruled.value = undefined
                        void onDone()
                    }}
                />
            )}
        </section>
    )
}

function Rule({ job, ruled, onClose }: { job: string; ruled: Ruled; onClose: () => void }) {
    const { deskJob, deskShell } = words.value
    const act = useAct()
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const reason = String(new FormData(event.currentTarget as HTMLFormElement).get("reason"))
        const { matter, counts } = ruled
        const input = { matter: matter.kind, counts: counts.id, of: matter.entries.map((entry) => entry.id), reason }
        const to = { params: { path: { id: job } }, headers: once(), body: input }
        if (await act.run(() => body(api.POST("/v1/jobs/{id}/rulings", to)))) onClose()
    }
    return (
        <Dialog title={deskJob.differences.ruleTitle} onClose={onClose}>
            <form class="stack" onSubmit={submit}>
                <p>{pick(ruled.counts.words)}</p>
                <Field label={deskShell.reason} name="reason" required maxLength={500} />
                <SendOrCancel act={act} onCancel={onClose} />
            </form>
        </Dialog>
    )
}

function Settled({ settled }: { settled: Schemas["SettledConflict"][] }) {
    const text = words.value.deskJob.differences
    return (
        <section class="stack" aria-label={text.settled}>
            <h2>{text.settled}</h2>
            {settled.map((settlement) => (
                <article key={settlement.change} class="card">
                    <h3>{pick(settlement.place)}</h3>
                    <p>
                        {pick(settlement.words)} <By hand={settlement.by} />
                    </p>
                    <ul class="small soft">
                        {settlement.values.map((value) => (
                            <li key={value.change}>
                                {pick(value.words)} <By hand={value.hand} />
                            </li>
                        ))}
                    </ul>
                </article>
            ))}
        </section>
    )
}
