import type { Edit } from "../../core/edit.ts"
import type { JobView } from "../../core/handset.ts"
import { placeName, placeWords } from "../../core/place.ts"
import type { Mark } from "../../core/record.ts"
import { momentText } from "../../design/dates.ts"
import { Button } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { write } from "../phone.ts"

/**
 * Where two people wrote at once, in the whole job or at this place of it: all the values, whose they are, and the choice between them. What is
 * chosen is on record, and so is the rest.
 */
export function Conflicts({ job, of = [] }: { job: JobView; of?: string[] }) {
    const said = words.value.conflict
    const conflicts = job.conflicts.filter(({ path }) => of.every((name, place) => path[place] === name))
    const id = ["conflicts", ...of].join("-")
    if (conflicts.length === 0) return null
    return (
        <section class="stack" aria-labelledby={id}>
            <h2 id={id}>{said.title}</h2>
            <p class="soft small">{said.text}</p>
            {conflicts.map(({ path, values }) => (
                <article class="card" key={path.join("/")}>
                    <h3>{pick(placeName(path, job.template))}</h3>
                    {values.map((value) => {
                        const edit = settling(path, value.value)
                        return (
                            <div class="row row-apart" key={value.change}>
                                <div>
                                    <p>{pick(placeWords(path, value.value))}</p>
                                    <p class="soft small">
                                        {value.isOwn ? said.mine : (value.name ?? said.others)}
                                        {value.at && ` · ${momentText(value.at)}`}
                                    </p>
                                </div>
                                {edit && !job.gone && (
                                    <Button onClick={() => void write(job.id, [edit])}>{said.take}</Button>
                                )}
                            </div>
                        )
                    })}
                </article>
            ))}
        </section>
    )
}

/** What writes this value again as the one that holds; none for what is not the technician's to choose. */
function settling([map, key = ""]: string[], value: unknown): Edit | undefined {
    if (map === "notes" && typeof value === "string") return { edit: "note", step: key, text: value }
    if (map === "diagnosis" && (key === "cause" || key === "measures") && typeof value === "string") {
        return { edit: key, text: value }
    }
    return map === "marks" && isMark(value) ? { edit: "mark", step: key, mark: value } : undefined
}

function isMark(value: unknown): value is Mark {
    return typeof value === "object" && value !== null && "kind" in value && "by" in value && "at" in value
}
