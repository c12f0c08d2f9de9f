/** The technician will be late: one tap says so, without network too. What is known of the customer stands beside it. */
import { Check, Clock, Phone as PhoneIcon, UserRoundX } from "lucide"
import { useSignal } from "@preact/signals"
import { known } from "../../core/course.ts"
import { latenessFrom, type Standing, standingDelay } from "../../core/delay.ts"
import type { JobView } from "../../core/handset.ts"
import type { ReplyKind } from "../../core/record.ts"
import { timestampOf } from "../../core/time.ts"
import { clockTime, fieldOf, momentText, ofField } from "../../design/dates.ts"
import { Icon } from "../../design/icon.tsx"
import { Button, Dialog, Field, Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { isAway, me, newEntry, now, write } from "../phone.ts"
import { windowOf } from "../route.ts"
import "./delay.css"

/** While one of these holds, somebody waits for the technician. */
const AWAITED = ["assigned", "accepted", "appointed", "en_route"]
const LATE_MINUTES = [15, 30, 45]
const MINUTE_MS = 60_000

export function DelayOfJob({ job }: { job: JobView }) {
    const changes = useSignal(false)
    const standing = standingDelay(job.record)
    if (job.gone || (!standing && !AWAITED.includes(job.status))) return null
    const { delay } = words.value
    // Nobody is late for a time that was never agreed.
    const title = standing || windowOf(job) ? delay.title : delay.titleUnfixed
    return (
        <section class="stack card" aria-label={title}>
            <h2>{title}</h2>
            {standing && <Stands job={job} standing={standing} />}
            {standing && !changes.value ? (
                <Button icon={Clock} onClick={() => (changes.value = true)}>
                    {delay.change}
                </Button>
            ) : (
                <Announce job={job} onDone={() => (changes.value = false)} />
            )}
        </section>
    )
}

function Announce({ job, onDone }: { job: JobView; onDone: () => void }) {
    const asks = useSignal(false)
    const { delay } = words.value
    const window = windowOf(job)
    const from = latenessFrom(window?.from, Date.now())
    const announce = async (arrives: number, reason: string | null) => {
        const by = me.value?.person
        if (!by) return
        const entry = { arrives_at: timestampOf(arrives * 1_000), reason, by, at: now() }
        // What could not be kept every page says; the choice stays to be made again.
        if ((await write(job.id, [{ edit: "delay", id: newEntry(), delay: entry }])).length > 0) return
        asks.value = false
        onDone()
    }
    return (
        <>
            <p class="soft">{window ? delay.offer : delay.offerUnfixed}</p>
            <div class="delay-choices">
                {LATE_MINUTES.map((minutes) => {
                    const arrives = from + minutes * MINUTE_MS
                    return (
                        <Button key={minutes} class="delay-choice" onClick={() => void announce(arrives, null)}>
                            <strong>{(window ? delay.late : delay.within)(minutes)}</strong>
                            <span class="small figures">{delay.arrives(clockTime(arrives))}</span>
                        </Button>
                    )
                })}
            </div>
            <Button icon={Clock} onClick={() => (asks.value = true)}>
                {delay.other}
            </Button>
            {asks.value && (
                <OtherTime
                    from={from}
                    onChosen={(arrives, reason) => void announce(arrives, reason)}
                    onClose={() => (asks.value = false)}
                />
            )}
        </>
    )
}

interface OtherTimeProps {
    from: number
    onChosen: (arrives: number, reason: string | null) => void
    onClose: () => void
}

function OtherTime({ from, onChosen, onClose }: OtherTimeProps) {
    const { delay, everywhere } = words.value
    const submit = (event: SubmitEvent) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget as HTMLFormElement)
        const arrives = ofField(String(form.get("arrives")))
        const reason = String(form.get("reason")).trim()
        if (arrives) onChosen(Date.parse(arrives), reason || null)
    }
    return (
        <Dialog title={delay.other} onClose={onClose}>
            <form class="stack" onSubmit={submit}>
                <Field
                    name="arrives"
                    label={delay.otherTime}
                    type="datetime-local"
                    required
                    defaultValue={fieldOf(from + 60 * MINUTE_MS)}
                    min={fieldOf(Date.now())}
                />
                <Field name="reason" label={delay.reason} maxLength={200} />
                <div class="row endings">
                    <Button onClick={onClose}>{everywhere.cancel}</Button>
                    <Button type="submit" kind="main">
                        {delay.announce}
                    </Button>
                </div>
            </form>
        </Dialog>
    )
}

const TONES = { untold: "warn", told: "info", seen: "info", agreed: "good", someone_else: "bad" } as const

/** What stands, what the customer knows of it, and what the technician can add to that. */
function Stands({ job, standing }: { job: JobView; standing: Standing }) {
    const { delay } = words.value
    const number = known(job.record, "phone")
    const reply = async (kind: ReplyKind) => {
        const by = me.value?.person
        if (!by) return
        const said = { delay: standing.id, kind, how: "phone_screen" as const, note: null, by, link: null, at: now() }
        await write(job.id, [{ edit: "reply", id: newEntry(), reply: said }])
    }
    const isAnswered = standing.word === "agreed" || standing.word === "someone_else"
    return (
        <>
            <p>
                <strong class="figures">{delay.expected(momentText(standing.delay.arrives_at))}</strong>{" "}
                <span class="soft small">{delay.said(clockTime(standing.delay.at))}</span>
            </p>
            <Notice tone={TONES[standing.word]}>{delay.word[standing.word]}</Notice>
            {isAway.value && <p class="soft small">{delay.offline}</p>}
            {!isAnswered && (
                <div class="stack">
                    {number && (
                        <a class="button" href={`tel:${number.replaceAll(/[^+\d]/g, "")}`}>
                            <Icon of={PhoneIcon} />
                            {delay.call}
                        </a>
                    )}
                    {standing.word === "untold" && (
                        <Button icon={Check} onClick={() => void reply("told")}>
                            {delay.toldByPhone}
                        </Button>
                    )}
                    <div class="row endings">
                        <Button onClick={() => void reply("agreed")}>{delay.agrees}</Button>
                        <Button icon={UserRoundX} onClick={() => void reply("someone_else")}>
                            {delay.wantsElse}
                        </Button>
                    </div>
                </div>
            )}
        </>
    )
}
