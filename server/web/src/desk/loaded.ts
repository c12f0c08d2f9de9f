/**
 * What a page shows of the server's, kept fresh: asked again when the stream says that it moved. What was there stays in its place until
 * the new answer is here, so nothing jumps; where the new one fails the old stays, and the page says so.
 */
import { type Signal, useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import { type Kind, listen } from "./live.ts"

/** Notices of so long are one reason to ask. */
const TOGETHER_MS = 250

export interface Loaded<T> {
    /** None until the first answer. */
    data: T | undefined
    problem: unknown
    reload: () => Promise<void>
}

export interface State<T> {
    key: string
    data?: T
    problem?: unknown
}

export interface Options {
    /** Whether this is touched when that job, or that outlet's desk, moves (null: anything may have). By default it always is. */
    movesWith?: (moved: string | null, kind: Kind | null) => boolean
    /** The answer to the last question stays in its place until that to the new one is here. */
    keepsLast?: boolean
}

export class Loader<T> {
    readonly #state: Signal<State<T>>
    readonly #restMs: number
    #restsUntil = 0
    #isRunning = false
    #isStale = false
    #timer: ReturnType<typeof setTimeout> | undefined
    #isGone = false
    load: () => Promise<T>

    /** After each question, notices are let pile up for so long. */
    constructor(state: Signal<State<T>>, load: () => Promise<T>, restMs = 0) {
        this.#state = state
        this.load = load
        this.#restMs = restMs
    }

    soon(): void {
        const wait = Math.max(TOGETHER_MS, this.#restsUntil - Date.now())
        this.#timer ??= setTimeout(() => {
            this.#timer = undefined
            void this.now()
        }, wait)
    }

    async now(): Promise<void> {
        if (this.#isRunning) {
            this.#isStale = true
            return
        }
        this.#isRunning = true
        do {
            this.#isStale = false
            await this.#once()
        } while (this.#isStale && !this.#isGone)
        this.#isRunning = false
    }

    stop(): void {
        this.#isGone = true
        clearTimeout(this.#timer)
    }

    async #once(): Promise<void> {
        this.#restsUntil = Date.now() + this.#restMs
        const { key } = this.#state.peek()
        const keep = (change: Partial<State<T>>) => {
            const now = this.#state.peek()
            // An answer to an earlier question is no answer to this one.
            if (!this.#isGone && now.key === key) this.#state.value = { ...now, problem: undefined, ...change }
        }
        try {
            keep({ data: await this.load() })
        } catch (problem) {
            keep({ problem })
        }
    }
}

/** Asks when `key` changes and whenever the stream says that something moved. */
export function useLoaded<T>(key: string, load: () => Promise<T>, options: Options = {}): Loaded<T> {
    const state = useSignal<State<T>>({ key })
    const loader = useRef<Loader<T>>(undefined)
    loader.current ??= new Loader(state, load)
    const { current } = loader
    current.load = load
    const movesWith = useRef(options.movesWith)
    movesWith.current = options.movesWith
    useEffect(() => {
        const last = state.peek()
        if (last.key !== key) state.value = options.keepsLast ? { ...last, key } : { key }
        void current.now()
    }, [key])
    useEffect(() => {
        const stopListening = listen((moved, kind) => {
            if (movesWith.current?.(moved, kind) ?? true) current.soon()
        })
        return () => {
            stopListening()
            current.stop()
        }
    }, [])
    const shown = state.value.key === key || options.keepsLast ? state.value : undefined
    return { data: shown?.data, problem: shown?.problem, reload: () => current.now() }
}
