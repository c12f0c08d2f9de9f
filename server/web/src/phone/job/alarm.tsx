import { Siren } from "lucide"
import { useSignal } from "@preact/signals"
import { useRef } from "preact/hooks"
import type { JobId } from "../../core/id.ts"
import { Icon } from "../../design/icon.tsx"
import { Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { lookUp, placeNow } from "../here.ts"
import { me, newEntry, now, write } from "../phone.ts"

/** Held so long, so that no pocket calls for help. */
const HELD_MS = 2000

/**
 * Calls for help: held for two seconds, by finger or by key. Where the phone is, is looked up while the button is held; what is not found by then the
 * call does not wait for.
 */
export function AlarmButton({ job }: { job: JobId }) {
    const timer = useRef<number | undefined>(undefined)
    const isHeld = useSignal(false)
    const isSent = useSignal(false)
    const { alarm } = words.value
    const send = async () => {
        const by = me.value?.person
        if (!by) return
        isHeld.value = false
        const refused = await write(job, [
            { edit: "alarm", id: newEntry(), alarm: { reason: alarm.reason, by, at: now(), place: placeNow() } },
        ])
        isSent.value = refused.length === 0
        if (isSent.value) navigator.vibrate?.([100, 50, 100])
    }
    const press = () => {
        if (timer.current !== undefined) return
        isHeld.value = true
        void lookUp()
        timer.current = window.setTimeout(() => void send(), HELD_MS)
    }
    const release = () => {
        clearTimeout(timer.current)
        timer.current = undefined
        isHeld.value = false
    }
    return (
        <div class="stack">
            <button
                type="button"
                class={`button button-bad button-wide alarm${isHeld.value ? " alarm-held" : ""}`}
                onPointerDown={press}
                onPointerUp={release}
                onPointerLeave={release}
                onPointerCancel={release}
                onContextMenu={(event) => event.preventDefault()}
                onKeyDown={(event) => (event.key === " " || event.key === "Enter") && press()}
                onKeyUp={release}
                onBlur={release}
            >
                <Icon of={Siren} />
                {isHeld.value ? alarm.hold : alarm.button}
                <span class="unseen">{alarm.hold}</span>
            </button>
            {isSent.value && <Notice tone="bad">{alarm.sent}</Notice>}
        </div>
    )
}
