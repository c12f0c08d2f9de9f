import { expect, test } from "vitest"
import type { Schemas } from "../../api/client.ts"
import { isOutdated } from "./report_moved.ts"

type Report = Schemas["CustomerReport"]

const LISTED = {
    id: "1",
    number: "R20261123-0001",
    state: "open",
    phone_is_masked: true,
    told: { name: "李强", phone: "138****5678" },
    owner: { id: "7", name: "王芳" },
    repeated: 0,
    repeats: [],
    owners: [],
} as unknown as Report
const owners = [{ person: { id: "7", name: "王芳" } }]
const SHOWN = {
    ...LISTED,
    phone_is_masked: false,
    told: { ...LISTED.told, phone: "13812345678" },
    repeated: 2,
    owners,
} as Report

test("a report that stands as it is shown is not asked for again", () => {
    expect(isOutdated(SHOWN, LISTED)).toBe(false)
    expect(isOutdated({ ...LISTED }, LISTED)).toBe(false)
})

test("another state, another owner and another number are news", () => {
    expect(isOutdated(SHOWN, { ...LISTED, state: "answered" })).toBe(true)
    expect(isOutdated(SHOWN, { ...LISTED, owner: { id: "8", name: "赵敏" } })).toBe(true)
    expect(isOutdated(SHOWN, { ...LISTED, told: { ...LISTED.told, phone: "139****1111" } })).toBe(true)
})
