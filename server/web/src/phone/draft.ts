/**
 * What is being typed and is in no record yet: kept at each letter, at once, where a page that is reloaded, left or killed leaves it. It is
 * its writer's alone, and goes with them when they sign out.
 */

/** A text on its way into a record. */
export interface Draft {
    text: string
    /** What stood there when it was begun. */
    was: string
    /** The job's heads then: what its writer has seen. */
    base: string[]
}

interface Where {
    person: string
    job: string
    /** As in `notes/diagnose`. */
    place: string
}

const PREFIX = "draft"
/** A place holds slashes, an id holds no blank. */
const keyOf = ({ person, job, place }: Where) => [PREFIX, person, job, place].join(" ")

/** Keeps it, or lets go of it. Where the browser can't, the record has it once the field is left. */
export function keepDraft(where: Where, draft: unknown): void {
    try {
        if (draft === undefined) localStorage.removeItem(keyOf(where))
        else localStorage.setItem(keyOf(where), JSON.stringify(draft))
    } catch {
        // Full, or forbidden.
    }
}

/** None where nothing was kept that reads. */
export function draftAt<D = Draft>(where: Where): D | undefined {
    try {
        return (JSON.parse(localStorage.getItem(keyOf(where)) ?? "null") as D | null) ?? undefined
    } catch {
        return undefined
    }
}

/** Where this person's drafts lie. */
export function draftsOf(person: string): Where[] {
    try {
        return Object.keys(localStorage).flatMap((key) => {
            const [prefix, by, job, place] = key.split(" ")
            return prefix === PREFIX && by === person && job && place ? [{ person, job, place }] : []
        })
    } catch {
        return []
    }
}

export function dropDrafts(person: string): void {
    for (const where of draftsOf(person)) keepDraft(where, undefined)
}
