/** Everything about one job; its tabs are addresses. */
import { ArrowLeft } from "lucide"
import { useLocation, useRoute } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { dayAndTime } from "../../design/dates.ts"
import { Icon } from "../../design/icon.tsx"
import { Notice, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { AssignDialog } from "../board/assign_dialog.tsx"
import { Flags } from "../jobs/jobs.tsx"
import { type Loaded, useLoaded } from "../loaded.ts"
import { Actions } from "./actions.tsx"
import { CallsForHelp } from "./calls_for_help.tsx"
import { Differences } from "./differences.tsx"
import { HistoryTab } from "./history.tsx"
import "./job.css"
import { LinksTab } from "./links.tsx"
import { MoneyTab } from "./money.tsx"
import { PhotosTab } from "./photos.tsx"
import { RecordTab } from "./record.tsx"
import { SheetTab } from "./sheet.tsx"
import { TakenWarnings } from "./taken.tsx"
import { JobStatus } from "../job_status.tsx"

export type Detail = Schemas["JobDetail"]

/** What a tab is given. */
export interface TabProps {
    detail: Detail
    template: Schemas["Template"] | undefined
    reload: () => Promise<void>
}

const TABS = ["record", "history", "money", "photos", "differences", "sheet", "links"] as const
type Tab = (typeof TABS)[number]

export function JobPage() {
    const { params } = useRoute()
    const id = params.id ?? ""
    const tab = TABS.find((name) => name === params.tab) ?? "record"
    const loaded = useLoaded(id, () => loadJob(id), { movesWith: (job) => job === null || job === id })
    return (
        <div class="page">
            <Answered of={loaded}>{(found) => <Shown {...found} tab={tab} loaded={loaded} />}</Answered>
        </div>
    )
}

interface Found {
    detail: Detail
    template: Schemas["Template"] | undefined
    /** Entries of the inbox about this job that wait for a decision. */
    quarantined: number
}

/** A version of a checklist never changes. */
const templates = new Map<string, Promise<Schemas["Template"]>>()

async function loadJob(id: string): Promise<Found> {
    const [detail, quarantine] = await Promise.all([
        body(api.GET("/v1/jobs/{id}", { params: { path: { id } } })),
        may("read_quarantine")
            ? body(api.GET("/v1/quarantine", { params: { query: { job: id, open: true } } }))
            : { items: [] },
    ])
    const { template: name, template_version: version } = detail.record.meta
    const key = `${name} ${version}`
    const path = { id: name, version }
    const asked = templates.get(key) ?? body(api.GET("/v1/templates/{id}/{version}", { params: { path } }))
    templates.set(key, asked)
    const template = await asked.catch(() => {
        templates.delete(key)
        return undefined
    })
    return { detail, template, quarantined: quarantine.items.length }
}

function Shown({ detail, template, quarantined, tab, loaded }: Found & { tab: Tab; loaded: Loaded<Found> }) {
    const { query, route, path } = useLocation()
    const { job } = detail
    const given = { detail, template, reload: loaded.reload }
    return (
        <>
            <Head detail={detail} reload={loaded.reload} isOnPaper={tab !== "sheet"} />
            <Warnings detail={detail} template={template} />
            <Tabs job={job} tab={tab} quarantined={quarantined} />
            {tab === "record" && <RecordTab {...given} />}
            {tab === "history" && <HistoryTab {...given} />}
            {tab === "money" && <MoneyTab {...given} />}
            {tab === "photos" && <PhotosTab {...given} />}
            {tab === "differences" && <Differences {...given} />}
            {tab === "sheet" && <SheetTab {...given} />}
            {tab === "links" && <LinksTab {...given} />}
            {query.assign && may("dispatch") && (
                <AssignDialog
                    id={job.id}
                    wish={undefined}
                    refusal={undefined}
                    onClose={() => {
                        route(path, true)
                        void loaded.reload()
                    }}
                />
            )}
        </>
    )
}

interface HeadProps {
    detail: Detail
    reload: () => Promise<void>
    /** The sheet has a head of its own. */
    isOnPaper: boolean
}

function Head({ detail, reload, isOnPaper }: HeadProps) {
    const { terms, deskJob } = words.value
    const { job } = detail
    return (
        <div class={isOnPaper ? "job-head" : "job-head no-print"}>
            <a class="small job-back no-print" href="/desk/jobs">
                <Icon of={ArrowLeft} size={16} /> {deskJob.back}
            </a>
            <div class="page-head">
                <div class="row">
                    <h1 class="figures">{job.number}</h1>
                    <JobStatus job={job} />
                    {job.urgency && (
                        <Tag tone={job.urgency === "urgent" ? "bad" : "plain"}>{terms.urgency[job.urgency]}</Tag>
                    )}
                    <Flags job={job} />
                </div>
                <Actions detail={detail} reload={reload} />
            </div>
            <p>
                <strong>{job.name}</strong>{" "}
                <span class="soft">{[job.product, job.fault].filter(Boolean).join(" · ")}</span>
            </p>
        </div>
    )
}

function Warnings({ detail, template }: Pick<TabProps, "detail" | "template">) {
    const { terms, deskJob, deskShell, delay } = words.value
    const { rework } = detail
    return (
        <div class="stack no-print job-warnings">
            {detail.missing.length > 0 && (
                <Notice tone="warn">
                    {deskJob.missing(deskShell.listed(detail.missing.map((field) => terms.reportField[field])))}
                </Notice>
            )}
            {rework && (
                <Notice tone="info">
                    <a href={`/desk/jobs/${rework.of}`}>{deskJob.reworkOf(rework.number)}</a>{" "}
                    {rework.is_warranted ? deskJob.inWarranty : deskJob.outOfWarranty}
                    {rework.cause && ` · ${rework.cause}`}
                    {rework.technician && ` · ${rework.technician.name}`}
                </Notice>
            )}
            {detail.job.delay && (
                <Notice tone={detail.job.delay.word === "someone_else" ? "bad" : "warn"}>
                    <strong>{delay.title}</strong> {delay.expected(dayAndTime(detail.job.delay.arrives_at))} ·{" "}
                    {delay.word[detail.job.delay.word]}
                </Notice>
            )}
            <TakenWarnings detail={detail} />
            <CallsForHelp detail={detail} template={template} />
            {detail.doubtful_times.length > 0 && (
                <Notice tone="warn">{deskJob.doubtfulHint(detail.doubtful_times.length)}</Notice>
            )}
        </div>
    )
}

function Tabs({ job, tab, quarantined }: { job: Schemas["Job"]; tab: Tab; quarantined: number }) {
    const { tabs } = words.value.deskJob
    const differences = job.conflicts + job.matters + quarantined
    const shown = TABS.filter((name) => name !== "links" || may("invite_customer"))
    return (
        <nav class="tabs no-print" aria-label={job.number}>
            {shown.map((name) => (
                <a
                    key={name}
                    href={`/desk/jobs/${job.id}${name === "record" ? "" : `/${name}`}`}
                    aria-current={name === tab ? "page" : undefined}
                >
                    {tabs[name]}
                    {name === "differences" && differences > 0 && <Tag tone="warn">{differences}</Tag>}
                </a>
            ))}
        </nav>
    )
}

/** A person's name, as the job knows it. */
export function nameOf(detail: Detail, id: string | null | undefined): string {
    return detail.people.find((person) => person.id === id)?.name ?? words.value.deskJob.history.customer
}
