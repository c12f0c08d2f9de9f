/**
 * A hand scanner types what it reads like a keyboard, far faster than a hand, and ends with Enter. While no field has the focus, what it
 * types is gathered here.
 */

/** Between two keys of a scanner at the most, in milliseconds. */
const PAUSE_MS_MAX = 60
/** Fewer than these are somebody's finger on the keyboard. */
const KEYS_MIN = 4

/** Takes each key with the moment at which it was pressed; gives what was scanned once it is whole. */
export function newWedge(): (key: string, atMs: number) => string | undefined {
    let typed = ""
    let last = Number.NEGATIVE_INFINITY
    return (key, atMs) => {
        if (atMs - last > PAUSE_MS_MAX) typed = ""
        last = atMs
        if (key === "Enter") {
            const scanned = typed
            typed = ""
            return scanned.length >= KEYS_MIN ? scanned : undefined
        }
        if (key.length === 1) typed += key
        return undefined
    }
}

/** Calls back with what a hand scanner read, until what is returned is called. Keys in fields are left to the fields. */
export function listenToWedge(heard: (scanned: string) => void): () => void {
    const take = newWedge()
    const onKey = (event: KeyboardEvent) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return
        if (event.target instanceof Element && event.target.closest("input, textarea, select, dialog")) return
        const scanned = take(event.key, event.timeStamp)
        if (scanned === undefined) return
        // Enter would press whatever button has the focus.
        event.preventDefault()
        heard(scanned)
    }
    document.addEventListener("keydown", onKey, { capture: true })
    return () => document.removeEventListener("keydown", onKey, { capture: true })
}
