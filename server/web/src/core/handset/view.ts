/** What the pages are shown of a phone. Plain data, made anew where something changed, and shared: nobody may write into it. */
import type { Conflict, HistoryEntry } from "../document.ts"
import type { Limit } from "../limit.ts"
import type { ConflictValue, JobRecord } from "../record.ts"
import type { Held } from "../replica/held.ts"
import type { Decision, Notice, State } from "../replica/state.ts"
import { type Status, statusOf } from "../status.ts"
import type { Contact, EarlierVisit, PhotoRefusal } from "../store/entry.ts"
import type { Template } from "../template.ts"
import type { Timestamp } from "../time.ts"
import { timestampOf } from "../time.ts"
import type { GoneReason } from "../wire.ts"

/** `loading`: the server had more than fitted into its last answer. `incomplete`: a change or the checklist is missing here. */
export type Wholeness = "whole" | "loading" | "incomplete"

export interface JobView {
    id: string
    /** As people say it. */
    number: string
    record: JobRecord
    status: Status
    /** The checklist; none where it was not fetched yet. */
    template: Template | undefined
    wholeness: Wholeness
    /** Changes that the server has neither acknowledged nor judged. */
    unsent: number
    /** Why it left this phone's hands. */
    gone: GoneReason | null
    conflicts: ConflictView[]
    /** Photos of this job that are on this phone only. */
    photosOwed: string[]
    /** Photos of this job that the server does not take, and why. They stay on this phone. */
    photosRefused: Map<string, PhotoRefusal>
    /** The limits that run, as the office last said, the first due first. `core/limit.ts` says which of them are still to be kept. */
    limits: Limit[]
    /** The customer wants no calls back. */
    refusesCalls: boolean
    /** What was done before for this customer, the last first; none where it was not fetched yet. */
    earlier: EarlierVisit[] | undefined
    /** What a signature given now covers. */
    heads: string[]
}

/** Values that stand beside each other, the one that shows first. */
export interface ConflictView {
    path: string[]
    values: (ConflictValue & {
        /** Who wrote it; none for a customer on their own link, and where the server has not told yet. */
        name: string | null
        at: Timestamp | null
        /** It was written on this phone. */
        isOwn: boolean
    })[]
}

export interface Summary {
    /** Jobs in this phone's hands. */
    jobs: number
    /** Changes that the server has neither acknowledged nor judged, and in how many jobs. */
    unsent: number
    unsentJobs: number
    /** Photos that are on this phone only. */
    photosOwed: number
    /** Notices and decisions that nobody has read. */
    unread: number
    /** The last word from the server, by its clock. */
    contactAt: Timestamp | null
    /** By how many microseconds this phone's clock was ahead of the server's then. */
    clockAheadUs: number | null
    /** Whether all that the server has for this phone is here, as far as is known: no page of it is outstanding, nothing is missing. */
    isWhole: boolean
    /** Somebody must sign in before anything can be sent. */
    needsSignIn: boolean
}

export interface NoticeView extends Notice {
    /** The job's number; none where its record is not here. */
    number: string | undefined
    /** What the office decided about it; none while nobody has. */
    decision: Decision | undefined
}

/** What a view was made of. While all of it is the same the view is, too: a tap changes one job of thirty. */
const made = new WeakMap<Held, { of: readonly unknown[]; view: JobView }>()

/** None where the record does not read, or is not here. */
export function jobView(state: State, held: Held): JobView | undefined {
    const record = recordOf(held)
    if (!record) return undefined
    const of = [
        record,
        state.templateOf(record),
        state.contact?.more,
        held.unsent.length,
        held.waiting.length,
        held.gone,
        held.document.conflicts(),
        state.inHand.get(held.job),
        state.earlier.get(held.job),
        // Of these there are few, and whoever they are of is looked up for each job.
        ...[...state.photos.keys(), ...state.refusedPhotos.keys()],
        state.refusedPhotos.size,
    ]
    const known = made.get(held)
    const isSame = known?.of.length === of.length && of.every((one, place) => one === known.of[place])
    // Who wrote what stands beside each other may be told any time.
    if (isSame && known.view.conflicts.length === 0) return known.view
    const view = viewOf(state, held, record)
    made.set(held, { of, view })
    return view
}

