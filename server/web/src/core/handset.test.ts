import { beforeEach, expect, test } from "vitest"
import { type Bytes, text } from "./bytes.ts"
import { eventsOf } from "./client/feed.ts"
import { Handset, HeldByAnother, NeedsSignIn, type Options } from "./handset.ts"
import { MemoryDisk, MemoryStore } from "./store.ts"
import { Network } from "./tests/network.ts"
import { homeRepair, job, note, startAutomerge } from "./tests/samples.ts"

let network: Network
let disk: MemoryDisk

function opened(more?: Partial<Options>): Promise<Handset> {
    return Handset.open({ store: new MemoryStore(disk), fetch: network.fetch, ...more })
}

/** A phone whose person signed in, and that holds one job. */
async function signedIn(more?: Partial<Options>): Promise<Handset> {
    const handset = await opened(more)
    await handset.signIn("li", "geheim-2026", "李强的手机")
    await handset.sync()
    return handset
}

const paths = () => network.calls.map(({ method, path }) => `${method} ${path}`)
const SIZE = { width: 4, height: 3 }
/** Three pieces and a bit. */
const PHOTO = new Blob([new Uint8Array(3 * (256 << 10) + 5).fill(7)], { type: "image/jpeg" })

beforeEach(async () => {
    await startAutomerge()
    network = new Network()
    disk = new MemoryDisk()
    network.office.openJob(job(1))
    network.templates["home_repair/1"] = homeRepair()
})

test("who signs in enrols this phone under its own key, and gets the same phone again", async () => {
    const handset = await signedIn()
    expect(handset.jobs().map(({ id }) => id)).toEqual([job(1)])
    expect(handset.identity()).toMatchObject({ login: "li", name: "李强" })
    await handset.logOut()
    expect([handset.isSignedIn(), handset.jobs()]).toEqual([false, []])
    await handset.signIn("li", "geheim-2026", "李强的手机")
    expect(network.devices.size).toBe(1)
    await handset.sync()
    expect(handset.jobs()).toHaveLength(1)
})

test("a phone that the office shut out is told so, and is a new one with the next sign-in", async () => {
    const handset = await signedIn()
    const [old] = [...network.devices.keys()]
    network.office.revoked.add(old ?? "")
    expect((await handset.sync()).revoked).toBe(true)
    await handset.edit(job(1), [note("repair", "换阀芯")])
    await expect(handset.signIn("li", "geheim-2026", "李强的手机")).rejects.toThrow()
    expect(handset.summary().unsent).toBe(1)
    await handset.sync()
    await handset.signIn("li", "geheim-2026", "李强的手机")
    expect([network.devices.size, handset.identity()?.device === old]).toEqual([2, false])
    expect((await handset.sync()).revoked).toBe(false)
    await handset.edit(job(1), [note("repair", "换阀芯，已试水")])
    const { refused, unsent } = await handset.sync()
    expect([refused, unsent]).toEqual([[], 0])
    expect(network.office.note(job(1), "repair")).toBe("换阀芯，已试水")
})

test("a photo that the server never takes is kept and shown, and keeps nobody from signing out", async () => {
    const handset = await signedIn()
    network.refusesPhotos = true
    const sha256 = await handset.addPhoto(job(1), "diagnose", PHOTO, SIZE)
    const report = await handset.sync()
    expect([report.photosRefused, report.photosOwed, report.photoError]).toEqual([1, 0, undefined])
    await handset.compact()
    const again = await opened()
    expect(again.job(job(1))?.photosRefused).toEqual(new Map([[sha256, "too_large"]]))
    expect((await again.photo(sha256))?.size).toBe(PHOTO.size)
    const before = paths().length
    expect((await again.sync()).photosRefused).toBe(0)
    expect(
        paths()
            .slice(before)
            .filter((path) => path.includes("uploads")),
    ).toEqual([])
    await again.logOut()
    expect(await again.photo(sha256)).toBeUndefined()
})

test("what is here is shown before the wasm has come, and an edit waits for it", async () => {
    const handset = await signedIn()
    await handset.compact()
    let come: (_: void) => void = () => {}
    const ready = new Promise<void>((resolve) => {
        come = resolve
    })
    const again = await Handset.open({ store: new MemoryStore(disk), fetch: network.fetch, ready: () => ready })
    expect(again.jobs().map(({ number }) => number)).toEqual(["WX-20261122-0007"])
    const edited = again.edit(job(1), [note("repair", "换阀芯")])
    expect(again.summary().unsent).toBe(0)
    come()
    await edited
    expect(again.summary().unsent).toBe(1)
})

