/** A report that was taken: what is missing, whether it repeats another, what becomes of it, what was promised. */
import { useSignal } from "@preact/signals"
import { useRoute } from "preact-iso"
import { useEffect, useRef } from "preact/hooks"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Dialog, Field, Notice, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { session } from "../../api/session.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { AskUpward } from "../answers/ask_upward.tsx"
import { PromisesOf } from "../answers/promises_of.tsx"
import { Answered, Trouble } from "../answered.tsx"
import { type Loaded, useLoaded } from "../loaded.ts"
import { dayAndTime } from "../../design/dates.ts"
import { AmendTold, HandOver } from "./amend_report.tsx"
import { Complete } from "./complete.tsx"
import "./intake.css"
import { Repeats } from "./repeats.tsx"
import { asListed, isOutdated } from "./report_moved.ts"

export type Report = Schemas["CustomerReport"]

export interface ReportProps {
    report: Report
    reload: () => Promise<void>
}

export function ReportPage() {
    const { params } = useRoute()
    const id = params.id ?? ""
    // Each look at the number is logged, so it is asked for again only when the report has moved.
    const loaded = useLoaded(id, () => body(api.GET("/v1/reports/{id}", { params: { path: { id } } })), {
        movesWith: () => false,
    })
    useMoved(loaded)
    return (
        <div class="page">
            <Answered of={loaded}>{(report) => <Shown report={report} reload={loaded.reload} />}</Answered>
        </div>
    )
}

/** Shows the report anew once the list has it otherwise than it stands here; for one state of the list once. */
function useMoved({ data: shown, reload }: Loaded<Report>): void {
    const answered = useRef("")
    const listed = useLoaded(shown?.number ?? "", async () => shown && asListed(shown), {
        movesWith: (moved, kind) => kind !== "job" || moved === shown?.job,
    })
    useEffect(() => {
        if (!shown || !listed.data || !isOutdated(shown, listed.data)) return
        const now = JSON.stringify(listed.data)
        if (now === answered.current) return
        answered.current = now
        void reload()
    }, [listed.data])
}

/** Whoever took it or has it in hand, and the desk. */
function mayAct(report: Report): boolean {
    const me = session.value?.person.id
    return may("amend_jobs") || report.owner.id === me || report.taken_by.id === me
}

function Shown({ report, reload }: ReportProps) {
    const { deskAmend, deskIntake, terms } = words.value
    const asked = useSignal<"amend" | "hand over" | undefined>(undefined)
    const close = () => {
        asked.value = undefined
        void reload()
    }
    return (
        <>
            <div class="page-head">
                <div class="row">
                    <h1 class="figures">{deskIntake.report(report.number)}</h1>
                    <Tag tone={report.closed_at ? "plain" : "accent"}>{terms.reportState[report.state]}</Tag>
                    <Tag>{terms.reportClass[report.class]}</Tag>
                    {report.repeated > 0 && <Tag tone="warn">{deskIntake.repeatedTimes(report.repeated)}</Tag>}
                </div>
                <div class="row no-print">
                    {mayAct(report) && (
                        <>
                            <Button onClick={() => (asked.value = "amend")}>{deskAmend.report}</Button>
                            <Button onClick={() => (asked.value = "hand over")}>{deskAmend.handOver}</Button>
                        </>
                    )}
                    <a class="button" href="/desk/intake">
                        {deskIntake.next}
                    </a>
                </div>
            </div>
            {asked.value === "amend" && <AmendTold report={report} onClose={close} />}
            {asked.value === "hand over" && <HandOver report={report} onClose={close} />}
            {report.notice && <Notice tone="info">{pick(report.notice)}</Notice>}
            <div class="job-halves">
                <div class="stack">
                    <Repeats report={report} reload={reload} />
                    <Told report={report} />
                    <Complete report={report} reload={reload} />
                </div>
                <div class="stack">
                    <Course report={report} reload={reload} />
                    <AskUpward report={report.id} isOver={report.state === "answered" || report.state === "void"} />
                    <PromisesOf about={{ report: report.id }} />
                </div>
            </div>
        </>
    )
}

