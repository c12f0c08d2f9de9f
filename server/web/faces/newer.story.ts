/**
 * The server was upgraded while a technician was under way: its pages are others, and at last it does not even speak the old page's protocol.
 * The old page works on, the new one comes when it disturbs nobody, and nothing that was written is lost on the way.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { gunzipSync } from "node:zlib"
import { decode, encode } from "cborg"
import type { Page } from "playwright-core"
import { build, type Plugin } from "vite"
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { Browser, PHONE } from "./browser.ts"
import { assignTo, signIn } from "./cast.ts"
import { keptOn } from "./kept.ts"
import type { Asked, Line } from "./line.ts"
import { type Caller, Server } from "./server.ts"
import { photograph, sent, tickUntil } from "./visit.ts"

const NEW = "我的工单（新版）"

/** The pages of a newer version: these ones, with another title above the day. */
async function buildNewer(outDir: string): Promise<void> {
    const root = resolve(import.meta.dirname, "..")
    const plugin: Plugin = {
        name: "newer",
        transform(code, id) {
            return id.endsWith("/words/zh/phone.ts") ? code.replace('"我的工单"', `"${NEW}"`) : undefined
        },
    }
    const to = { outDir, emptyOutDir: true }
    await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "error", build: to, plugins: [plugin] })
}

let server: Server
let newer: string
let dispatcher: Caller
let technician: string
beforeAll(async () => {
    server = await Server.start()
    newer = await mkdtemp(join(tmpdir(), "faces-pages-"))
    await buildNewer(newer)
    dispatcher = await server.as("dispatcher")
    technician = (await (await server.as("tech1")).get<{ id: string }>("/v1/me")).id
})
afterAll(async () => {
    await server.end()
    await rm(newer, { recursive: true, force: true })
})

let line: Line
let browser: Browser
beforeEach(async () => {
    line = await server.line()
    browser = await Browser.open(PHONE)
})
afterEach(async () => {
    await browser.close()
    await line.end()
})

async function note(page: Page, text: string): Promise<void> {
    await page.getByLabel("备注").fill(text)
    await page.getByRole("heading", { level: 1 }).click()
    await page.getByText("备注已保存").waitFor()
}

async function cutOff(isCutOff: boolean): Promise<void> {
    if (isCutOff) line.cut()
    else line.mend()
    await browser.setOffline(isCutOff)
}

interface Detail {
    heads: string[]
    record: {
        marks: { [step: string]: object }
        notes: { [step: string]: string }
        photos: object
    }
}

async function isWhole(page: Page, job: string): Promise<Detail["record"]> {
    const { heads, record } = await dispatcher.get<Detail>(`/v1/jobs/${job}`)
    expect(await keptOn(page, job)).toEqual({ heads, unsent: 0, photos: [] })
    return record
}

test("an old page works and sends on until its technician takes the new one, which keeps what is unsent", async () => {
    const job = await assignTo(dispatcher, technician)
    const page = await signIn(line.url, browser)
    await page.goto(`${line.url}/phone/jobs/${job}/steps/accept`)
    await cutOff(true)
    await tickUntil(page, "contact")
    line.showPagesOf(newer)
    await page.reload()
    await cutOff(false)
    await sent(page)

    // The next time it is opened it hears of the new version; where somebody writes, it only says so.
    await page.reload()
    await page.getByText("有新版本，回到工单列表即可更新").waitFor()
    await tickUntil(page, "prepare")
    await sent(page)
    expect(Object.keys((await isWhole(page, job)).marks).toSorted()).toEqual(["accept", "analyse", "contact"])
    await cutOff(true)
    await note(page, "电池已备好")
    await photograph(page, "#345")
    await page.locator(".photos img").waitFor()
    await page.locator(".back").click()
    await page.waitForURL(new RegExp(`jobs/${job}$`))
    await page.locator(".back").click()
    await page.getByRole("heading", { name: "我的工单", exact: true }).waitFor()
    await page.getByRole("button", { name: "更新到新版本" }).click()
    await page.getByRole("heading", { name: NEW }).waitFor()
    expect(await page.locator("header.state-bar").innerText()).toMatch(/未上传.*照片待传/s)
    expect((await keptOn(page, job)).photos).toHaveLength(1)
    await cutOff(false)
    await sent(page)
    const record = await isWhole(page, job)
    expect(record.notes.prepare).toBe("电池已备好")
    expect(Object.keys(record.photos)).toHaveLength(1)
    expect(browser.complaints).toEqual([])
})

/** What a page that speaks a protocol which this server does not know would send. */
function inOtherProtocol(path: string, { headers, body }: Asked): Asked {
    if (path !== "/v1/sync") return { headers, body }
    const { "content-encoding": packed, ...others } = headers
    const request = decode(packed === "gzip" ? gunzipSync(body) : body) as { protocol: number }
    const other = Buffer.from(encode({ ...request, protocol: request.protocol + 1 }))
    return { headers: { ...others, "content-length": String(other.length) }, body: other }
}

test("a page whose protocol is no longer spoken says so in plain words, and sends all once it is the new one", async () => {
    const job = await assignTo(dispatcher, technician)
    let page = await signIn(line.url, browser)
    await sent(page)
    line.changeWhatIsAsked(inOtherProtocol)
    line.showPagesOf(newer)
    await page.goto(`${line.url}/phone/jobs/${job}/steps/accept`)
    await tickUntil(page, "analyse")
    await page.locator("header.state-bar").getByText("服务器已升级，更新本页面后才能上传").waitFor()
    await note(page, "改走高架")
    await tickUntil(page, "contact")
    await page.goto(`${line.url}/phone/sending`)
    await page.getByText("这个旧版页面不能再上传").waitFor()
    await page.getByText(/1 张工单中有 3 条记录尚未上传/).waitFor()
    await page.getByRole("button", { name: "更新到新版本" }).waitFor()

    // Closed and opened again it is the new one, too.
    await browser.killAndReopen()
    page = await browser.page(`${line.url}/phone/`)
    await page.getByRole("heading", { name: NEW }).waitFor()
    line.changeWhatIsAsked(undefined)
    await sent(page)
    expect((await isWhole(page, job)).notes.analyse).toBe("改走高架")
    expect(browser.complaints).toEqual([])
})
