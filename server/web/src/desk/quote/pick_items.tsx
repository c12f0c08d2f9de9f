import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Field } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { money } from "../../design/money.ts"
import type { DraftLine } from "./draft.ts"

const SHOWN = 12

/** The price list in force, to be searched while typing. */
export function PickItems({ onPick }: { onPick: (line: DraftLine) => void }) {
    const { deskQuote, deskLists } = words.value
    const typed = useSignal("")
    const found = useLoaded(typed.value.trim(), () => find(typed.peek().trim()), {
        keepsLast: true,
        movesWith: () => false,
    })
    return (
        <section class="card" aria-label={deskQuote.priceList}>
            <h2>{deskQuote.priceList}</h2>
            <Field
                label={deskQuote.search}
                type="search"
                value={typed.value}
                autocomplete="off"
                onInput={(event) => (typed.value = event.currentTarget.value)}
            />
            <Answered of={found}>
                {(list) => {
                    if (!list) return <p class="soft">{deskQuote.noList}</p>
                    if (list.items.length === 0) return <p class="soft">{deskLists.prices.none}</p>
                    return (
                        <ul class="stack">
                            {list.items.map((item) => (
                                <Item key={item.code} item={item} currency={list.currency} onPick={onPick} />
                            ))}
                        </ul>
                    )
                }}
            </Answered>
        </section>
    )
}

interface ItemProps {
    item: Schemas["PriceItem"]
    currency: string
    onPick: (line: DraftLine) => void
}

function Item({ item, currency, onPick }: ItemProps) {
    const { deskQuote } = words.value
    const name = pick(item.name)
    const line: DraftLine = {
        key: item.code,
        from: { code: item.code },
        name,
        unit: item.unit,
        unitMinor: item.price_minor,
        quantity: "1",
        covered: true,
        ...(item.setup && { isSetUp: true }),
    }
    return (
        <li class="row row-apart">
            <span class="form-grow">
                {name}{" "}
                <span class="small soft figures">
                    {item.code} · {money(item.price_minor, currency)} / {item.unit}
                </span>
            </span>
            <Button aria-label={deskQuote.addItem(name)} onClick={() => onPick(line)}>
                {deskQuote.add}
            </Button>
        </li>
    )
}

/** None where the company has no list in force. */
async function find(q: string): Promise<{ items: Schemas["PriceItem"][]; currency: string } | undefined> {
    const versions = await body(api.GET("/v1/price-lists", { params: { query: { limit: 200 } } }))
    const list = versions.items.find((version) => version.is_current)
    if (!list) return undefined
    const params = { path: { version: list.version }, query: { limit: SHOWN, ...(q && { q }) } }
    const { items } = await body(api.GET("/v1/price-lists/{version}/items", { params }))
    return { items, currency: list.currency }
}
