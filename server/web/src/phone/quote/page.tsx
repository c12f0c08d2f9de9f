import { Plus, Trash2 } from "lucide"
import { useSignal, useSignalEffect } from "@preact/signals"
import { useLocation, useRoute } from "preact-iso"
import { useRef } from "preact/hooks"
import type { JobView } from "../../core/handset.ts"
import { holdsAt, itemOf, lineAmount, type PriceItem, type PriceList } from "../../core/price.ts"
import type { Quote, QuoteLine, SetUp, WarrantyKind } from "../../core/record.ts"
import { isBeforePurchase, judgeSetUp, USUAL_TERMS } from "../../core/setup.ts"
import { dayOf } from "../../design/dates.ts"
import { money } from "../../design/money.ts"
import { Button, Field, IconButton, Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { known } from "../../core/course.ts"
import { quoteStep } from "../../core/template.ts"
import { draftAt, keepDraft } from "../draft.ts"
import { Back, NotHere } from "../job/page.tsx"
import { type Hindrance, handset, jobOf, me, newEntry, now, write } from "../phone.ts"
import { LineNotes } from "./line_notes.tsx"
import { OffList } from "./off_list.tsx"
import type { PriceRequest } from "../../core/client/off_list.ts"

/** One line in the making. */
interface Chosen {
    item: PriceItem
    quantityMilli: number
    /** Under warranty: what is charged all the same. */
    isCharged: boolean
    /** What the supervisor priced, where it is on no list. */
    request?: string
}

/** As it is kept until it is shown to the customer: what an item costs is the list's to say. */
interface QuoteDraft {
    lines: (Omit<Chosen, "item"> & { code: string; priced?: PriceItem })[]
    warranty: WarrantyKind
    reason: string
    option: string
    /** None in drafts of before it was asked. */
    installed?: string
}

/** Without what the list no longer has. */
function chosenOf({ lines }: QuoteDraft, list: PriceList): Chosen[] {
    return lines.flatMap(({ code, priced, ...line }) => {
        const item = priced ?? itemOf(list, code, now())
        return item ? { ...line, item } : []
    })
}

const WARRANTIES: WarrantyKind[] = ["none", "product", "repair", "rework"]
const SHOWN_MAX = 30

export function QuotePage() {
    const { params } = useRoute()
    const job = jobOf(params.job ?? "")
    const list = handset.value?.priceList()
    if (!job) return <NotHere />
    if (!list) return <Notice tone="warn">{words.value.quote.noPriceList}</Notice>
    return <Builder job={job} list={list} />
}

function Builder({ job, list }: { job: JobView; list: PriceList }) {
    const { route } = useLocation()
    const said = words.value.quote
    const where = { person: me.value?.person ?? "", job: job.id, place: "quote" }
    const back = `/phone/jobs/${job.id}/steps/${(job.template && quoteStep(job.template)?.id) ?? "quote"}`
    const draft = useRef(draftAt<QuoteDraft>(where)).current
    const chosen = useSignal(draft ? chosenOf(draft, list) : [])
    const warranty = useSignal<WarrantyKind>(draft?.warranty ?? "none")
    const reason = useSignal(draft?.reason ?? "")
    const option = useSignal(draft?.option ?? "")
    const installed = useSignal(draft?.installed ?? known(job.record, "purchased_on") ?? "")
    const isDone = useRef(false)
    useSignalEffect(() => {
        const lines = chosen.value.map(({ item, ...line }) => {
            return { ...line, code: item.code, ...(line.request && { priced: item }) }
        })
        const terms = { warranty: warranty.value, reason: reason.value, option: option.value }
        const made = { lines, ...terms, installed: installed.value }
        if (!isDone.current) keepDraft(where, made.lines.length > 0 ? made : undefined)
    })
    const closed = useSignal<readonly Hindrance[]>([])
    const bought = known(job.record, "purchased_on")
    const hasSetUp = chosen.value.some(({ item }) => item.setup)
    const tooEarly = hasSetUp && isBeforePurchase(installed.value, bought) ? said.installedTooEarly(bought) : undefined
    const terms = me.value?.home?.setup ?? USUAL_TERMS
    const today = dayOf(now())
    const setup = judgeSetUp(terms, installed.value || null, today)
    const lines = chosen.value.map((line) => lineOf(line, warranty.value, setup))
    const total = lines.reduce((sum, line) => sum + line.amount_minor, 0)
    const save = async () => {
        const by = me.value?.person
        if (!by) return
        const quote: Quote = {
            lines: Object.fromEntries(lines.map((line, place) => [String(place + 1).padStart(2, "0"), line])),
            total_minor: total,
            currency: job.record.meta.currency,
            price_list: list.version,
            warranty: { kind: warranty.value, reason: reason.value.trim() || null, decided_by: null },
            option: option.value.trim() || null,
            by,
            at: now(),
        }
        closed.value = await write(job.id, [{ edit: "quote", id: newEntry(), quote }])
        if (closed.value.length > 0) return
        isDone.current = true
        keepDraft(where, undefined)
        route(back)
    }
    const change = (place: number, changed: Partial<Chosen>) => {
        chosen.value = chosen.value.map((line, at) => (at === place ? { ...line, ...changed } : line))
    }
    return (
        <div class="stack-wide">
            <Back to={back} label={job.number} />
            <h1>{said.make}</h1>
            <ItemSearch
                list={list}
                onChoose={(item) => (chosen.value = [...chosen.value, { item, quantityMilli: 1000, isCharged: false }])}
            />
            <OffList
                job={job.id}
                onTake={(request) => {
                    const item = pricedItem(request)
                    if (item)
                        chosen.value = [
                            ...chosen.value,
                            { item, quantityMilli: 1000, isCharged: false, request: request.id },
                        ]
                }}
            />
            <ul class="stack">
                {chosen.value.map((line, place) => (
                    <li class="card" key={`${place}-${line.item.code}`}>
                        <div class="row row-apart">
                            <strong>{pick(line.item.name)}</strong>
                            <IconButton
                                icon={Trash2}
                                label={said.remove}
                                onClick={() => (chosen.value = chosen.value.filter((_, at) => at !== place))}
                            />
                        </div>
                        <div class="row row-apart">
                            <Quantity line={line} onChange={(quantityMilli) => change(place, { quantityMilli })} />
                            <span class="figures">
                                {money(lineOf(line, warranty.value, setup).amount_minor, list.currency)}
                            </span>
                        </div>
                        <LineNotes line={lineOf(line, warranty.value, setup)} />
                        {warranty.value !== "none" && (
                            <label class="check">
                                <input
                                    type="checkbox"
                                    checked={line.isCharged}
                                    onChange={(event) => change(place, { isCharged: event.currentTarget.checked })}
                                />
                                {said.chargedAnyway}
                            </label>
                        )}
                    </li>
                ))}
            </ul>
            {hasSetUp && (
                <Field
                    label={said.installedOn}
                    hint={said.installedOnHint}
                    type="date"
                    max={today}
                    value={installed.value}
                    error={tooEarly}
                    onInput={(e) => (installed.value = e.currentTarget.value)}
                />
            )}
            <label class="field">
                <span>{said.warranty}</span>
                <select
                    value={warranty.value}
                    onChange={(event) => (warranty.value = event.currentTarget.value as WarrantyKind)}
                >
                    {WARRANTIES.map((kind) => (
                        <option key={kind} value={kind}>
                            {said.warrantyKinds[kind]}
                        </option>
                    ))}
                </select>
            </label>
            {warranty.value !== "none" && (
                <Field
                    label={said.warrantyReason}
                    value={reason.value}
                    maxLength={300}
                    onInput={(e) => (reason.value = e.currentTarget.value)}
                />
            )}
            <Field
                label={said.option}
                hint={said.optionHint}
                value={option.value}
                maxLength={60}
                onInput={(e) => (option.value = e.currentTarget.value)}
            />
            <div class="bottom-bar stack">
                {closed.value.map((violation) => (
                    <Notice key={violation.rule} tone="bad">
                        {pick(violation)}
                    </Notice>
                ))}
                <p class="row row-apart">
                    <strong>{said.total}</strong>
                    <span class="amount figures" role="status">
                        {money(total, list.currency)}
                    </span>
                </p>
                <Button
                    kind="main"
                    large
                    wide
                    disabled={lines.length === 0 || tooEarly !== undefined}
                    onClick={() => void save()}
                >
                    {said.show}
                </Button>
            </div>
        </div>
    )
}

/** What the supervisor priced, as if it were on the list. */
function pricedItem({ id, text, answer }: PriceRequest): PriceItem | undefined {
    if (!answer?.feasible || answer.price_minor == null) return undefined
    const name = { zh: text, en: text }
    const { unit, price_minor, destroys_data } = answer
    return { code: id, name, unit: unit ?? "", kind: "labour", price_minor, ...(destroys_data && { destroys_data }) }
}

/** The name as the customer reads it on the sheet, whatever language the technician reads. */
function lineOf({ item, quantityMilli, isCharged, request }: Chosen, warranty: WarrantyKind, setup: SetUp): QuoteLine {
    const full = lineAmount(item.price_minor, quantityMilli) ?? 0
    const isFree = item.setup === true && setup.term === "free"
    return {
        code: request ? null : item.code,
        request: request ?? null,
        name: item.name.zh || item.name.en,
        unit: item.unit,
        kind: item.kind,
        quantity_milli: quantityMilli,
        unit_minor: item.price_minor,
        amount_minor: !isFree && (warranty === "none" || isCharged) ? full : 0,
        ...(item.destroys_data && { risk: "data" as const }),
        ...(item.setup && { setup }),
    }
}

function Quantity({ line, onChange }: { line: Chosen; onChange: (milli: number) => void }) {
    const typed = (text: string) => {
        const milli = Math.round(Number(text) * 1000)
        if (Number.isSafeInteger(milli) && milli > 0) onChange(milli)
    }
    return (
        <label class="row">
            <span class="soft">{words.value.quote.quantity}</span>
            <input
                class="quantity figures"
                inputMode="decimal"
                defaultValue={String(line.quantityMilli / 1000)}
                onInput={(event) => typed(event.currentTarget.value)}
            />
            <span>{line.item.unit}</span>
        </label>
    )
}

function ItemSearch({ list, onChoose }: { list: PriceList; onChoose: (item: PriceItem) => void }) {
    const asked = useSignal("")
    const said = words.value.quote
    const wanted = asked.value.trim().toLowerCase()
    const at = now()
    const found = list.items.filter(
        (item) =>
            wanted !== "" &&
            holdsAt(item, at) &&
            [item.code, item.barcode ?? "", item.name.zh, item.name.en].some((text) =>
                text.toLowerCase().includes(wanted),
            ),
    )
    return (
        <section class="stack">
            <Field
                type="search"
                label={said.search}
                value={asked.value}
                autocomplete="off"
                onInput={(event) => (asked.value = event.currentTarget.value)}
            />
            <ul class="found">
                {found.slice(0, SHOWN_MAX).map((item) => (
                    <li key={item.code}>
                        <Button
                            icon={Plus}
                            wide
                            class="found-item"
                            onClick={() => (onChoose(item), (asked.value = ""))}
                        >
                            <span class="found-name">
                                {pick(item.name)} <span class="soft small">{item.code}</span>
                            </span>
                            <span class="figures">
                                {money(item.price_minor, list.currency)}/{item.unit}
                            </span>
                        </Button>
                    </li>
                ))}
            </ul>
            {wanted !== "" && found.length === 0 && <p class="soft">{said.noItem}</p>}
        </section>
    )
}
