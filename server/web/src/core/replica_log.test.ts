import { expect, test } from "vitest"
import { NotHeld, StillUnsent } from "./handset.ts"
import { Replica } from "./replica.ts"
import { compacted } from "./replica/compact.ts"
import { FORBIDDEN, Office } from "./tests/office.ts"
import { isInStep, Phone, phoneWith } from "./tests/phone.ts"
import { job, note } from "./tests/samples.ts"

test("whatever part of the log is there, it opens to what stood then", async () => {
    const phone = await phoneWith(2)
    const stood: [entries: number, state: unknown][] = []
    const look = (replica: Replica["state"]) => ({
        digest: replica.digest(),
        cursor: replica.cursor,
        unsent: [...replica.jobs.values()].map((held) => held.unsent.map(({ own }) => own.hash)),
        actors: [...replica.jobs.values()].map((held) => held.actor),
        notices: replica.notices.length,
    })
    phone.handset.subscribe(() => stood.push([phone.disk.log.length, look(phone.state)]))
    const backup = phone.office.backUp()
    await phone.edit(1, note("accept", "好"))
    await phone.sync()
    await phone.edit(1, note("diagnose", FORBIDDEN))
    await phone.edit(2, note("diagnose", "阀芯"))
    await phone.sync()
    phone.office.restore(backup)
    await phone.edit(1, note("repair", "在其后"))
    await phone.sync()
    isInStep(phone)
    expect(stood.length).toBeGreaterThan(6)
    for (const [entries, state] of stood)
        expect(look(new Replica(phone.disk.log.slice(0, entries)).state)).toEqual(state)
    const again = new Replica(compacted(phone.state)).state
    expect(compacted(again)).toEqual(compacted(phone.state))
    expect(look(again)).toMatchObject({ digest: phone.state.digest(), cursor: phone.state.cursor })
})

test("a snapshot that does not load is asked for again", async () => {
    const phone = await Phone.enrolled(new Office())
    phone.office.openJob(job(1))
    phone.office.grant(job(1), phone.device)
    const request = await phone.request()
    const answer = await phone.ask(request)
    const [update] = answer.jobs
    if (update && "snapshot" in update.news) update.news.snapshot.document = new Uint8Array([1, 2, 3])
    expect(await phone.answer(request, answer)).toContain("sync_again")
    await phone.sync()
    expect(phone.handset.jobs()).toHaveLength(1)
})

const SIZE = { width: 4, height: 3 }

test("a photo is durable before the record mentions it, and one that the record does not take is not kept", async () => {
    const phone = await phoneWith(1)
    const photo = new Blob(["jpeg"], { type: "image/jpeg" })
    const sha256 = await phone.handset.addPhoto(job(1), "diagnose", photo, SIZE)
    expect(phone.handset.job(job(1))?.record.photos[sha256]).toMatchObject({ step: "diagnose", bytes: 4, ...SIZE })
    expect(phone.handset.job(job(1))?.photosOwed).toEqual([sha256])
    phone.disk.blobs.set("left by a page that was killed", photo)
    await phone.reopen()
    expect([...phone.disk.blobs.keys()]).toEqual([sha256])
    await expect(phone.handset.addPhoto(job(2), "diagnose", new Blob(["other"]), SIZE)).rejects.toThrow(NotHeld)
    expect([...phone.disk.blobs.keys()]).toEqual([sha256])
    expect(await (await phone.handset.photo(sha256))?.text()).toBe("jpeg")
})

test("nobody logs out while anything is unsent", async () => {
    const phone = await phoneWith(1)
    await phone.edit(1, note("repair", "在"))
    await expect(phone.handset.logOut()).rejects.toMatchObject({ name: StillUnsent.name, changes: 1, photos: 0 })
    await phone.sync()
    await phone.handset.addPhoto(job(1), "diagnose", new Blob(["jpeg"]), SIZE)
    await phone.sync()
    await expect(phone.handset.logOut()).rejects.toMatchObject({ changes: 0, photos: 1 })
    await phone.remember(...[...phone.state.photos.keys()].map((sha256) => ({ entry: "photo_sent", sha256 }) as const))
    await phone.handset.logOut()
    expect(phone.handset.jobs()).toEqual([])
    expect(phone.handset.identity()?.login).toBe("li")
    expect(phone.disk.log.map(({ entry }) => entry)).toEqual(["key", "identity"])
})

test("a phone that works all day without network opens quickly again", async () => {
    const phone = await phoneWith(1)
    for (let number = 0; number < 70; number++) await phone.edit(1, note("repair", `${number}`))
    // As where the server is not reached, whatever the reason.
    await expect(phone.handset.sync()).rejects.toThrow()
    expect(phone.disk.log.filter(({ entry }) => entry === "snapshot")).toMatchObject([{ view: { form: 1 } }])
    expect(phone.state.unsent()).toBe(70)
    const { log } = phone.disk
    await phone.reopen()
    await expect(phone.handset.sync()).rejects.toThrow()
    // Nothing was written since.
    expect(phone.disk.log).toBe(log)
    expect([phone.noteOf(1, "repair"), phone.state.unsent()]).toEqual(["69", 70])
    await phone.sync()
    isInStep(phone)
})

test("who looks on hears of each change once it is durable", async () => {
    const phone = await phoneWith(1)
    const seen: number[] = []
    const end = phone.handset.subscribe(() => seen.push(phone.disk.log.length))
    const before = phone.disk.log.length
    await phone.edit(1, note("repair", "在"))
    end()
    await phone.edit(1, note("repair", "不在"))
    expect(seen).toEqual([before + 2])
})