test("a job that nobody wrote to is shown as the same, and one that changed is not", async () => {
    network.office.openJob(job(2))
    const handset = await signedIn()
    network.office.grant(job(2), [...network.devices.keys()][0] ?? "")
    await handset.sync()
    const [first, second] = handset.jobs()
    await handset.edit(job(1), [note("repair", "换阀芯")])
    expect(handset.jobs()[1]).toBe(second)
    expect(handset.job(job(1))).not.toBe(first)
    expect([handset.job(job(1))?.unsent, handset.job(job(1))?.record.notes["repair"]]).toEqual([1, "换阀芯"])
    const sha256 = await handset.addPhoto(job(2), "diagnose", PHOTO, SIZE)
    expect(handset.job(job(2))?.photosOwed).toEqual([sha256])
    await handset.sync()
    expect([handset.job(job(2))?.photosOwed, handset.job(job(1))?.unsent]).toEqual([[], 0])
})

test("it is settled once everything that was given is on the disk", async () => {
    const handset = await signedIn()
    void handset.edit(job(1), [note("repair", "换阀芯")])
    void handset.edit(job(1), [note("testing", "不漏")])
    await handset.settled()
    expect((await opened()).summary().unsent).toBe(2)
})

test("nobody else gets a phone that holds somebody's work", async () => {
    const handset = await signedIn()
    await expect(handset.signIn("zhao", "geheim-2026", "手机")).rejects.toThrow(HeldByAnother)
    await handset.logOut()
    await handset.signIn("zhao", "geheim-2026", "手机")
    expect(network.devices.size).toBe(2)
})

test("what the outlet says of itself comes with each token and is here without network", async () => {
    const handset = await signedIn()
    expect(handset.identity()?.home).toBeUndefined()
    const travel = { base: null, detour_percent: 140, speed_kmh: 25, usual_minutes: 30 }
    network.home = { name: "乌鲁木齐店", phone: "0991-5550000", time_zone: "Asia/Urumqi", travel }
    network.expire()
    await handset.call({ method: "GET", path: "/v1/me" })
    network.isDown = true
    expect((await opened()).identity()).toMatchObject({ name: "李强", home: { time_zone: "Asia/Urumqi", travel } })
})

test("a token that has run out is renewed once, whoever asks, and the phone signs for it", async () => {
    const handset = await signedIn()
    network.expire()
    const asked = Array.from({ length: 3 }, () => handset.call({ method: "GET", path: "/v1/me" }))
    await Promise.all(asked)
    expect(paths().filter((path) => path === "POST /v1/sessions/refresh")).toHaveLength(1)
    expect(network.calls.at(-1)?.token).toBe(network.token)
    const again = await opened()
    await again.sync()
    expect(paths().filter((path) => path === "POST /v1/sessions/refresh")).toHaveLength(1)
})

test("a renewal whose answer was lost is asked for again", async () => {
    const handset = await signedIn()
    network.expire()
    network.lost = ["/v1/sessions/refresh"]
    await handset.sync()
    expect(paths().filter((path) => path === "POST /v1/sessions/refresh")).toHaveLength(2)
    expect(handset.isSignedIn()).toBe(true)
})

test("a session that ended keeps nobody from working", async () => {
    const handset = await signedIn()
    network.hasEnded = true
    await handset.edit(job(1), [note("repair", "换阀芯")])
    await expect(handset.sync()).rejects.toThrow(NeedsSignIn)
    await handset.edit(job(1), [note("testing", "好")])
    expect(handset.summary().unsent).toBe(2)
    await handset.signIn("li", "geheim-2026", "李强的手机")
    await handset.sync()
    expect(network.office.note(job(1), "testing")).toBe("好")
    expect(handset.summary().unsent).toBe(0)
})

test("where the answer is cut off, the very same request is sent once more", async () => {
    const handset = await signedIn()
    await handset.edit(job(1), [note("repair", "换阀芯")])
    network.lost = ["/v1/sync"]
    await handset.sync()
    const [, first, second] = network.syncs
    expect(second).toEqual(first)
    expect(handset.summary().unsent).toBe(0)
    expect(network.office.written(job(1))).toBe(1)
})

test("without network nothing is lost, and the sync says that the server was not reached", async () => {
    const handset = await signedIn()
    network.isDown = true
    await handset.edit(job(1), [note("repair", "换阀芯")])
    await expect(handset.sync()).rejects.toMatchObject({ isOffline: true })
    expect(handset.isSyncing).toBe(false)
    const again = await opened()
    expect(again.summary().unsent).toBe(1)
    network.isDown = false
    await again.sync()
    expect(network.office.note(job(1), "repair")).toBe("换阀芯")
})

test("who asks for a sync while one is under way gets that one, and what was written meanwhile goes too", async () => {
    const handset = await signedIn()
    const first = handset.sync()
    await handset.edit(job(1), [note("repair", "换阀芯")])
    expect(handset.sync()).toBe(first)
    await first
    expect(network.office.note(job(1), "repair")).toBe("换阀芯")
})

