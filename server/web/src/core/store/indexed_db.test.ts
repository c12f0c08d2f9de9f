import "fake-indexeddb/auto"
import { IDBFactory } from "fake-indexeddb"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Handset } from "../handset.ts"
import { Replica } from "../replica.ts"
import { newDeviceKey, sign, verify } from "../seal.ts"
import { StoreFailed } from "../store.ts"
import { at, job, note, startAutomerge } from "../tests/samples.ts"
import { phoneWith } from "../tests/phone.ts"
import type { Entry } from "./entry.ts"
import { IndexedDbStore, InUse } from "./indexed_db.ts"

/** One lock, as a browser gives it: whoever waits gets it next. */
class Locks implements Pick<LockManager, "request"> {
    #tail: Promise<unknown> = Promise.resolve()

    request(_name: string, options: unknown, held?: unknown): Promise<never> {
        const { signal } = options as { signal: AbortSignal }
        const given = new Promise((resolve, reject) => {
            signal.addEventListener("abort", () => reject(new DOMException("given up", "AbortError")))
            this.#tail.then(resolve)
        })
        const done = given.then(() => (held as () => Promise<void>)())
        this.#tail = done.catch(() => {})
        return done as Promise<never>
    }
}

const storage = { persist: vi.fn(async () => true) }
let locks: Locks

function opened(waitMs = 5_000): Promise<IndexedDbStore> {
    return IndexedDbStore.open({ locks, storage, waitMs })
}

function written(text: string): Entry {
    return { entry: "reference", kind: "price_list", version: 1, json: JSON.stringify({ version: 1, name: text }) }
}

beforeEach(async () => {
    globalThis.indexedDB = new IDBFactory()
    locks = new Locks()
    await startAutomerge()
})

afterEach(() => {
    vi.restoreAllMocks()
})

test("what was appended is there again in its order, and what compaction leaves out is not", async () => {
    const store = await opened()
    await store.append([written("一"), written("二")])
    await store.append([written("三")])
    await store.close()
    const again = await opened()
    expect(await again.load()).toEqual([written("一"), written("二"), written("三")])
    const before = again.bytes()
    await again.compact([written("三")])
    expect(again.bytes()).toBeLessThan(before)
    expect(await again.load()).toEqual([written("三")])
    await again.append([written("四")])
    expect(await again.load()).toEqual([written("三"), written("四")])
})

test("each append and each photo is written through to the disk", async () => {
    const store = await opened()
    const transaction = vi.spyOn(IDBDatabase.prototype, "transaction")
    await store.append([written("一")])
    await store.compact([written("一")])
    await store.putBlob("ab", new Blob(["jpeg"]))
    expect(transaction.mock.calls.map(([, mode, options]) => [mode, options])).toEqual(
        Array.from({ length: 3 }, () => ["readwrite", { durability: "strict" }]),
    )
})

test("the browser is asked to keep the store", async () => {
    await opened()
    expect(storage.persist).toHaveBeenCalled()
})

test("a second page is refused while the first one has the store, and gets it afterwards", async () => {
    const first = await opened()
    await expect(opened(1)).rejects.toThrow(InUse)
    const waiting = opened()
    await first.close()
    await (await waiting).append([written("一")])
})

test("a full disk is said, and leaves everything as it was", async () => {
    const store = await opened()
    await store.append([written("一")])
    const full = () => {
        throw new DOMException("no room", "QuotaExceededError")
    }
    vi.spyOn(IDBObjectStore.prototype, "add").mockImplementationOnce(full)
    await expect(store.append([written("二")])).rejects.toMatchObject({ name: StoreFailed.name, isFull: true })
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementationOnce(full)
    await expect(store.putBlob("ab", new Blob(["jpeg"]))).rejects.toMatchObject({ isFull: true })
    expect(await store.load()).toEqual([written("一")])
    expect(await store.findBlob("ab")).toBeUndefined()
})

test("a disk that is full while the log is compacted leaves the log", async () => {
    const store = await opened()
    await store.append([written("一"), written("二")])
    const add = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementationOnce(() => {
        throw new DOMException("no room", "QuotaExceededError")
    })
    await expect(store.compact([written("二")])).rejects.toMatchObject({ isFull: true })
    expect(add).toHaveBeenCalled()
    expect(await store.load()).toEqual([written("一"), written("二")])
})

test("a connection that the browser ended is made anew", async () => {
    const store = await opened()
    await store.append([written("一")])
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementationOnce(() => {
        throw new DOMException("the connection was closed", "InvalidStateError")
    })
    await store.append([written("二")])
    expect(await store.load()).toEqual([written("一"), written("二")])
})

test("a photo comes back as it was, under its type", async () => {
    const store = await opened()
    await store.putBlob("ab", new Blob([new Uint8Array([1, 2, 255])], { type: "image/jpeg" }))
    const found = await store.findBlob("ab")
    expect(found?.type).toBe("image/jpeg")
    expect(new Uint8Array((await found?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(new Uint8Array([1, 2, 255]))
    await store.deleteBlob("ab")
    expect(await store.findBlob("ab")).toBeUndefined()
})

test("the phone's key signs after the page was closed, and can't be read", async () => {
    const store = await opened()
    const key = await newDeviceKey()
    await store.append([{ entry: "key", key }])
    await store.close()
    const { state } = new Replica(await (await opened()).load())
    if (!state.key) throw new Error("the key is lost")
    const message = new Uint8Array([1, 2, 3])
    expect(await verify(key.publicKey, message, await sign(state.key, message))).toBe(true)
    await expect(crypto.subtle.exportKey("pkcs8", state.key.privateKey)).rejects.toThrow()
})

test("a phone that was killed between its edit and the server's answer still has the edit, and one that was killed after it has the answer", async () => {
    const source = await phoneWith(1)
    const store = await opened()
    await store.append(source.disk.log)
    const options = { now: () => source.now(), random: (bytes: number) => source.random(bytes) }
    const before = await Handset.open({ store, ...options })
    await before.edit(job(1), [note("repair", "换阀芯")])
    const built = await before.handle({ input: "build_sync" })
    const request = built.find((output) => output.output === "request")?.request
    if (!request) throw new Error("expected a request")
    const answer = await source.ask(request)
    await store.close()

    const killed = await opened()
    const after = await Handset.open({ store: killed, ...options })
    expect(after.summary().unsent).toBe(1)
    expect(after.job(job(1))?.record.notes["repair"]).toBe("换阀芯")
    expect(await after.handle({ input: "answer", request: request.id, answer })).toEqual([])
    const again = await after.handle({ input: "build_sync" })
    const second = again.find((output) => output.output === "request")?.request
    if (!second) throw new Error("expected a request")
    await after.handle({ input: "answer", request: second.id, answer: await source.ask(second) })
    await killed.close()
    const last = await Handset.open({ store: await opened(), ...options })
    expect(last.summary()).toMatchObject({ unsent: 0, contactAt: at(1_000) })
    expect(last.state.digest()).toBe(source.office.digestOf(source.device))
})
