import { Plus, Undo2 } from "lucide"
import { useSignal } from "@preact/signals"
import { fittedParts } from "../../core/course.ts"
import type { JobView } from "../../core/handset.ts"
import type { EntryId } from "../../core/id.ts"
import type { OldPart, Part } from "../../core/record.ts"
import { Button, Field, IconButton } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { handset, me, newEntry, now, write } from "../phone.ts"

const OLD_PARTS: OldPart[] = ["returned", "left_with_customer", "none"]
/** Offered while typing. */
const OFFERED_MAX = 8

/** Parts that were fitted, and one more: from the price list, or by its code and name. */
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

function NewPart({ job }: { job: JobView }) {
    const said = words.value.part
    const [code, name, serial, quantity] = [useSignal(""), useSignal(""), useSignal(""), useSignal("1")]
    const oldPart = useSignal<OldPart>("returned")
    const milli = Math.round(Number(quantity.value) * 1000)
    const isWhole = code.value.trim() !== "" && name.value.trim() !== "" && Number.isSafeInteger(milli) && milli > 0
    const listed = (handset.value?.priceList()?.items ?? []).filter((item) => item.kind === "part")
    const wanted = name.value.trim().toLowerCase()
    const offered = listed.filter(
        (item) =>
            wanted !== "" &&
            [item.code, item.name.zh, item.name.en].some((text) => text.toLowerCase().includes(wanted)),
    )
    const fit = (event: Event) => {
        event.preventDefault()
        const by = me.value?.person
        if (!by || !isWhole) return
        const part: Part = {
            code: code.value.trim(),
            name: name.value.trim(),
            quantity_milli: milli,
            serial: serial.value.trim() || null,
            old_part: oldPart.value,
            undoes: null,
            by,
            at: now(),
        }
        void write(job.id, [{ edit: "part", id: newEntry(), part }])
    }
    return (
        <details class="card">
            <summary>{said.add}</summary>
            <form class="stack" onSubmit={fit}>
                <Field
                    label={said.name}
                    value={name.value}
                    maxLength={100}
                    onInput={(e) => (name.value = e.currentTarget.value)}
                />
                {code.value === "" && offered.length > 0 && (
                    <ul class="found">
                        {offered.slice(0, OFFERED_MAX).map((item) => (
                            <li key={item.code}>
                                <Button
                                    wide
                                    icon={Plus}
                                    class="found-item"
                                    onClick={() => {
                                        code.value = item.code
                                        name.value = item.name.zh || item.name.en
                                    }}
                                >
                                    <span class="found-name">{pick(item.name)}</span>
                                    <span class="soft small">{item.code}</span>
                                </Button>
                            </li>
                        ))}
                    </ul>
                )}
                <Field
                    label={said.code}
                    value={code.value}
                    maxLength={60}
                    onInput={(e) => (code.value = e.currentTarget.value)}
                />
                <Field
                    label={said.quantity}
                    value={quantity.value}
                    inputMode="decimal"
                    onInput={(e) => (quantity.value = e.currentTarget.value)}
                />
                <Field
                    label={said.serial}
                    value={serial.value}
                    maxLength={60}
                    onInput={(e) => (serial.value = e.currentTarget.value)}
                />
                <label class="field">
                    <span>{said.oldPart}</span>
                    <select value={oldPart.value} onChange={(e) => (oldPart.value = e.currentTarget.value as OldPart)}>
                        {OLD_PARTS.map((kind) => (
                            <option key={kind} value={kind}>
                                {said.oldParts[kind]}
                            </option>
                        ))}
                    </select>
                </label>
                <Button type="submit" kind="main" large wide disabled={!isWhole}>
                    {said.fit}
                </Button>
            </form>
        </details>
    )
}
