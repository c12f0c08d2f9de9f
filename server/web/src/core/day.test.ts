/**
 * A technician's day against a real server, one with the company of `--demo`: run by `SERVER=http://127.0.0.1:8080 npx vitest run day`. Without
 * a server there is nothing to run.
 */
import "fake-indexeddb/auto"
import { IDBFactory } from "fake-indexeddb"
import { expect, test } from "vitest"
import type { Bytes } from "./bytes.ts"
import { randomBytes } from "./clocks.ts"
import type { Edit } from "./edit.ts"
import { evidenceMissing } from "./gate.ts"
import { GateClosed, Handset, type JobView, StillUnsent } from "./handset.ts"
import { entryId } from "./id.ts"
import { quoteHash } from "./price.ts"
import type { Quote } from "./record.ts"
import { sheetHash, sheetOf } from "./sheet.ts"
import { IndexedDbStore } from "./store/indexed_db.ts"
import { startAutomerge } from "./tests/samples.ts"
import { timestampOf } from "./time.ts"

const SERVER = process.env["SERVER"]
const PASSWORD = "shangmen-2026"
const STROKES = "10,12,0 14,18,16|20,12,90 21,30,120"

/** This process is the only page. */
const locks: Pick<LockManager, "request"> = {
    request: (_name: string, _options: unknown, held?: unknown) => (held as () => Promise<never>)(),
}

async function opened(): Promise<{ handset: Handset; store: IndexedDbStore; cut: { network: boolean } }> {
    const store = await IndexedDbStore.open({ locks })
    const cut = { network: false }
    const fetching: typeof fetch = (...call) => (cut.network ? Promise.reject(new TypeError("cut")) : fetch(...call))
    return { handset: await Handset.open({ store, server: SERVER ?? "", fetch: fetching }), store, cut }
}

const id = () => entryId(randomBytes(10))
const now = () => timestampOf(Date.now() * 1_000)

/** Does each step until the signature, with what it asks for. */
async function work(handset: Handset, job: JobView): Promise<void> {
    const by = handset.identity()?.person ?? ""
    const template = job.template
    if (!template) throw new Error("the checklist is not here")
    const write = (...edits: Edit[]) => handset.edit(job.id, edits)
    await expect(write({ edit: "mark", step: "repair", mark: { kind: "done", by, at: now() } })).rejects.toThrow(
        GateClosed,
    )
    await quote(handset, job, by)
    for (const step of template.steps) {
        if (step.stage === "sign_off") break
        const record = handset.job(job.id)?.record ?? job.record
        for (const { kind, name, unit } of evidenceMissing(record, step)) {
            if (kind === "photo") {
                const photo = new Blob([randomBytes(16) as Bytes, new Uint8Array(700_000)], { type: "image/jpeg" })
                await handset.addPhoto(job.id, step.id, photo, { width: 1200, height: 900 })
            } else {
                const reading = { step: step.id, name, value: "12", unit: unit ?? "", by, at: now() }
                await write({ edit: "reading", id: id(), reading })
            }
        }
        if (step.id === "charges") await charge(handset, job, by)
        await write({ edit: "mark", step: step.id, mark: { kind: "done", by, at: now() } })
    }
    await write({ edit: "note", step: "diagnose", text: "阀芯老化" }, { edit: "cause", text: "老化" })
}

async function quote(handset: Handset, job: JobView, by: string): Promise<void> {
    const list = handset.priceList()
    const [item] = list?.items ?? []
    if (!list || !item) throw new Error("the price list is not here")
    const line = { quantity_milli: 1_000, unit_minor: item.price_minor, amount_minor: item.price_minor }
    const offer: Quote = {
        lines: { "01": { code: item.code, name: item.name.zh, unit: item.unit, kind: item.kind, ...line } },
        total_minor: item.price_minor,
        currency: list.currency,
        price_list: list.version,
        warranty: { kind: "none" },
        by,
        at: now(),
    }
    const named = id()
    const accepted = {
        quote: named,
        quote_hash: quoteHash(offer),
        total_minor: offer.total_minor,
        currency: list.currency,
    }
    const consent = { ...accepted, how: "phone_screen" as const, name: "王芳", strokes: STROKES, by, at: now() }
    await handset.edit(job.id, [{ edit: "quote", id: named, quote: offer }])
    await handset.edit(job.id, [{ edit: "consent", id: id(), consent }])
}

