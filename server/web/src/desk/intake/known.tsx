import { useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { dayAndTime } from "../../design/dates.ts"
import type { Change, Draft } from "./draft.ts"

const TYPING_MS = 250
const FOUND = 6
const SHOWN = 10

/** Who it may be, and what they reported before. */
export function Known({ draft, change }: { draft: Draft; change: Change }) {
    return (
        <div class="stack">
            {draft.customer ? (
                <Chosen customer={draft.customer} change={change} />
            ) : (
                <Found draft={draft} change={change} />
            )}
            <Recent draft={draft} change={change} />
        </div>
    )
}

/** What was typed, once the typing has paused. */
function useSettled(text: string): string {
    const settled = useSignal(text)
    useEffect(() => {
        const timer = setTimeout(() => (settled.value = text), TYPING_MS)
        return () => clearTimeout(timer)
    }, [text])
    return settled.value
}

/** What of the form finds people best. */
function searched(draft: Draft): string {
    const digits = draft.phone.replace(/\D/g, "")
    if (digits.length >= 3) return digits
    if (draft.name.trim().length >= 1) return draft.name.trim()
    return draft.address.trim().length >= 3 ? draft.address.trim() : ""
}

/** A customer who is known, as the form has them. */
export const whoIs = (customer: Schemas["Customer"]): Partial<Draft> => ({
    customer,
    name: customer.name,
    phone: customer.phone,
    address: customer.address,
})

function Found({ draft, change }: { draft: Draft; change: Change }) {
    const { deskIntake, terms } = words.value
    const q = useSettled(searched(draft))
    const found = useLoaded(
        q,
        async () =>
            q === ""
                ? undefined
                : (await body(api.GET("/v1/customers", { params: { query: { q, limit: FOUND } } }))).items,
        { keepsLast: true, movesWith: () => false },
    )
    const choose = (customer: Schemas["Customer"]) => change(whoIs(customer))
    return (
        <section class="card" aria-label={deskIntake.customers}>
            <h2>{deskIntake.customers}</h2>
            {q === "" && <p class="soft">{deskIntake.typeMore}</p>}
            {q !== "" && found.data?.length === 0 && <p class="soft">{deskIntake.noCustomer}</p>}
            <ul class="stack">
                {q !== "" &&
                    found.data?.map((customer) => (
                        <li key={customer.id} class="row row-apart intake-customer">
                            <span>
                                <strong>{customer.name}</strong> <span class="figures small">{customer.phone}</span>{" "}
                                {customer.class !== "ordinary" && (
                                    <Tag tone="info">{terms.customerClass[customer.class]}</Tag>
                                )}
                                <br />
                                <span class="small soft">{customer.address}</span>
                            </span>
                            <Button onClick={() => choose(customer)}>{deskIntake.choose}</Button>
                        </li>
                    ))}
            </ul>
        </section>
    )
}

function Chosen({ customer, change }: { customer: Schemas["Customer"]; change: Change }) {
    const { deskIntake, terms } = words.value
    return (
        <section class="card" aria-label={deskIntake.chosen}>
            <div class="row row-apart">
                <h2>{customer.name}</h2>
                <Button onClick={() => change({ customer: undefined, phone: "", repeats: undefined })}>
                    {deskIntake.other}
                </Button>
            </div>
            <p>
                <span class="figures">{customer.phone}</span>{" "}
                {customer.class !== "ordinary" && <Tag tone="info">{terms.customerClass[customer.class]}</Tag>}{" "}
                {customer.refuses_calls && <Tag tone="warn">{terms.followUpState.refused}</Tag>}
                <br />
                <span class="small soft">{customer.address}</span>
            </p>
        </section>
    )
}

/** What this customer, or this number, reported lately; what is still open comes first. */
function Recent({ draft, change }: { draft: Draft; change: Change }) {
    const { deskIntake } = words.value
    const digits = useSettled(draft.phone.includes("*") ? "" : draft.phone.replace(/\D/g, ""))
    const customer = draft.customer?.id
    const key = customer ?? (digits.length >= 7 ? digits : "")
    const loaded = useLoaded(
        key,
        async () => {
            if (key === "") return undefined
            const query = customer ? { customer, limit: SHOWN } : { phone: digits, limit: SHOWN }
            const { items } = await body(api.GET("/v1/reports", { params: { query } }))
            return items.toSorted((a, b) => Number(b.closed_at == null) - Number(a.closed_at == null))
        },
        { keepsLast: true },
    )
    if (key === "") return null
    return (
        <section class="card" aria-label={deskIntake.recent}>
            <h2>{deskIntake.recent}</h2>
            <Answered of={loaded}>
                {(reports) =>
                    reports === undefined || reports.length === 0 ? (
                        <p class="soft">{deskIntake.noRecent}</p>
                    ) : (
                        <ul class="stack">
                            {reports.map((report) => (
                                <Earlier key={report.id} report={report} draft={draft} change={change} />
                            ))}
                        </ul>
                    )
                }
            </Answered>
        </section>
    )
}

interface EarlierProps {
    report: Schemas["CustomerReport"]
    draft: Draft
    change: Change
}

function Earlier({ report, draft, change }: EarlierProps) {
    const { deskIntake, terms } = words.value
    const isSame = draft.repeats === report.id
    return (
        <li class={`intake-earlier${isSame ? " intake-same" : ""}`}>
            <span class="row">
                <a class="figures small" href={report.job ? `/desk/jobs/${report.job}` : `/desk/intake/${report.id}`}>
                    {report.number}
                </a>
                <Tag tone={report.closed_at ? "plain" : "accent"}>{terms.reportState[report.state]}</Tag>
                <span class="small soft figures">{dayAndTime(report.taken_at)}</span>
            </span>
            <span>{[report.told.product, report.told.fault].filter(Boolean).join(" · ")}</span>
            {draft.class === "B" && (
                <span class="row">
                    {isSame && <Tag tone="warn">{deskIntake.isSame}</Tag>}
                    <Button onClick={() => change({ repeats: isSame ? undefined : report.id })}>
                        {isSame ? deskIntake.undo : deskIntake.sameFault}
                    </Button>
                </span>
            )}
        </li>
    )
}
