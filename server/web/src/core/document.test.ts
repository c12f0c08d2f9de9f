import { readFileSync } from "node:fs"
import { beforeAll, expect, test } from "vitest"
import { identify, JobDocument, NotApplied, NotLoaded, NotWritten } from "./document.ts"
import type { Edit } from "./edit.ts"
import { lay } from "./lay.ts"
import { complete, type JobRecord } from "./record.ts"
import { at, done, entry, job, LI, note, open, startAutomerge, uuidOf } from "./tests/samples.ts"

const OFFICE = "aa".repeat(16)
const LIS_PHONE = "02".repeat(16)
const ZHAOS_PHONE = "03".repeat(16)
const SECONDS = 1_790_000_000

beforeAll(startAutomerge)

function opened(): JobDocument {
    const document = JobDocument.empty()
    document.write(OFFICE, SECONDS * 1_000_000, [open(job(1))])
    return document
}

function write(document: JobDocument, actor: string, ...edits: Edit[]) {
    return document.write(actor, (SECONDS + 60) * 1_000_000, edits)
}

const SIGN_OFF: Edit = {
    edit: "sign_off",
    id: entry(4),
    sign_off: {
        kind: "signed",
        how: "phone_screen",
        name: "王芳",
        strokes: "10,12,0 14,18,16|20,12,90 21,30,120",
        rating: { quality: 5, attitude: null },
        covers: ["ab".repeat(32), "cd".repeat(32)],
        sheet_hash: "ef".repeat(32),
        by: LI,
        at: "2026-11-22T08:30:00.123456Z",
    },
}

test("what is written reads back as it was, but for what was nothing", () => {
    const document = opened()
    const place = { latitude_e6: -31_230_416, longitude_e6: 121_473_701, accuracy_m: 12 }
    const mark = { kind: "skipped" as const, by: LI, at: at(7), reason: "客户不在", place }
    write(document, LIS_PHONE, { edit: "mark", step: "knock", mark }, SIGN_OFF, note("listen", "🚰 漏水"))
    const record = JobDocument.load(document.save()).read()
    expect(record.meta).toMatchObject({ job: job(1), outlet: uuidOf(8), template_version: 1, reported_at: at(0) })
    expect(record.marks["knock"]).toEqual(mark)
    expect(record.notes).toEqual({ listen: "🚰 漏水" })
    const { rating, ...signed } = "sign_off" in SIGN_OFF ? SIGN_OFF.sign_off : { rating: null }
    expect(record.sign_offs[entry(4)]).toEqual({ ...signed, rating: { quality: rating?.quality } })
})

test("a change claims its second and says who made it", () => {
    const document = opened()
    const { hash, seq, bytes } = write(document, LIS_PHONE, done("accept"))
    expect(identify(bytes)).toEqual({ hash, actor: LIS_PHONE, seq })
    expect(document.history().at(-1)).toEqual({
        hash,
        actor: LIS_PHONE,
        seq: 1,
        at: at(60),
        touched: [{ path: ["marks", "accept"], before: undefined, after: { kind: "done", by: LI, at: at(5) } }],
    })
})

test("a tick that is taken back keeps what was there before", () => {
    const document = opened()
    write(document, LIS_PHONE, done("accept"))
    write(document, LIS_PHONE, { edit: "mark", step: "accept", mark: { kind: "open", by: LI, at: at(9) } })
    const [touch] = document.history().at(-1)?.touched ?? []
    expect(touch).toMatchObject({ before: { kind: "done" }, after: { kind: "open" } })
})

test("two who write one place at once leave both values, and who saw both settles it", () => {
    const [li, zhao] = [opened(), JobDocument.empty()]
    zhao.apply(li.infos().flatMap(({ hash }) => li.change(hash) ?? []))
    const mine = write(li, LIS_PHONE, note("diagnose", "阀芯老化"))
    const theirs = write(zhao, ZHAOS_PHONE, note("diagnose", "垫片破损"))
    li.apply([theirs.bytes])
    zhao.apply([mine.bytes])
    expect(li.heads()).toEqual(zhao.heads())
    const [conflict] = li.conflicts()
    expect(conflict?.path).toEqual(["notes", "diagnose"])
    expect(conflict?.values[0]?.value).toBe(li.read().notes["diagnose"])
    expect(new Set(conflict?.values.map(({ value, change, actor }) => [value, change, actor].join()))).toEqual(
        new Set([`阀芯老化,${mine.hash},${LIS_PHONE}`, `垫片破损,${theirs.hash},${ZHAOS_PHONE}`]),
    )
    // The one that shows already.
    write(li, LIS_PHONE, note("diagnose", String(conflict?.values[0]?.value)))
    expect(li.conflicts()).toEqual([])
    write(zhao, ZHAOS_PHONE, note("diagnose", "两者都有"))
    zhao.apply(li.infos().flatMap(({ hash }) => li.change(hash) ?? []))
    expect(zhao.conflicts()).toHaveLength(1)
})

test("two who wrote the same do not contradict each other", () => {
    const [li, zhao] = [opened(), JobDocument.empty()]
    zhao.apply(li.infos().flatMap(({ hash }) => li.change(hash) ?? []))
    write(li, LIS_PHONE, note("diagnose", "阀芯老化"))
    li.apply([write(zhao, ZHAOS_PHONE, note("diagnose", "阀芯老化")).bytes])
    expect(li.conflicts()).toEqual([])
})

test("what is written once is never written again, and the record is as it was", () => {
    const document = opened()
    write(document, LIS_PHONE, SIGN_OFF)
    const heads = document.heads()
    expect(() => write(document, LIS_PHONE, SIGN_OFF)).toThrow(NotWritten)
    expect(() => write(document, LIS_PHONE, open(job(1)))).toThrow("open")
    expect(document.heads()).toEqual(heads)
})

