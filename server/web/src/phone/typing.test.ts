import { beforeEach, expect, test } from "vitest"
import { note, job, LI, at, entry } from "../core/tests/samples.ts"
import { phoneWith, type Phone } from "../core/tests/phone.ts"
import { GateClosed } from "../core/handset.ts"
import type { Draft } from "./draft.ts"
import { editsAt, standsAt, Typing } from "./typing.ts"

let phone: Phone
let kept: Draft | undefined
let entries = 0
beforeEach(async () => {
    phone = await phoneWith(1)
    kept = undefined
})

const view = () => phone.handset.job(job(1))
const isUnsent = () => phone.state.unsent()

function field(place: string, draft?: Draft): Typing<unknown> {
    return new Typing<unknown>(place, draft, {
        job: view,
        keep: (draft) => (kept = draft),
        write: async (text, base) => {
            const now = view()
            const edits = now ? editsAt(now, place, text, { id: entry((entries += 1)), by: LI, at: at(entries) }) : []
            try {
                return { refused: [], change: await phone.handset.edit(job(1), edits, base) }
            } catch (error) {
                if (error instanceof GateClosed) return { refused: error.violations }
                throw error
            }
        },
        knows: (heads) => phone.handset.knows(job(1), heads),
    })
}

test("what is typed is a draft at each letter, and one change when the field is left", async () => {
    const typing = field("notes/diagnose")
    for (const text of ["阀", "阀芯", "阀芯老化"]) typing.type(text)
    expect([kept?.text, isUnsent()]).toEqual(["阀芯老化", 0])
    // As by a blur, a hidden page and the end of the page, all at once.
    await Promise.all([typing.settle(true), typing.settle(false), typing.settle(true)])
    expect([kept, isUnsent(), phone.noteOf(1, "diagnose")]).toEqual([undefined, 1, "阀芯老化"])
})

test("the office's note that comes while one is typed is not written over", async () => {
    const typing = field("notes/diagnose")
    typing.type("阀芯")
    phone.office.write(job(1), note("diagnose", "客户说上次也是这样"))
    await phone.sync()
    await typing.pause()
    typing.type("阀芯老化")
    // Both are shown by now; the text goes on where it was.
    await typing.pause()
    expect(typing.draft.value?.text).toBe("阀芯老化")
    await typing.settle(true)
    const values = view()?.conflicts.flatMap(({ values }) => values.map(({ value }) => value))
    expect(values?.sort()).toEqual(["客户说上次也是这样", "阀芯老化"])
    await phone.sync()
    expect(phone.office.quarantine.size).toBe(0)
})

test("a field that nobody types into follows the record, and writes nothing when it is left", async () => {
    const typing = field("notes/diagnose")
    typing.type("阀芯")
    await typing.settle(true)
    phone.office.write(job(1), note("diagnose", "阀芯，已订货"))
    await phone.sync()
    await typing.settle(true)
    const shown = view()
    expect([typing.draft.value, shown && standsAt(shown, "notes/diagnose")]).toEqual([undefined, "阀芯，已订货"])
    expect(isUnsent()).toBe(0)
})

test("a draft that an earlier page left is written beside what came since", async () => {
    const before = view()?.heads ?? []
    phone.office.write(job(1), note("diagnose", "客户说上次也是这样"))
    await phone.sync()
    await field("notes/diagnose", { text: "阀芯老化", was: "", base: before }).settle(true)
    expect(view()?.conflicts).toHaveLength(1)
})

test("where the record no longer tells what was seen, both texts are one", async () => {
    phone.office.write(job(1), note("diagnose", "客户说上次也是这样"))
    await phone.sync()
    await field("notes/diagnose", { text: "阀芯老化", was: "", base: ["ab".repeat(32)] }).settle(true)
    expect(phone.noteOf(1, "diagnose")).toBe("客户说上次也是这样\n阀芯老化")
})

test("a correction that somebody else made meanwhile waits for a choice", async () => {
    const typing = field("corrections/address")
    typing.type("幸福路 12 号 5-402")
    await typing.pause()
    expect(isUnsent()).toBe(0)
    const correction = { field: "address" as const, value: "幸福路 14 号 3-402", by: LI, at: at(0) }
    phone.office.write(job(1), { edit: "correct", id: entry(90), correction })
    await phone.sync()
    await typing.settle(true)
    const shown = view()
    if (!shown) throw new Error("the job is gone")
    expect([typing.meanwhile(shown), isUnsent()]).toEqual(["幸福路 14 号 3-402", 0])
    typing.choose(shown, "mine")
    await typing.settle(true)
    const now = view()
    expect(now && standsAt(now, "corrections/address")).toBe("幸福路 12 号 5-402")
    expect(kept).toBeUndefined()
})
