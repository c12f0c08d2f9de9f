import { api, body, type Schemas } from "../../api/client.ts"
import { Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { dayAndTime } from "../../design/dates.ts"

/** Older jobs' links have run out long since. */
const JOBS_MAX = 12

/** What this customer can open now, over all their jobs; each leads to where it is revoked. */
export function CustomerLinks({ jobs }: { jobs: Schemas["Job"][] }) {
    const { deskCustomers, deskJob, terms } = words.value
    const asked = jobs.slice(0, JOBS_MAX)
    const loaded = useLoaded(asked.map((job) => job.id).join(), () => Promise.all(asked.map(linksOf)))
    return (
        <section class="card" aria-label={deskCustomers.links}>
            <h2>{deskCustomers.links}</h2>
            <Answered of={loaded}>
                {(found) => {
                    const links = found.flat()
                    if (links.length === 0) return <p class="soft">{deskCustomers.noLinks}</p>
                    return (
                        <ul class="stack">
                            {links.map(({ job, link }) => (
                                <li key={link.id}>
                                    <span class="row">
                                        <a class="figures" href={`/desk/jobs/${job.id}/links`}>
                                            {job.number}
                                        </a>
                                        {link.scope.map((scope) => (
                                            <Tag key={scope}>{terms.scope[scope]}</Tag>
                                        ))}
                                    </span>
                                    <span class="small soft figures">
                                        {link.expires_at
                                            ? deskCustomers.expires(dayAndTime(link.expires_at))
                                            : deskJob.links.withJob}{" "}
                                        · {deskCustomers.opened(link.opens.length)}
                                    </span>
                                </li>
                            ))}
                        </ul>
                    )
                }}
            </Answered>
        </section>
    )
}

async function linksOf(job: Schemas["Job"]) {
    const links = await body(api.GET("/v1/jobs/{id}/links", { params: { path: { id: job.id } } }))
    return links.filter((link) => link.is_valid).map((link) => ({ job, link }))
}