async function charge(handset: Handset, job: JobView, by: string): Promise<void> {
    const [accepted] = Object.entries(handset.job(job.id)?.record.quotes ?? {}).slice(-1)
    if (!accepted) throw new Error("nothing was quoted")
    const [quote, { total_minor, currency }] = accepted
    await handset.edit(job.id, [
        { edit: "charge", id: id(), charge: { quote, due_minor: total_minor, currency, by, at: now() } },
    ])
}

async function sign(handset: Handset, job: string): Promise<void> {
    const shown = handset.job(job)
    if (!shown?.template) throw new Error("there is no sheet to show")
    const sheet_hash = sheetHash(sheetOf(shown.record, shown.template))
    const signed = { kind: "signed" as const, how: "phone_screen" as const, name: "王芳", strokes: STROKES }
    const rating = { quality: 5, attitude: 5 }
    const by = handset.identity()?.person ?? ""
    const sign_off = { ...signed, rating, covers: shown.heads, sheet_hash, by, at: now() }
    await handset.edit(job, [{ edit: "sign_off", id: id(), sign_off }])
}

async function officeAsks(path: string): Promise<unknown> {
    const headers = { "Content-Type": "application/json" }
    const body = JSON.stringify({ login: "dispatcher", password: PASSWORD })
    const answer = await fetch(`${SERVER}/v1/sessions`, { method: "POST", headers, body })
    const { access_token } = (await answer.json()) as { access_token: string }
    return (await fetch(SERVER + path, { headers: { Authorization: `Bearer ${access_token}` } })).json()
}

test.runIf(SERVER)("a day without network reaches the server whole", { timeout: 60_000 }, async () => {
    await startAutomerge()
    globalThis.indexedDB = new IDBFactory()
    const first = await opened()
    await first.handset.signIn("tech2", PASSWORD, "测试手机")
    await first.handset.sync()
    expect(first.handset.summary().isWhole).toBe(true)
    const job = first.handset.jobs().find(({ status }) => status === "assigned")
    if (!job) throw new Error("nothing is to be done")

    first.cut.network = true
    await work(first.handset, job)
    await expect(first.handset.sync()).rejects.toThrow()
    await first.store.close()
    const { handset, cut } = await opened()
    cut.network = true
    await sign(handset, job.id)
    expect(handset.job(job.id)).toMatchObject({ status: "signed", gone: null })
    expect(handset.summary()).toMatchObject({ unsentJobs: 1, needsSignIn: false })
    await expect(handset.logOut()).rejects.toThrow(StillUnsent)

    cut.network = false
    const owed = handset.job(job.id)?.photosOwed ?? []
    expect(owed.length).toBeGreaterThan(0)
    expect(await handset.sync()).toMatchObject({ refused: [], unsent: 0, photosSent: owed.length, photosOwed: 0 })
    expect(handset.notices()).toEqual([])
    const served = (await officeAsks(`/v1/jobs/${job.id}/conflicts`)) as { heads: string[] }
    expect(served.heads).toEqual(handset.job(job.id)?.heads)
    expect(await officeAsks("/v1/quarantine")).toMatchObject({ items: [] })
    const photos = (await officeAsks(`/v1/jobs/${job.id}/photos`)) as { sha256: string; received_at: string | null }[]
    expect(photos.filter(({ received_at }) => received_at).map(({ sha256 }) => sha256)).toEqual(
        expect.arrayContaining(owed),
    )
    expect(await handset.photo(owed[0] ?? "")).toBeUndefined()

    const heard = new Promise<void>((resolve) => {
        handset.subscribe(() => handset.job(job.id)?.record.notes["testing"] === "另一部手机" && resolve())
    })
    const end = handset.live()
    globalThis.indexedDB = new IDBFactory()
    const second = await opened()
    await second.handset.signIn("tech2", PASSWORD, "另一部手机")
    await second.handset.sync()
    await second.handset.edit(job.id, [{ edit: "note", step: "testing", text: "另一部手机" }])
    await second.handset.sync()
    await heard
    end()
    expect(handset.job(job.id)?.heads).toEqual(second.handset.job(job.id)?.heads)
    await handset.logOut()
    expect(handset.jobs()).toEqual([])
})
