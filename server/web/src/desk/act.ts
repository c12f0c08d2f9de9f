/** Doing something at the server from a page: busy while it runs, and the problem in words where it is refused. */
import { type Signal, useSignal } from "@preact/signals"

export interface Act {
    isBusy: boolean
    problem: unknown
    /** Whether it went well. */
    run: (what: () => Promise<unknown>) => Promise<boolean>
    forget: () => void
}

export function useAct(): Act {
    const isBusy: Signal<boolean> = useSignal(false)
    const problem = useSignal<unknown>(undefined)
    const run = async (what: () => Promise<unknown>) => {
        // A second press while the first is on its way is the same press.
        if (isBusy.peek()) return false
        isBusy.value = true
        problem.value = undefined
        try {
            await what()
            return true
        } catch (error) {
            problem.value = error
            return false
        } finally {
            isBusy.value = false
        }
    }
    return { isBusy: isBusy.value, problem: problem.value, run, forget: () => (problem.value = undefined) }
}

/** A name for one press, so that a request which is sent again does nothing twice. */
export const once = () => ({ "Idempotency-Key": crypto.randomUUID() })
