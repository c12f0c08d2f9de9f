/** Taking a report: the customer is found while typing, with what they reported before. */
import { useSignal } from "@preact/signals"
import { useLocation } from "preact-iso"
import { useEffect } from "preact/hooks"
import { api, body, type Schemas } from "../../api/client.ts"
import { Problem } from "../../api/problem.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { Trouble } from "../answered.tsx"
import { Choice } from "../choice.tsx"
import { useLoaded } from "../loaded.ts"
import { say } from "../said.ts"
import { type Change, type Draft, EMPTY } from "./draft.ts"
import "./intake.css"
import { keepDraft, keptDraft } from "./kept_draft.ts"
import { Known, whoIs } from "./known.tsx"

type ReportClass = Schemas["ReportClass"]
const EMERGENCIES: ReportClass[] = ["A", "E", "F"]
/** What a job needs before somebody is sent. */
const NEEDED = ["name", "phone", "address", "fault"] as const

export function Intake() {
    const { deskIntake } = words.value
    const { query, route } = useLocation()
    const draft = useSignal<Draft>(keptDraft())
    const act = useAct()
    const change: Change = (changes) => {
        draft.value = { ...draft.peek(), ...changes }
        keepDraft(draft.peek())
    }
    // Come from a customer's page: they are chosen already.
    useEffect(() => {
        const id = query.customer
        if (!id) return
        void act.run(async () => change(whoIs(await body(api.GET("/v1/customers/{id}", { params: { path: { id } } })))))
    }, [query.customer])
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        await act.run(async () => {
            const input = { headers: once(), body: asReport(draft.peek()) }
            const report = await body(api.POST("/v1/reports", input))
            keepDraft(undefined)
            say(deskIntake.taken(report.number))
            route(`/desk/intake/${report.id}`)
        })
    }
    return (
        <div class="page">
            <div class="page-head">
                <h1>{deskIntake.title}</h1>
                {draft.value !== EMPTY && (
                    <Button
                        kind="quiet"
                        onClick={() => {
                            keepDraft(undefined)
                            draft.value = EMPTY
                        }}
                    >
                        {deskIntake.clear}
                    </Button>
                )}
            </div>
            <div class="job-halves">
                <form class="stack" onSubmit={submit}>
                    <Fields draft={draft.value} change={change} problem={act.problem} />
                    <Trouble of={act.problem} />
                    <div class="row row-apart intake-foot">
                        <label class="row job-check">
                            <input
                                type="checkbox"
                                checked={draft.value.repeatedBack}
                                onChange={(event) => change({ repeatedBack: event.currentTarget.checked })}
                            />
                            {deskIntake.repeatedBack}
                        </label>
                        <Button type="submit" kind="main" large disabled={act.isBusy}>
                            {draft.value.class === "B" ? deskIntake.takeAndJob : deskIntake.take}
                        </Button>
                    </div>
                </form>
                <Known draft={draft.value} change={change} />
            </div>
        </div>
    )
}

const TEXTS = [
    "name",
    "phone",
    "address",
    "fault",
    "fault_class",
    "product",
    "model",
    "serial",
    "purchased_on",
    "wanted",
    "answer",
] as const

/** As the server takes it: what was left empty is not said. */
function asReport(draft: Draft): Schemas["CreateReport"] {
    const texts = TEXTS.map((field) => [field, draft[field].trim()] as const).filter(([, text]) => text !== "")
    // A masked number is none: the server has the whole one with the customer.
    const told = Object.fromEntries(texts.filter(([field, text]) => !(field === "phone" && text.includes("*"))))
    return {
        ...told,
        class: draft.class,
        channel: draft.channel,
        repeated_back: draft.repeatedBack,
        ...(draft.urgency && { urgency: draft.urgency as Schemas["Urgency"] }),
        ...(draft.area && { area: draft.area as Schemas["Area"] }),
        ...(draft.class === "B" && draft.template && { template: draft.template }),
        ...(draft.outcome && { outcome: draft.outcome as Schemas["CallOutcome"] }),
        ...(draft.customer && { customer: draft.customer.id }),
        ...(draft.repeats && { repeat: { of: draft.repeats, verdict: "same" as const } }),
    }
}

