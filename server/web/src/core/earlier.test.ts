import { beforeEach, expect, test } from "vitest"
import { Handset } from "./handset.ts"
import { MemoryDisk, MemoryStore } from "./store.ts"
import type { EarlierVisit } from "./store/entry.ts"
import { Network } from "./tests/network.ts"
import { at, job, startAutomerge } from "./tests/samples.ts"

const VISIT: EarlierVisit = {
    number: "WX-20260301-0001",
    status: "closed",
    reported_at: at(0),
    ended_at: at(100),
    technician: "李强",
    is_same_product: true,
    fault: "不点火",
    cause: "电极积碳",
    measures: "更换电极",
    parts: [{ code: "R103", name: "点火针", quantity_milli: 1_000 }],
}

let network: Network
let disk: MemoryDisk
/** The phone's clock, in seconds after it was bought. */
let second: number

function opened(): Promise<Handset> {
    const now = () => ({ at: (1_790_000_000 + second) * 1_000_000, uptime_us: second * 1_000_000, boot: "1" })
    return Handset.open({ store: new MemoryStore(disk), fetch: network.fetch, now })
}

async function signedIn(): Promise<Handset> {
    const handset = await opened()
    await handset.signIn("li", "geheim-2026", "李强的手机")
    await handset.sync()
    return handset
}

const asked = () => network.calls.filter(({ path }) => path === "/v1/earlier-visits").length

beforeEach(async () => {
    await startAutomerge()
    network = new Network()
    disk = new MemoryDisk()
    second = 0
    network.office.openJob(job(1))
    network.earlier = [{ job: job(1), visits: [VISIT] }]
})

test("earlier visits come with the job, and are there when the phone is opened without network", async () => {
    const handset = await signedIn()
    expect(handset.job(job(1))?.earlier).toEqual([VISIT])
    await handset.compact()
    network.isDown = true
    expect((await opened()).job(job(1))?.earlier).toEqual([VISIT])
})

test("they are asked for once, again when a new job came, and when they are old", async () => {
    const handset = await signedIn()
    await handset.sync()
    expect(asked()).toBe(1)
    network.office.openJob(job(2))
    network.office.grant(job(2), [...network.devices.keys()][0] ?? "")
    await handset.sync()
    expect(asked()).toBe(2)
    // The server said nothing of the second job: that is an answer too.
    expect(handset.job(job(2))?.earlier).toEqual([])
    second = 7 * 3_600
    await handset.sync()
    await handset.sync()
    expect(asked()).toBe(3)
})

test("where the answer is lost they are asked for once more, and the sync goes on", async () => {
    const handset = await opened()
    await handset.signIn("li", "geheim-2026", "李强的手机")
    network.lost = ["/v1/earlier-visits"]
    network.earlier = []
    const report = await handset.sync()
    expect(report.earlierError).toBeUndefined()
    expect(asked()).toBe(2)
})

test("they leave the phone in the step in which the job leaves its hands", async () => {
    const handset = await signedIn()
    network.office.revoke(job(1), [...network.devices.keys()][0] ?? "")
    await handset.sync()
    expect(handset.state.earlier.size).toBe(0)
    await handset.compact()
    expect((await opened()).state.earlier.size).toBe(0)
})
