/** An offer made at the desk: lines of the price list, or what the supervisor priced; one of several where the customer has a choice. */
import { useSignal } from "@preact/signals"
import { ArrowLeft } from "lucide"
import { useLocation, useRoute } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { Icon } from "../../design/icon.tsx"
import { Field, Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { Choice, Options } from "../choice.tsx"
import { Form } from "../form.tsx"
import { useLoaded } from "../loaded.ts"
import { money } from "../../design/money.ts"
import { say } from "../said.ts"
import { asQuote, type Draft, EMPTY, type Kind, totalOf, withLine } from "./draft.ts"
import { Lines } from "./lines.tsx"
import { OffList } from "./off_list.tsx"
import { PickItems } from "./pick_items.tsx"
import "./quote.css"

type Detail = Schemas["JobDetail"]

export function QuotePage() {
    const { deskQuote } = words.value
    const id = useRoute().params.id ?? ""
    const loaded = useLoaded(id, () => body(api.GET("/v1/jobs/{id}", { params: { path: { id } } })), {
        movesWith: (job) => job === null || job === id,
    })
    return (
        <div class="page">
            <a class="small job-back" href={`/desk/jobs/${id}/money`}>
                <Icon of={ArrowLeft} size={16} /> {deskQuote.back}
            </a>
            <Answered of={loaded}>{(detail) => <Make detail={detail} />}</Answered>
        </div>
    )
}

function Make({ detail }: { detail: Detail }) {
    const { deskQuote, deskShell } = words.value
    const { route } = useLocation()
    const draft = useSignal<Draft>(EMPTY)
    const act = useAct()
    const { job } = detail
    const change = (next: Draft) => (draft.value = next)
    const isQuantityWrong = useSignal(false)
    const save = async () => {
        const input = asQuote(draft.peek())
        isQuantityWrong.value = input === undefined
        if (!input) return
        const to = { params: { path: { id: job.id } }, headers: once(), body: input }
        const went = await act.run(async () => {
            const { quote } = await body(api.POST("/v1/jobs/{id}/quotes", to))
            say(deskQuote.saved(money(quote.total_minor, quote.currency)))
        })
        if (went) route(`/desk/jobs/${job.id}/money`)
    }
    if (!may("quote_jobs")) return <Notice tone="warn">{deskShell.notAllowed}</Notice>
    if (job.sign_offs > 0 || job.closed_at) return <Notice tone="warn">{deskQuote.closed}</Notice>
    const total = totalOf(draft.value)
    return (
        <>
            <div>
                <h1>{deskQuote.title(job.number)}</h1>
                <p>
                    <strong>{job.name}</strong>{" "}
                    <span class="soft">{[job.product, job.fault].filter(Boolean).join(" · ")}</span>
                </p>
            </div>
            <div class="job-halves">
                <Form
                    act={act}
                    class="card"
                    save={deskQuote.save}
                    onSubmit={save}
                    onCancel={() => route(`/desk/jobs/${job.id}/money`)}
                >
                    <h2>{deskQuote.lines}</h2>
                    <Lines
                        draft={draft.value}
                        currency={job.currency}
                        about={aboutOf(act.problem)}
                        isChecked={isQuantityWrong.value}
                        onChange={change}
                    />
                    <p class="quote-total row row-apart" role="status">
                        <span>{deskQuote.total}</span>
                        <strong class="figures">{total === undefined ? "–" : money(total, job.currency)}</strong>
                    </p>
                    <Terms draft={draft.value} detail={detail} about={aboutOf(act.problem)} onChange={change} />
                </Form>
                <div class="stack">
                    <PickItems onPick={(line) => change(withLine(draft.peek(), line))} />
                    <OffList job={job} onPick={(line) => change(withLine(draft.peek(), line))} />
                </div>
            </div>
        </>
    )
}

interface TermsProps {
    draft: Draft
    detail: Detail
    about: (at: string) => string | undefined
    onChange: (draft: Draft) => void
}

/** Which option it is, and why the customer pays less. */
function Terms({ draft, detail, about, onChange }: TermsProps) {
    const { deskQuote } = words.value
    return (
        <>
            <Field
                label={deskQuote.option}
                hint={deskQuote.optionHint}
                value={draft.option}
                maxLength={60}
                autocomplete="off"
                error={about("/option")}
                onInput={(event) => onChange({ ...draft, option: event.currentTarget.value })}
            />
            {draft.lines.some((line) => line.isSetUp) && (
                <Field
                    label={deskQuote.installedOn}
                    hint={deskQuote.installedOnHint}
                    type="date"
                    value={draft.installedOn ?? ""}
                    error={about("/installed_on")}
                    onInput={(event) => onChange({ ...draft, installedOn: event.currentTarget.value })}
                />
            )}
            <Beside option={draft.option.trim()} detail={detail} />
            <Choice
                label={deskQuote.warranty}
                value={draft.kind}
                onChoose={(kind) => onChange({ ...draft, kind: kind as Kind })}
            >
                <Options of={deskQuote.warrantyKinds} chosen={draft.kind} />
            </Choice>
            {draft.kind !== "none" && (
                <Field
                    label={deskQuote.warrantyReason}
                    value={draft.reason}
                    maxLength={500}
                    required
                    autocomplete="off"
                    error={about("/warranty/reason")}
                    onInput={(event) => onChange({ ...draft, reason: event.currentTarget.value })}
                />
            )}
        </>
    )
}

/** What the new offer does to those that there are. */
function Beside({ option, detail }: { option: string; detail: Detail }) {
    const { deskQuote, deskShell } = words.value
    const others = new Set(Object.values(detail.record.quotes ?? {}).map((quote) => quote.option ?? ""))
    if (others.has(option))
        return <Notice tone="warn">{option === "" ? deskQuote.replacesPlain : deskQuote.replaces(option)}</Notice>
    if (others.size === 0) return null
    const names = [...others].map((name) => (name === "" ? "–" : name))
    return <Notice tone="info">{deskQuote.keepsBeside(deskShell.listed(names))}</Notice>
}
