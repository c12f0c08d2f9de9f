/** The service sheet, as it stands or as it was signed: on paper it is what one hands out. */
import { FileDown, Printer } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered, Trouble } from "../answered.tsx"
import { download } from "../download.ts"
import { useLoaded } from "../loaded.ts"
import { wholeDay, wholeTime } from "../../design/dates.ts"
import { type Detail, nameOf, type TabProps } from "./job.tsx"
import { About, Parts, Priced, TakenOnSheet, Visit } from "./sheet_parts.tsx"
import { SignatureDrawing } from "./signature.tsx"
import { placeText, valueText } from "./words_of.ts"

type JobSheet = Schemas["JobSheet"]

export function SheetTab({ detail, template }: TabProps) {
    const text = words.value.deskJob.sheet
    const { query, path } = useLocation()
    const { job } = detail
    const act = useAct()
    const save = (from: string, name: string) => void act.run(() => download(from, name))
    const isSigned = detail.sign_offs.length > 0
    const asSigned = isSigned && query.now !== "1"
    const loaded = useLoaded(`${job.id} ${asSigned}`, () => load(job.id, asSigned), {
        movesWith: (moved) => moved === null || moved === job.id,
    })
    return (
        <div class="stack">
            <div class="row row-apart no-print">
                <nav class="tabs" aria-label={text.title}>
                    {isSigned && (
                        <a href={path} aria-current={asSigned ? "page" : undefined}>
                            {text.asSigned}
                        </a>
                    )}
                    <a href={`${path}?now=1`} aria-current={asSigned ? undefined : "page"}>
                        {text.now}
                    </a>
                </nav>
                <div class="row">
                    <Button icon={Printer} onClick={() => print()}>
                        {text.print}
                    </Button>
                    <Button
                        icon={FileDown}
                        disabled={act.isBusy}
                        onClick={() => save(`/v1/jobs/${job.id}/sheet.pdf`, `${job.number}.pdf`)}
                    >
                        {text.pdf}
                    </Button>
                    {may("export_evidence") && (
                        <Button
                            disabled={act.isBusy}
                            title={text.evidenceHint}
                            onClick={() => save(`/v1/jobs/${job.id}/bundle`, `${job.number}.evidence`)}
                        >
                            {text.evidence}
                        </Button>
                    )}
                </div>
            </div>
            <Trouble of={act.problem} />
            <Answered of={loaded}>
                {({ sheet, outlet }) => <Paper found={sheet} outlet={outlet} detail={detail} template={template} />}
            </Answered>
        </div>
    )
}

interface Found {
    sheet: JobSheet
    outlet: Schemas["Outlet"]
}

async function load(id: string, asSigned: boolean): Promise<Found> {
    const query = asSigned ? { as_signed: "true" } : {}
    // The other form of the answer, plain text, is not asked for.
    const sheet = (await body(api.GET("/v1/jobs/{id}/sheet", { params: { path: { id }, query } }))) as JobSheet
    const outlet = await body(api.GET("/v1/outlets/{id}", { params: { path: { id: sheet.sheet.outlet } } }))
    return { sheet, outlet }
}

interface PaperProps {
    found: JobSheet
    detail: Detail
    template: Schemas["Template"] | undefined
}

function Paper({ found, outlet, detail, template }: PaperProps & { outlet: Schemas["Outlet"] }) {
    const { deskJob } = words.value
    const text = deskJob.sheet
    const { sheet } = found
    return (
        <article class="sheet">
            {found.changed_after.length > 0 && (
                <div class="no-print">
                    <Notice tone="warn">{text.changedAfter(found.changed_after.length)}</Notice>
                </div>
            )}
            <header class="sheet-head">
                <div>
                    <p>
                        <strong>{outlet.name}</strong> <span class="figures">{outlet.phone}</span>
                    </p>
                    <h2>{text.title}</h2>
                </div>
                <p class="figures">
                    {text.number} <strong>{sheet.number}</strong>
                    <br />
                    {wholeDay(sheet.reported_at)}
                </p>
            </header>
            <About sheet={sheet} />
            <Priced sheet={sheet} />
            <Parts sheet={sheet} />
            <TakenOnSheet sheet={sheet} />
            <Visit sheet={sheet} />
            <Signed found={found} detail={detail} />
            <ChangedAfter found={found} detail={detail} template={template} />
        </article>
    )
}

function ChangedAfter({ found, detail, template }: PaperProps) {
    if (found.changed_after.length === 0) return null
    return (
        <section>
            <h3>{words.value.deskJob.sheet.changed}</h3>
            <ul class="small">
                {found.changed_after.map((change) => {
                    const path = change.path.split("/").filter(Boolean)
                    const say = (value: unknown) => valueText(path, value, (id) => nameOf(detail, id), template)
                    return (
                        <li key={change.path}>
                            {placeText(path, template)} <del>{say(change.before)}</del> → {say(change.after)}
                        </li>
                    )
                })}
            </ul>
        </section>
    )
}

function Signed({ found, detail }: { found: JobSheet; detail: Detail }) {
    const text = words.value.deskJob.sheet
    const facts = found.as_signed
    const signOff = facts ? detail.record.sign_offs?.[facts.id] : undefined
    if (!facts || !signOff) return <div class="sheet-signature">{text.signature}</div>
    const { rating } = signOff
    return (
        <div class="sheet-signature">
            <p>
                {facts.kind === "declined" ? text.declined(signOff.reason ?? "") : text.signature}
                <br />
                <strong>{signOff.name}</strong> <span class="figures">{wholeTime(signOff.at)}</span>
            </p>
            {signOff.strokes && <SignatureDrawing strokes={signOff.strokes} label={signOff.name} />}
            {rating?.quality != null && rating.attitude != null && (
                <p class="small">{text.rating(rating.quality, rating.attitude)}</p>
            )}
            {signOff.remarks && <p class="small">{signOff.remarks}</p>}
            <p class="sheet-hash small soft">{text.hash(found.sheet_hash)}</p>
        </div>
    )
}
