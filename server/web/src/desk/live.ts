/**
 * One stream for the whole page that says what moved (`GET /v1/feed`), read by fetch because `EventSource` sends no token. It carries no
 * content: whoever listens asks again. Where it breaks it is opened again, later each time, and everything is looked at anew.
 */
import { signal } from "@preact/signals"
import { accessToken } from "../api/session.ts"

export const isLineUp = signal(true)

/** What kind of thing moved; what the desk holds beside the jobs is told of together, by its outlet. */
export type Kind = "job" | "desk"
/** Called with the job, or the outlet's desk, that moved; with null where anything may have. */
export type Listener = (moved: string | null, kind: Kind | null) => void
const listeners = new Set<Listener>()

export function listen(listener: Listener): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
}

function tell(moved: string | null, kind: Kind | null): void {
    for (const listener of listeners) listener(moved, kind)
}

/** What was read from the stream, told to whoever listens. */
export function hear({ event, data }: Notice): void {
    // What the desk holds beside the jobs has no page of its own that names it: whoever shows any of it asks again.
    if (event === "job" || event === "desk") tell(data, event)
    else if (event === "lagged") tell(null, null)
}

export interface Notice {
    event: string
    data: string
}

/** Cuts a stream of text into its events; a rest waits for the next piece. */
export class NoticeReader {
    #rest = ""

    read(piece: string): Notice[] {
        const blocks = (this.#rest + piece).split("\n\n")
        this.#rest = blocks.pop() ?? ""
        return blocks.flatMap((block) => {
            const lines = block.split("\n")
            const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
            const event = field("event")
            return event === undefined ? [] : [{ event, data: field("data") ?? "" }]
        })
    }
}

/** The server says every 25 s that it is there; after this long it isn't. */
const SILENCE_MS = 70_000
const WAIT_MS = 1_000
const WAIT_MS_MAX = 30_000
/** A break that is mended within this time is nobody's concern. */
const PATIENCE_MS = 3_000

/** How long to wait before the next try: twice as long each time, spread so that not everybody comes at once. */
export function wait(tries: number, chance: number): number {
    return Math.min(WAIT_MS * 2 ** tries, WAIT_MS_MAX) * (0.5 + chance / 2)
}

const pause = (ms: number, until: AbortSignal) =>
    new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        until.addEventListener("abort", () => {
            clearTimeout(timer)
            resolve()
        })
    })

/** Listens until told to stop. */
export async function follow(until: AbortSignal): Promise<void> {
    let tries = 0
    let complaint: ReturnType<typeof setTimeout> | undefined
    while (!until.aborted) {
        const opened = () => {
            clearTimeout(complaint)
            complaint = undefined
            isLineUp.value = true
            // What moved while nobody listened, and that is also between a page's first question and now, is not told again.
            tell(null, null)
            tries = 0
        }
        await readOnce(until, opened).catch(() => {})
        if (until.aborted) break
        complaint ??= setTimeout(() => (isLineUp.value = false), PATIENCE_MS)
        await pause(wait(tries, Math.random()), until)
        tries += 1
    }
    clearTimeout(complaint)
}

async function readOnce(until: AbortSignal, onOpened: () => void): Promise<void> {
    const token = await accessToken()
    if (token === null) return
    const silence = new AbortController()
    const stop = () => silence.abort()
    until.addEventListener("abort", stop)
    let watch = setTimeout(stop, SILENCE_MS)
    try {
        const headers = { Authorization: `Bearer ${token}` }
        const response = await fetch("/v1/feed", { headers, signal: silence.signal })
        if (!response.ok || !response.body) return
        onOpened()
        const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader()
        const reader = new NoticeReader()
        for (;;) {
            const { done, value } = await pieces.read()
            if (done) return
            clearTimeout(watch)
            watch = setTimeout(stop, SILENCE_MS)
            for (const notice of reader.read(value)) hear(notice)
        }
    } finally {
        clearTimeout(watch)
        until.removeEventListener("abort", stop)
    }
}
