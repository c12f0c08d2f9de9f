/** What went wrong, as the technician reads it: what was not done, and what to do about it. */
import { Problem, sentence } from "../api/problem.ts"
import { JobGone, NeedsSignIn } from "../core/handset.ts"
import { StoreFailed } from "../core/store.ts"
import { words } from "../words.ts"

/** Of something that was to be kept on this phone. */
export function told(error: unknown): string {
    const { full, failed, gone } = words.value.unkept
    if (error instanceof StoreFailed) return error.isFull ? full : failed
    return error instanceof JobGone ? gone : sentence(error)
}

/** Of a photo that was taken. */
export function toldOfPhoto(error: unknown): string {
    const { photoFull, photoUnread } = words.value.unkept
    if (error instanceof StoreFailed && error.isFull) return photoFull
    // As a browser says that these bytes are no picture.
    return error instanceof DOMException ? photoUnread : told(error)
}

/** The office has shut this phone out. */
export class ShutOut extends Error {
    override name = "ShutOut"
}

/** Of a sync. */
export function toldOfSync(error: unknown): string {
    if (error instanceof ShutOut) return words.value.unkept.shutOutText
    if (error instanceof NeedsSignIn) return words.value.sending.signInAgain
    if (error instanceof StoreFailed && error.isFull) return words.value.unkept.syncFull
    return isTooOld(error) ? words.value.unkept.tooOldText : told(error)
}

/** The server speaks a protocol that this page does not know yet. */
export function isTooOld(error: unknown): boolean {
    return error instanceof Problem && error.body?.slug === "protocol_unknown"
}
