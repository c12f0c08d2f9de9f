import { Plus, ScanBarcode } from "lucide"
import { useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { partsLike } from "../../core/barcode.ts"
import type { PriceItem } from "../../core/price.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { handset, now } from "../phone.ts"
import { Camera } from "./camera.tsx"
import { listenToWedge } from "./wedge.ts"

/** Offered while typing. */
const OFFERED_MAX = 8

interface Props {
    /** The code of the part that was chosen. */
    chosen: string
    onChoose: (item: PriceItem) => void
    /** A whole barcode or code: from the camera, from a hand scanner, or typed and ended with Enter. */
    onScan: (scanned: string) => void
}

/** A part by the camera, by a hand scanner, or by typing any piece of its barcode, code or name. */
export function FindPart({ chosen, onChoose, onScan }: Props) {
    const said = words.value.scan
    const typed = useSignal("")
    const isScanning = useSignal(false)
    const take = (scanned: string) => {
        typed.value = ""
        isScanning.value = false
        onScan(scanned.trim())
    }
    useEffect(() => listenToWedge(take), [])
    const list = handset.value?.priceList()
    const find = () => partsLike(list, typed.value, now()).slice(0, OFFERED_MAX)
    const found = find()
    const item = list?.items.find((item) => item.code === chosen)
    return (
        <div class="stack">
            <Field
                type="search"
                label={said.find}
                hint={said.findHint}
                value={typed.value}
                maxLength={60}
                autocomplete="off"
                enterkeyhint="search"
                onInput={(event) => (typed.value = event.currentTarget.value)}
                onKeyDown={(event) => {
                    if (event.key !== "Enter" || event.isComposing || typed.value.trim() === "") return
                    event.preventDefault()
                    // A hand scanner types faster than the screen is drawn: what is shown may be of less than was typed.
                    const [only, another] = find()
                    if (only && !another) return choose(only)
                    take(typed.value)
                }}
            />
            <Button icon={ScanBarcode} wide onClick={() => (isScanning.value = true)}>
                {said.button}
            </Button>
            {isScanning.value && <Camera onScan={take} onClose={() => (isScanning.value = false)} />}
            <ul class="found">
                {found.map((item) => (
                    <li key={item.code}>
                        <Button wide icon={Plus} class="found-item" onClick={() => choose(item)}>
                            <span class="found-name">{pick(item.name)}</span>
                            <span class="soft small figures">{item.barcode ?? item.code}</span>
                        </Button>
                    </li>
                ))}
            </ul>
            {item && typed.value === "" && <Notice tone="good">{said.found(pick(item.name))}</Notice>}
        </div>
    )

    function choose(item: PriceItem): void {
        typed.value = ""
        onChoose(item)
    }
}
