import { AlarmClock } from "lucide"
import { Icon } from "../../design/icon.tsx"
import { pick, words } from "../../words.ts"
import { clockTone } from "../../design/tones.ts"
import { span, untilDue } from "../times.ts"
import { Tag } from "../../design/parts.tsx"
import type { RunningClock } from "./day.ts"

const SHOWN = 8

/** The clocks that break first, by name. */
export function Closing({ clocks }: { clocks: RunningClock[] }) {
    const text = words.value.deskBoard
    const soon = clocks.filter((clock) => clock.state === "warning").length
    return (
        <section class="board-closing" aria-label={text.closing}>
            <h2 class="board-closing-head">
                <Icon of={AlarmClock} /> {text.closing}
                {soon > 0 && <Tag tone="warn">{soon}</Tag>}
                {clocks.length > soon && <Tag tone="bad">{text.overdue(clocks.length - soon)}</Tag>}
            </h2>
            {clocks.length === 0 && <p class="soft">{text.noneClosing}</p>}
            <ul class="board-closing-list">
                {clocks.slice(0, SHOWN).map((clock) => (
                    <li key={`${clock.job} ${clock.rule} ${clock.run}`}>
                        <a
                            class={`board-closing-clock board-clock-${clockTone(clock.state)}`}
                            href={`/desk/jobs/${clock.job}`}
                        >
                            <strong>{pick(clock.name)}</strong>
                            <span class="figures">{untilDue(clock.due_at)}</span>
                            <span class="small figures">
                                {clock.number}
                                {clock.technician && ` · ${clock.technician.name}`}
                                {clock.in_doubt &&
                                    clock.started_error_us &&
                                    ` · ${text.mayBeOff(span(clock.started_error_us / 1000))}`}
                            </span>
                        </a>
                    </li>
                ))}
            </ul>
        </section>
    )
}
