/** One version of a checklist, as technicians have it: steps, evidence, what may happen, what to say. */
import { ArrowLeft, Download } from "lucide"
import { useRoute } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Icon } from "../../design/icon.tsx"
import { giveFile } from "../../design/give_file.ts"
import { Button, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { Versions } from "./versions.tsx"

export function TemplatePage() {
    const text = words.value.deskLists.outlets
    const { id = "", version = "" } = useRoute().params
    const path = { id, version: Number(version) }
    const loaded = useLoaded(
        `${id} ${version}`,
        () => body(api.GET("/v1/templates/{id}/{version}", { params: { path } })),
        { movesWith: () => false },
    )
    return (
        <div class="page">
            <a class="small job-back no-print" href="/desk/outlets">
                <Icon of={ArrowLeft} size={16} /> {text.back}
            </a>
            <Answered of={loaded}>
                {(template) => (
                    <>
                        <div class="row">
                            <h1>{pick(template.name)}</h1>
                            <Tag>{text.version(template.version)}</Tag>
                            {template.warranty_months !== undefined && (
                                <span class="soft">{text.warranty(template.warranty_months)}</span>
                            )}
                            <Button icon={Download} onClick={() => giveTemplate(template)}>
                                {words.value.deskTemplates.download}
                            </Button>
                        </div>
                        <OtherVersions of={template} />
                        {template.kit && template.kit.length > 0 && (
                            <p class="card">
                                <strong>{text.kit}</strong>
                                {words.value.deskShell.listed(template.kit.map((item) => pick(item.name)))}
                            </p>
                        )}
                        <ol class="stack template-steps">
                            {template.steps.map((step, index) => (
                                <Step key={step.id} step={step} number={index + 1} />
                            ))}
                        </ol>
                    </>
                )}
            </Answered>
        </div>
    )
}

/** As a file that can be changed and published: its version is the one that the server gave. */
function giveTemplate(template: Schemas["Template"]): void {
    const text = `${JSON.stringify(template, null, 2)}\n`
    giveFile(new Blob([text], { type: "application/json" }), `${template.id}.v${template.version}.json`)
}

function OtherVersions({ of }: { of: Schemas["Template"] }) {
    const templates = useLoaded("templates", () => body(api.GET("/v1/templates")), { movesWith: () => false })
    return (
        <Answered of={templates}>
            {(found) => {
                const versions = found.filter((known) => known.id === of.id)
                if (versions.length < 2) return null
                return (
                    <details class="card no-print">
                        <summary>{words.value.deskTemplates.versions(versions.length)}</summary>
                        <Versions of={versions} shown={of} />
                    </details>
                )
            }}
        </Answered>
    )
}

function Step({ step, number }: { step: Schemas["StepTemplate"]; number: number }) {
    const { deskLists, deskShell, terms } = words.value
    const text = deskLists.outlets
    return (
        <li class="card">
            <div class="row">
                <h2>
                    {number}. {pick(step.name)}
                </h2>
                {step.stage && <Tag tone="accent">{terms.stage[step.stage]}</Tag>}
                {step.optional && <Tag>{text.optional}</Tag>}
            </div>
            <p>{pick(step.task)}</p>
            {step.rule && <p class="small soft">{pick(step.rule)}</p>}
            <dl class="facts small">
                {step.gates && step.gates.length > 0 && (
                    <>
                        <dt>{text.gates}</dt>
                        <dd>{deskShell.listed(step.gates.map((gate) => text.gate[gate]))}</dd>
                    </>
                )}
                {step.evidence && step.evidence.length > 0 && (
                    <>
                        <dt>{text.evidence}</dt>
                        <dd>
                            {deskShell.listed(
                                step.evidence.map((asked) =>
                                    asked.required ? text.required(pick(asked.label)) : pick(asked.label),
                                ),
                            )}
                        </dd>
                    </>
                )}
                {step.plays?.map((play) => (
                    <>
                        <dt>{text.plays}</dt>
                        <dd>
                            <strong>{pick(play.happens)}</strong> → {pick(play.action)}
                        </dd>
                    </>
                ))}
                {step.phrases?.map((phrase) => (
                    <>
                        <dt>{text.phrases}</dt>
                        <dd>
                            {pick(phrase.say)} {phrase.avoid && <del class="soft">{pick(phrase.avoid)}</del>}
                        </dd>
                    </>
                ))}
            </dl>
        </li>
    )
}
