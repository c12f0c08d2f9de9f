import { beforeEach, expect, test } from "vitest"
import { Handset } from "./handset.ts"
import { type Limit, limitsToKeep, urgencyOf } from "./limit.ts"
import { MemoryDisk, MemoryStore } from "./store.ts"
import { Network } from "./tests/network.ts"
import { at, checklist, entry, job, LI, startAutomerge } from "./tests/samples.ts"

const limit = (rule: string, second: number): Limit => {
    return { rule, name: { zh: rule, en: rule }, warn_at: at(second - 100), due_at: at(second) }
}
const LIMITS = [limit("urgent_on_site", 1_000), limit("off_list_price", 1_500), limit("urgent_repaired", 2_000)]

let network: Network
let disk: MemoryDisk

const opened = () => Handset.open({ store: new MemoryStore(disk), fetch: network.fetch })

beforeEach(async () => {
    await startAutomerge()
    network = new Network()
    disk = new MemoryDisk()
    network.office.openJob(job(1))
    network.inHand = [{ job: job(1), limits: LIMITS, refuses_calls: true }]
})

const asked = () => network.calls.filter(({ path }) => path === "/v1/jobs-in-hand").length

async function signedIn(): Promise<Handset> {
    const handset = await opened()
    await handset.signIn("li", "geheim-2026", "李强的手机")
    await handset.handle({ input: "remember", entries: [checklist()] })
    await handset.sync()
    return handset
}

test("limits come with the job, outlast a compaction, and leave with it", async () => {
    const handset = await signedIn()
    await handset.compact()
    network.isDown = true
    const kept = (await opened()).job(job(1))
    expect([kept?.limits, kept?.refusesCalls]).toEqual([LIMITS, true])
    network.isDown = false
    network.office.revoke(job(1), [...network.devices.keys()][0] ?? "")
    await handset.sync()
    expect(handset.state.inHand.size).toBe(0)
})

test("they are asked for again once the job moved, and what is known already is not written again", async () => {
    const handset = await signedIn()
    const entries = disk.log.length
    await handset.sync()
    expect(asked()).toBe(1)
    network.office.write(job(1), { edit: "note", step: "listen", text: "异响" })
    await handset.sync()
    expect(asked()).toBe(2)
    expect(disk.log.slice(entries).filter(({ entry }) => entry === "in_hand")).toEqual([])
})

test("what was kept without network is no limit any more, and others' limits are not the technician's", async () => {
    const assignment = { technician: LI, technician_name: "李强", window: null, by: LI, at: at(1), reason: null }
    network.office.write(job(1), { edit: "assign", id: entry(1), assignment })
    const handset = await signedIn()
    const rules = () => limitsToKeep(handset.job(job(1))!).map(({ rule }) => rule)
    expect(rules()).toEqual(["urgent_on_site", "urgent_repaired"])
    network.isDown = true
    await handset.edit(job(1), [{ edit: "mark", step: "knock", mark: { kind: "done", by: LI, at: at(500) } }])
    await handset.edit(job(1), [{ edit: "mark", step: "introduce", mark: { kind: "done", by: LI, at: at(510) } }])
    expect(rules()).toEqual(["urgent_repaired"])
})

test("a limit is ahead, near, and over", () => {
    const [one] = LIMITS
    const when = (second: number) => urgencyOf(one!, Date.parse(at(second)))
    expect([when(0), when(900), when(1_000), when(1_001)]).toEqual(["ahead", "near", "near", "over"])
})
