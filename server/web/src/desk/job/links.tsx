import { useSignal } from "@preact/signals"
import { Link2Off } from "lucide"
import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Empty, Field, Notice, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered, Trouble } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { clientName } from "../people/client_name.ts"
import { say } from "../said.ts"
import { dayAndTime } from "../../design/dates.ts"
import type { TabProps } from "./job.tsx"

type Scope = Schemas["LinkScope"]
const SCOPES: Scope[] = ["view", "accept", "sign", "rate"]

/** The customer's links: made, seen to be used, revoked. */
export function LinksTab({ detail }: TabProps) {
    const text = words.value.deskJob.links
    const { id } = detail.job
    const loaded = useLoaded(id, () => body(api.GET("/v1/jobs/{id}/links", { params: { path: { id } } })), {
        movesWith: (job) => job === null || job === id,
    })
    return (
        <div class="job-halves">
            <Answered of={loaded}>
                {(links) =>
                    links.length === 0 ? (
                        <Empty icon={Link2Off}>{text.none}</Empty>
                    ) : (
                        <ul class="stack">
                            {links.map((link) => (
                                <LinkLine key={link.id} job={id} link={link} onRevoked={loaded.reload} />
                            ))}
                        </ul>
                    )
                }
            </Answered>
            {may("invite_customer") && <Create job={id} onCreated={loaded.reload} />}
        </div>
    )
}

interface LineProps {
    job: string
    link: Schemas["Link"]
    onRevoked: () => Promise<void>
}

function LinkLine({ job, link, onRevoked }: LineProps) {
    const { deskJob, terms } = words.value
    const text = deskJob.links
    const act = useAct()
    const revoke = async () => {
        const path = { id: job, link: link.id }
        await act.run(() => body(api.DELETE("/v1/jobs/{id}/links/{link}", { params: { path } })))
        await onRevoked()
    }
    const ended = link.revoked_at ? text.revoked(dayAndTime(link.revoked_at)) : text.expired
    return (
        <li class="card">
            <div class="row row-apart">
                <span class="row">
                    <Tag tone={link.is_valid ? "good" : "plain"}>{link.is_valid ? text.valid : ended}</Tag>
                    {link.scope.map((scope) => (
                        <Tag key={scope}>{terms.scope[scope]}</Tag>
                    ))}
                </span>
                {link.is_valid && (
                    <Button kind="bad" disabled={act.isBusy} title={text.revokeSure} onClick={() => void revoke()}>
                        {text.revoke}
                    </Button>
                )}
            </div>
            <p class="small soft figures">
                {text.madeBy(link.created_by.name, dayAndTime(link.created_at))} ·{" "}
                {link.expires_at ? text.expires(dayAndTime(link.expires_at)) : text.withJob}
            </p>
            {link.opens.length === 0 && <p class="small soft">{text.neverOpened}</p>}
            <ul class="small">
                {link.opens.map((open) => (
                    <li key={`${open.at} ${open.act}`}>
                        <span class="figures">{dayAndTime(open.at)}</span> {terms.linkAct[open.act]}{" "}
                        <span class="soft">{deviceName(open.browser)}</span>
                        <details class="job-whole">
                            <summary class="soft">{text.whole}</summary>
                            <span class="soft">
                                {open.address} {open.browser}
                            </span>
                        </details>
                    </li>
                ))}
            </ul>
            <Trouble of={act.problem} />
        </li>
    )
}

function Create({ job, onCreated }: { job: string; onCreated: () => Promise<void> }) {
    const { deskJob, terms } = words.value
    const text = deskJob.links
    const act = useAct()
    const made = useSignal<string | undefined>(undefined)
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const filled = new FormData(event.currentTarget as HTMLFormElement)
        const days = Number(filled.get("days"))
        const input = { scope: filled.getAll("scope") as Scope[], ...(days > 0 && { expires_in_days: days }) }
        const to = { params: { path: { id: job } }, headers: once(), body: input }
        await act.run(async () => (made.value = (await body(api.POST("/v1/jobs/{id}/links", to))).url))
        await onCreated()
    }
    return (
        <form class="card" onSubmit={submit}>
            <h2>{text.create}</h2>
            <fieldset class="field">
                <legend>{text.scope}</legend>
                {SCOPES.map((scope) => (
                    <label key={scope} class="row job-check">
                        <input type="checkbox" name="scope" value={scope} defaultChecked />
                        {terms.scope[scope]}
                    </label>
                ))}
            </fieldset>
            <Field label={text.days} hint={text.daysHint} name="days" type="number" min={1} max={366} />
            <Trouble of={act.problem} />
            <Button type="submit" kind="main" disabled={act.isBusy}>
                {text.create}
            </Button>
            {made.value && (
                <Notice tone="good">
                    <p>{text.address}</p>
                    <p class="job-address figures">{made.value}</p>
                    <Button onClick={() => void copy(made.value ?? "", text.copied)}>{text.copy}</Button>
                </Notice>
            )}
        </form>
    )
}

/** What opened it, in a short word; a program that is no browser by the first word that it says of itself. */
export function deviceName(browser: string): string {
    const name = clientName(browser)
    return name === browser ? (/^[^\s/(]+/.exec(browser)?.[0] ?? "–") : name
}

/** Takes an address along, to be sent in another window. */
export async function copy(address: string, told: string): Promise<void> {
    await navigator.clipboard.writeText(address)
    say(told)
}