test("a photo goes up in pieces after the record that names it, and is let go of behind the receipt", async () => {
    const handset = await signedIn()
    const sha256 = await handset.addPhoto(job(1), "diagnose", PHOTO, SIZE)
    network.calls.length = 0
    expect(await handset.sync()).toMatchObject({ photosSent: 1, photosOwed: 0 })
    expect(paths()).toEqual([
        "POST /v1/sync",
        "POST /v1/uploads",
        ...Array.from({ length: 4 }, () => "PATCH /v1/uploads/0"),
        `GET /v1/jobs/${job(1)}/photos/${sha256}/receipt`,
        "GET /v1/jobs-in-hand",
    ])
    expect(network.photos.get(sha256)?.length).toBe(PHOTO.size)
    expect(await handset.photo(sha256)).toBeUndefined()
})

test("a photo whose line broke goes on from the byte that the server names", async () => {
    const handset = await signedIn()
    const sha256 = await handset.addPhoto(job(1), "diagnose", PHOTO, SIZE)
    network.piecesUntilCut = 2
    const report = await handset.sync()
    expect(report).toMatchObject({ photosSent: 0, photosOwed: 1, unsent: 0 })
    expect(report.photoError).toMatchObject({ isOffline: true })
    network.piecesUntilCut = Number.POSITIVE_INFINITY
    network.calls.length = 0
    expect(await handset.sync()).toMatchObject({ photosSent: 1 })
    expect(paths().filter((path) => path.startsWith("PATCH"))).toHaveLength(1)
    expect(network.photos.get(sha256)?.length).toBe(PHOTO.size)
})

test("a photo stays where the receipt is not the server's word for it", async () => {
    const handset = await signedIn()
    const sha256 = await handset.addPhoto(job(1), "diagnose", PHOTO, SIZE)
    network.signsReceipts = false
    expect(await handset.sync()).toMatchObject({ photosSent: 0, photosOwed: 1 })
    expect((await handset.photo(sha256))?.size).toBe(PHOTO.size)
    network.signsReceipts = true
    expect(await handset.sync()).toMatchObject({ photosSent: 1, photosOwed: 0 })
})

test("whoever wants a copy of a photo has it in hand before it goes, and holds up nothing by failing", async () => {
    const seen: unknown[] = []
    const handset = await signedIn({
        onParting: async ({ job, sha256, blob }) => {
            seen.push([job, sha256, blob.size, (await handset.photo(sha256))?.size])
            throw new Error("no room for a copy")
        },
    })
    const sha256 = await handset.addPhoto(job(1), "diagnose", PHOTO, SIZE)
    network.signsReceipts = false
    await handset.sync()
    expect(seen).toEqual([])
    network.signsReceipts = true
    expect(await handset.sync()).toMatchObject({ photosSent: 1, photosOwed: 0 })
    expect(seen).toEqual([[job(1), sha256, PHOTO.size, PHOTO.size]])
    expect(await handset.photo(sha256)).toBeUndefined()
})

test("a phone that was killed between letting go of a photo and noting it asks for the receipt once more", async () => {
    const handset = await signedIn()
    const sha256 = await handset.addPhoto(job(1), "diagnose", PHOTO, SIZE)
    await handset.sync()
    disk.log = disk.log.filter(({ entry }) => entry !== "photo_sent")
    const again = await opened()
    expect(again.summary().photosOwed).toBe(1)
    expect(await again.sync()).toMatchObject({ photosSent: 1, photosOwed: 0 })
    expect(network.photos.has(sha256)).toBe(true)
})

test("a word of the server's feed leads to a sync", async () => {
    const handset = await signedIn()
    const heard = new Promise<void>((resolve) => {
        handset.subscribe(() => handset.job(job(1))?.record.notes["listen"] === "客户来电" && resolve())
    })
    const end = handset.live()
    await new Promise<void>((resolve) => {
        const stop = handset.subscribe(() => {
            if (!paths().includes("GET /v1/feed") || handset.isSyncing) return
            stop()
            resolve()
        })
    })
    network.office.write(job(1), note("listen", "客户来电"))
    network.tell("event: cur")
    network.tell("sor\ndata: 7\n\n")
    await heard
    end()
})

test("events are read whatever pieces they come in", async () => {
    const pieces = ["retry: 2000\n\n: still", " here\n\nevent: cursor\r", "\ndata: 8\n\nevent:lag", "ged\ndata: \n\n"]
    const stream = new ReadableStream<Bytes>({
        start(feed) {
            for (const piece of pieces) feed.enqueue(text(piece))
            feed.close()
        },
    })
    const events: string[] = []
    await eventsOf(new Response(stream), (event) => events.push(event))
    expect(events).toEqual(["cursor", "lagged"])
})
