/**
 * What the pages know of the phone: the handset of `core/`, opened once, as signals. Pages read these and call `write`; nothing else changes
 * a job.
 */
import { initializeWasm } from "@automerge/automerge/slim"
import wasm from "@automerge/automerge/automerge.wasm?url"
import { computed, effect, signal } from "@preact/signals"
import type { Edit } from "../core/edit.ts"
import { Problem } from "../api/problem.ts"
import { GateClosed, Handset, type JobView, NeedsSignIn } from "../core/handset.ts"
import { entryId, type EntryId, type JobId } from "../core/id.ts"
import { IndexedDbStore } from "../core/store/indexed_db.ts"
import { zone } from "../design/dates.ts"
import { type Timestamp, timestampOf } from "../core/time.ts"
import type { Violation } from "../core/gate.ts"
import { words } from "../words.ts"
import { isTooOld, ShutOut } from "./told.ts"
import { lookForNewVersion } from "./version.ts"
import { dropCopies, keepCopy, keepOnlyCopiesOf } from "./photo/sent_photo.ts"

/** Opens at start; none until it did. */
export const handset = signal<Handset | null>(null)
/** Why it did not. */
export const failure = signal<unknown>(undefined)
/** Grows with everything that the handset learns. */
const moved = signal(0)
export const isOnline = signal(navigator.onLine)
export const isSyncing = computed(() => {
    void moved.value
    return handset.value?.isSyncing ?? false
})
/** Why the last sync did not come through. */
export const trouble = signal<unknown>(undefined)
/** The page that signs in is shown: asked for, on a phone that others' work may still lie on. */
export const signsIn = signal(false)
/** Nothing comes and goes before somebody signs in; what is here can be worked with. */
export const mustSignIn = computed(() => {
    const isOver = trouble.value instanceof NeedsSignIn || trouble.value instanceof ShutOut
    return isOver || summary.value?.needsSignIn === true
})
/** Somebody signed out: nothing of theirs is here. */
export const isVacant = computed(() => {
    const stands = summary.value
    return stands !== undefined && stands.needsSignIn && stands.jobs + stands.unsent + stands.photosOwed === 0
})
/** Whether nobody can be reached, whatever the device thinks of its network. */
export const isAway = computed(() => !isOnline.value || (trouble.value instanceof Problem && trouble.value.isOffline))
/** After a sync that failed, the next try comes by itself: soon at first, since a network that has just come back often fails once more. */
const RETRIES_MS = [1_000, 4_000, 15_000]
let retry: number | undefined
let failures = 0

/** The time, to the minute: what is shown as near or over is looked at anew with it. */
export const minute = signal(Date.now())
const MINUTE_MS = 60_000

export const jobs = computed<JobView[]>(() => {
    void moved.value
    return handset.value?.jobs() ?? []
})
export const summary = computed(() => {
    void moved.value
    return handset.value?.summary()
})
export const me = computed(() => {
    void moved.value
    return handset.value?.identity() ?? null
})

/** How the outlet reckons ways; none where it has not told this phone yet. */
export const travel = computed(() => me.value?.home?.travel)

export function jobOf(id: JobId): JobView | undefined {
    return jobs.value.find((job) => job.id === id)
}

/** From before anything is waited for: a network that came back meanwhile would never be heard of. */
function followNetwork(): void {
    addEventListener("online", () => {
        isOnline.value = true
        failures = 0
        void sync()
    })
    addEventListener("offline", () => {
        isOnline.value = false
    })
    isOnline.value = navigator.onLine
}

let starting: Promise<unknown> | undefined

/** The record's engine. What was kept is shown before it is there; what writes waits for it. */
function engine(): Promise<unknown> {
    starting ??= initializeWasm(wasm).catch((error: unknown) => {
        // Whoever needs it next asks once more.
        starting = undefined
        throw error
    })
    return starting
}

/** Once the screen shows what was rendered. A page that nobody sees waits for nothing. */
function painted(): Promise<void> {
    return new Promise((shown) => {
        if (document.visibilityState === "hidden") setTimeout(shown)
        else requestAnimationFrame(() => setTimeout(shown))
    })
}

