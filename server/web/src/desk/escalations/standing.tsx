/** How an escalation stands, and in whose hands: the same on its page and on the job's. */
import type { Schemas } from "../../api/client.ts"
import { dayAndTime } from "../../design/dates.ts"
import { Tag, type Tone } from "../../design/parts.tsx"
import { session } from "../../api/session.ts"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"

type Escalation = Schemas["Escalation"]

const TONE: Record<Schemas["EscalationState"], Tone> = {
    open: "bad",
    kept: "good",
    late: "warn",
    moved: "info",
    gone: "plain",
}

/** A warning, or a limit that was missed; and how far up it has come. */
export function LevelTag({ of }: { of: Escalation }) {
    const text = words.value.deskEscalations
    const isWarning = of.from === "warning"
    return (
        <span class="keep">
            <Tag tone={isWarning ? "warn" : "bad"}>{isWarning ? text.warned : text.missed}</Tag>{" "}
            <span class="small soft">{text.level(of.level)}</span>
        </span>
    )
}

/** The role that is asked, until a named person took it over; and for whom it was meant, where nobody has that role. */
export function Holder({ of }: { of: Escalation }) {
    const { deskEscalations: text, deskShell, terms } = words.value
    const last = of.takers.at(-1)
    const role = terms.role[of.to]
    if (!last && of.state !== "open") return <>{text.untaken(role)}</>
    if (!last)
        return (
            <>
                {text.ofRole(terms.role[of.stands_in ?? of.to])}
                {of.stands_in && (
                    <>
                        <br />
                        <span class="small soft">{text.standsIn(role)}</span>
                    </>
                )}
            </>
        )
    const before = [role, ...of.takers.slice(0, -1).map((taker) => taker.by.name)]
    return (
        <>
            {text.takenAt(last.by.name, dayAndTime(last.at))}
            <br />
            <span class="words">{last.remark}</span>
            <br />
            <span class="small soft">{text.earlier(deskShell.listed(before))}</span>
        </>
    )
}

/** How it ended. What a phone without network told late is said so. */
export function Outcome({ of }: { of: Escalation }) {
    const text = words.value.deskEscalations
    const toldLate = of.stopped_at && of.ended_at && Date.parse(of.ended_at) - Date.parse(of.stopped_at) > LATE_MS
    return (
        <>
            <Tag tone={TONE[of.state]}>{text.state[of.state]}</Tag>{" "}
            <span class="small soft figures">
                {of.stopped_at && <span class="keep">{text.stopped(dayAndTime(of.stopped_at))}</span>}
                {toldLate && of.ended_at && ` · ${text.heard(dayAndTime(of.ended_at))}`}
            </span>
        </>
    )
}
const LATE_MS = 5 * 60_000

/** Who has it in hand already has nothing to take. */
export function mayTake(of: Escalation): boolean {
    const isMine = of.takers.at(-1)?.by.id === session.value?.person.id
    return of.state === "open" && !isMine && may("take_escalations")
}
