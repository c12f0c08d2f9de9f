/**
 * The server's word that something is new, as it comes. It carries no content, so a notice that is lost loses nothing. Read by `fetch`, because
 * the browser's own reader of such streams can't show who is asking.
 */
import { NeedsSignIn, type Phone } from "./phone.ts"
import { inSession } from "./session.ts"

/** Between two tries to connect, growing. */
const PAUSE_MS_MIN = 2_000
const PAUSE_MS_MAX = 60_000

/** Calls back at each notice, and whenever the stream stands anew, until the signal ends it. A phone that must sign in is not served. */
export async function follow(phone: Phone, signal: AbortSignal, heard: () => void): Promise<void> {
    let pause = PAUSE_MS_MIN
    while (!signal.aborted) {
        try {
            const call = { method: "GET", path: "/v1/feed", headers: { Accept: "text/event-stream" }, signal }
            const answer = await inSession(phone, call)
            pause = PAUSE_MS_MIN
            // What came while nobody listened.
            heard()
            await eventsOf(answer, (event) => {
                if (event === "cursor" || event === "lagged") heard()
            })
        } catch (error) {
            if (error instanceof NeedsSignIn) return
        }
        await rest(pause, signal)
        pause = Math.min(pause * 2, PAUSE_MS_MAX)
    }
}

/** The names of the events of a stream, until it ends. */
export async function eventsOf(answer: Response, each: (event: string) => void): Promise<void> {
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ""
    while (reader) {
        const { done, value } = await reader.read()
        if (done) return
        const lines = (rest + value).split(/\r?\n/)
        rest = lines.pop() ?? ""
        for (const line of lines) if (line.startsWith("event:")) each(line.slice("event:".length).trim())
    }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
        const timer = setTimeout(done, ms)
        signal.addEventListener("abort", done)
        function done(): void {
            clearTimeout(timer)
            signal.removeEventListener("abort", done)
            resolve()
        }
    })
}