function Told({ report }: { report: Report }) {
    const { deskAmend, deskIntake, deskShell, everywhere, terms } = words.value
    const { told } = report
    const area = told.area ? terms.area[told.area] : undefined
    const urgency = told.urgency ? terms.urgency[told.urgency] : undefined
    const rows: [keyof typeof terms.reportField, string | null | undefined][] = [
        ["name", told.name],
        ["phone", told.phone],
        ["address", told.address],
        ["fault", told.fault],
        ["product", [told.product, told.model, told.serial].filter(Boolean).join(" · ")],
        ["wanted", told.wanted],
        ["urgency", urgency],
        ["area", area],
    ]
    return (
        <section class="card" aria-label={report.number}>
            <dl class="facts">
                {rows.map(
                    ([field, value]) =>
                        value && (
                            <>
                                <dt>{terms.reportField[field]}</dt>
                                <dd>{value}</dd>
                            </>
                        ),
                )}
            </dl>
            <p class="small soft figures">
                {deskIntake.takenBy(report.taken_by.name, dayAndTime(report.taken_at))} ·{" "}
                {deskIntake.owner(report.owner.name)}
            </p>
            {report.owners.length > 1 && (
                <p class="small soft figures">
                    {everywhere.pair(
                        deskAmend.owners,
                        deskShell.listed(
                            report.owners.map((owner) =>
                                deskAmend.ownerSince(owner.person.name, dayAndTime(owner.since)),
                            ),
                        ),
                    )}
                </p>
            )}
            {report.customer && may("read_customers") && (
                <a class="small" href={`/desk/customers/${report.customer}`}>
                    {words.value.deskCustomers.toCustomer}
                </a>
            )}
            {report.answer && <Notice tone="good">{report.answer}</Notice>}
        </section>
    )
}

type Ending = "answer" | "solve-remotely"

/** What becomes of it. */
function Course({ report, reload }: ReportProps) {
    const { deskIntake, deskShell, everywhere } = words.value
    const act = useAct()
    const asked = useSignal<Ending | undefined>(undefined)
    const path = { id: report.id }
    const openJob = async () => {
        await act.run(() => body(api.POST("/v1/reports/{id}/job", { params: { path } })))
        await reload()
    }
    const end = async (event: SubmitEvent) => {
        event.preventDefault()
        const text = String(new FormData(event.currentTarget as HTMLFormElement).get("text"))
        const to = { params: { path }, headers: once(), body: { text } }
        const went = await act.run(() =>
            asked.value === "answer"
                ? body(api.POST("/v1/reports/{id}/answer", to))
                : body(api.POST("/v1/reports/{id}/solve-remotely", to)),
        )
        if (!went) return
        asked.value = undefined
        await reload()
    }
    const acts = mayAct(report) && !report.closed_at
    if (!report.job && !acts && !asked.value) return null
    return (
        <section class="card">
            {report.job && (
                <a class="button button-main" href={`/desk/jobs/${report.job}`}>
                    {deskIntake.job}
                </a>
            )}
            {acts && !report.job && (
                <>
                    <Button kind="main" disabled={act.isBusy} onClick={() => void openJob()}>
                        {deskIntake.openJob}
                    </Button>
                    <Button onClick={() => (asked.value = "answer")}>{deskIntake.giveAnswer}</Button>
                </>
            )}
            {acts && report.job && <Button onClick={() => (asked.value = "solve-remotely")}>{deskIntake.solve}</Button>}
            {!asked.value && <Trouble of={act.problem} />}
            {asked.value && (
                <Dialog
                    title={asked.value === "answer" ? deskIntake.giveAnswer : deskIntake.solve}
                    onClose={() => (asked.value = undefined)}
                >
                    <form class="stack" onSubmit={end}>
                        <Field name="text" label={deskIntake.answerText} required maxLength={2000} />
                        <Trouble of={act.problem} />
                        <div class="row row-apart">
                            <Button onClick={() => (asked.value = undefined)}>{everywhere.cancel}</Button>
                            <Button type="submit" kind="main" disabled={act.isBusy}>
                                {deskShell.send}
                            </Button>
                        </div>
                    </form>
                </Dialog>
            )}
        </section>
    )
}
