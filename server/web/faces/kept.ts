/** What a phone's browser holds on its disk, read from outside and understood as the phone itself would after a restart. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { initializeWasm, isWasmInitialized } from "@automerge/automerge/slim"
import type { Page } from "playwright-core"
import { Replica } from "../src/core/replica.ts"
import type { Entry } from "../src/core/store/entry.ts"

/** Bytes on their way out of the browser. */
interface Packed {
    base64: string
}

export interface Kept {
    /** Of the job's record. */
    heads: string[]
    /** Changes of all jobs that the server has not acknowledged. */
    unsent: number
    /** Photos whose bytes lie here and nowhere else. */
    photos: string[]
}

export async function keptOn(page: Page, job: string): Promise<Kept> {
    if (!isWasmInitialized()) {
        const wasm = createRequire(import.meta.url).resolve("@automerge/automerge/automerge.wasm")
        await initializeWasm(readFileSync(wasm))
    }
    const { log, photos } = await page.evaluate(readStore)
    const { state } = new Replica(unpacked(log) as Entry[])
    return { heads: [...(state.jobs.get(job)?.document.heads() ?? [])], unsent: state.unsent(), photos }
}

/** Runs in the page. Keys that never leave the browser stay there. */
async function readStore(): Promise<{ log: unknown[]; photos: string[] }> {
    const settled = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
            request.onsuccess = () => resolve(request.result)
            request.onerror = () => reject(request.error)
        })
    const packed = (value: unknown): unknown => {
        if (value instanceof Uint8Array) {
            return { base64: btoa(value.reduce((text, byte) => text + String.fromCharCode(byte), "")) }
        }
        if (value instanceof CryptoKey) return null
        if (Array.isArray(value)) return value.map(packed)
        if (typeof value !== "object" || value === null) return value
        return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, packed(inner)]))
    }
    const database = await settled(indexedDB.open("phone"))
    const store = database.transaction(["log", "photos"])
    const batches = (await settled(store.objectStore("log").getAll())) as { entries: unknown[] }[]
    const photos = (await settled(store.objectStore("photos").getAllKeys())) as string[]
    database.close()
    return { log: batches.flatMap(({ entries }) => packed(entries) as unknown[]), photos }
}

function unpacked(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(unpacked)
    if (typeof value !== "object" || value === null) return value
    if ("base64" in value) return new Uint8Array(Buffer.from((value as Packed).base64, "base64"))
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unpacked(inner)]))
}
