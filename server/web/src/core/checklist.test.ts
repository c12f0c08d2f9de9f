import { beforeEach, expect, test } from "vitest"
import { GateClosed, Handset } from "./handset.ts"
import { MemoryDisk, MemoryStore } from "./store.ts"
import { WHOLE_VISIT } from "./template.ts"
import { Network } from "./tests/network.ts"
import { done, homeRepair, job, note, startAutomerge } from "./tests/samples.ts"

let network: Network
let disk: MemoryDisk

function opened(): Promise<Handset> {
    const now = () => ({ at: 1_790_000_000_000_000, uptime_us: 0, boot: "1" })
    return Handset.open({ store: new MemoryStore(disk), fetch: network.fetch, now })
}

async function signedIn(): Promise<Handset> {
    const handset = await opened()
    await handset.signIn("li", "geheim-2026", "李强的手机")
    await handset.sync()
    return handset
}

const asked = () => network.calls.filter(({ path }) => path.startsWith("/v1/templates/")).length

beforeEach(async () => {
    await startAutomerge()
    network = new Network()
    disk = new MemoryDisk()
    network.office.openJob(job(1))
})

test("without its checklist a job is shown, and notes and photos of the visit as a whole are kept and sent", async () => {
    const handset = await signedIn()
    const shown = handset.job(job(1))
    expect([shown?.template, shown?.wholeness]).toEqual([undefined, "incomplete"])
    expect(handset.summary().isWhole).toBe(false)
    network.isDown = true
    await handset.edit(job(1), [note(WHOLE_VISIT, "门禁密码 1234#")])
    const sha256 = await handset.addPhoto(job(1), WHOLE_VISIT, new Blob(["x"]), { width: 1, height: 1 })
    expect(handset.job(job(1))?.record.photos[sha256]?.step).toBe(WHOLE_VISIT)
    network.isDown = false
    const report = await handset.sync()
    expect(report.unsent).toBe(0)
    expect(network.office.note(job(1), WHOLE_VISIT)).toBe("门禁密码 1234#")
})

test("it is fetched by itself, once, and is there when the phone is opened without network", async () => {
    network.templates["home_repair/1"] = homeRepair()
    const handset = await signedIn()
    expect(handset.job(job(1))?.template?.version).toBe(1)
    await handset.sync()
    expect(asked()).toBe(1)
    // From here on its rules hold.
    await expect(handset.edit(job(1), [done("repair")])).rejects.toThrow(GateClosed)
    await handset.edit(job(1), [note(WHOLE_VISIT, "钥匙在门卫")])
    await handset.compact()
    network.isDown = true
    const again = await opened()
    expect([again.job(job(1))?.template?.version, again.job(job(1))?.wholeness]).toEqual([1, "whole"])
})

test("where the reference data brings it nothing more is asked", async () => {
    network.carried = [homeRepair()]
    network.office.reference = { template: 1 }
    const handset = await signedIn()
    expect([handset.job(job(1))?.template?.version, asked()]).toEqual([1, 0])
})

test("one of the product that changed under its version is fetched anew, once, and outlives the phone's process", async () => {
    const fetched = () => network.calls.filter(({ path }) => path === "/v1/reference").length
    network.carried = [{ ...homeRepair(), warranty_months: 7 }]
    network.office.reference = { template: 1 }
    const handset = await signedIn()
    await handset.sync()
    const months = (phone: Handset) => phone.job(job(1))?.template?.warranty_months
    expect([months(handset), fetched()]).toEqual([7, 1])
    network.carried = [homeRepair()]
    network.office.reference = { template: 1, shipped: 2 ** 52 + 1 }
    await handset.sync()
    await handset.sync()
    expect([months(handset), fetched()]).toEqual([homeRepair().warranty_months, 2])
    await handset.compact()
    const again = await opened()
    await again.sync()
    expect([months(again), fetched()]).toEqual([homeRepair().warranty_months, 2])
})

test("a server that does not have it fails nothing else, and is asked again with the next sync", async () => {
    const handset = await signedIn()
    const report = await handset.sync()
    expect([report.unsent, report.referenceError === undefined, asked()]).toEqual([0, false, 2])
    await handset.edit(job(1), [note("listen", "漏水")])
    expect((await handset.sync()).unsent).toBe(0)
})
