/**
 * What the pages know of the phone: the handset of `core/`, opened once, as signals. Pages read these and call `write`; nothing else changes
 * a job.
 */
import { initializeWasm } from "@automerge/automerge/slim"
import wasm from "@automerge/automerge/automerge.wasm?url"
import { computed, effect, signal } from "@preact/signals"
import type { Edit } from "../core/edit.ts"
import { Problem } from "../api/problem.ts"
import { GateClosed, Handset, type JobView } from "../core/handset.ts"
import { entryId, type EntryId, type JobId } from "../core/id.ts"
import { IndexedDbStore } from "../core/store/indexed_db.ts"
import { type Timestamp, timestampOf } from "../core/time.ts"
import type { Violation } from "../core/gate.ts"

/** Opens at start; none until it did. */
export const handset = signal<Handset | null>(null)
/** Why it did not. */
export const failure = signal<unknown>(undefined)
/** Grows with everything that the handset learns. */
const moved = signal(0)
export const isOnline = signal(navigator.onLine)
export const isSyncing = signal(false)
/** Why the last sync did not come through. */
export const trouble = signal<unknown>(undefined)
/** Whether nobody can be reached, whatever the device thinks of its network. */
export const isAway = computed(() => !isOnline.value || (trouble.value instanceof Problem && trouble.value.isOffline))
/** After a sync that failed, the next try comes by itself. */
const RETRY_MS = 15_000
let retry: number | undefined

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

export function jobOf(id: JobId): JobView | undefined {
    return jobs.value.find((job) => job.id === id)
}

export async function open(): Promise<void> {
    try {
        // What was kept is shown before the record's engine is there; what writes waits for it.
        const ready = initializeWasm(wasm)
        const opened = await Handset.open({ store: await IndexedDbStore.open(), ready })
        opened.subscribe(() => moved.value++)
        handset.value = opened
    } catch (error) {
        failure.value = error
    }
    addEventListener("online", () => {
        isOnline.value = true
        void sync()
    })
    addEventListener("offline", () => {
        isOnline.value = false
    })
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") void sync()
    })
    stayLive()
    void sync()
}

/** Listens to the server for as long as somebody is signed in. */
function stayLive(): void {
    const isSignedIn = computed(() => me.value !== null && summary.value?.needsSignIn === false)
    effect(() => {
        if (isSignedIn.value) return handset.value?.live()
    })
}

/** Sends what is unsent and hears what is new. One at a time; whatever is in the way is shown and tried again later. */
export async function sync(): Promise<void> {
    const phone = handset.value
    if (!phone || !phone.isSignedIn() || isSyncing.value || !isOnline.value) return
    clearTimeout(retry)
    isSyncing.value = true
    try {
        await phone.sync()
        trouble.value = undefined
    } catch (error) {
        trouble.value = error
        retry = window.setTimeout(() => void sync(), RETRY_MS)
    } finally {
        isSyncing.value = false
    }
}

/** Once the screen has answered the finger, and the next tap has had its turn. */
const SOON_MS = 500
let soon: number | undefined

export function syncSoon(): void {
    clearTimeout(soon)
    soon = window.setTimeout(() => void sync(), SOON_MS)
}

/** Writes to a job. Durable when it answers; what a rule forbids is answered as such, and nothing is written. */
export async function write(job: JobId, edits: Edit[]): Promise<readonly Violation[]> {
    try {
        await handset.value?.edit(job, edits)
        syncSoon()
        return []
    } catch (error) {
        if (error instanceof GateClosed) return error.violations
        throw error
    }
}

/** The phone's clock. */
export function now(): Timestamp {
    return timestampOf(Date.now() * 1000)
}

export function newEntry(): EntryId {
    return entryId(crypto.getRandomValues(new Uint8Array(10)))
}
