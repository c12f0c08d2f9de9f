import { expect, test } from "vitest"
import { complete } from "./record.ts"
import { eventsSince, presentAt } from "./since.ts"
import { at, entry, job, LI, open } from "./tests/samples.ts"
import { JobDocument } from "./document.ts"
import { startAutomerge } from "./tests/samples.ts"

const assignment = (name: string, second: number) => {
    return { technician: LI, technician_name: name, window: null, by: LI, at: at(second), reason: null }
}

async function record() {
    await startAutomerge()
    const document = JobDocument.empty()
    document.write("aa".repeat(16), 1_790_000_000_000_000, [open(job(1))])
    const read = complete(document.read())
    return {
        ...read,
        notes: { listen: "客户改口" },
        assignments: { [entry(1)]: assignment("李强", 10), [entry(2)]: assignment("王磊", 90) },
        decisions: { [entry(3)]: { kind: "cancelled" as const, reason: "客户取消", by: LI, at: at(95) } },
    }
}

test("what happened after the first of what was refused is told, the oldest first, and none of what was refused itself", async () => {
    const now = await record()
    const mark = (second: number) => ({ kind: "done", by: LI, at: at(second) })
    const lost = [
        { path: ["marks", "repair"], value: mark(50) },
        { path: ["marks", "testing"], value: mark(60) },
    ]
    expect(eventsSince(now, lost).map(({ path }) => path)).toEqual([
        ["assignments", entry(2)],
        ["decisions", entry(3)],
    ])
    const own = { path: ["assignments", entry(2)], value: assignment("王磊", 90) }
    expect(eventsSince(now, [...lost, own]).map(({ path }) => path[0])).toEqual(["decisions"])
    expect(eventsSince(now, [{ path: ["marks", "repair"], value: mark(100) }])).toEqual([])
})

test("where what was refused tells no time, all that happened is told", async () => {
    const events = eventsSince(await record(), [{ path: ["notes", "listen"], value: "异响" }])
    expect(events.map(({ at: moment }) => moment)).toEqual([at(10), at(90), at(95)])
})

test("what stands at a place now is found, or that nothing does", async () => {
    const now = await record()
    expect(presentAt(now, ["notes", "listen"])).toBe("客户改口")
    for (const path of [
        ["notes", "diagnose"],
        ["nowhere", "at", "all"],
    ])
        expect(presentAt(now, path)).toBeUndefined()
})
