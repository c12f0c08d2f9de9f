/** The price list in force, earlier ones, and the import of a new one. */
import { Tags } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Empty, Field, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { Listed, More } from "../listed.tsx"
import { money } from "../../design/money.ts"
import { type List, PAGE_ROWS, type Part, useList } from "../pages.ts"
import { wholeDay } from "../../design/dates.ts"
import { ImportForm } from "./import_form.tsx"
import "./prices.css"

type Version = Schemas["PriceListVersion"]

export function Prices() {
    const text = words.value.deskLists.prices
    const { query } = useLocation()
    const versions = useList("versions", loadVersions, { rows: PAGE_ROWS })
    return (
        <div class="page">
            <h1>{text.title}</h1>
            <Answered of={versions}>
                {(items) => {
                    const shown =
                        items.find((version) => String(version.version) === query.version) ??
                        items.find((version) => version.is_current)
                    return (
                        <div class="job-halves">
                            {shown ? <Items version={shown} /> : <Empty icon={Tags}>{text.noList}</Empty>}
                            <div class="stack">
                                {may("manage_price_list") && <ImportForm onImported={versions.reload} />}
                                <Versions of={versions} shown={shown} />
                            </div>
                        </div>
                    )
                }}
            </Answered>
        </div>
    )
}

function loadVersions({ limit, after }: Part) {
    const query = { limit, ...(after && { after: Number(after) }) }
    return body(api.GET("/v1/price-lists", { params: { query } }))
}

function Versions({ of, shown }: { of: List<Version>; shown: Version | undefined }) {
    const text = words.value.deskLists.prices
    return (
        <section class="card" aria-label={text.versions}>
            <h2>{text.versions}</h2>
            <ul class="stack">
                {of.data?.map((version) => (
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
            <More of={of} />
        </section>
    )
}

function Items({ version }: { version: Version }) {
    const { deskLists, deskShell, terms } = words.value
    const text = deskLists.prices
    const { query, route } = useLocation()
    const q = query.q?.trim() ?? ""
    const path = { version: version.version }
    const items = useList(
        `${version.version} ${q}`,
        (part) =>
            body(
                api.GET("/v1/price-lists/{version}/items", {
                    params: { path, query: { ...(q && { q }), ...part } },
                }),
            ),
        { rows: PAGE_ROWS, movesWith: () => false },
    )
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
            <Listed of={items} empty={<Empty icon={Tags}>{text.none}</Empty>}>
                {(found) => (
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
                                            {pick(item.name)}{" "}
                                            {item.destroys_data && <Tag tone="warn">{text.destroysData}</Tag>}{" "}
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
                )}
            </Listed>
        </section>
    )
}
