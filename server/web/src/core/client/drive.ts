/** A whole sync: round trips until both sides have said everything, and the reference data that it takes. */
import { Problem } from "../../api/problem.ts"
import type { Reference } from "../price.ts"
import type { Output } from "../replica.ts"
import type { Entry } from "../store/entry.ts"
import type { Template } from "../template.ts"
import { CBOR, type Decided, readResponse, type Refused, type SyncRequest, writeRequest } from "../wire.ts"
import { bytesOf, jsonOf } from "./http.ts"
import type { Phone } from "./phone.ts"
import { inSession } from "./session.ts"

/** Round trips after which a sync gives up for now; the next one goes on from there. */
const ROUND_TRIPS_MAX = 200
/** Round trips in a row that brought nothing forward. */
const IDLE_TRIPS_MAX = 3
/** Comparisons of heads in one sync. */
const RESYNCS_MAX = 4

/** What a sync did. */
export interface SyncReport {
    roundTrips: number
    /** What the server did not take over; the phone keeps a notice of each. */
    refused: Refused[]
    /** What the office decided about such things; the phone keeps it. */
    decided: Decided[]
    /** The office has shut this phone out: nothing that it sends is taken over any more, and nothing comes. */
    revoked: boolean
    /** Still unsent, because the server neither acknowledged nor judged it. */
    unsent: number
    photosSent: number
    photosOwed: number
    /** Photos that the server does not take, as it said this time; they stay here. */
    photosRefused: number
    /** Why a photo could not be sent, the last one of which that is true; it is kept here. */
    photoError?: unknown
    /** Why reference data could not be fetched; the sync itself succeeded. */
    referenceError?: unknown
    /** Why earlier visits could not be fetched; what is known of them stays. */
    earlierError?: unknown
    /** Why limits could not be fetched; what is known of them stays. */
    inHandError?: unknown
}

/** Syncs until the server has no more and nothing is unsent. */
export async function drive(phone: Phone): Promise<SyncReport> {
    const none = { refused: [], decided: [], revoked: false }
    const report: SyncReport = { ...none, roundTrips: 0, unsent: 0, photosSent: 0, photosOwed: 0, photosRefused: 0 }
    let [wantsReference, idle, resyncs] = [false, 0, 0]
    while (report.roundTrips < ROUND_TRIPS_MAX && idle < IDLE_TRIPS_MAX && resyncs <= RESYNCS_MAX) {
        const before = progress(phone)
        const outputs = await roundTrip(phone, report)
        wantsReference ||= outputs.some(({ output }) => output === "fetch_reference")
        if (!outputs.some(({ output }) => output === "sync_again")) break
        if (phone.state.resync && !phone.state.contact?.more) resyncs += 1
        idle = progress(phone) === before ? idle + 1 : 0
    }
    // Whoever is shut out is answered nothing else.
    if (wantsReference && !report.revoked) {
        await fetchReference(phone).catch((error: unknown) => {
            report.referenceError = error
        })
    }
    if (!report.revoked) {
        await fetchChecklists(phone).catch((error: unknown) => {
            report.referenceError = error
        })
    }
    report.unsent = phone.state.unsent()
    report.photosOwed = phone.state.photos.size
    return report
}

async function roundTrip(phone: Phone, report: SyncReport): Promise<Output[]> {
    const built = await phone.handle({ input: "build_sync" })
    const request = built.find((output) => output.output === "request")?.request
    if (!request) return []
    const answer = await exchange(phone, request)
    report.roundTrips += 1
    report.refused.push(...answer.refused)
    report.decided.push(...answer.decided)
    report.revoked = answer.revoked
    return phone.handle({ input: "answer", request: request.id, answer })
}

async function exchange(phone: Phone, request: SyncRequest): Promise<ReturnType<typeof readResponse>> {
    const call = {
        method: "POST",
        path: "/v1/sync",
        headers: { Accept: CBOR },
        body: { type: CBOR, bytes: writeRequest(request) },
    }
    try {
        return readResponse(await bytesOf(await inSession(phone, call)))
    } catch (error) {
        // The same request once more, should the answer have been lost, or cut off in its middle.
        if (!(error instanceof Problem) || !error.isOffline) throw error
        return readResponse(await bytesOf(await inSession(phone, call)))
    }
}

/** Fetches checklists and price list and writes them down. */
export async function fetchReference(phone: Phone): Promise<void> {
    const call = { method: "GET", path: "/v1/reference", isHarmlessTwice: true }
    const reference = await jsonOf<Reference>(await inSession(phone, call))
    const entries: Entry[] = reference.templates.map((template) => ({
        entry: "reference",
        kind: "template",
        version: reference.versions["template"] ?? 0,
        json: JSON.stringify(template),
    }))
    const digest = reference.versions["shipped"]
    if (digest !== undefined) entries.push({ entry: "shipped", digest })
    const list = reference.price_list
    if (list) {
        entries.push({ entry: "reference", kind: "price_list", version: list.version, json: JSON.stringify(list) })
    }
    await phone.handle({ input: "remember", entries })
}

/**
 * Fetches what jobs in hand began with and the reference data did not bring: an old version, of a job that was opened again. On an ordinary
 * day there is none.
 */
async function fetchChecklists(phone: Phone): Promise<void> {
    for (const { id, version } of phone.state.checklistsMissing()) {
        const path = `/v1/templates/${encodeURIComponent(id)}/${version}`
        const template = await jsonOf<Template>(await inSession(phone, { method: "GET", path, isHarmlessTwice: true }))
        // It says nothing about how new the rest is.
        const entry: Entry = { entry: "reference", kind: "template", version: 0, json: JSON.stringify(template) }
        await phone.handle({ input: "remember", entries: [entry] })
    }
}

/** Changes with whatever a round trip can bring forward. */
function progress({ state }: Phone): string {
    return [state.cursor.epoch, state.cursor.seq, state.digest(), state.unsent(), state.resync].join()
}
