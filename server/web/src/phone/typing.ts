/**
 * A field of a job's record while somebody types into it. Each letter is kept as a draft; the record gets the text when the field is left, when
 * the page is, or when a pause shows that the thought is done. It is written on what its writer had seen: what the office wrote meanwhile
 * stays beside it, to be chosen from.
 */
import { signal } from "@preact/signals"
import { known } from "../core/course.ts"
import type { Edit } from "../core/edit.ts"
import type { JobView } from "../core/handset.ts"
import type { EntryId } from "../core/id.ts"
import { byTime, entriesOf, type ReportField } from "../core/record.ts"
import type { Timestamp } from "../core/time.ts"
import type { Draft } from "./draft.ts"

/** What a typed text needs of the phone. */
export interface Door<Refusal> {
    job: () => JobView | undefined
    keep: (draft: Draft | undefined) => void
    /** On the job as it stood at the base; answers the change that it became. */
    write: (text: string, base: string[]) => Promise<{ refused: readonly Refusal[]; change?: string | undefined }>
    /** Whether the record still tells these heads. */
    knows: (heads: string[]) => boolean
}

export class Typing<Refusal> {
    readonly place: string
    readonly draft = signal<Draft | undefined>(undefined)
    readonly refused = signal<readonly Refusal[]>([])
    /** What was typed last is in the record. */
    readonly isSaved = signal(false)
    readonly #door: Door<Refusal>
    #settling: Promise<void> = Promise.resolve()

    constructor(place: string, draft: Draft | undefined, door: Door<Refusal>) {
        this.place = place
        this.#door = door
        this.draft.value = draft
    }

    /** Where each writing is an entry of its own, nothing is written before the field is left. */
    get isEntry(): boolean {
        return /^(corrections|readings)\//.test(this.place)
    }

    /**
     * What somebody else has corrected to meanwhile, until its writer has chosen. Entries stand one after the other and the last one counts, so
     * that nothing would show that two did not know of each other.
     */
    meanwhile(job: JobView): string | undefined {
        const draft = this.draft.value
        const stands = standsAt(job, this.place)
        if (!draft || !this.place.startsWith("corrections/")) return undefined
        return stands !== draft.was && stands !== draft.text.trim() ? stands : undefined
    }

    /** Settles that. */
    choose(job: JobView, whose: "mine" | "theirs"): void {
        const draft = this.draft.peek()
        const seen = { was: standsAt(job, this.place), base: job.heads }
        this.#set(whose === "mine" && draft ? { ...draft, ...seen } : undefined)
        void this.settle(true)
    }

    type(text: string): void {
        const job = this.#door.job()
        if (!job) return
        const { was, base } = this.draft.peek() ?? { was: standsAt(job, this.place), base: job.heads }
        this.isSaved.value = false
        this.#set({ text, was, base })
    }

    /** Somebody has paused. What stands beside another's text by now is not written anew at each pause. */
    async pause(): Promise<void> {
        const conflicts = this.#door.job()?.conflicts ?? []
        if (!this.isEntry && !conflicts.some(({ path }) => path.join("/") === this.place)) await this.settle(false)
    }

    /** Writes what was typed, one after the other. What a rule forbids stays a draft. */
    settle(isLeft: boolean): Promise<void> {
        this.#settling = this.#settling.then(() => this.#write(isLeft))
        return this.#settling
    }

    async #write(isLeft: boolean): Promise<void> {
        const [draft, job] = [this.draft.peek(), this.#door.job()]
        if (!draft || !job || job.gone) return
        const text = draft.text.trim()
        if (text === draft.was.trim()) {
            if (isLeft) this.#set(undefined)
            return
        }
        if (this.meanwhile(job) !== undefined) return
        const { refused, change } = await this.#door.write(this.#whole(job, draft, text), draft.base)
        this.refused.value = refused
        if (refused.length > 0) return
        const later = this.draft.peek()
        this.isSaved.value = later === draft
        // Whoever types on has seen their own text, and nothing more.
        const next = { text: later?.text ?? text, was: text, base: change ? [change] : draft.base }
        this.#set(isLeft && later === draft ? undefined : next)
    }

    /** Where the record no longer tells what was seen, both texts are one. */
    #whole(job: JobView, draft: Draft, text: string): string {
        const stands = standsAt(job, this.place)
        const isUnseen = !this.isEntry && stands !== draft.was && stands !== text && !this.#door.knows(draft.base)
        return isUnseen ? [stands, text].filter(Boolean).join("\n") : text
    }

    #set(draft: Draft | undefined): void {
        this.draft.value = draft
        this.#door.keep(draft)
    }
}

/** What the record has at a place that is typed into. */
export function standsAt({ record }: JobView, place: string): string {
    const [kind, key = "", name] = place.split("/")
    switch (kind) {
        case "notes":
            return record.notes[key] ?? ""
        case "diagnosis":
            return record.diagnosis[key as "cause" | "measures"] ?? ""
        case "corrections":
            return known(record, key as ReportField) ?? ""
        default: {
            const taken = byTime(entriesOf(record.readings)).filter(
                ([, { step, name: of }]) => step === key && of === name,
            )
            return taken.at(-1)?.[1].value ?? ""
        }
    }
}

/** What writes this text there; nothing where there is nothing to write. */
export function editsAt(
    { template }: JobView,
    place: string,
    text: string,
    { id, by, at }: { id: EntryId; by: string; at: Timestamp },
): Edit[] {
    const [kind, key = "", name = ""] = place.split("/")
    switch (kind) {
        case "notes":
            return [{ edit: "note", step: key, text }]
        case "diagnosis":
            return [{ edit: key as "cause" | "measures", text }]
        case "corrections":
            return [{ edit: "correct", id, correction: { field: key as ReportField, value: text, by, at } }]
        default: {
            const step = template?.steps.find((step) => step.id === key)
            const unit = step?.evidence?.find((evidence) => evidence.name === name)?.unit ?? ""
            return text === "" ? [] : [{ edit: "reading", id, reading: { step: key, name, value: text, unit, by, at } }]
        }
    }
}
