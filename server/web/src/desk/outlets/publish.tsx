/** Publishing a checklist from a file: what is wrong with it is said by place, what it changes is shown, and only then is it published. */
import { useSignal } from "@preact/signals"
import { Fragment } from "preact"
import { api, body, type Schemas } from "../../api/client.ts"
import { Problem } from "../../api/problem.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Trouble } from "../answered.tsx"
import { say } from "../said.ts"

/** What was chosen, and what the server says of it. */
interface Chosen {
    text: string
    check: Schemas["TemplateCheck"]
}

export function PublishForm({ onPublished }: { onPublished: () => Promise<void> }) {
    const text = words.value.deskTemplates
    const act = useAct()
    const chosen = useSignal<Chosen | undefined>(undefined)
    /** As it was read, wrong or not: errors are named by what stands there. */
    const read = useSignal("")
    const choose = async (input: HTMLInputElement) => {
        const [file] = input.files ?? []
        chosen.value = undefined
        act.forget()
        if (!file) return
        await act.run(async () => {
            const sent = await file.text()
            read.value = sent
            chosen.value = { text: sent, check: await body(api.POST("/v1/templates/check", asIs(sent))) }
        })
    }
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const form = event.currentTarget as HTMLFormElement
        const sent = chosen.value?.text
        if (sent === undefined) return
        const went = await act.run(async () => {
            const { name, version } = await body(api.POST("/v1/templates", asIs(sent)))
            say(text.published(pick(name), version))
        })
        if (!went) return
        form.reset()
        chosen.value = undefined
        await onPublished()
    }
    const errors = act.problem instanceof Problem ? (act.problem.body?.errors ?? []) : []
    const check = chosen.value?.check
    const isDue = check !== undefined && check.version === check.version_due
    return (
        <form class="card" onSubmit={submit}>
            <h2>{text.publish}</h2>
            <p class="small soft">{text.publishHint}</p>
            <Field
                label={text.file}
                type="file"
                accept=".json,application/json"
                required
                onChange={(event) => void choose(event.currentTarget)}
            />
            {errors.length > 0 ? <Errors errors={errors} of={read.value} /> : <Trouble of={act.problem} />}
            {check && !isDue && <Notice tone="bad">{text.notDue(check.version, check.version_due)}</Notice>}
            {check && isDue && <Changes check={check} />}
            <Button type="submit" kind="main" disabled={act.isBusy || !isDue}>
                {check ? text.publishVersion(check.version_due) : text.publish}
            </Button>
        </form>
    )
}

/** The file goes as it is: the server says by place what is wrong with it. */
function asIs(text: string) {
    return { body: text as unknown as Schemas["Template"], bodySerializer: () => text }
}

function Changes({ check }: { check: Schemas["TemplateCheck"] }) {
    const { deskShell, deskTemplates: text, everywhere } = words.value
    const { difference } = check
    if (!difference) return <Notice tone="good">{text.isNew(check.id)}</Notice>
    const { added, removed, changed, reordered, fields, since } = difference
    const groups = [
        [text.added, added],
        [text.removed, removed],
        [text.changed, changed],
    ] as const
    const field = (name: string) => text.fields[name as keyof typeof text.fields] ?? name
    const others = [...fields.map(field), ...(reordered ? [text.reordered] : [])]
    const isSame = others.length === 0 && groups.every(([, steps]) => steps.length === 0)
    return (
        <section class="stack" aria-label={text.differs(since)}>
            <h3>{text.differs(since)}</h3>
            {isSame && <Notice tone="warn">{text.same}</Notice>}
            <dl class="facts">
                {groups.map(
                    ([name, steps]) =>
                        steps.length > 0 && (
                            <Fragment key={name}>
                                <dt>{name}</dt>
                                {steps.map((step) => (
                                    <dd key={step.id}>
                                        {step.fields.length > 0
                                            ? everywhere.pair(pick(step.name), deskShell.listed(step.fields.map(field)))
                                            : pick(step.name)}
                                    </dd>
                                ))}
                            </Fragment>
                        ),
                )}
                {others.length > 0 && (
                    <>
                        <dt>{text.besides}</dt>
                        <dd>{deskShell.listed(others)}</dd>
                    </>
                )}
            </dl>
        </section>
    )
}

function Errors({ errors, of }: { errors: Schemas["FieldError"][]; of: string }) {
    const { deskLists, deskTemplates } = words.value
    return (
        <div class="stack">
            <Notice tone="bad">{deskTemplates.errors(errors.length)}</Notice>
            <div class="table-frame import-errors" role="region" tabIndex={0} aria-label={deskLists.prices.what}>
                <table class="table">
                    <thead>
                        <tr>
                            <th>{deskTemplates.place}</th>
                            <th>{deskLists.prices.what}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {errors.map((error) => (
                            <tr key={`${error.at} ${error.en}`}>
                                <td>{placeText(error.at, of)}</td>
                                <td>{pick(error)}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </div>
    )
}

/** As in `/steps/3/name/en`, which is the fourth step of the file. */
export function placeText(at: string, file: string): string {
    const text = words.value.deskTemplates
    const [, list, place, ...rest] = at.split("/")
    if (list !== "steps" || place === undefined) return at === "" ? text.wholeFile : at.slice(1).replaceAll("/", " › ")
    return [text.step(Number(place) + 1, stepIdOf(file, Number(place))), ...rest].join(" › ")
}

function stepIdOf(file: string, place: number): string {
    try {
        const id: unknown = JSON.parse(file).steps[place].id
        return typeof id === "string" ? id : ""
    } catch {
        return ""
    }
}
