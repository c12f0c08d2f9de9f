import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Field, Notice, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered, Trouble } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { Picture } from "../picture.tsx"
import { wholeTime } from "../../design/dates.ts"
import "./inbox.css"

type Item = Schemas["InboxItem"]
type Detail = Schemas["QuarantineDetail"]

const nameOf = (item: Item) => `${item.change} ${item.path.join("/")}`

/** What was refused, item by item, each beside what stands in the job now; to be adopted or rejected, all or some. */
export function QuarantineEntry({ id, onDecided }: { id: string; onDecided: () => Promise<void> }) {
    const loaded = useLoaded(id, () => body(api.GET("/v1/quarantine/{id}", { params: { path: { id } } })))
    return (
        <Answered of={loaded}>
            {(entry) => (
                <Entry
                    entry={entry}
                    onDecided={async () => {
                        await Promise.all([loaded.reload(), onDecided()])
                    }}
                />
            )}
        </Answered>
    )
}

function Entry({ entry, onDecided }: { entry: Detail; onDecided: () => Promise<void> }) {
    const { deskInbox } = words.value
    const chosen = useSignal<ReadonlySet<string>>(new Set())
    const open = entry.items.filter((item) => item.standing === "open")
    const toggle = (name: string) => {
        const next = new Set(chosen.peek())
        if (!next.delete(name)) next.add(name)
        chosen.value = next
    }
    return (
        <article class="card">
            <header class="stack">
                <p class="row row-apart">
                    <strong>{deskInbox.from(entry.person_name ?? "–", entry.device_name ?? "–")}</strong>
                    <span class="small soft figures">{wholeTime(entry.received_at)}</span>
                </p>
                <p>
                    {entry.job_number && <a href={`/desk/jobs/${entry.job}`}>{entry.job_number}</a>} {pick(entry.why)}
                </p>
                {!entry.times_are_evidence && <Notice tone="warn">{deskInbox.noEvidence}</Notice>}
            </header>
            {entry.items.length === 0 && <p class="soft">{deskInbox.unreadable(entry.bytes)}</p>}
            <ul class="inbox-items">
                {entry.items.map((item) => (
                    <ItemLine
                        key={nameOf(item)}
                        entry={entry}
                        item={item}
                        isChosen={chosen.value.has(nameOf(item))}
                        onToggle={() => toggle(nameOf(item))}
                    />
                ))}
            </ul>
            {!entry.decided_at && may("dispatch") && (
                <Decide entry={entry} open={open} chosen={chosen.value} onDecided={onDecided} />
            )}
        </article>
    )
}

interface LineProps {
    entry: Detail
    item: Item
    isChosen: boolean
    onToggle: () => void
}

function ItemLine({ entry, item, isChosen, onToggle }: LineProps) {
    const { deskInbox, terms } = words.value
    const isOpen = item.standing === "open"
    return (
        <li class="inbox-item">
            <label class="inbox-place">
                {isOpen && <input type="checkbox" checked={isChosen} onChange={onToggle} />}
                <span>
                    <strong>{pick(item.place)}</strong>
                    <br />
                    <span class="small soft figures">{wholeTime(item.claimed_at)}</span>
                </span>
            </label>
            <div class="beside">
                <div class="beside-one">
                    <span class="small soft">{deskInbox.wrote}</span>
                    {entry.job_number && item.path[0] === "photos" ? (
                        <PhotoOf job={entry.job} item={item} />
                    ) : (
                        <p class="beside-value">{pick(item.words)}</p>
                    )}
                </div>
                <div class="beside-one">
                    <span class="small soft">{deskInbox.stands}</span>
                    <p class="beside-value">
                        {item.present_words ? pick(item.present_words) : <span class="soft">{deskInbox.nothing}</span>}
                    </p>
                </div>
            </div>
            <span>
                {!isOpen && !item.decision && <Tag tone="info">{terms.standing[item.standing]}</Tag>}
                {item.decision && (
                    <Tag tone={item.decision.outcome === "adopted" ? "good" : "bad"}>
                        {deskInbox.outcome[item.decision.outcome]} · {item.decision.by.name}
                    </Tag>
                )}
                {item.why && <span class="small soft"> {pick(item.why)}</span>}
                {item.decision?.reason && <span class="small soft"> {item.decision.reason}</span>}
            </span>
        </li>
    )
}

/** The picture itself, once it is here: nobody decides about a hash. */
function PhotoOf({ job, item }: { job: string; item: Item }) {
    const { width = 4, height = 3 } = (item.value ?? {}) as Partial<Schemas["Photo"]>
    const src = `/v1/jobs/${job}/photos/${item.path[1]}`
    return (
        <div class="inbox-photo">
            <Picture src={src} alt={pick(item.place)} width={width} height={height} />
        </div>
    )
}

interface DecideProps {
    entry: Detail
    open: Item[]
    chosen: ReadonlySet<string>
    onDecided: () => Promise<void>
}

function Decide({ entry, open, chosen, onDecided }: DecideProps) {
    const { deskInbox, deskShell } = words.value
    const act = useAct()
    const reason = useSignal("")
    const named = open.filter((item) => chosen.has(nameOf(item))).map(({ change, path }) => ({ change, path }))
    const some = named.length > 0 && named.length < open.length ? named : undefined
    const decide = async (verdict: "adopt" | "reject") => {
        const to = { params: { path: { id: entry.id } }, headers: once() }
        const input = { ...(some && { items: some }), reason: reason.value.trim() }
        const went = await act.run(() =>
            verdict === "adopt"
                ? body(api.POST("/v1/quarantine/{id}/adopt", { ...to, body: input }))
                : body(api.POST("/v1/quarantine/{id}/reject", { ...to, body: input })),
        )
        if (went) reason.value = ""
        await onDecided()
    }
    return (
        <div class="stack">
            <Field
                label={deskShell.reason}
                hint={deskInbox.reasonHint}
                value={reason.value}
                maxLength={500}
                onInput={(event) => (reason.value = event.currentTarget.value)}
            />
            <Trouble of={act.problem} />
            <div class="row">
                <Button kind="main" disabled={act.isBusy || open.length === 0} onClick={() => void decide("adopt")}>
                    {some ? deskInbox.adoptSome(some.length) : deskInbox.adoptAll}
                </Button>
                <Button kind="bad" disabled={act.isBusy || !reason.value.trim()} onClick={() => void decide("reject")}>
                    {some ? deskInbox.rejectSome(some.length) : deskInbox.rejectAll}
                </Button>
            </div>
        </div>
    )
}
