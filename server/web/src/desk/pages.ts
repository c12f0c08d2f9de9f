/** Lists come in pages: of most as much is loaded as somebody asks for, and what has to be seen whole is loaded whole. */
import { useSignal } from "@preact/signals"
import { useRef } from "preact/hooks"
import { type Loaded, type Options, useLoaded } from "./loaded.ts"

export interface Page<T> {
    items: T[]
    /** Where the rest begins; none where this is all. */
    next?: string | null | undefined
}

/** Which part of a list is asked for, as a query says it. */
export interface Part {
    limit: number
    after?: string
}

export type Ask<T> = (part: Part) => Promise<Page<T>>

/** The server gives no more at a time. */
export const PAGE_ROWS = 200
/** What somebody looks through at a time. */
const SHOWN_ROWS = 50
/** What is loaded whole is nothing to look through: more than this has gone wrong. */
const WHOLE_ROWS = 2_000

export async function whole<T>(ask: Ask<T>): Promise<T[]> {
    return (await new Pages(ask, WHOLE_ROWS).load()).items
}

/** A list from its beginning as far as somebody has asked for it: loaded anew it is as long as before. */
export class Pages<T> {
    readonly #rows: number
    #wanted: number
    #isMore = false
    #loaded: Page<T> | undefined
    ask: Ask<T>

    constructor(ask: Ask<T>, rows = SHOWN_ROWS) {
        this.ask = ask
        this.#rows = rows
        this.#wanted = rows
    }

    /** The next load brings what follows, too. */
    more(): void {
        this.#isMore = true
    }

    async load(): Promise<Page<T>> {
        const wanted = this.#wanted + (this.#isMore ? this.#rows : 0)
        // More is loaded to what is here. Where that fails the next try is from the beginning: the row after which it goes on may be gone.
        const begun: Page<T> = this.#isMore && this.#loaded?.next ? this.#loaded : { items: [] }
        let { items, next } = begun
        this.#isMore = false
        this.#loaded = undefined
        do {
            const page = await this.ask({
                limit: Math.min(wanted - items.length, PAGE_ROWS),
                ...(next && { after: next }),
            })
            items = [...items, ...page.items]
            next = page.next
        } while (next && items.length < wanted)
        this.#wanted = wanted
        this.#loaded = { items, next }
        return this.#loaded
    }
}

export interface List<T> extends Loaded<T[]> {
    /** Loads what follows; none where everything is here. */
    more: (() => Promise<void>) | undefined
    /** What follows is on its way. */
    isBusy: boolean
}

interface ListOptions extends Options {
    /** As many at a time. */
    rows?: number
}

/** A list of which more is asked for. What was asked for stays when something moves; another `key` is another list, from its beginning. */
export function useList<T>(key: string, ask: Ask<T>, { rows, ...options }: ListOptions = {}): List<T> {
    const held = useRef<{ key: string; pages: Pages<T> }>(undefined)
    if (held.current?.key !== key) held.current = { key, pages: new Pages(ask, rows) }
    const { pages } = held.current
    pages.ask = ask
    const isBusy = useSignal(false)
    const { data, problem, reload } = useLoaded(key, () => pages.load(), { keepsLast: true, ...options })
    const more = async () => {
        // A second press while the first is on its way is the same press.
        if (isBusy.peek()) return
        isBusy.value = true
        pages.more()
        await reload()
        isBusy.value = false
    }
    return { data: data?.items, problem, reload, more: data?.next ? more : undefined, isBusy: isBusy.value }
}