export async function open(): Promise<void> {
    followNetwork()
    try {
        const opened = await Handset.open({ store: await IndexedDbStore.open(), ready: engine, onParting: keepCopy })
        opened.subscribe(() => moved.value++)
        handset.value = opened
    } catch (error) {
        failure.value = error
    }
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState !== "visible") return
        minute.value = Date.now()
        void sync()
    })
    setInterval(() => (minute.value = Date.now()), MINUTE_MS)
    // All times are the outlet's, whatever the phone's zone is.
    effect(() => {
        const home = me.value?.home
        if (home) zone.value = home.time_zone
    })
    await painted()
    // Before the first tap asks for it.
    void engine().catch(() => {})
    stayLive()
    void sync()
    if (handset.value) void keepOnlyCopiesOf(inHand()).catch(() => {})
}

/** Jobs in this phone's hands. */
function inHand(): Set<JobId> {
    return new Set(jobs.value.filter((job) => !job.gone).map((job) => job.id))
}

/** Listens to the server for as long as somebody is signed in. */
function stayLive(): void {
    const isSignedIn = computed(() => me.value !== null && summary.value?.needsSignIn === false)
    effect(() => {
        if (isSignedIn.value) return handset.value?.live()
    })
}

function tryAgain(): void {
    clearTimeout(retry)
    retry = window.setTimeout(() => void sync(), RETRIES_MS[Math.min(failures, RETRIES_MS.length - 1)])
    failures += 1
}

/** What held up a photo may be gone the next time. */
function isPassing(error: unknown): boolean {
    return error instanceof Problem && (error.isOffline || error.body?.client === "retry")
}

/** Sends what is unsent and hears what is new. The handset does one at a time; whatever is in the way is shown and tried again later. */
export async function sync(): Promise<void> {
    const phone = handset.value
    if (!phone || !phone.isSignedIn() || !isOnline.value) return
    clearTimeout(retry)
    try {
        const { photoError, revoked } = await phone.sync()
        trouble.value = revoked ? new ShutOut() : undefined
        if (isPassing(photoError)) tryAgain()
        else failures = 0
    } catch (error) {
        trouble.value = error
        if (isTooOld(error)) lookForNewVersion()
        tryAgain()
    }
}

/** Once the screen has answered the finger, and the next tap has had its turn. */
const SOON_MS = 500
let soon: number | undefined

export function syncSoon(): void {
    clearTimeout(soon)
    soon = window.setTimeout(() => void sync(), SOON_MS)
}

/** Why a write was not done: a rule of the visit, or the phone itself. */
export type Hindrance = Omit<Violation, "rule" | "path"> & { rule: Violation["rule"] | "not_kept" }

function notKept(): Hindrance {
    const said = words.value.unkept.step
    return { rule: "not_kept", step: null, zh: said, en: said }
}

/** Why what was to be kept last was not. Shown above every page, until something is kept again. */
export const unkept = signal<unknown>(undefined)

/** Waits until it is kept. Where it could not be, every page says so; answers whether it was. */
export async function kept(work: Promise<unknown> | undefined): Promise<boolean> {
    try {
        await work
        unkept.value = undefined
        return true
    } catch (error) {
        // What a rule forbids is no failure of this phone: whoever asked tells what to do first.
        if (error instanceof GateClosed) throw error
        unkept.value = error
        return false
    }
}

/**
 * Writes to a job. Durable when it answers with nothing; what a rule forbids is answered as such, and nothing is written. So it is where the
 * phone could not keep it.
 */
export async function write(job: JobId, edits: Edit[]): Promise<readonly Hindrance[]> {
    return (await writeAt(job, edits)).refused
}

/** The same, of what was begun on the job as it stood at these heads: nothing that came since is overwritten. Tells the change that it is. */
export async function writeAt(
    job: JobId,
    edits: Edit[],
    base?: readonly string[],
): Promise<{ refused: readonly Hindrance[]; change?: string | undefined }> {
    try {
        const writing = handset.value?.edit(job, edits, base)
        if (!(await kept(writing))) return { refused: [notKept()] }
        syncSoon()
        return { refused: [], change: await writing }
    } catch (error) {
        if (error instanceof GateClosed) return { refused: error.violations }
        throw error
    }
}

/** Lets go of all that is with the server, the copies of photos included. Throws while anything is not. */
export async function signOut(): Promise<void> {
    await handset.value?.logOut()
    await dropCopies()
}

/** The phone's clock. */
export function now(): Timestamp {
    return timestampOf(Date.now() * 1000)
}

export function newEntry(): EntryId {
    return entryId(crypto.getRandomValues(new Uint8Array(10)))
}
