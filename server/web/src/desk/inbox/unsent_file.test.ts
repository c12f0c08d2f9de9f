import { beforeEach, expect, test } from "vitest"
import { fromBase64, sha256 } from "../../core/bytes.ts"
import { identify } from "../../core/document.ts"
import { Handset } from "../../core/handset.ts"
import { MemoryStore } from "../../core/store.ts"
import { Network } from "../../core/tests/network.ts"
import { checklist, job, note, startAutomerge } from "../../core/tests/samples.ts"
import { unsentFile, unsentSize } from "../../core/unsent_file.ts"
import { readUnsent } from "./unsent_file.ts"

let network: Network
let store: MemoryStore
let handset: Handset

beforeEach(async () => {
    await startAutomerge()
    network = new Network()
    network.office.openJob(job(1))
    store = new MemoryStore()
    handset = await Handset.open({ store, fetch: network.fetch })
    await handset.signIn("li", "geheim-2026", "李强的手机")
    await handset.handle({ input: "remember", entries: [checklist()] })
    await handset.sync()
    network.isDown = true
})

const photo = (fill: number, bytes: number) => new Blob([new Uint8Array(bytes).fill(fill)], { type: "image/jpeg" })
const SIZE = { width: 4, height: 3 }

test("where nothing is unsent there is no file", async () => {
    expect(await handset.unsentFile()).toBeUndefined()
    expect(unsentSize(handset.state)).toEqual({ changes: 0, photos: 0, bytes: 0 })
})

test("records and photos go into one file, which the desk reads as they were", async () => {
    await handset.edit(job(1), [note("listen", "异响")])
    const hashes = [await handset.addPhoto(job(1), "diagnose", photo(1, 3_000), SIZE)]
    hashes.push(await handset.addPhoto(job(1), "diagnose", photo(2, 5_000), SIZE))
    const file = await handset.unsentFile()
    const size = unsentSize(handset.state)
    expect(size).toMatchObject({ changes: 3, photos: 2 })
    // What is told beforehand is near what it becomes.
    expect(Math.abs((file?.size ?? 0) - size.bytes)).toBeLessThan(1_500)
    const { records, photos } = (await readUnsent(file ?? new Blob()))!
    expect(records.photos).toEqual([])
    expect(records).toMatchObject({ login: "li", jobs: [{ job: job(1), number: "WX-20261122-0007" }] })
    const changes = records.jobs[0]?.changes ?? []
    expect(changes.map((bytes) => identify(fromBase64(bytes)).seq)).toEqual([1, 2, 3])
    expect(photos.map(({ sha256, job }) => [sha256, job])).toEqual(hashes.map((hash) => [hash, job(1)]))
    for (const { content, sha256: named } of photos) expect(sha256(fromBase64(content))).toBe(named)
    // To save it takes nothing away.
    expect(unsentSize(handset.state)).toEqual(size)
})

test("photos that are left alone are saved, and one whose bytes are gone holds up no other", async () => {
    const lost = await handset.addPhoto(job(1), "diagnose", photo(1, 300), SIZE)
    const kept = await handset.addPhoto(job(1), "diagnose", photo(2, 300), SIZE)
    await store.deleteBlob(lost)
    const file = await unsentFile(handset.state, store, () => "")
    expect((await readUnsent(file ?? new Blob()))?.photos.map(({ sha256 }) => sha256)).toEqual([kept])
})

test("what is no file of a phone is told apart", async () => {
    for (const text of ["", "[]", "null", "{", '"x"', '{"jobs":[]}'])
        expect(await readUnsent(new Blob([text]))).toBeUndefined()
})
