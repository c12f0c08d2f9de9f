/**
 * How much waits for somebody at the desk: what is open, or due by now, as the server counts it. One question for all of it, asked again when
 * the stream says that something moved, and now and then, because what was not due falls due.
 */
import { signal } from "@preact/signals"
import { api, body, type Schemas } from "../api/client.ts"
import { type Kind, listen } from "./live.ts"
import { Loader, type State } from "./loaded.ts"

/** The first notice is heard at once. A busy day says every moment that some job moved; for a number it is then asked so often at most. */
const REST_MS: Record<Kind, number> = { desk: 2_000, job: 10_000 }
const EVERY_MS = 60_000

export interface Waiting {
    count: number
    late: number
}
export type Counted = keyof Schemas["Waiting"]

const KEY = "waiting"
const known = signal<State<Schemas["Waiting"]>>({ key: KEY })

/** Of these together; none where nothing is known yet, or nothing of it is this person's to see. */
export function waitingFor(matters: readonly Counted[]): Waiting | undefined {
    const all = known.value.data
    return all && together(matters.flatMap((name) => all[name] ?? []))
}

export function together(parts: readonly Waiting[]): Waiting | undefined {
    if (parts.length === 0) return undefined
    const sum = (of: (one: Waiting) => number) => parts.reduce((total, one) => total + of(one), 0)
    return { count: sum((one) => one.count), late: sum((one) => one.late) }
}

/** Counts until it is told to stop. */
export function keepCount(): () => void {
    const ask = () => body(api.GET("/v1/waiting"))
    const loaders: Record<Kind, Loader<Schemas["Waiting"]>> = {
        desk: new Loader(known, ask, REST_MS.desk),
        job: new Loader(known, ask, REST_MS.job),
    }
    void loaders.job.now()
    const stopListening = listen((_moved, kind) => loaders[kind ?? "desk"].soon())
    const timer = setInterval(() => loaders.job.soon(), EVERY_MS)
    return () => {
        stopListening()
        clearInterval(timer)
        for (const loader of Object.values(loaders)) loader.stop()
        // Whoever signs in next counts anew.
        known.value = { key: KEY }
    }
}
