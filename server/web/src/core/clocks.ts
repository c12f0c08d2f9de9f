/** The browser's clocks, which the pure half is handed. */
import { hex } from "./bytes.ts"
import type { Now } from "./replica.ts"

/** The monotonic clock and the wall clock may part by so much before the one is held to have stood still. */
const APART_MS_MAX = 2_000

/**
 * What the page's clocks say. In many browsers the monotonic clock stands still while the device sleeps, and a time that it counted across a
 * sleep would be evidence of what was not so. Then, and where somebody set the wall clock, the count begins anew under another name: the
 * server is told that nothing is known of the time between.
 */
export function browserClocks(
    wall: () => number = Date.now,
    monotonic: () => number = () => performance.now(),
    random: (bytes: number) => Uint8Array = randomBytes,
): () => Now {
    const name = () => hex(random(8))
    let boot = name()
    let apart = wall() - monotonic()
    return () => {
        const [shown, counted] = [wall(), monotonic()]
        if (Math.abs(shown - counted - apart) > APART_MS_MAX) {
            boot = name()
            apart = shown - counted
        }
        return { at: Math.round(shown * 1_000), uptime_us: Math.round(counted * 1_000), boot }
    }
}

export function randomBytes(length: number): Uint8Array {
    return crypto.getRandomValues(new Uint8Array(length))
}
