/** What was just done, said once at the foot of the page and to screen readers. */
import { signal } from "@preact/signals"

const SHOWN_MS = 6_000
export const said = signal("")
let timer: ReturnType<typeof setTimeout> | undefined

export function say(text: string): void {
    said.value = text
    clearTimeout(timer)
    timer = setTimeout(() => (said.value = ""), SHOWN_MS)
}
