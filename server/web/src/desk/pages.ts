/** Whole lists, page by page, for what has to be seen whole. */
interface Page<T> {
    items: T[]
    next?: string | null | undefined
}

/** More than this is nothing that one looks at. */
const PAGES_MAX = 10
export const PAGE_ROWS = 200

export async function whole<T>(ask: (after: string | undefined) => Promise<Page<T>>): Promise<T[]> {
    const items: T[] = []
    let after: string | undefined
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
        const page = await ask(after)
        items.push(...page.items)
        if (!page.next) break
        after = page.next
    }
    return items
}
