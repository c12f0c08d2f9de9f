/** One customer: who they are, what they have, what they reported, what became of it, and what they can open. */
import { ArrowLeft } from "lucide"
import { useRoute } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Icon } from "../../design/icon.tsx"
import { Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { dayAndTime, wholeDay } from "../../design/dates.ts"
import { CustomerLinks } from "./customer_links.tsx"
import { placeFields } from "./place.ts"
import { productsOf } from "./products.ts"
import { JobStatus } from "../job_status.tsx"

type Customer = Schemas["Customer"]
const SHOWN = 50

export function CustomerPage() {
    const { deskCustomers, terms } = words.value
    const id = useRoute().params.id ?? ""
    // Each look at the number is logged, so it is asked for once.
    const loaded = useLoaded(id, () => body(api.GET("/v1/customers/{id}", { params: { path: { id } } })), {
        movesWith: () => false,
    })
    const reports = useLoaded(id, () =>
        body(api.GET("/v1/reports", { params: { query: { customer: id, limit: SHOWN } } })),
    )
    const jobs = useLoaded(id, () => body(api.GET("/v1/jobs", { params: { query: { customer: id, limit: SHOWN } } })))
    return (
        <div class="page">
            <a class="small job-back no-print" href="/desk/customers">
                <Icon of={ArrowLeft} size={16} /> {deskCustomers.back}
            </a>
            <Answered of={loaded}>
                {(customer) => (
                    <>
                        <div class="page-head">
                            <div class="row">
                                <h1>{customer.name}</h1>
                                <Tag tone={customer.class === "ordinary" ? "plain" : "info"}>
                                    {terms.customerClass[customer.class]}
                                </Tag>
                                {customer.refuses_calls && <Tag tone="warn">{deskCustomers.refuses}</Tag>}
                            </div>
                            <div class="row no-print">
                                {may("keep_customers") && (
                                    <a class="button" href={`/desk/customers/${id}/edit`}>
                                        {deskCustomers.edit}
                                    </a>
                                )}
                                <a class="button button-main" href={`/desk/intake?customer=${id}`}>
                                    {deskCustomers.report}
                                </a>
                            </div>
                        </div>
                        <div class="job-halves">
                            <div class="stack">
                                <Facts customer={customer} />
                                <Answered of={jobs}>{({ items }) => <Jobs id={id} jobs={items} />}</Answered>
                            </div>
                            <div class="stack">
                                <Answered of={reports}>
                                    {({ items }) => (
                                        <>
                                            <Products reports={items} />
                                            <Reports reports={items} />
                                        </>
                                    )}
                                </Answered>
                                {may("invite_customer") && jobs.data && <CustomerLinks jobs={jobs.data.items} />}
                            </div>
                        </div>
                    </>
                )}
            </Answered>
        </div>
    )
}

function Facts({ customer }: { customer: Customer }) {
    const text = words.value.deskCustomers
    const place = placeFields(customer)
    return (
        <section class="card" aria-label={customer.name}>
            <dl class="facts">
                <dt>{text.phone}</dt>
                <dd class="figures">
                    {customer.phone_is_masked ? customer.phone : <a href={`tel:${customer.phone}`}>{customer.phone}</a>}{" "}
                    <span class="small soft no-print">{text.phoneLogged}</span>
                </dd>
                <dt>{text.address}</dt>
                <dd>{customer.address}</dd>
                {place && (
                    <>
                        <dt>{text.onMap}</dt>
                        <dd class="figures">{place}</dd>
                    </>
                )}
            </dl>
            <p class="small soft figures">{text.since(wholeDay(customer.created_at))}</p>
        </section>
    )
}

function Jobs({ id, jobs }: { id: string; jobs: Schemas["Job"][] }) {
    const { deskCustomers } = words.value
    return (
        <section class="card" aria-label={deskCustomers.jobs}>
            <h2>{deskCustomers.jobs}</h2>
            {jobs.length === 0 && <p class="soft">{deskCustomers.noJobs}</p>}
            <ul class="stack">
                {jobs.map((job) => (
                    <li key={job.id}>
                        <span class="row">
                            <a class="figures" href={`/desk/jobs/${job.id}`}>
                                {job.number}
                            </a>
                            <JobStatus job={job} />
                            <span class="small soft figures">{dayAndTime(job.reported_at)}</span>
                        </span>
                        <span class="small">
                            {[job.product, job.fault, job.technician?.name].filter(Boolean).join(" · ")}
                        </span>
                    </li>
                ))}
            </ul>
            {jobs.length > 0 && (
                <a class="small no-print" href={`/desk/jobs?customer=${id}&status=all`}>
                    {deskCustomers.allJobs}
                </a>
            )}
        </section>
    )
}

function Products({ reports }: { reports: Schemas["CustomerReport"][] }) {
    const text = words.value.deskCustomers
    const products = productsOf(reports)
    return (
        <section class="card" aria-label={text.products}>
            <h2>{text.products}</h2>
            {products.length === 0 && <p class="soft">{text.noProducts}</p>}
            <ul class="stack">
                {products.map((product) => (
                    <li key={`${product.serial} ${product.product} ${product.model}`}>
                        <strong>{[product.product, product.model].filter(Boolean).join(" ")}</strong>{" "}
                        <span class="small soft figures">
                            {[
                                product.serial && text.serial(product.serial),
                                product.purchasedOn && text.bought(product.purchasedOn),
                            ]
                                .filter(Boolean)
                                .join(" · ")}
                        </span>
                    </li>
                ))}
            </ul>
        </section>
    )
}

function Reports({ reports }: { reports: Schemas["CustomerReport"][] }) {
    const { deskCustomers, terms } = words.value
    return (
        <section class="card" aria-label={deskCustomers.reports}>
            <h2>{deskCustomers.reports}</h2>
            {reports.length === 0 && <p class="soft">{deskCustomers.noReports}</p>}
            <ul class="stack">
                {reports.map((report) => (
                    <li key={report.id}>
                        <span class="row">
                            <a class="figures" href={`/desk/intake/${report.id}`}>
                                {report.number}
                            </a>
                            <Tag>{terms.reportClass[report.class]}</Tag>
                            <Tag tone={report.closed_at ? "plain" : "accent"}>{terms.reportState[report.state]}</Tag>
                            <span class="small soft figures">{dayAndTime(report.taken_at)}</span>
                        </span>
                        <span class="small">
                            {[report.told.product, report.told.fault].filter(Boolean).join(" · ")}
                        </span>
                    </li>
                ))}
            </ul>
        </section>
    )
}
