import { expect, test } from "vitest"
import type { JobView } from "../core/handset.ts"
import { complete } from "../core/record.ts"
import type { Status } from "../core/status.ts"
import { entry, job, LI, open, uuidOf } from "../core/tests/samples.ts"
import { dayAfter, dayOf } from "../design/dates.ts"
import { routeOf } from "./route.ts"

const NOON = Date.parse("2026-11-23T12:00:00+08:00")
const DAY = 86_400_000

interface Told {
    /** Of the visit, from today; none where no time was agreed. */
    day?: number
    status?: Status
    more?: Partial<JobView>
}

function jobOn(number: number, { day, status = "assigned", more = {} }: Told): JobView {
    const opening = open(job(number))
    if (opening.edit !== "open") throw new TypeError("samples open with an opening")
    const record = complete({ meta: opening.meta, report: opening.report })
    const from = day === undefined ? undefined : new Date(NOON + day * DAY).toISOString()
    const window = from === undefined ? null : { from, to: new Date(Date.parse(from) + 7_200_000).toISOString() }
    const assignment = { technician: LI, technician_name: "李强", window, by: uuidOf(1), at: "2026-11-01T00:00:00Z" }
    record.assignments = { [entry(1)]: assignment }
    record.assigned = entry(1)
    const none = {
        template: undefined,
        conflicts: [],
        photosOwed: [],
        photosRefused: new Map(),
        heads: [],
        earlier: undefined,
        limits: [],
        refusesCalls: false,
    }
    const stands = { status, unsent: 0, gone: null, wholeness: "whole" as const }
    return { id: job(number), number: `WX-${number}`, record, ...none, ...stands, ...more }
}

const numbers = (jobs: JobView[] = []) => jobs.map(({ number }) => number)
const today = dayOf(NOON)
const on = (days: number) => dayAfter(today, days)

test("each day of the seven has its jobs, in the order of their windows", () => {
    const route = routeOf([jobOn(1, { day: 1 }), jobOn(2, { day: 0 }), jobOn(3, { day: 3 })], NOON)
    expect([...route.days.keys()]).toEqual([-3, -2, -1, 0, 1, 2, 3].map(on))
    expect(numbers(route.days.get(today)?.open)).toEqual(["WX-2"])
    expect(numbers(route.days.get(on(1))?.open)).toEqual(["WX-1"])
    expect(numbers(route.days.get(on(3))?.open)).toEqual(["WX-3"])
})

test("what is open is never out of sight: overdue, far ahead, or without a time", () => {
    const route = routeOf([jobOn(1, { day: -9 }), jobOn(2, { day: 20 }), jobOn(3, {})], NOON)
    expect(numbers(route.overdue)).toEqual(["WX-1"])
    expect(numbers(route.later)).toEqual(["WX-2", "WX-3"])
})

test("what is finished leaves the lists after three days, unless something of it is still unsent", () => {
    const kept = jobOn(3, { day: -4, status: "signed", more: { unsent: 2 } })
    const photo = jobOn(4, { day: -8, status: "closed", more: { photosOwed: ["ab"] } })
    const jobs = [jobOn(1, { day: -3, status: "signed" }), jobOn(2, { day: -4, status: "signed" }), kept, photo]
    const route = routeOf(jobs, NOON)
    expect(numbers(route.days.get(on(-3))?.done)).toEqual(["WX-1"])
    const shown = [...route.days.values()].flatMap(({ open, done }) => [...open, ...done])
    expect(numbers(shown)).not.toContain("WX-2")
    expect(numbers(route.days.get(today)?.done).sort()).toEqual(["WX-3", "WX-4"])
})

test("a job that was given to somebody else is shown for as long as something of it is unsent", () => {
    const gone = (number: number, unsent: number) => jobOn(number, { day: 0, more: { gone: "reassigned", unsent } })
    const route = routeOf([gone(1, 1), gone(2, 0)], NOON)
    expect(numbers(route.gone)).toEqual(["WX-1"])
    expect(route.days.get(today)?.open).toEqual([])
})

test("a visit without a time stands on the day on which it was signed", () => {
    const signed = jobOn(1, { status: "signed" })
    const at = new Date(NOON - DAY).toISOString()
    signed.record.sign_offs = {
        [entry(2)]: { kind: "signed", how: "phone_screen", name: "王芳", covers: [], sheet_hash: "", at },
    }
    expect(numbers(routeOf([signed], NOON).days.get(on(-1))?.done)).toEqual(["WX-1"])
})
