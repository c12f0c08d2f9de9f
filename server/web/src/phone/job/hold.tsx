import { CirclePause } from "lucide"
import { useSignal } from "@preact/signals"
import { lastingHolds } from "../../core/course.ts"
import type { JobView } from "../../core/handset.ts"
import { openReceipts } from "../../core/take_back.ts"
import type { HoldKind } from "../../core/record.ts"
import { Button, Dialog, Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { type Hindrance, me, newEntry, now, write } from "../phone.ts"

const KINDS: HoldKind[] = ["part", "customer", "price", "workshop", "absent", "proof"]

/** What the job waits for, and that it goes on. */
export function HoldsOfJob({ job }: { job: JobView }) {
    const { phone, terms } = words.value
    const release = (hold: string) => {
        const by = me.value?.person
        if (by) void write(job.id, [{ edit: "release", hold, release: { by, at: now() } }])
    }
    return (
        <>
            {lastingHolds(job.record).map(([id, hold]) => (
                <Notice key={id} tone="warn">
                    <p>{phone.onHold(terms.hold[hold.kind], hold.reason)}</p>
                    {!job.gone && <Button onClick={() => release(id)}>{phone.goOn}</Button>}
                </Notice>
            ))}
        </>
    )
}

/** Lets the job wait for something. */
export function HoldJob({ job }: { job: JobView }) {
    const asks = useSignal(false)
    if (job.gone) return null
    return (
        <section class="stack">
            <Button icon={CirclePause} onClick={() => (asks.value = true)}>
                {words.value.phone.wait}
            </Button>
            {asks.value && <HoldDialog job={job} onClose={() => (asks.value = false)} />}
        </section>
    )
}

function HoldDialog({ job, onClose }: { job: JobView; onClose: () => void }) {
    const kind = useSignal<HoldKind>("part")
    const reason = useSignal("")
    const refused = useSignal<readonly Hindrance[]>([])
    const { phone, step, everywhere } = words.value
    const submit = async (event: Event) => {
        event.preventDefault()
        const by = me.value?.person
        if (!by || !reason.value.trim()) return
        const hold = { kind: kind.value, reason: reason.value.trim(), by, at: now(), until: null }
        refused.value = await write(job.id, [{ edit: "hold", id: newEntry(), hold }])
        if (refused.value.length === 0) onClose()
    }
    return (
        <Dialog title={phone.wait} onClose={onClose}>
            <form class="stack" onSubmit={submit}>
                <label class="field">
                    <span>{phone.waitFor}</span>
                    <select
                        value={kind.value}
                        onChange={(event) => (kind.value = event.currentTarget.value as HoldKind)}
                    >
                        {KINDS.map((kind) => (
                            <option key={kind} value={kind}>
                                {words.value.terms.hold[kind]}
                            </option>
                        ))}
                    </select>
                </label>
                <label class="field">
                    <span>{step.reason}</span>
                    <textarea
                        required
                        maxLength={500}
                        onInput={(event) => (reason.value = event.currentTarget.value)}
                    />
                </label>
                {refused.value.map((hindrance) => (
                    <Notice key={hindrance.rule} tone="bad">
                        {pick(hindrance)}
                    </Notice>
                ))}
                {kind.value === "workshop" && openReceipts(job.record).length === 0 && (
                    <Notice>
                        <a href={`/phone/jobs/${job.id}/take-back`}>{words.value.taken.take}</a>
                    </Notice>
                )}
                <div class="row endings">
                    <Button onClick={onClose}>{everywhere.cancel}</Button>
                    <Button type="submit" kind="main" disabled={!reason.value.trim()}>
                        {everywhere.save}
                    </Button>
                </div>
            </form>
        </Dialog>
    )
}