test("what does not fit its place is not written, nor is what stands beside it", () => {
    const document = opened()
    const heads = document.heads()
    const unfit: Edit[] = [
        note("diagnose", "长".repeat(4_001)),
        note("Diagnose", "大写"),
        { edit: "cause", text: 5 as unknown as string },
        { edit: "reading", id: "short", reading: { step: "t", name: "n", value: "1", unit: "V", by: LI, at: at(0) } },
        { edit: "mark", step: "accept", mark: { kind: "done", by: "nobody", at: at(0) } },
        { edit: "mark", step: "accept", mark: { kind: "done", by: LI, at: "yesterday" } },
        { edit: "mark", step: "accept", mark: { kind: "done", by: LI, at: at(0), mood: "good" } as never },
    ]
    for (const edit of unfit) expect(() => write(document, LIS_PHONE, note("listen", "好"), edit)).toThrow(NotWritten)
    expect(document.heads()).toEqual(heads)
    expect(() => write(document, LIS_PHONE)).toThrow("nothing")
    write(document, LIS_PHONE, note("diagnose", "🚰".repeat(4_000)))
})

test("a record that was never opened takes nothing", () => {
    expect(() => write(JobDocument.empty(), LIS_PHONE, done("accept"))).toThrow("not_open")
})

test("of several writes to one place only the last is written", () => {
    const document = opened()
    write(document, LIS_PHONE, note("listen", "一"), note("listen", "二"))
    expect(document.read().notes["listen"]).toBe("二")
    expect(document.history().at(-1)?.touched).toHaveLength(1)
})

test("a change whose predecessor is missing is a gap, a harmed one is not, and neither leaves a trace", () => {
    const [here, there] = [opened(), JobDocument.empty()]
    there.apply(here.infos().flatMap(({ hash }) => here.change(hash) ?? []))
    const heads = there.heads()
    const first = write(here, LIS_PHONE, note("listen", "一"))
    const second = write(here, LIS_PHONE, note("listen", "二"))
    expect(() => there.apply([second.bytes])).toThrow(expect.objectContaining({ name: NotApplied.name, isGap: true }))
    const harmed = first.bytes.slice()
    harmed.set([harmed[5] === 0 ? 1 : 0], 5)
    expect(() => there.apply([harmed])).toThrow(expect.objectContaining({ isGap: false }))
    expect(there.heads()).toEqual(heads)
    there.apply([second.bytes, first.bytes])
    expect(there.heads()).toEqual(here.heads())
})

test("half a document is none", () => {
    const saved = opened().save()
    expect(() => JobDocument.load(saved.slice(0, saved.length / 2))).toThrow(NotLoaded)
    expect(() => JobDocument.load(new Uint8Array())).toThrow(NotLoaded)
})

test("a document that was kept with its view is read only once more is asked of it", () => {
    const document = opened()
    write(document, LIS_PHONE, note("listen", "一"))
    const view = document.view()
    if (!view) throw new Error("it does not read")
    const harmed = JobDocument.kept(new Uint8Array([1, 2, 3]), view)
    expect([harmed.read(), harmed.heads(), harmed.conflicts()]).toEqual([document.read(), document.heads(), []])
    expect(() => harmed.infos()).toThrow(NotLoaded)
    const kept = JobDocument.kept(document.save(), structuredClone(view))
    expect(kept.save()).toEqual(document.save())
    write(kept, LIS_PHONE, note("listen", "二"))
    write(document, LIS_PHONE, note("listen", "二"))
    expect([kept.read(), kept.heads()]).toEqual([document.read(), document.heads()])
})

test("a view that another release made is not believed", () => {
    const document = opened()
    const view = document.view()
    if (!view) throw new Error("it does not read")
    const foreign = { ...view, form: view.form + 1, heads: ["00".repeat(32)] } as typeof view
    expect(JobDocument.kept(document.save(), foreign).heads()).toEqual(document.heads())
    expect(JobDocument.empty().view()).toBeUndefined()
})

test("an earlier state can still be read", () => {
    const document = opened()
    write(document, LIS_PHONE, note("listen", "一"))
    const heads = document.heads()
    write(document, LIS_PHONE, note("listen", "二"))
    expect(document.readAt(heads).notes["listen"]).toBe("一")
})

interface Told {
    jobs: { template: [string, number]; record: JobRecord; edits: { edit: Edit; laid: boolean }[] }[]
}

test("hundreds of edits, one after the other, read back as what they lay over the job in memory", () => {
    const told = JSON.parse(readFileSync(`${import.meta.dirname}/vectors/visits.json`, "utf8")) as Told
    let written = 0
    for (const { record, edits } of told.jobs) {
        const document = JobDocument.empty()
        write(document, OFFICE, { edit: "open", meta: record.meta, report: record.report })
        let laid = complete(record)
        for (const { edit, laid: isLaid } of edits) {
            if (!isLaid || !isWritten(document, edit)) continue
            laid = lay(laid, edit)
            written += 1
        }
        expect(withoutNulls(JobDocument.load(document.save()).read())).toEqual(withoutNulls(laid))
    }
    expect(written).toBeGreaterThan(500)
})

/** What stands there already, or has a key of no place, the record refuses. */
function isWritten(document: JobDocument, edit: Edit): boolean {
    try {
        write(document, LIS_PHONE, edit)
        return true
    } catch (error) {
        if (error instanceof NotWritten && error.reason === "nothing") return true
        if (error instanceof NotWritten && ["taken", "unfit"].includes(error.reason)) return false
        throw error
    }
}

/** What is not there is left out in one and null in the other. */
function withoutNulls(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withoutNulls)
    if (typeof value !== "object" || value === null) return value
    const kept = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined)
    return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]))
}
