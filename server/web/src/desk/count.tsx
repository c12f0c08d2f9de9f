import { words } from "../words.ts"
import "./count.css"
import { type Counted, type Waiting, waitingFor } from "./waiting.ts"

/** What has its room beside a page's name. */
const COUNTED_MAX = 999

/** How much waits there: a number beside the name of a page, and in words for who hears it read. Its room is kept where there is none. */
export function Count({ of }: { of: readonly Counted[] }) {
    const text = words.value.deskShell.waits
    const waiting = waitingFor(of)
    if (!waiting || waiting.count === 0) return <span class="count" aria-hidden="true" />
    const parts = of.flatMap((name) => {
        const part = waitingFor([name])
        return of.length > 1 && part && part.count > 0 ? [text[name](shown(part))] : []
    })
    const said = text.said(shown(waiting), waiting.late, parts)
    return (
        <span class="count" title={said}>
            <span class={`count-sign figures${waiting.late > 0 ? " count-late" : ""}`} aria-hidden="true">
                {shown(waiting)}
            </span>
            <span class="unseen"> {said}</span>
        </span>
    )
}

export const shown = ({ count }: Waiting) =>
    count > COUNTED_MAX ? words.value.deskShell.waits.more(COUNTED_MAX) : String(count)
