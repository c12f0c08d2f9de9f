/** One box over everything: jobs, customers, reports, people and prices. */
import { SearchX } from "lucide"
import { useLocation } from "preact-iso"
import type { ComponentChildren } from "preact"
import { api, body, type Schemas } from "../../api/client.ts"
import { Empty, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { money } from "../../design/money.ts"
import { dayAndTime } from "../../design/dates.ts"
import "./search.css"
import { JobStatus } from "../job_status.tsx"

const SHOWN = 12

interface Found {
    jobs: Schemas["Job"][]
    customers: Schemas["Customer"][]
    reports: Schemas["CustomerReport"][]
    people: Schemas["Person"][]
    prices: Schemas["PriceItem"][]
    currency: string
}

export function SearchPage() {
    const text = words.value.deskShell.results
    const { query } = useLocation()
    const typed = (query.q ?? "").trim()
    const found = useLoaded(typed, () => find(typed), { keepsLast: true })
    return (
        <div class="page">
            <h1>{text.title}</h1>
            {!isEnough(typed) ? (
                <p class="soft">{text.typeMore}</p>
            ) : (
                <Answered of={found}>{(groups) => <Groups typed={typed} found={groups} />}</Answered>
            )}
        </div>
    )
}

/** A Chinese surname is one character and says something; one letter or digit says nothing. */
const isEnough = (typed: string) => typed.length > 1 || /\p{Script=Han}/u.test(typed)

const NOTHING: Found = { jobs: [], customers: [], reports: [], people: [], prices: [], currency: "CNY" }

async function find(q: string): Promise<Found> {
    if (!isEnough(q)) return NOTHING
    const small = { q, limit: SHOWN }
    const [jobs, customers, reports, people, prices] = await Promise.all([
        body(api.GET("/v1/jobs", { params: { query: small } })),
        may("read_customers") ? body(api.GET("/v1/customers", { params: { query: small } })) : { items: [] },
        findReports(q),
        body(api.GET("/v1/people", { params: { query: small } })),
        findPrices(q),
    ])
    return { jobs: jobs.items, customers: customers.items, reports, people: people.items, ...prices }
}

/** By what is in them, and by the caller's number. */
async function findReports(q: string): Promise<Schemas["CustomerReport"][]> {
    const digits = q.replace(/\D/g, "")
    const asked = [{ q, limit: SHOWN }, ...(digits.length > 2 ? [{ phone: digits, limit: SHOWN }] : [])]
    const found = await Promise.all(asked.map((query) => body(api.GET("/v1/reports", { params: { query } }))))
    return [...new Map(found.flatMap(({ items }) => items).map((report) => [report.id, report])).values()]
}

async function findPrices(q: string): Promise<{ prices: Schemas["PriceItem"][]; currency: string }> {
    // A company that has no price list yet is no reason to find nothing.
    const list = await body(api.GET("/v1/price-lists/current")).catch(() => undefined)
    if (!list) return { prices: [], currency: NOTHING.currency }
    const path = { version: list.version }
    const found = await body(
        api.GET("/v1/price-lists/{version}/items", { params: { path, query: { q, limit: SHOWN } } }),
    )
    return { prices: found.items, currency: list.currency }
}

function Groups({ typed, found }: { typed: string; found: Found }) {
    const { deskShell, terms } = words.value
    const text = deskShell.results
    const { jobs, customers, reports, people, prices } = found
    if (jobs.length + customers.length + reports.length + people.length + prices.length === 0)
        return <Empty icon={SearchX}>{text.none(typed)}</Empty>
    return (
        <div class="search-groups">
            <Group title={text.jobs} count={jobs.length}>
                {jobs.map((job) => (
                    <Hit key={job.id} href={`/desk/jobs/${job.id}`} title={`${job.number} ${job.name ?? ""}`}>
                        <JobStatus job={job} /> {job.fault} {job.address}
                    </Hit>
                ))}
            </Group>
            <Group title={text.customers} count={customers.length}>
                {customers.map((customer) => (
                    <Hit
                        key={customer.id}
                        href={`/desk/customers/${customer.id}`}
                        title={`${customer.name} ${customer.phone}`}
                    >
                        {customer.class !== "ordinary" && <Tag>{terms.customerClass[customer.class]}</Tag>}{" "}
                        {customer.address}
                    </Hit>
                ))}
            </Group>
            <Group title={text.reports} count={reports.length}>
                {reports.map((report) => (
                    <Hit
                        key={report.id}
                        href={report.job ? `/desk/jobs/${report.job}` : `/desk/intake/${report.id}`}
                        title={`${report.number} ${report.told.name ?? ""}`}
                    >
                        <Tag>{terms.reportClass[report.class]}</Tag> {report.told.fault} · {dayAndTime(report.taken_at)}
                    </Hit>
                ))}
            </Group>
            <Group title={text.people} count={people.length}>
                {people.map((person) => (
                    <Hit key={person.id} href={`/desk/people/${person.id}`} title={person.name}>
                        {terms.role[person.role]} · {person.staff_number}
                    </Hit>
                ))}
            </Group>
            <Group title={text.prices} count={prices.length}>
                {prices.map((item) => (
                    <Hit
                        key={item.code}
                        href={`/desk/prices?q=${encodeURIComponent(item.code)}`}
                        title={`${item.code} ${pick(item.name)}`}
                    >
                        {money(item.price_minor, found.currency)} / {item.unit}
                    </Hit>
                ))}
            </Group>
        </div>
    )
}

function Group({ title, count, children }: { title: string; count: number; children: ComponentChildren }) {
    if (count === 0) return null
    return (
        <section class="card search-group">
            <h2>{title}</h2>
            <ul class="hits">{children}</ul>
        </section>
    )
}

function Hit({ href, title, children }: { href: string; title: string; children: ComponentChildren }) {
    return (
        <li>
            <a class="hit" href={href}>
                <strong>{title}</strong>
                <span class="small soft">{children}</span>
            </a>
        </li>
    )
}
