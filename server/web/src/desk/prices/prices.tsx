/** The price list in force, earlier ones, and the import of a new one. */
import { Tags } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Empty, Field, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { money } from "../../design/money.ts"
import { PAGE_ROWS, whole } from "../pages.ts"
import { wholeDay } from "../../design/dates.ts"
import { ImportForm } from "./import_form.tsx"
import "./prices.css"

type Version = Schemas["PriceListVersion"]

export function Prices() {
    const text = words.value.deskLists.prices
    const { query } = useLocation()
    const versions = useLoaded("versions", () =>
        body(api.GET("/v1/price-lists", { params: { query: { limit: PAGE_ROWS } } })),
    )
    return (
        <div class="page">
            <h1>{text.title}</h1>
            <Answered of={versions}>
                {({ items }) => {
                    const shown =
                        items.find((version) => String(version.version) === query.version) ??
                        items.find((version) => version.is_current)
                    return (
                        <div class="job-halves">
                            {shown ? <Items version={shown} /> : <Empty icon={Tags}>{text.noList}</Empty>}
                            <div class="stack">
                                {may("manage_price_list") && <ImportForm onImported={versions.reload} />}
                                <Versions versions={items} shown={shown} />
                            </div>
                        </div>
                    )
                }}
            </Answered>
        </div>
    )
}

function Versions({ versions, shown }: { versions: Version[]; shown: Version | undefined }) {
    const text = words.value.deskLists.prices
    return (
        <section class="card" aria-label={text.versions}>
            <h2>{text.versions}</h2>
            <ul class="stack">
                {versions.map((version) => (
                    <li key={version.version}>
                        <a
                            href={`/desk/prices?version=${version.version}`}
                            aria-current={version.version === shown?.version ? "page" : undefined}
                        >
                            {text.version(version.version)} {version.name}
                        </a>{" "}
                        {version.is_current && <Tag tone="good">{text.current}</Tag>}
                        <br />
                        <span class="small soft figures">
                            {text.from(wholeDay(version.valid_from))} · {text.items(version.items)}
                        </span>
                    </li>
                ))}
            </ul>
        </section>
    )
}

function Items({ version }: { version: Version }) {
    const { deskLists, deskShell, terms } = words.value
    const text = deskLists.prices
    const { query, route } = useLocation()
    const q = query.q?.trim() ?? ""
    const items = useLoaded(`${version.version} ${q}`, () => load(version.version, q), {
        keepsLast: true,
        movesWith: () => false,
    })
    const search = (typed: string) => {
        const wanted = new URLSearchParams({ ...query, q: typed })
        route(`/desk/prices?${wanted}`, true)
    }
    return (
        <section class="stack">
            <Field
                label={deskShell.search}
                type="search"
                value={query.q ?? ""}
                onInput={(event) => search(event.currentTarget.value)}
            />
            <Answered of={items}>
                {(found) =>
                    found.length === 0 ? (
                        <Empty icon={Tags}>{text.none}</Empty>
                    ) : (
                        <div class="table-frame">
                            <table class="table">
                                <thead>
                                    <tr>
                                        <th>{text.code}</th>
                                        <th>{text.name}</th>
                                        <th>{text.kind}</th>
                                        <th>{text.unit}</th>
                                        <th class="number">{text.price}</th>
                                    </tr>
                                </thead>
                                <tbody>
                                    {found.map((item) => (
                                        <tr key={item.code}>
                                            <td class="figures keep">
                                                {item.code}
                                                {item.barcode && <div class="soft small">{item.barcode}</div>}
                                            </td>
                                            <td>
                                                {pick(item.name)}
                                                {item.destroys_data && <Tag tone="warn">{text.destroysData}</Tag>}
                                                {item.setup && <Tag>{text.setup}</Tag>}
                                            </td>
                                            <td class="keep">{terms.itemKind[item.kind]}</td>
                                            <td>{item.unit}</td>
                                            <td class="number figures">{money(item.price_minor, version.currency)}</td>
                                        </tr>
                                    ))}
                                </tbody>
                            </table>
                        </div>
                    )
                }
            </Answered>
        </section>
    )
}

function load(version: number, q: string): Promise<Schemas["PriceItem"][]> {
    return whole((after) => {
        const query = { limit: PAGE_ROWS, ...(q && { q }), ...(after && { after }) }
        return body(api.GET("/v1/price-lists/{version}/items", { params: { path: { version }, query } }))
    })
}