function Fields({ draft, change, problem }: { draft: Draft; change: Change; problem: unknown }) {
    const { deskIntake, terms } = words.value
    const about = (field: string) => (problem instanceof Problem ? problem.about(`/${field}`) : undefined)
    const line = (
        field: (typeof TEXTS)[number] & keyof typeof terms.reportField,
        more: { hint?: string; inputMode?: "tel" } = {},
    ) => (
        <Field
            label={terms.reportField[field]}
            value={draft[field]}
            error={about(field)}
            maxLength={300}
            autocomplete="off"
            inputMode={more.inputMode ?? "text"}
            {...(more.hint && { hint: more.hint })}
            onInput={(event) => change({ [field]: event.currentTarget.value })}
        />
    )
    return (
        <>
            <ClassFields draft={draft} change={change} />
            {EMERGENCIES.includes(draft.class) && <Notice tone="bad">{deskIntake.emergency}</Notice>}
            <div class="intake-two">
                {line("phone", { inputMode: "tel" })}
                {line("name")}
            </div>
            {line("address")}
            <label class="field">
                <span>{terms.reportField.fault}</span>
                <textarea
                    value={draft.fault}
                    maxLength={2000}
                    placeholder={deskIntake.faultHint}
                    onInput={(event) => change({ fault: event.currentTarget.value })}
                />
            </label>
            <FaultFields draft={draft} change={change} />
            {draft.class === "B" && <ChecklistField draft={draft} change={change} error={about("template")} />}
            <div class="intake-two">
                {line("wanted", { hint: deskIntake.wantedHint })}
                {line("product")}
            </div>
            <details class="intake-more">
                <summary>{deskIntake.more}</summary>
                <div class="intake-two">
                    {line("model")}
                    {line("serial")}
                    <Field
                        label={terms.reportField.purchased_on}
                        type="date"
                        value={draft.purchased_on}
                        error={about("purchased_on")}
                        onChange={(event) => change({ purchased_on: event.currentTarget.value })}
                    />
                    <Choice label={terms.reportField.area} value={draft.area} onChoose={(area) => change({ area })}>
                        <option value="">–</option>
                        <option value="own">{terms.area.own}</option>
                        <option value="shared">{terms.area.shared}</option>
                    </Choice>
                </div>
            </details>
            {draft.class === "B" ? <Completeness draft={draft} /> : <Answer draft={draft} change={change} />}
        </>
    )
}

/** What is missing before somebody can be sent; the report itself may be taken without it. */
function Completeness({ draft }: { draft: Draft }) {
    const { deskIntake, deskShell, terms } = words.value
    const missing = NEEDED.filter((field) => draft[field].trim() === "")
    if (missing.length === 0) return <Notice tone="good">{deskIntake.complete}</Notice>
    const fields = deskShell.listed(missing.map((field) => terms.reportField[field]))
    return <Notice tone="warn">{deskIntake.stillMissing(fields)}</Notice>
}

/** What needs no visit may be answered at once. */
function Answer({ draft, change }: { draft: Draft; change: Change }) {
    const { deskIntake } = words.value
    return (
        <Field
            label={deskIntake.answer}
            hint={deskIntake.answerHint}
            value={draft.answer}
            maxLength={2000}
            onInput={(event) => change({ answer: event.currentTarget.value })}
        />
    )
}

function ClassFields({ draft, change }: { draft: Draft; change: Change }) {
    const { deskIntake, terms } = words.value
    const options = (table: Record<string, string>) =>
        Object.entries(table).map(([value, name]) => (
            <option key={value} value={value}>
                {value.length === 1 ? `${value} ${name}` : name}
            </option>
        ))
    return (
        <div class="intake-three">
            <Choice
                label={deskIntake.class}
                value={draft.class}
                onChoose={(chosen) => change({ class: chosen as ReportClass })}
            >
                {options(terms.reportClass)}
            </Choice>
            <Choice
                label={deskIntake.channel}
                value={draft.channel}
                onChoose={(chosen) => change({ channel: chosen as Schemas["Channel"] })}
            >
                {options(terms.channel)}
            </Choice>
            <Choice label={deskIntake.outcome} value={draft.outcome} onChoose={(outcome) => change({ outcome })}>
                {options(terms.outcome)}
            </Choice>
        </div>
    )
}

/** The checklist of a repair, where nothing else is said. */
const HOME_REPAIR = "home_repair"

/** By what checklist the visit goes, where there is a choice. */
function ChecklistField({ draft, change, error }: { draft: Draft; change: Change; error: string | undefined }) {
    const templates = useLoaded("templates", () => body(api.GET("/v1/templates")), { movesWith: () => false })
    const newest = templates.data?.filter((known) => known.is_newest) ?? []
    if (newest.length < 2) return null
    const isUsual = ({ id }: { id: string }) => id === HOME_REPAIR
    const ordered = [...newest.filter(isUsual), ...newest.filter((known) => !isUsual(known))]
    return (
        <Choice
            label={words.value.deskIntake.checklist}
            value={draft.template}
            error={error}
            onChoose={(template) => change({ template })}
        >
            {ordered.map((known) => (
                <option key={known.id} value={isUsual(known) ? "" : known.id}>
                    {pick(known.name)}
                </option>
            ))}
        </Choice>
    )
}

function FaultFields({ draft, change }: { draft: Draft; change: Change }) {
    const { deskIntake, terms } = words.value
    const classes = useLoaded("fault classes", () => body(api.GET("/v1/fault-classes")), { movesWith: () => false })
    const chosen = classes.data?.find((known) => known.id === draft.fault_class)
    return (
        <div class="intake-two">
            <Choice
                label={deskIntake.faultClass}
                value={draft.fault_class}
                onChoose={(fault_class) => change({ fault_class })}
            >
                <option value="">{deskIntake.noFaultClass}</option>
                {classes.data?.map((known) => (
                    <option key={known.id} value={known.id}>
                        {known.urgency === "urgent"
                            ? `${terms.urgency.urgent} · ${pick(known.name)}`
                            : pick(known.name)}
                    </option>
                ))}
            </Choice>
            <Choice label={terms.reportField.urgency} value={draft.urgency} onChoose={(urgency) => change({ urgency })}>
                <option value="">
                    {chosen
                        ? `${deskIntake.urgencyByClass} · ${terms.urgency[chosen.urgency]}`
                        : deskIntake.urgencyByClass}
                </option>
                <option value="urgent">{terms.urgency.urgent}</option>
                <option value="general">{terms.urgency.general}</option>
            </Choice>
        </div>
    )
}
