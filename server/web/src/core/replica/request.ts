/** Making a request: everything unsent, calls for help first, to be signed by the device's key. */
import { newUuid } from "../bytes.ts"
import type { Contact, Own, WrittenAt } from "../store/entry.ts"
import {
    type ChangeStamp,
    type ContactClock,
    type JobHeads,
    type JobPush,
    PROTOCOL_VERSION,
    PUSH_CHANGES_MAX,
    PUSH_JOBS_MAX,
    pushLeaf,
    SYNC_BODY_BYTES_MAX,
    type SyncRequest,
} from "../wire.ts"
import type { Held } from "./held.ts"
import type { State } from "./state.ts"

/** The phone's clocks at the moment of an input. */
export interface Now {
    /** What the phone shows, in microseconds; may be wrong. */
    at: number
    /** Microseconds since the phone's clock was started; never runs backwards until it starts again. */
    uptime_us: number
    /** Names that start. */
    boot: string
}

/** What a request carried, until it is answered or the next one is made. */
export interface InFlight {
    request: string
    leaves: string[]
    pushed: { job: string; own: Own }[]
    withHeads: boolean
    sent: Now
}

/** Bytes of changes in one request. The rest goes with the next one. */
const PUSH_BYTES_MAX = SYNC_BODY_BYTES_MAX / 2

/** The request, not signed yet. */
export function requestOf(state: State, now: Now, random: Uint8Array): { request: SyncRequest; flight: InFlight } {
    const id = newUuid(now.at, random)
    const { push, pushed, contacts } = pushOf(state, now)
    const hashes = (job: string) => pushed.filter((each) => each.job === job).map((each) => each.own.hash)
    const request: SyncRequest = {
        protocol: PROTOCOL_VERSION,
        id,
        cursor: state.cursor,
        digest: state.digest(),
        push,
        signature: null,
        budget_bytes: null,
        clock: { at: now.at, since_contact_us: sinceContact(state, now) },
        contacts,
        heads: state.resync ? headsOf(state) : null,
    }
    const leaves = push.map(({ job }) => pushLeaf(job, hashes(job)))
    return { request, flight: { request: id, leaves, pushed, withHeads: state.resync, sent: now } }
}

function pushOf(state: State, now: Now): { push: JobPush[]; pushed: InFlight["pushed"]; contacts: ContactClock[] } {
    const contacts: Contact[] = []
    const written = [...state.jobs.values()].filter((held) => held.unsent.length > 0)
    const jobs = [...written.filter((held) => held.isUrgent), ...written.filter((held) => !held.isUrgent)]
    const push: JobPush[] = []
    const pushed: InFlight["pushed"] = []
    let room = PUSH_BYTES_MAX
    for (const held of jobs.slice(0, PUSH_JOBS_MAX)) {
        const fitting = held.unsent.slice(0, PUSH_CHANGES_MAX)
        const tooMany = fitting.findIndex(({ bytes }) => {
            const fits = bytes.length <= room
            room = fits ? room - bytes.length : 0
            return !fits
        })
        const taken = tooMany < 0 ? fitting : fitting.slice(0, tooMany)
        if (taken.length === 0) continue
        const owns = taken.map(({ own }) => own)
        push.push({ job: held.job, changes: taken.map(({ bytes }) => bytes), clocks: stampsOf(owns, contacts, now) })
        pushed.push(...owns.map((own) => ({ job: held.job, own })))
    }
    return { push, pushed, contacts: contacts.map((contact) => contactClock(contact, now)) }
}

/** Heads of every job held; none of those that are to come whole. */
function headsOf(state: State): JobHeads[] {
    const here = [...state.jobs.values()].filter((held) => held.gone === null && held.isLoaded)
    return here.map((held: Held) => ({ job: held.job, heads: held.isStale ? [] : held.document.heads() }))
}

function elapsed(from: number, to: number): number | null {
    return to >= from ? to - from : null
}

function sinceContact({ contact }: State, now: Now): number | null {
    return contact && contact.boot === now.boot ? elapsed(contact.uptime_us, now.uptime_us) : null
}

/** What the clocks say of changes, told by the contacts that they follow; nothing at all where nothing is known of any. */
function stampsOf(owns: readonly Own[], contacts: Contact[], now: Now): ChangeStamp[] {
    if (owns.every((own) => own.clock === null)) return []
    return owns.map(({ clock }) => (clock ? stamp(clock, contacts, now) : { c: 0, s: null, u: null }))
}

function stamp(clock: WrittenAt, contacts: Contact[], now: Now): ChangeStamp {
    const ms = (from: number, to: number) => {
        const us = elapsed(from, to)
        return us === null ? null : Math.floor(us / 1000)
    }
    const { contact } = clock
    const since = contact && contact.boot === clock.boot ? ms(contact.uptime_us, clock.uptime_us) : null
    const until = since === null && clock.boot === now.boot ? ms(clock.uptime_us, now.uptime_us) : null
    return { c: contact ? placeOf(contact, contacts) : 0, s: since, u: until }
}

/** Counted from 1. */
function placeOf(contact: Contact, contacts: Contact[]): number {
    const same = (known: Contact) =>
        known.boot === contact.boot && known.uptime_us === contact.uptime_us && known.server_at === contact.server_at
    const known = contacts.findIndex(same)
    return known < 0 ? contacts.push(contact) : known + 1
}

function contactClock({ server_at, phone_at, round_trip_us, boot, uptime_us }: Contact, now: Now): ContactClock {
    const until = boot === now.boot ? elapsed(uptime_us, now.uptime_us) : null
    return { server_at, phone_at, round_trip_us, until_sent_us: until }
}
