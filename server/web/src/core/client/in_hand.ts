/**
 * What the records of the jobs in hand do not hold: the limits that run, and whether the customer wants calls. Fetched beside them, to be read
 * without network.
 */
import type { Schemas } from "../schemas.ts"
import type { SyncReport } from "./drive.ts"
import { jsonOf } from "./http.ts"
import type { Phone } from "./phone.ts"
import { inSession } from "./session.ts"

/** For so long it counts as new while no record moves, in microseconds. */
const FRESH_US = 3_600 * 1_000_000

/** How the records stood when a phone last asked, and when that was. */
const asked = new WeakMap<object, { of: string; at: number }>()

/** Asks once a record moved, and now and then. What fails is asked again with the next sync. */
export async function fetchInHand(phone: Phone, report: SyncReport): Promise<void> {
    const { jobs, cursor } = phone.state
    if (![...jobs.values()].some((held) => held.gone === null && held.isLoaded)) return
    const [of, now] = [`${cursor.epoch}.${cursor.seq}.${phone.state.digest()}`, phone.now().at]
    const before = asked.get(phone.store)
    const age = now - (before?.at ?? 0)
    if (before?.of === of && age >= 0 && age < FRESH_US) return
    try {
        const call = { method: "GET", path: "/v1/jobs-in-hand", isHarmlessTwice: true }
        const told = await jsonOf<Schemas["JobInHand"][]>(await inSession(phone, call))
        asked.set(phone.store, { of, at: now })
        // The log grows by what is new alone.
        const known = [...phone.state.inHand.values()]
        if (JSON.stringify(told) !== JSON.stringify(known))
            await phone.handle({ input: "remember", entries: [{ entry: "in_hand", jobs: told }] })
    } catch (error) {
        report.inHandError = error
    }
}
