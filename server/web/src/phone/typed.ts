/** The fields that are typed into, as the pages have them: one to a place, whoever shows it, and those that an earlier page left behind. */
import { useEffect, useRef } from "preact/hooks"
import type { JobView } from "../core/handset.ts"
import { draftAt, draftsOf, dropDrafts, keepDraft } from "./draft.ts"
import { type Hindrance, handset, jobOf, me, newEntry, now, writeAt } from "./phone.ts"
import { editsAt, standsAt, Typing } from "./typing.ts"

/** As long as somebody thinks about the next word. */
const PAUSE_MS = 4_000

const typings = new Map<string, Typing<Hindrance>>()

function typingAt(job: string, place: string): Typing<Hindrance> {
    const person = me.value?.person ?? ""
    const where = { person, job, place }
    const name = [person, job, place].join(" ")
    const known = typings.get(name)
    if (known) return known
    const typing = new Typing<Hindrance>(place, draftAt(where), {
        job: () => (me.value?.person === person ? jobOf(job) : undefined),
        keep: (draft) => keepDraft(where, draft),
        write: async (text, base) => {
            const view = jobOf(job)
            const edits = view ? editsAt(view, place, text, { id: newEntry(), by: person, at: now() }) : []
            return edits.length > 0 ? writeAt(job, edits, base) : { refused: [] }
        },
        knows: (heads) => handset.value?.knows(job, heads) ?? false,
    })
    typings.set(name, typing)
    return typing
}

/** All that was typed on this phone and is in no record yet is written: the page is being left, or a new one begins. */
export async function settleTyped(): Promise<void> {
    for (const { job, place } of draftsOf(me.value?.person ?? "")) if (place !== "quote") typingAt(job, place)
    for (const typing of typings.values()) await typing.settle(true)
}

/** What is left after that is of no use to anybody else. */
export function forgetTyped(person: string): void {
    dropDrafts(person)
    typings.clear()
}

/** A field of this place. */
export function useTyped(job: JobView, place: string) {
    const typing = typingAt(job.id, place)
    const timer = useRef<number | undefined>(undefined)
    useEffect(() => {
        const leave = () => void (typing.isEntry || typing.settle(false))
        const hide = () => document.visibilityState === "hidden" && leave()
        addEventListener("pagehide", leave)
        document.addEventListener("visibilitychange", hide)
        return () => {
            removeEventListener("pagehide", leave)
            document.removeEventListener("visibilitychange", hide)
            clearTimeout(timer.current)
            void typing.settle(true)
        }
    }, [typing])
    const field = {
        value: typing.draft.value?.text ?? standsAt(job, place),
        disabled: job.gone !== null,
        onInput: (event: { currentTarget: { value: string } }) => {
            typing.type(event.currentTarget.value)
            clearTimeout(timer.current)
            timer.current = window.setTimeout(() => void typing.pause(), PAUSE_MS)
        },
        onBlur: () => {
            clearTimeout(timer.current)
            void typing.settle(true)
        },
    }
    return {
        field,
        refused: typing.refused.value,
        isSaved: typing.isSaved.value,
        meanwhile: typing.meanwhile(job),
        choose: (whose: "mine" | "theirs") => typing.choose(job, whose),
    }
}
