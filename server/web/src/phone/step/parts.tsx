import { Undo2 } from "lucide"
import { fittedParts } from "../../core/course.ts"
import type { JobView } from "../../core/handset.ts"
import type { EntryId } from "../../core/id.ts"
import type { Part } from "../../core/record.ts"
import { IconButton } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { me, newEntry, now, write } from "../phone.ts"
import { NewPart } from "./new_part.tsx"

/** Parts that were fitted, and one more. */
export function Parts({ job }: { job: JobView }) {
    const said = words.value.part
    const fitted = fittedParts(job.record)
    const takeOff = (id: EntryId, part: Part) => {
        const by = me.value?.person
        if (by) void write(job.id, [{ edit: "part", id: newEntry(), part: { ...part, undoes: id, by, at: now() } }])
    }
    return (
        <section class="stack">
            <h2>{said.title}</h2>
            <ul class="stack">
                {fitted.map(([id, part]) => (
                    <li class="card" key={id}>
                        <div class="row row-apart">
                            <div>
                                <strong>
                                    {part.name} × {part.quantity_milli / 1000}
                                </strong>
                                <p class="soft small">
                                    {[part.code, part.serial, said.oldParts[part.old_part]].filter(Boolean).join(" · ")}
                                </p>
                            </div>
                            {!job.gone && (
                                <IconButton icon={Undo2} label={said.takeOff} onClick={() => takeOff(id, part)} />
                            )}
                        </div>
                    </li>
                ))}
            </ul>
            {!job.gone && <NewPart key={fitted.length} job={job} />}
        </section>
    )
}
