/** What was done before for the customers of the jobs in hand: fetched beside the records, to be read without network. */
import type { EarlierVisits } from "../store/entry.ts"
import type { SyncReport } from "./drive.ts"
import { jsonOf } from "./http.ts"
import type { Phone } from "./phone.ts"
import { inSession } from "./session.ts"

/** For so long it counts as new, in microseconds: a past changes seldom. */
const FRESH_US = 6 * 3_600 * 1_000_000

/** Asks once a new job came, and now and then. What fails is asked again with the next sync. */
export async function fetchEarlier(phone: Phone, report: SyncReport): Promise<void> {
    const { jobs, earlier, earlierAt = 0 } = phone.state
    const inHand = [...jobs.values()].filter((held) => held.gone === null && held.isLoaded).map(({ job }) => job)
    const age = phone.now().at - earlierAt
    const isFresh = age >= 0 && age < FRESH_US
    if (inHand.length === 0 || (isFresh && inHand.every((job) => earlier.has(job)))) return
    try {
        const call = { method: "GET", path: "/v1/earlier-visits", isHarmlessTwice: true }
        const told = await jsonOf<EarlierVisits[]>(await inSession(phone, call))
        // A job that the server has taken back meanwhile is not asked for again and again.
        const silent = inHand.filter((job) => !told.some((known) => known.job === job))
        const visits = [...told, ...silent.map((job) => ({ job, visits: [] }))]
        await phone.handle({ input: "remember", entries: [{ entry: "earlier", at: phone.now().at, visits }] })
    } catch (error) {
        report.earlierError = error
    }
}