function viewOf(state: State, held: Held, record: JobRecord): JobView {
    const template = state.templateOf(record)
    return {
        id: held.job,
        number: record.meta.number,
        record,
        status: statusOf(record),
        template,
        wholeness: wholenessOf(state, held, template),
        unsent: held.unsent.length,
        gone: held.gone,
        conflicts: held.document.conflicts().map((conflict) => conflictView(state, held, conflict)),
        photosOwed: [...state.photos].filter(([, photo]) => photo.job === held.job).map(([sha256]) => sha256),
        photosRefused: new Map(
            [...state.refusedPhotos].flatMap(([sha256, { job, why }]) => (job === held.job ? [[sha256, why]] : [])),
        ),
        limits: state.inHand.get(held.job)?.limits ?? [],
        refusesCalls: state.inHand.get(held.job)?.refuses_calls ?? false,
        earlier: state.earlier.get(held.job),
        heads: held.document.heads(),
    }
}

export function jobViews(state: State): JobView[] {
    return [...state.jobs.values()].flatMap((held) => jobView(state, held) ?? [])
}

/** Every change that wrote this place, the oldest first, with what stood there before and after. */
export function historyAt(state: State, job: string, path: readonly string[]): HistoryEntry[] {
    const name = path.join("/")
    const entries = state.jobs.get(job)?.document.history() ?? []
    return entries
        .map((entry) => ({ ...entry, touched: entry.touched.filter((touch) => touch.path.join("/") === name) }))
        .filter(({ touched }) => touched.length > 0)
}

function recordOf(held: Held): JobRecord | undefined {
    if (!held.isLoaded) return undefined
    try {
        return held.document.read()
    } catch {
        return undefined
    }
}

function wholenessOf(state: State, held: Held, template: Template | undefined): Wholeness {
    if (held.waiting.length > 0 || !template) return "incomplete"
    return state.contact?.more ? "loading" : "whole"
}

function conflictView(state: State, held: Held, { path, values }: Conflict): ConflictView {
    const named = values.map((value) => {
        const hand = state.hands.get(value.change)
        const isOwn = held.actors.has(value.actor)
        return {
            ...value,
            name: hand?.name ?? (isOwn ? (state.identity?.name ?? null) : null),
            at: hand?.at ?? null,
            isOwn,
        }
    })
    return { path, values: named }
}

export function summaryOf(state: State): Summary {
    const jobs = [...state.jobs.values()]
    const here = jobs.filter((held) => held.gone === null)
    const isMissing = here.some((held) => {
        const record = recordOf(held)
        return !record || wholenessOf(state, held, state.templateOf(record)) === "incomplete"
    })
    const { contact } = state
    return {
        jobs: here.filter((held) => held.isLoaded).length,
        unsent: state.unsent(),
        unsentJobs: jobs.filter((held) => held.unsent.length > 0).length,
        photosOwed: state.photos.size,
        unread: [...state.notices, ...state.decisions.values()].filter(({ read }) => !read).length,
        contactAt: contact ? timestampOf(contact.server_at) : null,
        clockAheadUs: contact ? aheadUs(contact) : null,
        isWhole: contact !== undefined && !contact.more && !state.resync && !isMissing,
        needsSignIn: state.session === null,
    }
}

/** The server said its time somewhere between the question and the answer. */
function aheadUs({ phone_at, server_at, round_trip_us }: Contact): number {
    return phone_at - Math.round((round_trip_us ?? 0) / 2) - server_at
}

export function noticesOf(state: State): NoticeView[] {
    const view = (notice: Notice): NoticeView => {
        const held = state.jobs.get(notice.refused.job)
        const number = held && recordOf(held)?.meta.number
        return { ...notice, number, decision: state.decisions.get(notice.refused.quarantine) }
    }
    return state.notices.map(view).reverse()
}
