/** Versions of checklists: the newest is what jobs begin with, the earlier ones are kept by those that began with them. */
import type { Schemas } from "../../api/client.ts"
import { momentText } from "../../design/dates.ts"
import { Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"

type Version = Schemas["TemplateVersion"]

export function Versions({ of, shown }: { of: Version[]; shown?: { id: string; version: number } }) {
    const text = words.value.deskTemplates
    const isShown = ({ id, version }: Version) => id === shown?.id && version === shown.version
    return (
        <ul class="stack">
            {of.map((known) => (
                <li key={`${known.id} ${known.version}`}>
                    <a
                        href={`/desk/outlets/templates/${known.id}/${known.version}`}
                        aria-current={isShown(known) ? "page" : undefined}
                    >
                        {pick(known.name)}
                    </a>{" "}
                    <span class="small soft">{words.value.deskLists.outlets.version(known.version)}</span>{" "}
                    {known.is_newest && <Tag tone="good">{text.newest}</Tag>}
                    <br />
                    <span class="small soft figures">
                        {text.steps(known.steps)} · {published(known)}
                    </span>
                </li>
            ))}
        </ul>
    )
}

function published({ published_at, published_by_name }: Version): string {
    const text = words.value.deskTemplates
    return published_at ? text.publishedBy(published_by_name ?? "", momentText(published_at)) : text.shipped
}
