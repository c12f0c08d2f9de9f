/**
 * Small copies of photos that the server has, in the browser's cache: made before this phone lets go of a photo, or asked of the server where
 * it is first looked at. They may go at any time; nothing that is unsent depends on them.
 */
import type { PhotoHere } from "../../core/client/phone.ts"
import type { Handset } from "../../core/handset.ts"
import type { Hash, JobId } from "../../core/id.ts"
import { copyOf } from "./picture.ts"

const CACHE = "sent-photos"
/** About as many as a technician takes in two weeks; a copy has some 20 kB. */
const KEPT_MAX = 400

function nameOf(job: JobId, sha256: Hash): string {
    return `/sent-photos/${job}/${sha256}`
}

/** Keeps what is shown of a photo once the photo itself has gone to the office. */
export async function keepCopy({ job, sha256, blob }: PhotoHere): Promise<void> {
    await keep(job, sha256, await copyOf(blob))
}

async function keep(job: JobId, sha256: Hash, copy: Blob): Promise<void> {
    const cache = await caches.open(CACHE)
    await cache.put(nameOf(job, sha256), new Response(copy))
    const kept = await cache.keys()
    // The oldest first: that is their order.
    for (const request of kept.slice(0, Math.max(0, kept.length - KEPT_MAX))) await cache.delete(request)
}

/** The copy from here, else from the server in this session. None where neither has it to give. */
export async function sentPhoto(phone: Handset, job: JobId, sha256: Hash): Promise<Blob | undefined> {
    const cache = await caches.open(CACHE)
    const kept = await cache.match(nameOf(job, sha256))
    if (kept) return kept.blob()
    try {
        const answer = await phone.call({ method: "GET", path: `/v1/jobs/${job}/photos/${sha256}?size=small` })
        const copy = await answer.blob()
        await keep(job, sha256, copy)
        return copy
    } catch {
        return undefined
    }
}

/** Lets go of the copies of all jobs but these. */
export async function keepOnlyCopiesOf(jobs: ReadonlySet<JobId>): Promise<void> {
    const cache = await caches.open(CACHE)
    for (const request of await cache.keys()) {
        const [, , job = ""] = new URL(request.url).pathname.split("/")
        if (!jobs.has(job)) await cache.delete(request)
    }
}

export async function dropCopies(): Promise<void> {
    await caches.delete(CACHE)
}
