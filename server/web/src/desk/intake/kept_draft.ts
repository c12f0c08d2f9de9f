/**
 * The report that is being taken, kept in this tab while the agent looks something up on another page. It goes with the tab and with the
 * session: another agent at the same desk finds nothing of it.
 */
import { session } from "../../api/session.ts"
import { type Draft, EMPTY } from "./draft.ts"

const KEPT_AS = "intake"

export function keptDraft(): Draft {
    try {
        const { by, draft } = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "{}")
        return by && by === session.peek()?.person.id ? { ...EMPTY, ...draft } : EMPTY
    } catch {
        return EMPTY
    }
}

/** None: it was taken, or thrown away. */
export function keepDraft(draft: Draft | undefined): void {
    try {
        if (draft) sessionStorage.setItem(KEPT_AS, JSON.stringify({ by: session.peek()?.person.id, draft }))
        else sessionStorage.removeItem(KEPT_AS)
    } catch {
        // A browser may forbid its store; then it is lost as it was before, and nothing else breaks.
    }
}
