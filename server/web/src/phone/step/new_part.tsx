import { type Signal, useSignal } from "@preact/signals"
import { partOf } from "../../core/barcode.ts"
import type { JobView } from "../../core/handset.ts"
import type { PriceItem } from "../../core/price.ts"
import type { OldPart, Part } from "../../core/record.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { handset, me, newEntry, now, write } from "../phone.ts"
import { FindPart } from "../scan/find_part.tsx"

const OLD_PARTS: OldPart[] = ["returned", "left_with_customer", "none"]

/** One more part: scanned, searched in the price list, or by its code and name. */
export function NewPart({ job }: { job: JobView }) {
    const said = words.value.part
    const [code, name, serial, quantity] = [useSignal(""), useSignal(""), useSignal(""), useSignal("1")]
    const oldPart = useSignal<OldPart>("returned")
    /** What was scanned and is on no list. */
    const unknown = useSignal<string | undefined>(undefined)
    const isOpen = useSignal(false)
    const milli = Math.round(Number(quantity.value) * 1000)
    const isWhole = code.value.trim() !== "" && name.value.trim() !== "" && Number.isSafeInteger(milli) && milli > 0
    const choose = (item: PriceItem) => {
        unknown.value = undefined
        code.value = item.code
        name.value = item.name.zh || item.name.en
    }
    const scanned = (text: string) => {
        isOpen.value = true
        const item = partOf(handset.value?.priceList(), text, now())
        if (item) return choose(item)
        unknown.value = text
        code.value = text
        name.value = ""
    }
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
        <details class="card" open={isOpen.value} onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
            <summary>{said.add}</summary>
            <div class="stack">
                <FindPart chosen={code.value} onChoose={choose} onScan={scanned} />
                {unknown.value !== undefined && <Notice tone="warn">{words.value.scan.unknown(unknown.value)}</Notice>}
                <form class="stack" onSubmit={fit}>
                    <Typed label={said.name} text={name} />
                    <Typed label={said.code} text={code} />
                    <Typed label={said.quantity} text={quantity} inputMode="decimal" />
                    <Typed label={said.serial} text={serial} />
                    <OldPartChoice kind={oldPart} />
                    <Button type="submit" kind="main" large wide disabled={!isWhole}>
                        {said.fit}
                    </Button>
                </form>
            </div>
        </details>
    )
}

function Typed({ label, text, inputMode }: { label: string; text: Signal<string>; inputMode?: "decimal" }) {
    return (
        <Field
            label={label}
            value={text.value}
            maxLength={60}
            inputMode={inputMode}
            onInput={(event) => (text.value = event.currentTarget.value)}
        />
    )
}

function OldPartChoice({ kind }: { kind: Signal<OldPart> }) {
    const said = words.value.part
    return (
        <label class="field">
            <span>{said.oldPart}</span>
            <select value={kind.value} onChange={(event) => (kind.value = event.currentTarget.value as OldPart)}>
                {OLD_PARTS.map((each) => (
                    <option key={each} value={each}>
                        {said.oldParts[each]}
                    </option>
                ))}
            </select>
        </label>
    )
}
